"""Posts of which one kills the model's process."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from app.__main__ import program
from crm import jobs, model_versions, posts
from crm.posts import RawPost
from db.base import now
from db.models import Arrival, Post
from db.queue import HeldJob
from db.session import Sessions
from sandbox.telegram_bot_api import BotApi
from tests import make
from tests.prove.child import Where
from tests.prove.killable import Killable
from tests.prove.mortal import LAST_WORDS, POISON
from tests.prove.waiting import until


class Poisoned:
    """`count` posts are stored, the one in the middle poisonous; a worker labels them."""

    def __init__(self, sessions: Sessions, url: str, folder: Path) -> None:
        self._sessions = sessions
        self._url = url
        self._log = folder / "worker.log"
        self._api = BotApi()
        self.worker: Killable

    async def begin(self, count: int) -> None:
        await self._api.start()
        async with self._sessions.of_system() as session:
            await model_versions.add(session, b"mortal", {}, promote=True)
            self._source = await make.source(session)
        await self.store(1, count, poison=count // 2)
        self.worker = Killable("worker", Where(self._url, bot_url=self._api.url), self._log)
        await self.worker.start()

    async def end(self) -> None:
        await self.worker.kill()
        await self._api.stop()

    async def store(self, first: int, last: int, poison: int = 0) -> None:
        channel_id = self._source.channel_id or 0
        raws = [
            RawPost(channel_id, number, now(), POISON if number == poison else f"Пост {number}")
            for number in range(first, last + 1)
        ]
        async with self._sessions.of_system() as session:
            await posts.store(session, self._source, raws, Arrival.LIVE)

    async def until_all_but_one_labelled(self, seconds: float) -> list[Post]:
        """Those that are not, when it is one, or when the time is over."""
        return await until(self._unlabelled, lambda left: len(left) == 1, seconds)

    async def until_held(self, seconds: float) -> list[dict[str, int]]:
        """What the held jobs carry."""
        return [job.payload for job in await until(self._held, bool, seconds)]

    def deaths(self) -> int:
        """Of the model's process."""
        return self._log.read_text(errors="replace").count(LAST_WORDS)

    async def jobs_held(self, monkeypatch: pytest.MonkeyPatch) -> str:
        """What `platon jobs held` prints."""
        monkeypatch.setenv("DATABASE_URL", self._url)
        monkeypatch.setenv("COLUMNS", "200")
        return (await asyncio.to_thread(CliRunner().invoke, program, ["jobs", "held"])).stdout

    async def _unlabelled(self) -> list[Post]:
        async with self._sessions.of_system() as session:
            return list(await session.scalars(select(Post).where(Post.labelled_at.is_(None))))

    async def _held(self) -> list[HeldJob]:
        async with self._sessions.of_system() as session:
            return await jobs.held(session)
