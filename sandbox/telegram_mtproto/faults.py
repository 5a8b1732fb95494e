"""Errors the data centre answers with, and errors a test orders in advance."""

from dataclasses import dataclass
from typing import Any

_CODES = (
    ("FLOOD", 420),
    ("AUTH_KEY", 401),
    ("SESSION_", 401),
    ("USER_DEACTIVATED", 401),
    ("PHONE_MIGRATE", 303),
    ("USER_MIGRATE", 303),
    ("NETWORK_MIGRATE", 303),
    ("RPC_", 500),
    ("Timedout", 503),
)


class RpcFault(Exception):
    """An RPC error such as ``FLOOD_WAIT_60``; its numeric code follows from the name as at Telegram."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = next((code for prefix, code in _CODES if message.startswith(prefix)), 400)


class DropConnection(Exception):
    """Close the TCP connection instead of answering."""


@dataclass
class OrderedFault:
    """The next `times` requests of this type (to this channel, if one is named) fail with `error`."""

    request: type[Any] | None
    error: str
    times: int
    channel_id: int | None

    def meets(self, request: Any) -> bool:
        if self.times < 1 or (self.request is not None and not isinstance(request, self.request)):
            return False
        return self.channel_id is None or self.channel_id == channel_asked(request)


class Faults:
    """The faults ordered so far, struck one request at a time in the order they were given."""

    def __init__(self) -> None:
        self._ordered: list[OrderedFault] = []

    def order(self, fault: OrderedFault) -> None:
        self._ordered.append(fault)

    def clear(self) -> None:
        self._ordered.clear()

    def strike(self, request: Any) -> None:
        """Raise what was ordered for this request, if anything was."""
        for fault in self._ordered:
            if fault.meets(request):
                fault.times -= 1
                raise DropConnection if fault.error == "DROP" else RpcFault(fault.error)


def channel_asked(request: Any) -> int | None:
    """The id of the channel that a request is about, None where it names none."""
    peer = getattr(request, "channel", None) or getattr(request, "peer", None)
    return getattr(peer, "channel_id", None)
