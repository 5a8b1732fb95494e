"""Twins: a company's private listing is paired with the market's that is the same, whichever was seen first."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from crm import alerts, twins
from crm.labelling.joining import across
from crm.labelling.likeness import likeness_of_twins
from crm.labelling.seeing import Seen, Shown
from crm.labelling.sightings import Group, Sighting
from db.models import Listing
from db.session import SystemSession


@dataclass
class Pairs:
    """The twins that a batch has to do with."""

    changed: set[int] = field(default_factory=set)
    """private listings whose twin is another now"""
    parted: list[Shown] = field(default_factory=list)
    """private listings left alone by what a post of the market shows now"""
    together: defaultdict[int, set[Listing]] = field(default_factory=lambda: defaultdict(set))
    """by what twins share"""

    def others(self, listing: Listing) -> list[Listing]:
        """The twins of a listing of the batch; of the market's those of every company."""
        return [
            other
            for other in self.together[twins.head(listing)]
            if other is not listing and (listing.company_id is None or other.company_id in (None, listing.company_id))
        ]


async def pair(session: SystemSession, seen: Seen) -> Pairs:
    """Pair what the batch touched, on either side of the fence."""
    groups = seen.listings.groups
    groups.update({group.listing.id: group for group in seen.listings.new})
    found = await across(session, [sighting for _, sighting in seen.fresh])
    ids = {id_ for near in found.values() for id_ in near}
    await seen.listings.load(session, ids)
    heads = {
        twins.head(listing)
        for listing in [*(group.listing for group in seen.touched), *(groups[i].listing for i in ids)]
    }
    paired = await session.scalars(select(Listing.id).where(Listing.twin_id.in_(heads)))
    await seen.listings.load(session, [*heads, *paired])
    pairs = Pairs()
    for private, markets in _near(seen, found).items():
        await _pair_one(session, seen, pairs, private, markets)
    for group in groups.values():
        twin = groups.get(group.listing.twin_id or 0)
        if twin is not None:
            pairs.together[twin.listing.id] |= {twin.listing, group.listing}
    return pairs


def _near(seen: Seen, found: Mapping[Sighting, Collection[int]]) -> dict[Group, set[Group]]:
    """Private listings with those of the market that may be their twin: found now, or so far."""
    groups = seen.listings.groups
    near: defaultdict[Group, set[Group]] = defaultdict(set)
    for group, sighting in seen.fresh:
        for other in (groups[id_] for id_ in found[sighting]):
            private, market = (group, other) if other.listing.company_id is None else (other, group)
            near[private].add(market)
    for group in groups.values():
        twin = groups.get(group.listing.twin_id or 0)
        if twin is not None and (group in near or not seen.touched.isdisjoint({group, twin})):
            near[group].add(twin)
    return near


async def _pair_one(
    session: SystemSession, seen: Seen, pairs: Pairs, private: Group, markets: Collection[Group]
) -> None:
    """One that went away keeps its twin, and is kept where there is no living one: its posts may come back."""
    if not private.sightings:
        return
    listing, old = private.listing, private.listing.twin_id
    scored = {market: likeness_of_twins(private, market) for market in markets}
    best = max(
        (market for market, score in scored.items() if score),
        key=lambda market: (bool(market.sightings), market.listing.id == old, scored[market]),
        default=None,
    )
    new = None if best is None else best.listing.id
    if new == old:
        return
    if old is not None:
        # While they are still known to be the same: the twin's cards show it no more.
        await alerts.mark_stale(session, listing.id)
    listing.twin_id = new
    pairs.changed.add(listing.id)
    if new is None:
        pairs.parted += [(private, sighting) for group, sighting in seen.fresh if group.listing.id == old]
