import asyncio

import asyncpg
import pytest
from sqlalchemy import select, text

from crm import model_versions
from crm.errors import NotFound
from db.models import ModelVersion, VersionStatus
from db.session import Sessions
from db.wakes import plain_url


async def add(sessions: Sessions, artifact: bytes, *, promote: bool) -> ModelVersion:
    async with sessions.of_system() as session:
        return await model_versions.add(session, artifact, {"f1": 0.9}, promote)


async def statuses(sessions: Sessions) -> list[VersionStatus]:
    async with sessions.of_system() as session:
        return list(await session.scalars(select(ModelVersion.status).order_by(ModelVersion.id)))


async def jobs_waiting(sessions: Sessions) -> list[str]:
    async with sessions.of_system() as session:
        return list(await session.scalars(text("SELECT entrypoint FROM queue.pgqueuer")))


class TestAdd:
    async def test_keeps_a_challenger(self, sessions: Sessions) -> None:
        version = await add(sessions, b"trees", promote=False)
        async with sessions.of_system() as session:
            assert await model_versions.champion(session) is None
            assert await model_versions.artifact(session, version.id) == b"trees"
        assert (version.report, len(version.sha256)) == ({"f1": 0.9}, 64)

    async def test_may_make_it_the_champion_which_everybody_may_ask_for(self, sessions: Sessions) -> None:
        version = await add(sessions, b"trees", promote=True)
        async with sessions.of_market() as session:
            champion = await model_versions.champion(session)
        assert champion is not None
        assert champion.id == version.id
        assert champion.promoted_at is not None
        assert await jobs_waiting(sessions) == []


class TestArtifact:
    async def test_of_no_version_is_not_found(self, sessions: Sessions) -> None:
        with pytest.raises(NotFound):
            async with sessions.of_system() as session:
                await model_versions.artifact(session, 12345)


class TestPromote:
    async def test_retires_the_one_before_and_labels_anew(self, sessions: Sessions) -> None:
        await add(sessions, b"one", promote=True)
        second = await add(sessions, b"two", promote=False)
        for _ in range(2):
            async with sessions.of_system() as session:
                await model_versions.promote(session, None, second.id)
        assert await statuses(sessions) == [VersionStatus.RETIRED, VersionStatus.CHAMPION]
        assert await jobs_waiting(sessions) == ["RelabelPosts"]

    async def test_of_two_at_once_leaves_one_champion(self, sessions: Sessions) -> None:
        await add(sessions, b"one", promote=True)
        await asyncio.gather(*(add(sessions, bytes([n]), promote=True) for n in range(5)))
        assert sorted(await statuses(sessions)).count(VersionStatus.CHAMPION) == 1

    async def test_wakes_the_workers_with_its_id(self, sessions: Sessions, database_url: str) -> None:
        heard: asyncio.Queue[str] = asyncio.Queue()
        listener = await asyncpg.connect(plain_url(database_url))
        await listener.add_listener("platon_models", lambda _c, _p, _n, payload: heard.put_nowait(payload))
        version = await add(sessions, b"one", promote=True)
        assert await asyncio.wait_for(heard.get(), 5) == str(version.id)
        await listener.close()

    async def test_of_no_version_is_not_found(self, sessions: Sessions) -> None:
        with pytest.raises(NotFound):
            async with sessions.of_system() as session:
                await model_versions.promote(session, None, 12345)
