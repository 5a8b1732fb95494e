"""A sender at work on a real Bot API on loopback, without waiting a second between messages."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from sqlalchemy import func, select

from db.base import now
from db.models import Alert, AlertAttempt, AlertState
from db.session import Sessions
from sandbox.telegram_bot_api import BotApi
from tests.sandbox.telegram_bot_api.sample_bot import bot_at
from worker import pace, telegram_sender
from worker.sender import Sender

UNSETTLED = (AlertState.PROMISED, AlertState.SENDING, AlertState.UNCERTAIN)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "CHAT_SECONDS", 0.0)
    monkeypatch.setattr(telegram_sender, "PROBE_SECONDS", (0.02,))


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    server = await BotApi(record=True).start()
    yield server
    await server.stop()


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    client = bot_at(api.url)
    yield client
    await client.session.close()


class AtWork:
    """A sender that runs within the block."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self._stop = asyncio.Event()

    async def __aenter__(self) -> "AtWork":
        self._running = asyncio.ensure_future(self.sender.run(self._stop))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop.set()
        await self._running

    async def until_settled(self) -> None:
        """Until nothing that is due waits, and no told card is stale."""
        async with asyncio.timeout(20):
            while await self._open():
                self.sender.wake()
                await asyncio.sleep(0.01)

    async def _open(self) -> int:
        waits = Alert.state.in_(UNSETTLED) & (Alert.due_at <= now())
        is_stale = (Alert.state == AlertState.DELIVERED) & Alert.stale_since.is_not(None)
        async with self.sender.sessions.of_system() as session:
            query = select(func.count()).where(Alert.channel == self.sender.channel, waits | is_stale)
            return await session.scalar(query) or 0


async def until_begun(sessions: Sessions) -> None:
    """Until a sender took an alert in hand, whatever became of it then."""
    async with asyncio.timeout(20):
        while True:
            async with sessions.of_system() as session:
                if await session.scalar(select(AlertAttempt.id).limit(1)):
                    return
            await asyncio.sleep(0.01)
