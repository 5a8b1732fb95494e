"""Machines see at a glance whether it goes."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from crm import heartbeats, jobs
from db.base import now
from db.models import AlertState, Heartbeat, Source, SourceState
from db.session import Sessions
from tests import make, telling
from tests.backoffice.conftest import Browser, browse


async def worker_beats(sessions: Sessions, ago: timedelta = timedelta(0)) -> None:
    async with sessions.of_system() as session:
        await heartbeats.beat(session, heartbeats.Process("worker", host="secret-host"), {"model_version": 1})
        await session.execute(update(Heartbeat).values(at=now() - ago))


async def health(browser: Browser) -> tuple[int, dict[str, Any]]:
    answer = await browser.get("/health")
    return answer.status, await answer.json()


class TestHealth:
    async def test_all_is_well_while_a_worker_lives(self, browser: Browser, sessions: Sessions) -> None:
        await worker_beats(sessions)
        status, found = await health(browser)
        assert status == 200
        assert found["status"] == "ok"
        assert found["queue"] == {"waiting": 0, "oldest_seconds": 0, "held": 0}
        assert found["processes"][0]["process"] == "worker"
        assert found["processes"][0]["alive"] is True

    async def test_without_a_worker_it_is_down(self, browser: Browser) -> None:
        status, found = await health(browser)
        assert (status, found["status"], found["processes"]) == (503, "down", [])

    async def test_a_worker_that_fell_silent_is_gone(self, browser: Browser, sessions: Sessions) -> None:
        await worker_beats(sessions, ago=timedelta(seconds=90))
        status, found = await health(browser)
        assert status == 503
        assert found["processes"][0]["alive"] is False
        assert found["processes"][0]["sign_of_life_seconds"] >= 90

    async def test_without_a_database_it_is_down(self, database_url: str) -> None:
        broken = await browse(Sessions(database_url.replace("/test_", "/nowhere_")))
        status, found = await health(broken)
        await broken._client.close()
        assert (status, found) == (503, {"status": "down", "database": "gone"})

    async def test_it_counts_what_waits(self, browser: Browser, sessions: Sessions) -> None:
        await worker_beats(sessions)
        async with sessions.of_system() as session:
            person = await make.user(session, await make.company(session))
            await make.subscription(session, person)
            source = await make.source(
                session, cursor=10, newest_on_server=14, last_post_at=now() - timedelta(seconds=40)
            )
            await make.source(session, state=SourceState.UNREADABLE, problem="error-not-found", title="Тайный")
            await telling.promise(session, await telling.listing(session, source))
            await jobs.enqueue(session, jobs.SendConfirmation(1), key="once")
        _, found = await health(browser)
        assert found["queue"]["waiting"] == 1
        assert found["alerts"]["counts"] == {str(AlertState.PROMISED): 1}
        assert found["alerts"]["oldest_due_seconds"]["telegram"] > 0
        assert found["sources"]["counts"] == {"reading": 1, "unreadable": 1}
        assert found["sources"]["behind"] == [{"source": source.id, "messages": 4}]
        assert 40 <= found["sources"]["newest_post_seconds"] < 100
        assert list(found["sources"]["problems"].values()) == ["error-not-found"]

    async def test_it_tells_no_names(self, browser: Browser, sessions: Sessions) -> None:
        await worker_beats(sessions)
        async with sessions.of_system() as session:
            session.add(Source(title="Тайный", username="secret_chat", reader="userbot", state="reading"))
        said = await (await browser.get("/health")).text()
        assert "secret" not in said
        assert "Тайный" not in said

    async def test_head_tells_the_status_alone(self, browser: Browser, sessions: Sessions) -> None:
        assert (await browser.ask("HEAD", "/health")).status == 503
        await worker_beats(sessions)
        assert (await browser.ask("HEAD", "/health")).status == 200
