"""A real bot that polls the sandbox's Bot API, and people who talk with it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from bot import polling
from db.models import Company
from db.session import Sessions
from sandbox.telegram_bot_api import BotApi
from tests import make

TOKEN = "42:SANDBOX"


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    server = await BotApi().start()
    yield server
    await server.stop()


@pytest.fixture
async def running_bot(api: BotApi, sessions: Sessions, database_url: str) -> AsyncIterator[Bot]:
    """Polls until the test is over, and is drained."""
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(api.url)))
    stop = asyncio.Event()
    task = asyncio.create_task(polling.run(bot, sessions, database_url=database_url, stop=stop))
    yield bot
    stop.set()
    await task
    await bot.session.close()


@pytest.fixture
async def company(sessions: Sessions) -> Company:
    async with sessions.of_system() as session:
        return await make.company(session, "Рога и копыта")
