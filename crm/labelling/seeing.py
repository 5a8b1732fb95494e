"""Items of posts find their listings, and both are saved."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, insert, select

from crm.labelling.composing import compose
from crm.labelling.joining import Listings
from crm.labelling.resuming import resume
from crm.labelling.sightings import Group, Sighting, says_the_same, sightings_of
from db.models import Appearance, Listing, ListingTechnology, Post
from db.session import SystemSession
from language.kinds import Kind
from language.prediction import Item, Prediction
from language.states import is_wiped

MAY_BE_FROM = 0.1
"""An abstained post below this relevance is not even a doubtful request."""

UNKNOWN_ROLE = "other"

Shown = tuple[Group, Sighting]


@dataclass
class Seen:
    """What a batch of posts shows, and what that changes."""

    listings: Listings = field(default_factory=Listings)
    touched: set[Group] = field(default_factory=set)
    """their sightings are others now"""
    showing: list[Shown] = field(default_factory=list)
    """all that the posts show now"""
    fresh: list[Shown] = field(default_factory=list)
    """of these, what is new or says something new"""
    arrived: list[Shown] = field(default_factory=list)
    """of these, what its post did not show before"""
    replaced: list[Appearance] = field(default_factory=list)


def listing_kind(prediction: Prediction) -> Kind | None:
    """What a listing of this post is; None where it makes none. A doubtful post is taken for a request."""
    if prediction.kind in (Kind.REQUEST, Kind.OFFER):
        return prediction.kind
    is_doubtful = prediction.abstain and prediction.relevance >= MAY_BE_FROM
    return Kind.REQUEST if is_doubtful and any(_says_what(item) for item in prediction.items) else None


def _says_what(item: Item) -> bool:
    """News of a rate may look like a request, but of nobody."""
    return bool(item.core or item.grades) or item.role not in ("", UNKNOWN_ROLE)


async def see(session: SystemSession, posts: Sequence[Post], predictions: Mapping[int, Prediction]) -> Seen:
    """Give each item its listing: the one it had, one that shows the same, or a new one. Posts come oldest first."""
    seen = Seen()
    old, gone = await _before(session, posts, seen.listings)
    to_join: list[Sighting] = []
    for post in posts:
        if _keeps_its_listings(post, predictions[post.id]):
            seen.showing += [(group, sighting) for sighting, group in old[post.id]]
            seen.touched.update(group for _, group in old[post.id])
        else:
            to_join += _renew(seen, old[post.id], _sightings(post, predictions[post.id]))
    for group in seen.touched:
        compose(group)
    for sighting, group in (await seen.listings.join(session, to_join, gone)).items():
        _show(seen, group, sighting)
        seen.arrived.append((group, sighting))
    return seen


def _keeps_its_listings(post: Post, prediction: Prediction) -> bool:
    """Deleted, wiped or turned by an edit into news of its own state: its listings stay and take that state."""
    if post.deleted_at is not None:
        return True
    return post.revision > 0 and (prediction.kind is Kind.UPDATE or is_wiped(post.text))


def _sightings(post: Post, prediction: Prediction) -> list[Sighting]:
    kind = listing_kind(prediction)
    if kind is None:
        return []
    # Sure to be a request, but of what was not understood: no filter by role may hide it.
    items = prediction.items or (Item(role="", text=post.text),)
    return sightings_of(post, prediction, items, kind)


async def _before(
    session: SystemSession, posts: Sequence[Post], listings: Listings
) -> tuple[Mapping[int, list[tuple[Sighting, Group]]], Mapping[int, list[Group]]]:
    """By post: what it showed so far, and listings that once went away with it."""
    ids = [post.id for post in posts]
    shown = select(Appearance.listing_id).where(Appearance.post_id.in_(ids))
    went_away = select(Listing.id).where(Listing.first_post_id.in_(ids), Listing.withdrawn_at.is_not(None))
    await listings.load(session, await session.scalars(shown.union(went_away)))
    old: defaultdict[int, list[tuple[Sighting, Group]]] = defaultdict(list)
    gone: defaultdict[int, list[Group]] = defaultdict(list)
    for group in listings.groups.values():
        if group.listing.withdrawn_at is not None:
            gone[group.listing.first_post_id].append(group)
        for sighting in group.sightings:
            old[sighting.appearance.post_id].append((sighting, group))
    return old, gone


def _renew(seen: Seen, old: Sequence[tuple[Sighting, Group]], new: Sequence[Sighting]) -> list[Sighting]:
    """Take a post's items out of their listings and put back what is still there. Returns what has no listing yet."""
    resumed = resume(new, old)
    now = {group: sighting for sighting, group in resumed.items()}
    for before, group in old:
        sighting = now.get(group)
        if sighting is not None and says_the_same(before, sighting):
            seen.showing.append((group, before))
            continue
        group.sightings.remove(before)
        seen.replaced.append(before.appearance)
        seen.touched.add(group)
        if sighting is not None:
            group.sightings.append(sighting)
            _show(seen, group, sighting)
    return [sighting for sighting in new if sighting not in resumed]


def _show(seen: Seen, group: Group, sighting: Sighting) -> None:
    seen.fresh.append((group, sighting))
    seen.showing.append((group, sighting))
    seen.touched.add(group)


async def save(session: SystemSession, seen: Seen, now: datetime) -> None:
    """Listings, appearances and stacks as they are now."""
    await _forget(session, seen.replaced)
    for group in seen.touched:
        went_away = not group.sightings
        if went_away != (group.listing.withdrawn_at is not None):
            group.listing.withdrawn_at = now if went_away else None
    session.add_all(group.listing for group in seen.listings.new)
    await session.flush()
    for group, sighting in seen.fresh:
        sighting.appearance.listing_id = group.listing.id
    session.add_all(sighting.appearance for _, sighting in seen.fresh)
    await session.flush()
    await _save_stacks(session, [group for group in seen.touched if group.sightings])


async def _forget(session: SystemSession, appearances: Sequence[Appearance]) -> None:
    """At once: a flush would insert what takes their places before it deleted them."""
    if not appearances:
        return
    await session.execute(
        delete(Appearance)
        .where(Appearance.id.in_([appearance.id for appearance in appearances]))
        .execution_options(synchronize_session=False)
    )
    for appearance in appearances:
        session.expunge(appearance)


async def _save_stacks(session: SystemSession, groups: Iterable[Group]) -> None:
    changed = [group for group in groups if group.before is None or group.before.stack != group.look().stack]
    known = [group.listing.id for group in changed if group.before is not None]
    if known:
        await session.execute(delete(ListingTechnology).where(ListingTechnology.listing_id.in_(known)))
    rows = [
        {"technology": name, "listing_id": listing.id, "company_id": listing.company_id, "is_core": is_core}
        for listing in (group.listing for group in changed)
        for name, is_core in (dict.fromkeys(listing.extra, False) | dict.fromkeys(listing.core, True)).items()
    ]
    if rows:
        await session.execute(insert(ListingTechnology), rows)
