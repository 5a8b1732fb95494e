"""Jobs are done, tried again, held, and put back when the worker stops."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import select, text

from crm import jobs, model_versions
from db import queue
from db.models import Post
from db.session import Sessions
from db.wakes import plain_url
from tests import make, telling
from tests.worker import rules
from worker import retries, runner
from worker.context import Context
from worker.model import Model


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "PAUSES", [timedelta(0)] * 2)
    monkeypatch.setattr(runner, "AGAIN_SECONDS", 0.05)


@pytest.fixture
async def model() -> AsyncIterator[Model]:
    model = Model(rules.load)
    yield model
    model.close()


@pytest.fixture
def context(sessions: Sessions, database_url: str, model: Model) -> Context:
    """Without bot and mailer: no job of these tests speaks to the world."""
    unused: Any = None
    return Context(sessions, database_url, unused, unused, "http://127.0.0.1", b"a secret of the tests", model)


@contextlib.asynccontextmanager
async def at_work(context: Context) -> AsyncIterator[None]:
    stop = asyncio.Event()
    running = asyncio.ensure_future(runner.run(context, stop=stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(running, 10)


async def version(context: Context) -> int:
    """A model version at work."""
    async with context.sessions.of_system() as session:
        champion = await model_versions.add(session, b"rules", {}, promote=True)
    await context.model.use(champion.id, b"rules")
    return champion.id


async def stored(sessions: Sessions, *texts: str) -> list[int]:
    """Posts with their jobs, as a collector stores them; Anna wants every request."""
    async with sessions.of_system() as session:
        source = await make.source(session)
        await make.subscription(session, await make.user(session, await make.company(session)))
        posts = [await make.post(session, source, text) for text in texts]
        await jobs.enqueue_all(session, [jobs.LabelPost(post.id) for post in posts])
    return [post.id for post in posts]


async def kinds(sessions: Sessions) -> list[str | None]:
    async with sessions.of_system() as session:
        return list(await session.scalars(select(Post.kind).order_by(Post.id)))


async def queued(sessions: Sessions) -> list[tuple[str, str]]:
    """(name, status) of every job that is left."""
    async with sessions.of_system() as session:
        rows = await session.execute(text("SELECT entrypoint, status::text FROM queue.pgqueuer ORDER BY id"))
        return [(name, status) for name, status in rows]


async def until_left(sessions: Sessions, *left: tuple[str, str]) -> None:
    async with asyncio.timeout(30):
        while True:
            if await queued(sessions) == list(left):
                return
            await asyncio.sleep(0.02)


class TestLabelling:
    async def test_a_stored_post_is_labelled_and_promised(self, context: Context) -> None:
        champion = await version(context)
        await stored(context.sessions, "Нужен Java-разработчик, аутстафф", "Курсы по вязанию")
        async with at_work(context):
            await until_left(context.sessions)
        assert await kinds(context.sessions) == ["request", "junk"]
        (alert,) = await telling.ledger(context.sessions)
        assert {"filter": "kind", "value": "request"} in alert.reasons
        async with context.sessions.of_system() as session:
            assert set(await session.scalars(select(Post.model_version_id))) == {champion}

    @pytest.mark.parametrize(("poison", "error"), [("РАЗБОР", "cannot be read"), ("СМЕРТЬ", "exit code 9")])
    async def test_a_poisonous_post_is_held_while_the_others_flow(
        self, context: Context, poison: str, error: str
    ) -> None:
        await version(context)
        await stored(context.sessions, "Нужен Java-разработчик", poison, "Ещё нужен Java-разработчик в банк")
        async with at_work(context):
            await until_left(context.sessions, ("LabelPost", "failed"))
        assert await kinds(context.sessions) == ["request", None, "request"]
        async with context.sessions.of_system() as session:
            (held,) = await queue.held(session)
        assert error in held.error

    async def test_a_held_job_can_be_run_again(self, context: Context) -> None:
        await version(context)
        (post_id,) = await stored(context.sessions, "РАЗБОР")
        async with at_work(context):
            await until_left(context.sessions, ("LabelPost", "failed"))
            async with context.sessions.of_system() as session:
                (await session.get_one(Post, post_id)).text = "Нужен Java-разработчик"
                (held,) = await queue.held(session)
                assert await queue.run_again(session, [held.id]) == 1
            await until_left(context.sessions)
        assert await kinds(context.sessions) == ["request"]

    async def test_a_job_of_a_post_that_is_gone_finds_nothing_to_do(self, context: Context) -> None:
        await version(context)
        async with context.sessions.of_system() as session:
            await jobs.enqueue(session, jobs.LabelPost(404))
        async with at_work(context):
            await until_left(context.sessions)

    async def test_relabelling_tells_nobody_and_goes_on_to_the_end(self, context: Context) -> None:
        champion = await version(context)
        (post_id,) = await stored(context.sessions, "Нужен Java-разработчик")
        async with context.sessions.of_system() as session:
            (await session.get_one(Post, post_id)).labelled_at = make.NOON
            await session.execute(text("DELETE FROM queue.pgqueuer"))
            await jobs.enqueue(session, jobs.RelabelPosts(champion, after_id=0))
        async with at_work(context):
            await until_left(context.sessions)
        assert await kinds(context.sessions) == ["request"]
        assert await telling.ledger(context.sessions) == []
        async with context.sessions.of_system() as session:
            assert (await session.scalars(select(Post.model_version_id))).one() == champion


class TestStop:
    async def test_what_waits_for_a_first_model_goes_back_into_the_line_and_is_done_later(
        self, context: Context
    ) -> None:
        await stored(context.sessions, "Нужен Java-разработчик")
        async with at_work(context):
            await until_left(context.sessions, ("LabelPost", "picked"))
        assert await queued(context.sessions) == [("LabelPost", "queued")]
        await version(context)
        async with at_work(context):
            await until_left(context.sessions)
        assert await kinds(context.sessions) == ["request"]


class TestFaults:
    async def test_it_survives_the_loss_of_its_connections(self, context: Context) -> None:
        await version(context)
        async with at_work(context):
            await stored(context.sessions, "Нужен Java-разработчик")
            await until_left(context.sessions)
            admin = await asyncpg.connect(plain_url(context.database_url))
            await admin.execute("""SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                                   WHERE datname = current_database() AND pid <> pg_backend_pid()""")
            await admin.close()
            await stored(context.sessions, "И ещё нужен Java-разработчик")
            await until_left(context.sessions)
        assert await kinds(context.sessions) == ["request", "request"]

    async def test_a_job_over_which_workers_died_is_held(self, context: Context) -> None:
        await version(context)
        await stored(context.sessions, "Нужен Java-разработчик")
        async with context.sessions.of_system() as session:
            await session.execute(text("UPDATE queue.pgqueuer SET created = now() - interval '1 hour'"))
            await session.execute(
                text("""INSERT INTO queue.pgqueuer_log (job_id, status, priority, entrypoint)
                        SELECT id, 'picked', 0, entrypoint FROM queue.pgqueuer, generate_series(1, 3)""")
            )
        async with at_work(context):
            await until_left(context.sessions, ("LabelPost", "failed"))
        assert await kinds(context.sessions) == [None]


class TestTasks:
    async def test_the_old_log_is_forgotten_and_held_jobs_are_kept(self, context: Context) -> None:
        await version(context)
        await stored(context.sessions, "РАЗБОР")
        async with at_work(context):
            await until_left(context.sessions, ("LabelPost", "failed"))
            async with context.sessions.of_system() as session:
                await session.execute(text("UPDATE queue.pgqueuer_log SET created = now() - interval '8 days'"))
                await jobs.enqueue(session, jobs.PruneQueue())
            await until_left(context.sessions, ("LabelPost", "failed"))
        async with context.sessions.of_system() as session:
            names = set(await session.scalars(text("SELECT DISTINCT entrypoint FROM queue.pgqueuer_log")))
        assert names == {"PruneQueue"}

    def test_every_job_has_a_task(self) -> None:
        assert set(runner.TASKS) == set(jobs.Job.__args__)
