import asyncio

import asyncpg
import pytest
from sqlalchemy import select, text

from crm import model_versions
from crm.errors import Forbidden, NoOlderVersion, NotFound
from db.models import ModelVersion, Role, VersionStatus
from db.session import Sessions
from db.wakes import plain_url
from tests import make


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

    async def test_lets_go_of_the_bytes_of_old_ones_but_not_of_the_champions(self, sessions: Sessions) -> None:
        first = await add(sessions, b"one", promote=True)
        second = await add(sessions, b"two", promote=False)
        for _ in range(model_versions.KEPT):
            await add(sessions, b"more", promote=False)
        async with sessions.of_system() as session:
            assert await model_versions.artifact(session, first.id) == b"one"
            for verb in (model_versions.artifact(session, second.id), model_versions.promote(session, None, second.id)):
                with pytest.raises(NotFound):
                    await verb
            assert (await model_versions.find(session, second.id)).report == {"f1": 0.9}


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

    async def test_is_for_operators(self, sessions: Sessions) -> None:
        version = await add(sessions, b"one", promote=False)
        async with sessions.of_system() as session:
            admin = await make.user(session, await make.company(session), role=Role.ADMIN)
        with pytest.raises(Forbidden):
            async with sessions.of_system() as session:
                await model_versions.promote(session, make.actor(admin), version.id)
        assert await statuses(sessions) == [VersionStatus.CHALLENGER]


async def roll_back(sessions: Sessions) -> int:
    async with sessions.of_system() as session:
        return (await model_versions.roll_back(session, None)).id


class TestRollBack:
    async def test_returns_to_what_worked_before_and_further(self, sessions: Sessions) -> None:
        first = await add(sessions, b"one", promote=True)
        second = await add(sessions, b"two", promote=True)
        await add(sessions, b"refused", promote=False)
        await add(sessions, b"four", promote=True)
        assert [await roll_back(sessions), await roll_back(sessions)] == [second.id, first.id]
        assert await statuses(sessions) == [
            VersionStatus.CHAMPION,
            VersionStatus.RETIRED,
            VersionStatus.CHALLENGER,
            VersionStatus.RETIRED,
        ]

    async def test_without_an_older_one_is_refused(self, sessions: Sessions) -> None:
        with pytest.raises(NoOlderVersion):
            await roll_back(sessions)
        await add(sessions, b"refused", promote=False)
        await add(sessions, b"one", promote=True)
        with pytest.raises(NoOlderVersion):
            await roll_back(sessions)

    async def test_of_two_at_once_goes_back_one_after_the_other(self, sessions: Sessions) -> None:
        ids = [(await add(sessions, bytes([n]), promote=True)).id for n in range(3)]
        assert sorted(await asyncio.gather(roll_back(sessions), roll_back(sessions))) == ids[:2]

    async def test_is_for_operators(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            operator = await make.user(session, await make.company(session), is_operator=True)
            admin = await make.user(session, await make.company(session), role=Role.ADMIN)
        first, _ = [await add(sessions, bytes([number]), promote=True) for number in range(2)]
        with pytest.raises(Forbidden):
            async with sessions.of_system() as session:
                await model_versions.roll_back(session, make.actor(admin))
        async with sessions.of_system() as session:
            assert (await model_versions.roll_back(session, make.actor(operator))).id == first.id


class TestUnderstudy:
    async def test_is_kept_beside_the_model(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            version = await model_versions.add(session, b"whole", {}, promote=True, understudy=b"part")
            alone = await model_versions.add(session, b"whole", {}, promote=False)
        async with sessions.of_system() as session:
            assert await model_versions.understudy(session, version.id) == b"part"
            assert await model_versions.understudy(session, alone.id) is None


class TestTrainedAt:
    async def test_is_up_to_when_the_newest_knows_labels(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            assert await model_versions.trained_at(session) is None
            first = await model_versions.add(session, b"one", {}, promote=True)
        async with sessions.of_system() as session:
            assert await model_versions.trained_at(session) == first.created_at
            await model_versions.add(session, b"two", {"labels_read_at": make.NOON.isoformat()}, promote=False)
        async with sessions.of_system() as session:
            assert await model_versions.trained_at(session) == make.NOON
