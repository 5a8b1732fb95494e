"""Reading one source by one account: history first, then whatever is newer than our cursor.

What Telegram pushes is only a hint (see `listener`). Here the id of the last committed post is the truth: we page
from it until the server has nothing newer, however wide the gap, and move it in the posts' own transaction.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from collector.raw_post import from_message
from crm import posts, sources
from crm.posts import RawPost
from db.models import Arrival, Source
from db.session import Sessions

PAGE = 100
"""messages asked at once; also how many of the newest are read again for edits and deletions"""


async def read(client: Any, sessions: Sessions, source: Source, peer: Any) -> None:
    """Bring the source up to date, then look at its newest messages again. Raises what Telegram answers."""
    before = source.cursor
    newest = await client.get_messages(peer, limit=PAGE)
    newest_id = newest[0].id if newest else 0
    if source.backfill_total is None:
        await _begin_backfill(client, sessions, source, peer, newest_id)
    await _catch_up(client, sessions, source, peer, newest_id)
    await _look_again(sessions, source, newest, before)
    async with sessions.of_system() as session:
        if source.backfilled_at is None:
            await sources.end_backfill(session, source.id)
        await sources.note_compared(session, source.id, newest_id)
        await sources.note_read(session, source.id)


def arrival_of(posted_at: datetime, source: Source) -> Arrival:
    """What was posted before anybody wanted the source is history; later than that, it was missed."""
    # Telegram tells whole seconds.
    return Arrival.BACKFILL if posted_at < source.created_at.replace(microsecond=0) else Arrival.CAUGHT_UP


async def store_page(sessions: Sessions, source: Source, raws: Sequence[RawPost], cursor: int) -> None:
    """Commit a page of posts together with the cursor; `source.cursor` follows."""
    history = [raw for raw in raws if arrival_of(raw.posted_at, source) is Arrival.BACKFILL]
    missed = [raw for raw in raws if arrival_of(raw.posted_at, source) is Arrival.CAUGHT_UP]
    async with sessions.of_system() as session:
        stored = await posts.store(session, source, history, Arrival.BACKFILL, cursor=cursor)
        await posts.store(session, source, missed, Arrival.CAUGHT_UP)
        if source.backfilled_at is None:
            await sources.note_backfill(session, source.id, stored=len(stored.new_ids))


async def _begin_backfill(client: Any, sessions: Sessions, source: Source, peer: Any, newest_id: int) -> None:
    since = datetime.now(UTC) - timedelta(days=source.backfill_days)
    older = await client.get_messages(peer, limit=1, offset_date=since)
    after = max(older[0].id if older else 0, source.cursor)
    async with sessions.of_system() as session:
        await sources.begin_backfill(session, source.id, after=after, newest=newest_id)
    source.cursor, source.backfill_total = after, max(newest_id - after, 0)


async def _catch_up(client: Any, sessions: Sessions, source: Source, peer: Any, newest_id: int) -> None:
    """Oldest first, a page at a time, so that a crash resumes after the last page committed."""
    while source.cursor < newest_id:
        page = await client.get_messages(peer, limit=PAGE, min_id=source.cursor, reverse=True)
        if not page:
            return
        raws = [raw for raw in map(from_message, page) if raw is not None]
        await store_page(sessions, source, raws, page[-1].id)


async def _look_again(sessions: Sessions, source: Source, newest: Any, before: int) -> None:
    """Take over edits among the newest messages, and mark those of ours that are not there any more."""
    if not newest:
        return
    there = {message.id for message in newest}
    last = max(before, *there)
    raws = [raw for raw in map(from_message, newest) if raw is not None]
    async with sessions.of_system() as session:
        await posts.revise(session, source, raws)
        # Of what is older than the page nothing is known: a group may hide it from those who joined later.
        gone = await posts.message_ids(session, source, min(there), last) - there
        if gone and source.channel_id is not None:
            await posts.mark_deleted(session, source.channel_id, sorted(gone))
