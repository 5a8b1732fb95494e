"""Whether an item is a listing that was seen before: the guide's ruling, given who posted what and when."""

from datetime import timedelta

from crm.labelling.sightings import Group, Sighting
from db.models import Listing
from language.kinds import Grade
from language.sameness import Shown, may_bear_one_number, sameness

WINDOW = timedelta(days=30)
"""A request unseen for longer is a new need, unless it bears its old id."""
COMPARED = 8
"""The first sighting and so many of the latest stand for all of a listing."""


def likeness(new: Sighting, group: Group) -> float:
    """0 where it is another listing, up to 1; an equal id of one poster is 2.

    Two items of one post are never the same; different explicit ids of one poster neither.
    """
    return _likeness(new, group) if new.appearance.company_id == group.listing.company_id else 0.0


def likeness_of_twins(private: Group, market: Group) -> float:
    """The same of two listings, whosever they are."""
    return max((_likeness(sighting, market) for sighting in _some(private)), default=0.0)


def _likeness(new: Sighting, group: Group) -> float:
    if new.kind != group.listing.kind:
        return 0.0
    if any(seen.appearance.post_id == new.appearance.post_id for seen in group.sightings):
        return 0.0
    key = new.appearance.request_key
    if key is not None:
        same = [seen for seen in group.sightings if is_same_poster(new, seen) and seen.appearance.request_key]
        bearing = [seen for seen in same if seen.appearance.request_key == key]
        if bearing:
            return 2.0 if any(may_bear_one_number(new.shown, seen.shown) for seen in bearing) else 0.0
        if same:
            return 0.0
    if not _is_near(new, group.listing):
        return 0.0
    if not group.sightings:
        return sameness(new.shown, _last_words(group.listing), by_one_poster=None)
    return max(sameness(new.shown, seen.shown, by_one_poster=is_same_poster(new, seen)) for seen in _some(group))


def is_same_poster(one: Sighting, other: Sighting) -> bool:
    """One contact, one author; or one source, unless it shows two different authors."""
    a, b = one.appearance, other.appearance
    if (a.contact is not None and a.contact == b.contact) or (one.author is not None and one.author == other.author):
        return True
    return a.source_id == b.source_id and is_perhaps_same_author(one.author, other.author)


def is_perhaps_same_author(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def _last_words(listing: Listing) -> Shown:
    """Of one that went away with its posts."""
    return Shown(
        listing.kind,
        listing.shingle_text,
        listing.role or "",
        tuple(listing.core),
        tuple(listing.extra),
        tuple(Grade(grade) for grade in listing.grades),
        request_id=listing.request_id,
    )


def _some(group: Group) -> list[Sighting]:
    seen = sorted(group.sightings, key=lambda sighting: (sighting.appearance.seen_at, sighting.appearance.post_id))
    return seen if len(seen) <= COMPARED else [seen[0], *seen[-COMPARED:]]


def _is_near(new: Sighting, listing: Listing) -> bool:
    seen_at = new.appearance.seen_at
    return listing.first_seen_at - WINDOW <= seen_at <= listing.last_seen_at + WINDOW
