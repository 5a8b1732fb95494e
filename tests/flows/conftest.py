"""All of Platon at work in one process, on a sandbox Telegram and a sandbox mailbox."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass

import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiohttp.test_utils import TestServer

from backoffice import application
from bot import polling
from collector import run as collector
from collector.accounts import ApiCredentials
from collector.login import Talk as SignIn
from collector.login import login
from crm import encryption, invitations, model_versions
from db.session import Sessions
from mail.sender import SmtpMailer
from ml.training import Trained
from sandbox.mailbox import Mailbox
from sandbox.telegram_bot_api import BotApi
from sandbox.telegram_mtproto import Cloud
from tests.ml.conftest import examples, trained
from worker import run as worker
from worker.context import Context

__all__ = ["examples", "trained"]

READER, PHONE = 700, "+79990000700"
SECRET = b"a secret of the flows, long enough"


@dataclass
class Desk:
    """What a flow sees and does: channels, chat, mailbox, and the database for a last look."""

    cloud: Cloud
    api: BotApi
    mailbox: Mailbox
    sessions: Sessions
    pages: TestServer

    async def first_link(self) -> str:
        """The token of the link that makes the first admin."""
        async with self.sessions.of_system() as session:
            token = await invitations.first(session, "Рога и копыта")
        assert token is not None
        return token

    def path_in(self, letter_text: str, part: str) -> str:
        """The path of the link in a letter that leads to a page."""
        found = re.search(rf"https?://[^/\s]+(/{part}/\S+)", letter_text)
        assert found is not None, letter_text
        return found[1]


async def _code() -> str:
    return Cloud.code


async def _ignore(_: str) -> None:
    """Nothing is asked by QR."""


@pytest.fixture
async def desk(sessions: Sessions, database_url: str, trained: Trained) -> AsyncIterator[Desk]:
    cloud, api, mailbox = Cloud(), await BotApi(limits=True).start(), await Mailbox().start()
    cloud.add_user(READER, PHONE, "Читатель")
    await cloud.start()
    pages = TestServer(application.build(sessions, public_url="http://platon.test", secret=SECRET))
    await pages.start_server()
    async with sessions.of_system() as session:
        await model_versions.add(session, trained.artifact, trained.report, promote=True)
    credentials = ApiCredentials(1, "0" * 32, encryption.new_key())
    talk = SignIn(ask_code=_code, ask_password=_code, show_qr=_ignore, say=_ignore)
    server = cloud.server_address()
    await login(sessions, credentials, talk, name="main", phone=PHONE, server=server)
    mailer = SmtpMailer(mailbox.host, mailbox.smtp_port, sender="Platon <platon@platon.test>", security="none")
    properties = DefaultBotProperties(parse_mode=ParseMode.HTML)
    connection = AiohttpSession(api=TelegramAPIServer.from_base(api.url))
    async with Bot("42:FLOWS", session=connection, default=properties) as bot:
        context = Context(sessions, database_url, bot, mailer, "http://platon.test", SECRET)
        stop = asyncio.Event()
        at_work: list[Awaitable[None]] = [
            collector.run(
                sessions,
                stop=stop,
                api=credentials,
                server=server,
                join_seconds=0,
                compare_seconds=1,
                preview_seconds=0,
            ),
            worker.run(context, stop=stop),
            polling.run(bot, sessions, database_url=database_url, stop=stop),
        ]
        working = asyncio.gather(*at_work)
        yield Desk(cloud, api, mailbox, sessions, pages)
        stop.set()
        await working
    await pages.close()
    await mailbox.stop()
    await api.stop()
    await cloud.stop()
