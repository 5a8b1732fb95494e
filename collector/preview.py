"""Reading public channels by their preview pages: no account needed, one request at a time."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import aiohttp

from collector import problems
from collector.accounts import back_off, show_problem
from collector.preview_page import NotAPreview, Page, parse
from collector.preview_site import PreviewSite
from collector.problems import Problem, Unreadable
from collector.reading import arrival_of
from crm import posts, sources
from db.models import Arrival, Source, SourceState
from db.session import Sessions
from db.wakes import wait

log = logging.getLogger(__name__)


class PreviewReader:
    """Reads what `want` names in turn, each at least `compare_seconds` after it was read last."""

    def __init__(self, sessions: Sessions, base_url: str, *, preview_seconds: float, compare_seconds: float) -> None:
        self._sessions = sessions
        self._site = PreviewSite(base_url, preview_seconds)
        self._compare_seconds = compare_seconds
        self._wanted: dict[int, Source] = {}
        self._due: dict[int, float] = {}
        self._failures: dict[int, int] = {}
        self._changed = asyncio.Event()

    def want(self, wanted: Sequence[Source]) -> None:
        """These are the sources to read now. One that waits is looked at without delay."""
        self._wanted = {source.id: source for source in wanted}
        self._due = {source_id: due for source_id, due in self._due.items() if source_id in self._wanted}
        for source in wanted:
            if source.state is SourceState.WAITING:
                self._due.pop(source.id, None)
        self._changed.set()

    async def run(self) -> None:
        """Until cancelled."""
        async with aiohttp.ClientSession() as http:
            while True:
                self._changed.clear()
                now = asyncio.get_running_loop().time()
                due = {source_id: self._due.get(source_id, 0.0) for source_id in self._wanted}
                next_id = min(due, key=lambda source_id: (due[source_id], source_id), default=None)
                if next_id is None or due[next_id] > now:
                    await wait(self._changed, self._compare_seconds if next_id is None else due[next_id] - now)
                else:
                    await self._take_turn(http, next_id)

    async def _take_turn(self, http: aiohttp.ClientSession, source_id: int) -> None:
        try:
            await self.read(http, source_id)
            self._failures[source_id], delay = 0, self._compare_seconds
        except Exception as error:
            self._failures[source_id] = self._failures.get(source_id, 0) + 1
            problem = problems.of_error(error)
            unforeseen = problem.key == "source-problem-unexpected"
            log.warning("source %s: %s", source_id, problem.key, exc_info=error if unforeseen else None)
            await show_problem(self._sessions, source_id, problem)
            delay = max(problem.retry_after, back_off(self._compare_seconds, self._failures[source_id]))
        self._due[source_id] = asyncio.get_running_loop().time() + delay

    async def read(self, http: aiohttp.ClientSession, source_id: int) -> None:
        """Read pages from the newest back to our cursor; the cursor moves when all between is ours."""
        async with self._sessions.of_system() as session:
            source = await sources.find(session, source_id)
        since = datetime.now(UTC) - timedelta(days=source.backfill_days)
        page = await self._page(http, source)
        newest_id = page.newest_id
        if page.channel_id is not None and (source.channel_id, source.title) != (page.channel_id, page.title):
            source = await self._settle(source, page)
        after = source.cursor
        while page.posts:
            await self._store(source, page, after, since)
            reached = source.backfilled_at is None and page.posts[0].posted_at < since
            if reached or page.oldest_id <= after + 1:
                break
            # The link to older posts is sometimes missing, so it is not asked for.
            page = await self._page(http, source, before=page.oldest_id)
        async with self._sessions.of_system() as session:
            await posts.store(session, source, [], Arrival.BACKFILL, cursor=newest_id)
            if source.backfilled_at is None:
                await sources.end_backfill(session, source.id)
            await sources.note_compared(session, source.id, newest_id)
            await sources.note_read(session, source.id)

    async def _page(self, http: aiohttp.ClientSession, source: Source, before: int | None = None) -> Page:
        if source.username is None:
            raise Unreadable(Problem("source-problem-no-preview"))
        html = await self._site.page(http, source.username, before)
        try:
            page = parse(html, datetime.now(UTC), source.channel_id)
        except NotAPreview:
            raise Unreadable(Problem("source-problem-not-a-preview", source.username)) from None
        if page.unreadable_after and not page.posts:
            # Nothing says what it holds, so the cursor must not pass it.
            raise Unreadable(Problem("source-problem-not-a-preview", source.username))
        return page

    async def _settle(self, source: Source, page: Page) -> Source:
        if source.channel_id is not None and source.channel_id != page.channel_id:
            raise Unreadable(Problem("source-problem-other-channel", page.title or ""))
        async with self._sessions.of_system() as session:
            return await sources.settle(
                session, source.id, channel_id=page.channel_id or 0, title=page.title, username=source.username
            )

    async def _store(self, source: Source, page: Page, after: int, since: datetime) -> None:
        """Commit a page; not the cursor, because what is older has not been read yet."""
        raws = [raw for raw in page.posts if source.backfilled_at is not None or raw.posted_at >= since]
        history = [raw for raw in raws if arrival_of(raw.posted_at, source) is Arrival.BACKFILL]
        missed = [raw for raw in raws if arrival_of(raw.posted_at, source) is Arrival.CAUGHT_UP]
        # A page of the newest posts is read again and again: a block counts when something after our cursor shows it.
        unreadable = sum(
            before > after or (before == after and page.newest_id > after) for before in page.unreadable_after
        )
        async with self._sessions.of_system() as session:
            stored = await posts.store(session, source, history, Arrival.BACKFILL)
            await posts.store(session, source, missed, Arrival.CAUGHT_UP)
            if source.backfilled_at is None:
                await sources.note_backfill(session, source.id, stored=len(stored.new_ids))
            if unreadable:
                await sources.note_unreadable(session, source.id, unreadable)
