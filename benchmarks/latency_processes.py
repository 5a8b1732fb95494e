"""The two other processes of the latency benchmark: Telegram's stand-in, and the worker as it is shipped."""

import asyncio
import multiprocessing
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

import uvloop
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from db.session import Sessions
from mail.sender import SmtpMailer
from sandbox.telegram_bot_api import BotApi
from worker import run
from worker.context import Context
from worker.telegram_sender import TelegramSender

STOP_SECONDS = 15.0


class Process:
    """A process of its own, spoken to through a pipe."""

    def __init__(self, target: Callable[..., None], *args: Any) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=target, args=(theirs, *args))
        self._process.start()
        theirs.close()

    async def ask(self, question: str) -> Any:
        self._pipe.send(question)
        return await self.hear()

    async def hear(self) -> Any:
        return await asyncio.to_thread(self._pipe.recv)

    async def stop(self) -> None:
        with suppress(OSError):
            self._pipe.send("stop")
        await asyncio.to_thread(self._process.join, STOP_SECONDS)
        self._process.kill()


def stand_in(pipe: Connection, chat_ids: list[int]) -> None:
    """A Bot API with Telegram's limits; says its address, then answers `count` and `deliveries`."""
    uvloop.run(_stand_in(pipe, chat_ids))


async def _stand_in(pipe: Connection, chat_ids: list[int]) -> None:
    api = await BotApi(strict_limits=True, record=True).start()
    for chat_id in chat_ids:
        api.person(chat_id)
    pipe.send(api.url)
    while (question := await asyncio.to_thread(pipe.recv)) != "stop":
        pipe.send(len(api.deliveries) if question == "count" else [tuple(told) for told in api.deliveries])
    await api.stop()


def worker(pipe: Connection, database_url: str, bot_url: str, polls_only: bool) -> None:
    """As shipped; with `polls_only` its sender looks once a second instead of being woken."""
    if polls_only:
        TelegramSender.wake = lambda self, payload="": None  # type: ignore[method-assign]
    uvloop.run(_worker(pipe, database_url, bot_url))


async def _worker(pipe: Connection, database_url: str, bot_url: str) -> None:
    bot = Bot("42:BENCHMARK", session=AiohttpSession(api=TelegramAPIServer.from_base(bot_url)))
    sessions = Sessions(database_url)
    nowhere = SmtpMailer("127.0.0.1", 9, sender="Platon <platon@example.org>", security="none")
    stop = asyncio.Event()
    context = Context(sessions, database_url, bot, nowhere, "http://127.0.0.1", b"a secret of the benchmark")
    working = asyncio.ensure_future(run.run(context, stop=stop))
    await asyncio.to_thread(pipe.recv)
    stop.set()
    await working
    await sessions.close()
    await bot.session.close()
