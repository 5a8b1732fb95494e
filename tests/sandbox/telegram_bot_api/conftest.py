from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiogram import Bot

from sandbox.telegram_bot_api import BotApi
from tests.sandbox.telegram_bot_api.sample_bot import bot_at


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
