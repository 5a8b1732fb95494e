"""Twins: a company's private listing and the market's that is the same. For the company's people they are one.

The private one bears the `twin_id`; the market's knows nothing, for what it knows every company sees.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import CompoundSelect, Row, func, inspect, literal, or_, select, union_all

from db.models import Listing
from db.session import Session
from language.kinds import Engagement, Kind, ListingState

MOST_ALIVE = (ListingState.OPEN, ListingState.PAUSED, ListingState.CLOSED)
UNSAID: tuple[object, ...] = (None, [], Engagement.UNKNOWN)


HEAD = func.coalesce(Listing.twin_id, Listing.id)


def head(listing: "Listing | Row[Any]") -> int:
    """What twins share: the id of the market's one; its own of a listing without a twin."""
    return listing.twin_id or listing.id


def ids(head: int) -> CompoundSelect[tuple[int]]:
    """Selects the listing and its twins: of every company, as far as the session sees them."""
    return union_all(select(literal(head)), select(Listing.id).where(Listing.twin_id == head))


async def of(session: Session, listings: Collection[Listing], company_id: int) -> list[Listing]:
    """The twins of these that the company sees, without the listings themselves."""
    known = {listing.id for listing in listings}
    heads = {head(listing) for listing in listings}
    found = await session.scalars(
        select(Listing)
        .where(
            or_(Listing.twin_id.in_(heads), Listing.id.in_(heads - known)),
            or_(Listing.company_id.is_(None), Listing.company_id == company_id),
        )
        .order_by(Listing.id)
    )
    return [listing for listing in found if listing.id not in known]


def copy(listing: Listing) -> Listing:
    """One that no session saves."""
    return Listing(**{attribute.key: getattr(listing, attribute.key) for attribute in inspect(Listing).column_attrs})


def as_one(listing: Listing, others: Sequence[Listing]) -> Listing:
    """A copy of the listing that says what it and its twins say together: the best rate; closed when all are."""
    everyone = [listing, *others]
    alive = [one for one in everyone if one.withdrawn_at is None] or everyone
    shown = copy(alive[0])
    shown.id, shown.company_id, shown.twin_id, shown.telling = (
        listing.id, listing.company_id, listing.twin_id, listing.telling,
    )  # fmt: skip
    for name in ("role", "core", "extra", "grades", "engagement", "location", "remote", "request_id"):
        said = (getattr(one, name) for one in alive)
        setattr(shown, name, next((value for value in said if value not in UNSAID), getattr(shown, name)))
    shown.direct_client = any(one.direct_client for one in alive)
    shown.is_unsure = all(one.is_unsure for one in alive)
    shown.confidence = max(one.confidence for one in alive)
    first = min(alive, key=lambda one: (one.first_seen_at, one.first_post_id))
    shown.first_seen_at, shown.first_post_id = first.first_seen_at, first.first_post_id
    shown.last_seen_at = max(one.last_seen_at for one in alive)
    _take_state(shown, alive)
    _take_rate(shown, alive)
    return shown


def _take_state(shown: Listing, alive: Iterable[Listing]) -> None:
    """Of the one that is most alive; of equals that which changed last."""
    ahead = min(
        alive, key=lambda one: (MOST_ALIVE.index(one.state), -(one.state_changed_at or one.first_seen_at).timestamp())
    )
    shown.state, shown.state_changed_at, shown.state_post_id = ahead.state, ahead.state_changed_at, ahead.state_post_id


def _take_rate(shown: Listing, alive: Iterable[Listing]) -> None:
    """The best: the highest for a request, the lowest for an offer."""
    rated = [one for one in alive if one.rate_currency is not None]
    best = max(rated, key=_worth, default=shown)
    for name in ("rate_min", "rate_max", "rate_currency", "rate_period", "hourly_min", "hourly_max"):
        setattr(shown, name, getattr(best, name))


def _worth(listing: Listing) -> tuple[bool, int]:
    """Comparable ones first."""
    hourly = listing.hourly_min if listing.hourly_max is None else listing.hourly_max
    if hourly is None:
        return False, 0
    return True, hourly if listing.kind is Kind.REQUEST else -hourly


def outdoes(listing: Listing, others: Collection[Listing]) -> bool:
    """Worth telling to who heard of the others: it pays more than any ever did, or its client alone speaks directly."""
    if listing.kind is not Kind.REQUEST:
        return False
    peaks = [one.peak_hourly for one in others if one.peak_hourly is not None]
    pays_more = bool(peaks) and (listing.peak_hourly or 0) > max(peaks)
    return pays_more or (listing.direct_client and not any(one.direct_client for one in others))
