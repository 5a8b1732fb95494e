"""Collector and worker as processes of their own, put together as the application does, that a proof may kill."""

import asyncio
import ctypes
import logging
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import uvloop
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from collector import run as collector
from collector.accounts import ApiCredentials
from db.session import Sessions
from mail.sender import SmtpMailer
from sandbox.telegram_mtproto import trust
from tests.prove import mortal
from worker import run as worker
from worker.context import Context
from worker.model import Model

API = (1, "0" * 32)
SECRET = b"a secret of the proofs, long enough"
COMPARE_SECONDS = 5.0
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Where:
    """Where a process finds the world; what it does not use stays empty."""

    url: str
    """SQLAlchemy's, of the database"""
    key: str = ""
    """that sessions of Telegram accounts are encrypted with"""
    server: tuple[int, str, int] = (2, "", 0)
    server_key: str = ""
    bot_url: str = ""
    smtp: tuple[str, int] = ("127.0.0.1", 9)


async def collect(where: Where, stop: asyncio.Event) -> None:
    trust(where.server_key)
    await collector.run(
        Sessions(where.url),
        stop=stop,
        api=ApiCredentials(*API, where.key.encode()),
        server=(where.server[0], where.server[1], where.server[2]),
        join_seconds=0,
        compare_seconds=COMPARE_SECONDS,
    )


async def work(where: Where, stop: asyncio.Event) -> None:
    bot = Bot("42:PROOFS", session=AiohttpSession(api=TelegramAPIServer.from_base(where.bot_url)))
    mailer = SmtpMailer(*where.smtp, sender="Platon <platon@platon.test>", security="none")
    context = Context(
        Sessions(where.url), where.url, bot, mailer, "http://platon.test", SECRET, model=Model(mortal.load)
    )
    await worker.run(context, stop=stop)


PROCESSES: dict[str, Callable[[Where, asyncio.Event], Awaitable[None]]] = {"collector": collect, "worker": work}


def run(name: str, where: Where, log: str) -> None:
    """As the main function of a process; SIGTERM stops it in an orderly way. What it writes goes into the file."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(file, 1)
    os.dup2(file, 2)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    uvloop.run(_run(name, where))


async def _run(name: str, where: Where) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await PROCESSES[name](where, stop)
