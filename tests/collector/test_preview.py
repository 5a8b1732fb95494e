"""Reading by preview pages: paced, polite, complete, and honest about what it could not read."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from collector import preview_site
from collector.preview_site import PreviewSite as Site
from collector.preview_site import retry_after
from collector.problems import Unreadable
from db.models import Arrival, SourceReader, SourceState
from sandbox.preview import PreviewSite
from sandbox.telegram_mtproto import Cloud
from tests.collector.conftest import NAME, PUBLIC, Collecting, hour

PREVIEW = SourceReader.PREVIEW


class TestReading:
    async def test_history_is_read_page_by_page_without_an_account(self, collecting: Collecting, cloud: Cloud) -> None:
        cloud.add_channel(1003, "Большой", "big_one", history=[(hour(1), f"№ {n}") for n in range(1, 96)])
        source = await collecting.add("@big_one", reader=PREVIEW)
        async with collecting.running(api=None):
            read = await collecting.until_read(source, 95)
        stored = await collecting.posts(1003)
        assert [post.message_id for post in stored] == list(range(1, 96))
        assert {post.arrival for post in stored} == {Arrival.BACKFILL}
        assert (read.channel_id, read.title, read.backfill_stored) == (1003, "Большой", 95)

    async def test_only_the_days_asked_for_are_read(
        self, collecting: Collecting, cloud: Cloud, site: PreviewSite
    ) -> None:
        old = datetime.now(UTC) - timedelta(days=40)
        history = [(old, f"давно {n}") for n in range(60)] + [(hour(1), f"недавно {n}") for n in range(10)]
        cloud.add_channel(1003, "Старый", "old_one", history=history)
        source = await collecting.add("@old_one", reader=PREVIEW, backfill_days=30)
        async with collecting.running(api=None, compare_seconds=60.0):
            await collecting.until_read(source, 70)
        assert [post.message_id for post in await collecting.posts(1003)] == list(range(61, 71))
        assert len(site.requests) == 1

    async def test_a_gap_wider_than_a_page_is_closed_and_tells_of_what_was_missed(
        self, collecting: Collecting, cloud: Cloud
    ) -> None:
        source = await collecting.add(f"@{NAME}", reader=PREVIEW)
        async with collecting.running(api=None):
            await collecting.until_read(source, 30)
        for number in range(350):
            cloud.post(PUBLIC, f"Пропущено {number}")
        async with collecting.running(api=None):
            await collecting.until_read(source, 380)
        stored = await collecting.posts()
        assert [post.message_id for post in stored] == list(range(1, 381))
        assert {post.arrival for post in stored[30:]} == {Arrival.CAUGHT_UP}

    async def test_the_cursor_waits_until_the_gap_is_closed(
        self, collecting: Collecting, cloud: Cloud, site: PreviewSite
    ) -> None:
        source = await collecting.add(f"@{NAME}", reader=PREVIEW)
        async with collecting.running(api=None):
            await collecting.until_read(source, 30)
        for number in range(50):
            cloud.post(PUBLIC, f"Пропущено {number}")
        served = len(site.requests)
        async with collecting.running(api=None, preview_seconds=0.3):
            await collecting.until(source.id, lambda _: len(site.requests) > served)
            site.fail(500)
            broken = await collecting.until_problem(source, "source-problem-preview-failing")
            assert broken.cursor == 30
            assert [post.message_id for post in await collecting.posts()] == [*range(1, 31), *range(61, 81)]
            await collecting.until_read(source, 80)
        assert [post.message_id for post in await collecting.posts()] == list(range(1, 81))

    async def test_an_edit_becomes_a_revision(self, collecting: Collecting, cloud: Cloud) -> None:
        source = await collecting.add(f"@{NAME}", reader=PREVIEW)
        async with collecting.running(api=None):
            await collecting.until_read(source, 30)
            cloud.edit(PUBLIC, 25, "закрыто")
            stored = await collecting.until_posts(lambda posts: posts[24].revision == 1)
        assert stored[24].text == "закрыто"


class TestProblems:
    async def test_html_that_is_no_preview_is_said_and_loses_nothing(
        self, collecting: Collecting, cloud: Cloud, site: PreviewSite
    ) -> None:
        source = await collecting.add(f"@{NAME}", reader=PREVIEW)
        site.fail("garbage", times=2)
        async with collecting.running(api=None):
            shown = await collecting.until_problem(source, "source-problem-not-a-preview")
            read = await collecting.until_read(source, 30)
        assert (shown.cursor, shown.state) == (0, SourceState.UNREADABLE)
        assert (read.state, len(await collecting.posts())) == (SourceState.READING, 30)

    @pytest.mark.parametrize("name", ["nobody_here", "chat_one"])
    async def test_names_without_a_preview_are_said_and_others_are_read(
        self, collecting: Collecting, cloud: Cloud, name: str
    ) -> None:
        cloud.add_channel(1003, "Чат", "chat_one", megagroup=True)
        bad, good = await collecting.add(f"@{name}", reader=PREVIEW), await collecting.add(f"@{NAME}", reader=PREVIEW)
        async with collecting.running(api=None):
            await collecting.until_problem(bad, "source-problem-no-preview")
            await collecting.until_read(good, 30)
        assert len(await collecting.posts()) == 30

    async def test_retry_after_is_honoured_for_the_whole_site(
        self, collecting: Collecting, cloud: Cloud, site: PreviewSite
    ) -> None:
        source = await collecting.add(f"@{NAME}", reader=PREVIEW)
        site.fail(429, retry_after=900)
        async with collecting.running(api=None):
            shown = await collecting.until_problem(source, "source-problem-preview-paused")
            other = await collecting.add("@nobody_here", reader=PREVIEW)
            await collecting.until_problem(other, "source-problem-preview-paused")
        assert len(site.requests) == 1
        assert "UTC" in (shown.problem_detail or "")

    async def test_blocks_that_cannot_be_read_are_counted_once(self, collecting: Collecting, cloud: Cloud) -> None:
        broken = _BrokenSite(cloud.channels[PUBLIC].id)
        async with broken as url:
            source = await collecting.add(f"@{NAME}", reader=PREVIEW)
            async with collecting.running(api=None, preview_url=url):
                await collecting.until_read(source, 5)
                await collecting.until(source.id, lambda _: broken.served >= 4)
        read = await collecting.source(source.id)
        assert (read.unreadable_blocks, read.cursor, read.problem) == (1, 5, None)
        assert [post.message_id for post in await collecting.posts()] == [3, 5]


class _BrokenSite:
    """A page of which the middle block cannot be read."""

    def __init__(self, channel_id: int) -> None:
        from tests.collector.test_preview_page import block, page, text

        self._html = page(
            block(text("раз"), post=f"{NAME}/3"),
            block(text("?"), post="сломан"),
            block(text("два"), post=f"{NAME}/5"),
        ).replace("2026-05-01T", f"{datetime.now(UTC):%Y-%m-%d}T")
        self.served = 0

    async def __aenter__(self) -> str:
        app = web.Application()
        app.router.add_get("/s/{name}", self._page)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def __aexit__(self, *_: Any) -> None:
        await self._runner.cleanup()

    async def _page(self, request: web.Request) -> web.Response:
        self.served += 1
        html = self._html if "before" not in request.query else '<section class="tgme_channel_history"></section>'
        return web.Response(text=html, content_type="text/html")


class TestSite:
    async def test_requests_keep_their_distance(self, site: PreviewSite) -> None:
        paced = Site(site.url, gap=0.15)
        loop = asyncio.get_running_loop()
        async with aiohttp.ClientSession() as http:
            began = loop.time()
            await asyncio.gather(*(paced.page(http, NAME) for _ in range(3)))
        assert loop.time() - began > 0.29

    async def test_after_failures_in_a_row_the_site_is_left_alone(
        self, site: PreviewSite, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(preview_site, "FIRST_REST", 0.2)
        site.fail(500, times=6)
        asked = Site(site.url, gap=0.0)
        async with aiohttp.ClientSession() as http:
            told = [await _problem(asked, http) for _ in range(7)]
            assert told == ["source-problem-preview-failing"] * 5 + ["source-problem-preview-paused"] * 2
            assert len(site.requests) == 5
            await asyncio.sleep(0.25)
            # One is let through; it fails, and the rest is longer now.
            assert await _problem(asked, http) == "source-problem-preview-failing"
            with pytest.raises(Unreadable) as resting:
                await asked.page(http, NAME)
            assert resting.value.problem.retry_after > 0.2
            await asyncio.sleep(0.45)
            assert "tgme_channel_history" in await asked.page(http, NAME)

    async def test_a_site_that_is_not_there_is_a_failure(self) -> None:
        async with aiohttp.ClientSession() as http:
            assert await _problem(Site("http://127.0.0.1:1", gap=0.0), http) == "source-problem-preview-failing"

    def test_retry_after_in_seconds_and_as_a_date(self) -> None:
        now = datetime(2026, 5, 1, 12, tzinfo=UTC)
        assert retry_after("17", now) == 17.0
        assert retry_after(format_datetime(now + timedelta(seconds=90), usegmt=True), now) == 90.0
        assert retry_after(format_datetime(now - timedelta(seconds=90), usegmt=True), now) == 0.0
        assert retry_after("soon", now) == retry_after(None, now) == 60.0
        assert retry_after("999999", now) == 3600.0


async def _problem(site: Site, http: aiohttp.ClientSession) -> str:
    try:
        await site.page(http, NAME)
    except Unreadable as error:
        return error.problem.key
    return ""
