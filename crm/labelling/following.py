"""States follow what was seen: a repost opens again, a mark in the own post or a deletion closes, an update says it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from crm import updates
from crm.labelling.seeing import Seen, Shown
from crm.labelling.sightings import Sighting
from crm.meaning import happened_at
from db.models import Listing, Post
from db.session import SystemSession
from language.kinds import Kind, ListingState
from language.request_ids import any_writing


async def follow(session: SystemSession, posts: Sequence[Post], seen: Seen, taken_back: Sequence[Post]) -> set[Listing]:
    """Returns the listings whose state is another now. `taken_back` are posts that once changed states otherwise."""
    changed = set(_states_shown(posts, seen))
    reopened = await updates.take_back(session, [post.id for post in taken_back])
    await seen.listings.load(session, [listing.id for listing in reopened])
    revisited = [sighting for listing in reopened for sighting in seen.listings.groups[listing.id].sightings]
    arrived = [sighting for _, sighting in seen.arrived]
    saying = {post for post in posts if updates.changes_of(post)}
    saying |= await _later_updates(session, [*revisited, *arrived])
    return changed | set(reopened) | await updates.apply(session, saying)


def _states_shown(posts: Sequence[Post], seen: Seen) -> Iterable[Listing]:
    for group, sighting in seen.arrived:
        at, post_id = sighting.appearance.seen_at, sighting.appearance.post_id
        if group.before is not None and updates.change_state(group.listing, ListingState.OPEN, at, post_id):
            yield group.listing
    shown: defaultdict[int, list[Shown]] = defaultdict(list)
    for group, sighting in seen.showing:
        shown[sighting.appearance.post_id].append((group, sighting))
    for post in posts:
        if post.deleted_at is None and post.id in shown:
            yield from _marked(post, shown[post.id])
    for group in seen.touched:
        deleted = [sighting.post_deleted_at for sighting in group.sightings]
        times = [at for at in deleted if at is not None]
        is_gone = bool(times) and len(times) == len(deleted)
        if is_gone and updates.change_state(group.listing, ListingState.CLOSED, max(times), None):
            yield group.listing


def _marked(post: Post, shown: Sequence[Shown]) -> Iterable[Listing]:
    """What the post itself says of what it shows."""
    at = happened_at(post)
    texts = {sighting.appearance.item: sighting.appearance.item_text for _, sighting in shown}
    marked = updates.marked_states(post, texts)
    for group, sighting in shown:
        state = marked.get(sighting.appearance.item)
        is_unmarked = group.listing.state_post_id == post.id and post.kind is not Kind.UPDATE
        if state is None and is_unmarked:
            state = ListingState.OPEN
        if state is not None and updates.change_state(group.listing, state, at, post.id):
            yield group.listing


async def _later_updates(session: SystemSession, sightings: Sequence[Sighting]) -> set[Post]:
    """Updates read before the posts they are about."""
    since: dict[int, datetime] = {}
    by_source: defaultdict[int, list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        source, seen_at = sighting.appearance.source_id, sighting.appearance.seen_at
        since[source] = min(since.get(source, seen_at), seen_at)
        by_source[source].append(sighting)
    later = await updates.updates_since(session, since)
    return {post for post in later if any(_may_concern(post, sighting) for sighting in by_source[post.source_id])}


def _may_concern(post: Post, sighting: Sighting) -> bool:
    """Spares the look-ups of updates that are about something else: a source's history has hundreds."""
    for change in updates.changes_of(post):
        if change.is_whole_list and sighting.appearance.request_id is not None:
            return True
        if change.request_ids:
            said = sighting.appearance.item_text
            if any(re.search(any_writing(request_id), said, re.IGNORECASE) for request_id in change.request_ids):
                return True
        elif post.reply_to is not None or change.role in (None, sighting.item.role):
            return True
    return False
