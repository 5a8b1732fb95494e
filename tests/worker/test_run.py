"""Whole workers: from a stored post to the alert, alone and several at once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest
from aiogram import Bot
from sqlalchemy import select

from crm import addresses, model_versions, posts
from crm.posts import RawPost
from db.models import Arrival, Heartbeat, Source, User
from db.session import Sessions
from mail.sender import SmtpMailer
from sandbox.mailbox import Mailbox
from sandbox.telegram_bot_api import BotApi
from tests import make, telling
from tests.worker import rules
from worker import election, run
from worker.context import Context
from worker.model import Model

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    sink = await Mailbox().start()
    yield sink
    await sink.stop()


@pytest.fixture
async def new_context(
    sessions: Sessions, database_url: str, bot: Bot, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Context]:
    """Contexts for workers; a champion waits in the database."""
    monkeypatch.setattr(election, "STAND_BY_SECONDS", 0.05)
    async with sessions.of_system() as session:
        await model_versions.add(session, b"rules", {}, promote=True)
    mailer = SmtpMailer(mailbox.host, mailbox.smtp_port, sender="Platon <desk@example.org>", security="none")
    return lambda: Context(
        sessions, database_url, bot, mailer, "https://platon.example.org", b"a secret of the tests", Model(rules.load)
    )


@contextlib.asynccontextmanager
async def worker(context: Context) -> AsyncIterator[asyncio.Event]:
    """At work within the block; stopped early by the event it gives."""
    stop = asyncio.Event()
    running = asyncio.ensure_future(run.run(context, stop=stop))
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(running, 10)


class Channel:
    """A source whose posts Anna wants, by Telegram and e-mail."""

    def __init__(self, sessions: Sessions, api: BotApi) -> None:
        self.sessions, self.api = sessions, api

    async def begin(self) -> "Channel":
        async with self.sessions.of_system() as session:
            self.anna = await make.user(session, await make.company(session))
            await telling.address(session, self.anna, email="anna@example.org")
            await make.subscription(session, self.anna, by_email=True)
            self.source = await make.source(session)
        self.api.person(self.anna.telegram_id)
        return self

    async def post(self, number: int, text: str) -> None:
        async with self.sessions.of_system() as session:
            source = await session.get_one(Source, self.source.id)
            raw = RawPost(source.channel_id or 0, number, datetime.now(UTC), text)
            await posts.store(session, source, [raw], Arrival.LIVE)

    async def told(self, count: int) -> list[str]:
        """The texts in Anna's chat once there are so many."""
        async with asyncio.timeout(30):
            while True:
                if len(self.api.deliveries) >= count:
                    return [delivery.text for delivery in self.api.deliveries]
                await asyncio.sleep(0.02)


@pytest.fixture
async def channel(sessions: Sessions, api: BotApi) -> Channel:
    return await Channel(sessions, api).begin()


class TestRun:
    async def test_a_post_is_told_by_telegram_and_by_email(
        self, channel: Channel, mailbox: Mailbox, new_context: Callable[[], Context]
    ) -> None:
        async with worker(new_context()):
            await channel.post(1, "Нужен Java-разработчик в банк")
            (text,) = await channel.told(1)
            await mailbox.wait_for("anna@example.org", timeout=20)
            async with channel.sessions.of_system() as session:
                beat = (await session.scalars(select(Heartbeat))).one()
        assert "Нужен Java-разработчик в банк" in text
        assert beat.process == "worker"
        async with channel.sessions.of_system() as session:
            assert (await session.scalars(select(Heartbeat))).all() == []

    async def test_what_came_while_no_worker_ran_is_told_by_the_next(
        self, channel: Channel, new_context: Callable[[], Context]
    ) -> None:
        await channel.post(1, "Нужен Java-разработчик в банк")
        async with worker(new_context()):
            assert len(await channel.told(1)) == 1

    async def test_a_promoted_model_goes_to_work_at_once(
        self, channel: Channel, new_context: Callable[[], Context]
    ) -> None:
        context = new_context()
        async with worker(context):
            async with channel.sessions.of_system() as session:
                promoted = await model_versions.add(session, b"better rules", {}, promote=True)
            async with asyncio.timeout(20):
                while True:
                    if context.model.version_id == promoted.id:
                        break
                    await asyncio.sleep(0.02)

    async def test_an_address_is_asked_whether_it_wants_letters(
        self, channel: Channel, mailbox: Mailbox, new_context: Callable[[], Context]
    ) -> None:
        async with worker(new_context()):
            async with channel.sessions.of_company(channel.anna.company_id) as session:
                anna = await session.get_one(User, channel.anna.id)
                await addresses.add_own(session, make.actor(anna), "new@example.org")
            (letter,) = await mailbox.wait_for("new@example.org", timeout=20)
        assert "https://platon.example.org/confirm/" in letter.text


class TestSeveral:
    async def test_each_alert_is_told_once_and_who_stops_is_replaced(
        self, channel: Channel, new_context: Callable[[], Context]
    ) -> None:
        stacks = ("в банк, Spring", "в телеком, Kafka", "в ритейл, Hibernate", "в логистику, Oracle")
        async with worker(new_context()) as first, worker(new_context()):
            for number, stack in enumerate(stacks[:2], 1):
                await channel.post(number, f"ID: {number}00{number}. Нужен Java-разработчик {stack}")
            await channel.told(2)
            first.set()
            for number, stack in enumerate(stacks[2:], 3):
                await channel.post(number, f"ID: {number}00{number}. Нужен Java-разработчик {stack}")
            told = await channel.told(4)
        assert len(told) == 4
        assert all(any(stack in text for text in told) for stack in stacks)
