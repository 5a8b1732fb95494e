"""Who hears of what a batch of posts changed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from crm import alerts, listings
from crm.labelling.pairing import Pairs
from crm.labelling.seeing import Seen
from crm.labelling.sightings import Group
from crm.subscription_index import SubscriptionIndex
from db.models import Arrival, Listing, Post
from db.session import SystemSession
from language.kinds import Kind, ListingState

OLD = timedelta(hours=6)
"""What waited longer to be told comes as recovered."""


async def correct_what_was_told(session: SystemSession, seen: Seen, changed: Iterable[Listing], pairs: Pairs) -> None:
    """Cards of listings that look different now are to be edited; what went away is not told any more."""
    stale = {listing.id for listing in changed}
    for group in seen.touched:
        if group.before is not None and group.look() != group.before:
            stale.add(group.listing.id)
            if not group.sightings:
                await alerts.withdraw_promised(session, group.listing.id)
    new = {group.listing.id for group in seen.listings.new}
    for listing_id in sorted((stale - new) | pairs.changed):
        await alerts.mark_stale(session, listing_id)


async def tell(
    session: SystemSession,
    posts: Mapping[int, Post],
    seen: Seen,
    pairs: Pairs,
    index: SubscriptionIndex,
    now: datetime,
) -> None:
    """Promise alerts of open listings that a telling post brought, or changed.

    Nobody hears of the same telling twice; a changed listing is told to whom it did not match before.
    """
    causes: defaultdict[Group, list[Post]] = defaultdict(list)
    for group, sighting in [*seen.fresh, *pairs.parted]:
        post = posts[sighting.appearance.post_id]
        if post.arrival in (Arrival.LIVE, Arrival.CAUGHT_UP) and post.deleted_at is None:
            causes[group].append(post)
    for group, telling_posts in sorted(causes.items(), key=lambda pair: pair[0].listing.id):
        if group.listing.state is not ListingState.OPEN:
            continue
        if _is_worth_telling_again(group):
            group.listing.telling += 1
        facts = listings.facts(group.listing, [sighting.appearance for sighting in group.sightings])
        recovered = all(_is_old(post, now) for post in telling_posts)
        same = pairs.others(group.listing)
        await alerts.promise(session, group.listing, facts, index, now=now, recovered=recovered, same=same)


def _is_worth_telling_again(group: Group) -> bool:
    """More is paid than ever before, or the client speaks directly now."""
    before, now = group.before, group.look()
    if before is None or group.listing.kind is not Kind.REQUEST:
        return False
    pays_more = before.peak_hourly is not None and (now.peak_hourly or 0) > before.peak_hourly
    return pays_more or (now.direct_client and not before.direct_client)


def _is_old(post: Post, now: datetime) -> bool:
    """A live post grows old only where it waited in our own queue."""
    came_at = post.stored_at if post.arrival is Arrival.LIVE else post.posted_at
    return now - max(came_at, post.edited_at or came_at) > OLD
