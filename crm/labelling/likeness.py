"""One listing or two: the guide's ruling on whether an item is a listing that was seen before."""

from datetime import timedelta

from crm.labelling.sightings import Group, Sighting
from db.models import Listing
from language.near_duplicates import SAME_FROM, jaccard, shingles

WINDOW = timedelta(days=30)
"""A request unseen for longer is a new need, unless it bears its old id."""
SHORT = 8
"""Below so many words a text is too common to tell one need from another: poster or rate has to agree too."""
SHARED_STACK = 0.5


def likeness(new: Sighting, group: Group) -> float:
    """0 where it is another listing, up to 1; an equal id of one poster is 2.

    Two items of one post are never the same; different explicit ids of one poster neither.
    """
    if new.kind != group.listing.kind or new.appearance.company_id != group.listing.company_id:
        return 0.0
    if any(seen.appearance.post_id == new.appearance.post_id for seen in group.sightings):
        return 0.0
    request_id = new.appearance.request_id
    if request_id is not None:
        ids = {seen.appearance.request_id for seen in group.sightings if is_same_poster(new, seen)} - {None}
        if request_id in ids:
            return 2.0 if _role_or_stack_agrees(new, group.listing) else 0.0
        if ids:
            return 0.0
    if not _is_near(new, group.listing) or not agrees(new, group.listing):
        return 0.0
    alike = jaccard(new.shingles, shingles(group.listing.shingle_text))
    if alike < SAME_FROM or (_is_short(new, group.listing) and not _poster_or_rate_agrees(new, group)):
        return 0.0
    return alike


def is_same_poster(one: Sighting, other: Sighting) -> bool:
    """One contact, one author; or one source, unless it shows two different authors."""
    a, b = one.appearance, other.appearance
    if (a.contact is not None and a.contact == b.contact) or (one.author is not None and one.author == other.author):
        return True
    return a.source_id == b.source_id and is_perhaps_same_author(one.author, other.author)


def is_perhaps_same_author(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def _is_near(new: Sighting, listing: Listing) -> bool:
    seen_at = new.appearance.seen_at
    return listing.first_seen_at - WINDOW <= seen_at <= listing.last_seen_at + WINDOW


def agrees(new: Sighting, listing: Listing) -> bool:
    """Another role, stack or grade is another listing; what one of them does not say is no difference."""
    return (
        new.item.role == (listing.role or "")
        and _stacks_agree(new, listing)
        and (not new.item.grades or not listing.grades or not set(new.item.grades).isdisjoint(listing.grades))
    )


def _stacks_agree(new: Sighting, listing: Listing) -> bool:
    a, b = frozenset(new.item.core), frozenset(listing.core)
    if not a or not b:
        return a <= frozenset(listing.extra) and b <= frozenset(new.item.extra)
    return a <= b or b <= a or len(a & b) / len(a | b) >= SHARED_STACK


def _role_or_stack_agrees(new: Sighting, listing: Listing) -> bool:
    """Enough for what bears the same id; it guards against another network's numbers in a shared chat."""
    return new.item.role == listing.role or not set(new.item.core).isdisjoint(listing.core)


def _is_short(new: Sighting, listing: Listing) -> bool:
    return min(len(new.shingle_text.split()), len(listing.shingle_text.split())) < SHORT


def _poster_or_rate_agrees(new: Sighting, group: Group) -> bool:
    rate = new.item.rate
    return any(is_same_poster(new, seen) or (rate is not None and rate == seen.item.rate) for seen in group.sightings)
