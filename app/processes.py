"""The processes. Everything is built here and nowhere else."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable

import structlog
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiohttp import web

from app import secrets, stand_ins
from app.settings import Settings
from backoffice import application
from bot import polling
from collector import run as collector
from db.session import Sessions
from mail.sender import Mailer, SmtpMailer
from sandbox.telegram_mtproto import trust
from worker import run as worker
from worker.context import Context

log = structlog.get_logger(__name__)

Process = Callable[[Settings, str, asyncio.Event], Awaitable[None]]
SANDBOX_TOKEN = "42:sandbox"  # noqa: S105  the sandbox takes any
SANDBOX_API = (1, "0" * 32)
JOIN_SECONDS = 45.0
"""Telegram freezes accounts that join many chats in a row."""
SANDBOX_JOIN_SECONDS = 0.2
PREVIEW_SECONDS = 2.5


def run(process: Process, settings: Settings, url: str) -> None:
    """Run it until a signal; a second signal ends it at once."""
    import uvloop

    async def until_signal() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, lambda: os._exit(130) if stop.is_set() else stop.set())
        await process(settings, url, stop)

    uvloop.run(until_signal())


async def run_collector(settings: Settings, url: str, stop: asyncio.Event) -> None:
    played = stand_ins.find(settings)
    telegram = played.telegram if played else None
    if telegram is not None:
        trust(telegram.public_key)
    api = api_credentials(settings)
    sessions = Sessions(url)
    try:
        await collector.run(
            sessions,
            stop=stop,
            api=api,
            preview_url=played.preview_url if played and played.preview_url else settings.preview_url,
            join_seconds=JOIN_SECONDS if telegram is None else SANDBOX_JOIN_SECONDS,
            preview_seconds=PREVIEW_SECONDS,
            server=(telegram.dc_id, telegram.host, telegram.port) if telegram else None,
        )
    finally:
        await sessions.close()


def api_credentials(settings: Settings) -> collector.ApiCredentials:
    """Of Telegram, or of the data centre that stands in."""
    key = secrets.encryption_key(settings)
    if settings.telegram_api_id is not None and settings.telegram_api_hash is not None:
        return collector.ApiCredentials(settings.telegram_api_id, settings.telegram_api_hash.get_secret_value(), key)
    return collector.ApiCredentials(*SANDBOX_API, key)


async def run_worker(settings: Settings, url: str, stop: asyncio.Event) -> None:
    sessions = Sessions(url)
    async with opened_bot(settings) as bot:
        context = Context(sessions, url, bot, _mailer(settings), settings.public_url, secrets.signing_secret(settings))
        try:
            await worker.run(context, stop=stop)
        finally:
            await sessions.close()


async def run_bot(settings: Settings, url: str, stop: asyncio.Event) -> None:
    sessions = Sessions(url)
    async with opened_bot(settings) as bot:
        try:
            await polling.run(bot, sessions, database_url=url, stop=stop)
        finally:
            await sessions.close()


async def run_backoffice(settings: Settings, url: str, stop: asyncio.Event) -> None:
    sessions = Sessions(url)
    runner = web.AppRunner(
        application.build(sessions, public_url=settings.public_url, secret=secrets.signing_secret(settings)),
        access_log=None,
        shutdown_timeout=5,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.http_host, settings.http_port).start()
        log.info("pages are served", host=settings.http_host, port=settings.http_port)
        await stop.wait()
    finally:
        await runner.cleanup()
        await sessions.close()


async def run_sandbox(settings: Settings, url: str, stop: asyncio.Event) -> None:
    await stand_ins.run(settings, stop=stop)


@contextlib.asynccontextmanager
async def opened_bot(settings: Settings) -> AsyncIterator[Bot]:
    """The real one, or the sandbox's."""
    properties = DefaultBotProperties(parse_mode=ParseMode.HTML)
    if settings.bot_token is not None:
        bot = Bot(settings.bot_token.get_secret_value(), default=properties)
    else:
        played = stand_ins.find(settings)
        assert played  # noqa: S101  find raises where it is not played
        assert played.chat_url  # noqa: S101
        server = TelegramAPIServer.from_base(played.chat_url)
        bot = Bot(SANDBOX_TOKEN, session=AiohttpSession(api=server), default=properties)
    try:
        yield bot
    finally:
        await bot.session.close()


def _mailer(settings: Settings) -> Mailer:
    if settings.smtp_host is None:
        played = stand_ins.find(settings)
        assert played  # noqa: S101  find raises where it is not played
        assert played.smtp  # noqa: S101
        return SmtpMailer(*played.smtp, sender=settings.mail_from, security="none")
    password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
    return SmtpMailer(
        settings.smtp_host,
        settings.smtp_port,
        sender=settings.mail_from,
        username=settings.smtp_username,
        password=password,
        security=settings.smtp_security,
    )
