"""What every page has in common: headers, languages, limits, errors."""

import logging
import re

import pytest

from backoffice.pages import language_of
from backoffice.visitors import REMEMBERED, Visitors, visitor
from crm import heartbeats
from db.base import now
from db.models import Address
from db.session import Sessions
from tests.backoffice.conftest import Browser, browse, unsubscribe_path


class TestHeaders:
    @pytest.mark.parametrize("path", ["/", "/nothing", "/health", "/static/pages.css", "/confirm/x"])
    async def test_every_answer_is_guarded(self, path: str, browser: Browser) -> None:
        headers = (await browser.get(path)).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Strict-Transport-Security"].startswith("max-age=")

    async def test_without_tls_nobody_is_sent_to_it(self, sessions: Sessions) -> None:
        browser = await browse(sessions, "http://127.0.0.1:8080")
        assert "Strict-Transport-Security" not in (await browser.get("/")).headers
        await browser._client.close()

    async def test_pages_are_not_kept_and_styles_are(self, browser: Browser) -> None:
        assert (await browser.get("/")).headers["Cache-Control"] == "no-store"
        assert "max-age" in (await browser.get("/static/pages.css")).headers["Cache-Control"]
        assert (await browser.get("/static/nothing.css")).headers["Cache-Control"] == "no-store"

    async def test_a_page_needs_nothing_that_its_policy_forbids(self, browser: Browser, anna: Address) -> None:
        page = await (await browser.get(unsubscribe_path(anna))).text()
        assert not re.search(r"<script|style=|<style|\son\w+=", page)
        for link in re.findall(r'(?:src|href)="([^"]+)"', page):
            assert link.startswith("/")
            assert (await browser.get(link)).status == 200


class TestLanguages:
    @pytest.mark.parametrize(
        ("accepted", "language"),
        [
            ("en-GB,en;q=0.9,ru;q=0.8", "en"),
            ("ru;q=0.4, en;q=0.7", "en"),
            ("de-DE, de;q=0.9, en;q=0.5", "en"),
            ("de", "ru"),
            ("", "ru"),
            ("en;q=0", "ru"),
            ("en;q=1.2.3", "ru"),
            (",;,q=" * 1000, "ru"),
        ],
    )
    def test_the_browser_is_asked_first(self, accepted: str, language: str) -> None:
        assert language_of(accepted, "ru") == language

    async def test_else_the_address_s_language_is_spoken(
        self, browser: Browser, sessions: Sessions, anna: Address
    ) -> None:
        async with sessions.of_system() as session:
            (await session.get_one(Address, anna.id)).language = "en"
        answer = await browser.get(unsubscribe_path(anna), **{"Accept-Language": "fi"})
        assert "Unsubscribe from e-mail?" in await answer.text()
        assert answer.headers["Content-Language"] == "en"

    async def test_errors_speak_it_too(self, browser: Browser) -> None:
        page = await (await browser.get("/nothing", **{"Accept-Language": "en"})).text()
        assert "There is no such page" in page
        assert '<html lang="en">' in page


class TestErrors:
    async def test_a_page_that_is_not_there_says_so(self, browser: Browser) -> None:
        answer = await browser.get("/nothing")
        assert answer.status == 404
        assert "Такой страницы нет" in await answer.text()

    async def test_a_wrong_method_says_so(self, browser: Browser) -> None:
        answer = await browser.get("/unsubscribe/x/undo")
        assert answer.status == 405
        assert answer.headers["Allow"] == "POST"
        assert "откройте ссылку из него" in await answer.text()

    async def test_head_is_answered_without_a_body(self, browser: Browser) -> None:
        answer = await browser.ask("HEAD", "/")
        assert answer.status == 200
        assert await answer.read() == b""

    @pytest.mark.parametrize("is_announced", [True, False])
    async def test_a_large_request_is_refused_before_it_does_anything(
        self, is_announced: bool, browser: Browser, anna: Address
    ) -> None:
        async def pieces() -> object:
            for _ in range(100):
                yield b"x" * 1000

        answer = await browser.ask("POST", unsubscribe_path(anna), data=b"x" * 100_000 if is_announced else pieces())
        assert answer.status == 413

    async def test_what_breaks_has_a_number_and_tells_no_token(
        self, database_url: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        broken = await browse(Sessions(database_url.rpartition("/")[0] + "/nowhere"))
        with caplog.at_level(logging.ERROR, "backoffice"):
            answer = await broken.get("/confirm/s3cret-token")
        await broken._client.close()
        assert answer.status == 500
        number = re.search(r"номер ([0-9a-f]{8})", await answer.text())
        assert number is not None
        assert any(number[1] in record.getMessage() for record in caplog.records)
        assert not any("s3cret-token" in record.getMessage() for record in caplog.records)

    async def test_a_proxy_under_a_path_keeps_its_links(self, sessions: Sessions, anna: Address) -> None:
        browser = await browse(sessions, "https://example.org/platon")
        page = await (await browser.post(unsubscribe_path(anna))).text()
        await browser._client.close()
        assert 'href="/platon/static/pages.css"' in page
        assert f'action="/platon{unsubscribe_path(anna)}/undo"' in page


class TestRateLimit:
    async def test_who_asks_too_much_waits(self, sessions: Sessions) -> None:
        browser = await browse(sessions, limit=3)
        answers = [await browser.get("/nothing") for _ in range(4)]
        await browser._client.close()
        assert [answer.status for answer in answers] == [404, 404, 404, 429]
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 20
        assert "Подождите минуту" in await answers[-1].text()

    async def test_visitors_behind_our_proxy_are_told_apart(self, sessions: Sessions) -> None:
        browser = await browse(sessions, limit=1)
        statuses = [
            (await browser.get("/nothing", **{"X-Forwarded-For": f"1.2.3.4, 5.6.7.{number}"})).status
            for number in (1, 2, 1)
        ]
        await browser._client.close()
        assert statuses == [404, 404, 429]

    def test_a_bucket_fills_evenly(self) -> None:
        time = [0.0]
        visitors = Visitors(60, lambda: time[0])
        assert [visitors.seconds_to_wait("a") for _ in range(61)] == [0.0] * 60 + [1.0]
        time[0] = 2.0
        assert [visitors.seconds_to_wait("a") for _ in range(3)] == [0.0, 0.0, 1.0]
        assert visitors.seconds_to_wait("b") == 0.0

    def test_only_so_many_are_remembered(self) -> None:
        visitors = Visitors(1)
        for number in range(REMEMBERED + 5):
            visitors.seconds_to_wait(str(number))
        assert len(visitors._buckets) == REMEMBERED

    @pytest.mark.parametrize(
        ("peer", "forwarded", "name"),
        [
            ("8.8.8.8", None, "8.8.8.8"),
            ("8.8.8.8", "1.2.3.4", "8.8.8.8"),
            ("127.0.0.1", "1.2.3.4, 9.9.9.9", "9.9.9.9"),
            ("127.0.0.1", "nonsense", "127.0.0.1"),
            ("10.0.0.2", "2a02:6b8:a:b:1::1", "2a02:06b8:000a:000b"),
            (None, None, ""),
        ],
    )
    def test_a_visitor_is_whom_a_proxy_of_ours_names(self, peer: str, forwarded: str, name: str) -> None:
        assert visitor(peer, forwarded) == name


class TestFront:
    async def test_it_says_what_this_is(self, browser: Browser) -> None:
        answer = await browser.get("/")
        page = await answer.text()
        assert answer.status == 200
        assert "Платон находит ИТ-запросы за вас" in page
        assert "t.me" not in page

    async def test_it_links_to_the_running_bot(self, browser: Browser, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            await heartbeats.beat(session, heartbeats.Process("bot", started_at=now()), {"username": "platon_bot"})
        assert 'href="https://t.me/platon_bot"' in await (await browser.get("/")).text()
