"""How many requests each address of the network may make."""

from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from time import monotonic

REMEMBERED = 10_000


class Visitors:
    """A bucket each: full it holds a minute's requests, and it fills evenly."""

    def __init__(self, requests_a_minute: int, clock: Callable[[], float] = monotonic) -> None:
        self._room = float(requests_a_minute)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def seconds_to_wait(self, visitor: str) -> float:
        """0 lets the request in and counts it."""
        at = self._clock()
        left, before = self._buckets.pop(visitor, (self._room, at))
        left = min(self._room, left + (at - before) * self._room / 60)
        wait = 0.0 if left >= 1 else (1 - left) * 60 / self._room
        self._buckets[visitor] = (left if wait else left - 1, at)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return wait


def visitor(peer: str | None, forwarded_for: str | None) -> str:
    """Who asks: the peer, or whom a proxy of our own network names last. Of IPv6 the /64, as one person has that."""
    name = peer or ""
    if forwarded_for and _is_ours(name):
        name = forwarded_for.rpartition(",")[2].strip()
    try:
        address = ip_address(name)
    except ValueError:
        return peer or ""
    if isinstance(address, IPv6Address):
        return ":".join(address.exploded.split(":")[:4])
    return name


def _is_ours(peer: str) -> bool:
    try:
        return ip_address(peer).is_private
    except ValueError:
        return not peer
