import asyncio
from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy import select

from crm import heartbeats
from db.base import Json, now
from db.models import Heartbeat
from db.session import Sessions
from db.wakes import plain_url


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeats, "EVERY_SECONDS", 0.01)


async def known(sessions: Sessions) -> list[Heartbeat]:
    async with sessions.of_system() as session:
        return list(await session.scalars(select(Heartbeat)))


async def until_known(sessions: Sessions, *details: Json) -> list[Heartbeat]:
    """The signs of life, once they say just this."""
    async with asyncio.timeout(20):
        while True:
            found = await known(sessions)
            if [beat.detail for beat in found] == list(details):
                return found
            await asyncio.sleep(0.01)


class TestBeating:
    async def test_says_that_it_lives_and_what_it_is_at_now(self, sessions: Sessions) -> None:
        detail: Json = {"username": None}
        async with heartbeats.beating(sessions, "bot", lambda: detail):
            (first,) = await until_known(sessions, {"username": None})
            detail["username"] = "platon_bot"
            (newest,) = await until_known(sessions, {"username": "platon_bot"})
        assert (newest.process, newest.started_at) == ("bot", first.started_at)
        assert newest.at > first.at

    async def test_is_gone_after_the_block_however_it_ended(self, sessions: Sessions) -> None:
        async def break_off() -> None:
            async with heartbeats.beating(sessions, "bot", dict):
                await until_known(sessions, {})
                raise LookupError

        with pytest.raises(LookupError):
            await break_off()
        assert await known(sessions) == []

    async def test_outlives_a_database_that_is_away(self, sessions: Sessions, database_url: str) -> None:
        owner = await asyncpg.connect(plain_url(database_url))
        await owner.execute("ALTER TABLE heartbeats RENAME TO away")
        async with heartbeats.beating(sessions, "bot", dict):
            await asyncio.sleep(0.05)
            await owner.execute("ALTER TABLE away RENAME TO heartbeats")
            await until_known(sessions, {})
            await owner.execute("ALTER TABLE heartbeats RENAME TO away")
        await owner.close()


class TestLast:
    async def test_leaves_out_what_gave_no_sign_for_a_day(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            for host, ago in (("one", timedelta(hours=1)), ("other", timedelta(days=2))):
                process = heartbeats.Process("bot", host=host)
                await heartbeats.beat(session, process, {})
                beat = await session.get_one(Heartbeat, ("bot", host, process.pid))
                beat.at = now() - ago
        async with sessions.of_system() as session:
            assert [beat.host for beat in await heartbeats.last(session)] == ["one"]
