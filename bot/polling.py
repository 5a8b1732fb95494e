"""The bot's process: its menu of commands, updates until told to stop, and nobody left without an answer."""

import asyncio
import contextlib
import logging

from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramAPIError

from bot import menu, storage
from bot.dispatcher import build
from crm import heartbeats
from db.base import Json
from db.session import Sessions

DRAIN_SECONDS = 20.0
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0

log = logging.getLogger(__name__)


async def run(bot: Bot, sessions: Sessions, *, database_url: str, stop: asyncio.Event) -> None:
    """Poll until `stop`; what was begun by then is finished. Dialog states go over connections of their own."""
    shown: Json = {"username": None}
    async with heartbeats.beating(sessions, "bot", lambda: shown):
        bot_name = await _introduce(bot, stop)
        if bot_name is not None:
            shown["username"] = bot_name
            await _converse(bot, sessions, database_url, bot_name, stop)


async def _converse(bot: Bot, sessions: Sessions, database_url: str, bot_name: str, stop: asyncio.Event) -> None:
    async with storage.opened(database_url) as memory:
        dispatcher = build(sessions, memory, bot_name=bot_name)
        polling = asyncio.create_task(_poll(dispatcher, bot))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([polling, stopping], return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        with contextlib.suppress(RuntimeError):
            await dispatcher.stop_polling()
        await polling
        await _drain(dispatcher)


async def _introduce(bot: Bot, stop: asyncio.Event) -> str | None:
    """The bot's username, once Telegram answers; None where it is time to stop before that."""
    wait = FIRST_WAIT
    while not stop.is_set():
        try:
            await menu.set_default(bot)
            return (await bot.me()).username or ""
        except TelegramAPIError as error:
            log.warning("Telegram does not answer yet (%s); trying again in %.0f s", type(error).__name__, wait)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait)
            wait = min(2 * wait, LONGEST_WAIT)
    return None


async def _poll(dispatcher: Dispatcher, bot: Bot) -> None:
    await dispatcher.start_polling(
        bot,
        handle_signals=False,
        close_bot_session=False,
        allowed_updates=["message", "callback_query", "my_chat_member"],
    )


async def _drain(dispatcher: Dispatcher) -> None:
    """aiogram acknowledges an update before its handler has finished, and does not wait for it on its own."""
    begun = set(dispatcher._handle_update_tasks)
    if begun:
        _, left = await asyncio.wait(begun, timeout=DRAIN_SECONDS)
        if left:
            log.warning("%s updates were not finished in %.0f s", len(left), DRAIN_SECONDS)
