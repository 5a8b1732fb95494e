"""Versions change while posts come in: each is labelled once, by one or the other, and all in the end by the last."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from crm import jobs, model_versions
from db.models import Alert, Appearance, Listing, Post, Source
from db.session import Sessions
from db.wakes import listen
from tests import make
from tests.worker import rules
from worker import retries, runner
from worker.context import Context
from worker.model import Model, keep_current

POSTS = 60
AT_ONCE = 6


@pytest.fixture
async def context(sessions: Sessions, database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Context]:
    monkeypatch.setattr(retries, "PAUSES", [timedelta(0)] * 2)
    unused: Any = None
    model = Model(rules.load_versioned)
    yield Context(sessions, database_url, unused, unused, "http://127.0.0.1", b"a secret of the tests", model)
    model.close()


@contextlib.asynccontextmanager
async def at_work(context: Context) -> AsyncIterator[None]:
    """A worker that follows the champion."""
    stop, promoted = asyncio.Event(), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        heard = {model_versions.WAKE: lambda _: promoted.set()}
        group.create_task(listen(context.database_url, heard, stop=stop))
        group.create_task(keep_current(context.sessions, context.model, promoted, stop=stop))
        group.create_task(runner.run(context, stop=stop))
        try:
            yield
        finally:
            stop.set()


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(60):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.05)


async def test_a_roll_back_under_load_loses_and_doubles_nothing(context: Context) -> None:
    sessions = context.sessions
    async with sessions.of_system() as session:
        first = await model_versions.add(session, b"java", {}, promote=True)
        source = await make.source(session)
        await make.subscription(session, await make.user(session, await make.company(session)))

    async def count(of: Any, *where: Any) -> int:
        async with sessions.of_system() as session:
            return await session.scalar(select(func.count()).select_from(of).where(*where)) or 0

    async def come_in() -> None:
        for start in range(0, POSTS, AT_ONCE):
            async with sessions.of_system() as session:
                within = await session.get_one(Source, source.id)
                for number in range(start, start + AT_ONCE):
                    # Numbers of their own, so that no two posts are one request.
                    post = await make.post(session, within, f"ID: {70_000 + number} Нужен разработчик")
                    await jobs.enqueue(session, jobs.LabelPost(post.id))
            await asyncio.sleep(0.05)

    async def change_versions() -> None:
        await until(lambda: count(Post, Post.model_version_id == first.id))
        async with sessions.of_system() as session:
            second = await model_versions.add(session, b"kotlin", {}, promote=True)
        await until(lambda: count(Post, Post.model_version_id == second.id))
        async with sessions.of_system() as session:
            assert (await model_versions.roll_back(session, None)).id == first.id

    async def nothing_waits() -> bool:
        async with sessions.of_system() as session:
            return not await session.scalar(text("SELECT count(*) FROM queue.pgqueuer WHERE status <> 'failed'"))

    async with at_work(context):
        await asyncio.gather(come_in(), change_versions())
        await until(nothing_waits)

    async with sessions.of_system() as session:
        assert await jobs.held(session) == []
        versions = (await session.scalars(select(Post.model_version_id))).all()
        seen = (await session.scalars(select(func.count()).select_from(Appearance).group_by(Appearance.post_id))).all()
        told = (await session.scalars(select(func.count()).select_from(Alert).group_by(Alert.listing_id))).all()
        stacks = (await session.scalars(select(Listing.core).where(Listing.withdrawn_at.is_(None)))).all()
    assert versions == [first.id] * POSTS
    assert seen == [1] * POSTS
    assert told == [1] * POSTS
    assert stacks == [["java"]] * POSTS
