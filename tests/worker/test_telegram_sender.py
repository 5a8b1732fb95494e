"""Told by Telegram, through a real bot and a Bot API that refuses, breaks off and loses answers as asked."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from aiogram import Bot
from sqlalchemy import update

from crm import alerts
from crm.alerts import settling
from crm.alerts.claiming import Recipient
from db.base import now
from db.models import AlertState, Bundle, Channel, Dismissal, Listing, Rhythm, Subscription, User
from db.session import Sessions
from sandbox.telegram_bot_api import BotApi
from tests import telling
from tests.sandbox.telegram_bot_api.sample_bot import TOKEN, bot_at
from tests.worker.conftest import AtWork, until_begun
from tests.worker.telegram_world import World
from worker.telegram_sender import TelegramSender

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
async def world(sessions: Sessions, api: BotApi) -> World:
    return await World(sessions, api).begin()


@pytest.fixture
def sender(sessions: Sessions, bot: Bot) -> TelegramSender:
    return TelegramSender(sessions, bot)


class TestTelling:
    async def test_a_chat_is_told_in_the_order_of_promises(self, world: World, sender: TelegramSender) -> None:
        await world.promise("Омск", "Томск", "Псков", "Тверь")
        async with AtWork(sender) as work:
            await work.until_settled()
        assert world.told() == ["Омск", "Томск", "Псков", "Тверь"]
        ledger = await telling.ledger(world.sessions)
        assert [alert.message_id for alert in ledger] == [delivery.message_id for delivery in world.api.deliveries]
        assert await telling.history(world.sessions, ledger[0].id) == ["sending", "delivered"]

    async def test_what_is_promised_while_it_runs_is_told(self, world: World, sender: TelegramSender) -> None:
        async with AtWork(sender) as work:
            await world.promise("Омск")
            await work.until_settled()
        assert world.told() == ["Омск"]

    async def test_strict_limits_are_kept(self, sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("worker.pace.CHAT_SECONDS", 1.0)
        api = await BotApi(record=True, strict_limits=True).start()
        world = await World(sessions, api).begin()
        async with sessions.of_system() as session:
            boris = await world.person(session)
        bot = bot_at(api.url)
        await world.promise("Омск", "Томск")
        async with AtWork(TelegramSender(sessions, bot)) as work:
            await work.until_settled()
        await bot.session.close()
        await api.stop()
        assert world.told() == world.told(boris) == ["Омск", "Томск"]
        assert [alert.attempts for alert in await telling.ledger(sessions)] == [1] * 4

    async def test_what_lost_its_sense_meanwhile_is_withdrawn(self, world: World, sender: TelegramSender) -> None:
        gone, dismissed, _ = await world.promise("Омск", "Томск", "Псков")
        async with world.sessions.of_system() as session:
            await session.execute(update(Listing).where(Listing.id == gone.id).values(withdrawn_at=now()))
            session.add(Dismissal(user_id=world.anna.id, listing_id=dismissed.id, company_id=world.company.id))
        async with AtWork(sender) as work:
            await work.until_settled()
        assert world.told() == ["Псков"]
        assert await world.states() == ["withdrawn", "withdrawn", "delivered"]

    async def test_nothing_is_told_to_who_was_removed(self, world: World, sender: TelegramSender) -> None:
        await world.promise("Омск")
        async with world.sessions.of_system() as session:
            await session.execute(update(User).values(removed_at=now()))
        async with AtWork(sender) as work:
            await work.until_settled()
        assert world.told() == []
        assert await world.states() == ["withdrawn"]


class TestBundles:
    @pytest.mark.parametrize(
        ("subscription", "user", "how", "bundle"),
        [
            ({"rhythm": Rhythm.DIGEST, "digest_hour": 9}, {}, {}, Bundle.DIGEST),
            ({}, {"quiet_from": 0, "quiet_to": 23}, {}, Bundle.MORNING),
            ({}, {}, {"recovered": True}, Bundle.RECOVERED),
        ],
    )
    async def test_what_falls_due_together_comes_in_one_message(
        self,
        sessions: Sessions,
        api: BotApi,
        sender: TelegramSender,
        subscription: dict[str, Any],
        user: dict[str, Any],
        how: dict[str, Any],
        bundle: Bundle,
    ) -> None:
        world = await World(sessions, api).begin(**subscription)
        async with sessions.of_system() as session:
            await session.execute(update(User).values(timezone="UTC", **user))
        yesterday = (now() - timedelta(days=2)).replace(hour=12)
        await world.promise("Омск", "Томск", "Псков", now=yesterday, **how)
        async with AtWork(sender) as work:
            await work.until_settled()
        (message,) = api.deliveries
        ledger = await telling.ledger(sessions)
        assert {(alert.bundle, alert.message_id) for alert in ledger} == {(bundle, message.message_id)}
        assert await world.states() == ["delivered"] * 3

    async def test_a_digest_that_is_not_due_does_not_hold_up_what_is_told_at_once(
        self, world: World, sender: TelegramSender
    ) -> None:
        async with world.sessions.of_system() as session:
            await session.execute(update(Subscription).values(rhythm=Rhythm.DIGEST))
        await world.promise("Омск")
        async with world.sessions.of_system() as session:
            await session.execute(update(Subscription).values(rhythm=Rhythm.AT_ONCE))
        await world.promise("Томск")
        async with AtWork(sender) as work:
            await work.until_settled()
        assert world.told() == ["Томск"]
        assert await world.states() == ["promised", "delivered"]

    async def test_too_many_for_one_message_come_in_several_and_none_twice(
        self, world: World, sender: TelegramSender
    ) -> None:
        places = [f"Омск-{number}" for number in range(30)]
        await world.promise(*places, now=now() - timedelta(hours=1), recovered=True)
        async with AtWork(sender) as work:
            await work.until_settled()
        assert len(world.api.deliveries) > 1
        assert await world.states() == ["delivered"] * 30
        assert len({alert.message_id for alert in await telling.ledger(world.sessions)}) == len(world.api.deliveries)

    async def test_a_part_that_fails_keeps_back_those_after_it_and_what_was_told_is_not_told_again(
        self, world: World, sender: TelegramSender
    ) -> None:
        places = [f"Омск-{number}" for number in range(30)]
        await world.promise(*places, now=now() - timedelta(hours=1), recovered=True)
        world.api.drop_answer("sendMessage")
        async with AtWork(sender) as work:
            await work.until_settled()
        ledger = await telling.ledger(world.sessions)
        doubles = [alert.possible_double for alert in ledger]
        assert doubles == sorted(doubles, reverse=True)
        assert 0 < doubles.count(True) < 30
        assert await world.states() == ["delivered"] * 30


class TestRefusals:
    async def test_a_storm_of_429_loses_nothing_and_keeps_the_order(self, world: World, sender: TelegramSender) -> None:
        await world.promise("Омск", "Томск", "Псков")
        world.api.fail("sendMessage", 429, "Too Many Requests: retry after 1", retry_after=1, times=2)
        async with AtWork(sender) as work:
            await work.until_settled()
        assert world.told() == ["Омск", "Томск", "Псков"]
        assert [(alert.attempts, alert.possible_double) for alert in await telling.ledger(world.sessions)] == [
            (1, False)
        ] * 3

    async def test_a_blocked_chat_falls_back_to_the_confirmed_address(
        self, world: World, sender: TelegramSender
    ) -> None:
        async with world.sessions.of_system() as session:
            own = await telling.address(session, world.anna)
        await world.promise("Омск", "Томск")
        world.api.block(world.anna.telegram_id)
        async with AtWork(sender) as work:
            await work.until_settled()
        ledger = await telling.ledger(world.sessions)
        assert {(alert.channel, alert.address_id, alert.state) for alert in ledger} == {
            (Channel.EMAIL, own.id, AlertState.PROMISED)
        }
        assert await telling.history(world.sessions, ledger[0].id) == ["sending", "by-email"]
        async with world.sessions.of_system() as session:
            assert (await session.get_one(User, world.anna.id)).telegram_blocked_at is not None

    async def test_what_is_told_by_email_anyway_is_not_told_there_twice(
        self, sessions: Sessions, api: BotApi, sender: TelegramSender
    ) -> None:
        world = await World(sessions, api).begin(by_email=True)
        async with sessions.of_system() as session:
            await telling.address(session, world.anna)
        await world.promise("Омск")
        api.block(world.anna.telegram_id)
        async with AtWork(sender) as work:
            await work.until_settled()
        states = {alert.channel: alert.state for alert in await telling.ledger(sessions)}
        assert states == {Channel.EMAIL: AlertState.PROMISED, Channel.TELEGRAM: AlertState.WITHDRAWN}

    @pytest.mark.parametrize("is_known", [True, False])
    async def test_a_chat_blocked_or_unknown_without_an_address_fails(
        self, world: World, sender: TelegramSender, is_known: bool
    ) -> None:
        await world.promise("Омск")
        if is_known:
            world.api.block(world.anna.telegram_id)
        else:
            async with world.sessions.of_system() as session:
                await session.execute(update(User).values(telegram_id=77))
        async with AtWork(sender) as work:
            await work.until_settled()
        (alert,) = await telling.ledger(world.sessions)
        assert (alert.state, alert.error) == (AlertState.FAILED, "blocked")

    async def test_a_message_that_telegram_finds_wrong_fails_alone(self, world: World, sender: TelegramSender) -> None:
        await world.promise("Омск", "Томск")
        world.api.fail("sendMessage", 400, "Bad Request: message is too long")
        async with AtWork(sender) as work:
            await work.until_settled()
        assert world.told() == ["Томск"]
        assert await world.states() == ["failed", "delivered"]

    async def test_one_that_fails_for_a_while_is_not_overtaken(
        self, world: World, sender: TelegramSender, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(settling.PAUSES, Channel.TELEGRAM, [timedelta(seconds=0.05)] * 4)
        await world.promise("Омск", "Томск")
        world.api.fail("sendMessage", 500, "Internal Server Error", times=2)
        async with AtWork(sender) as work:
            await work.until_settled()
        assert world.told() == ["Омск", "Томск"]
        assert [alert.attempts for alert in await telling.ledger(world.sessions)] == [3, 1]

    async def test_after_five_tries_it_fails_and_the_next_one_goes(
        self, world: World, sender: TelegramSender, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(settling.PAUSES, Channel.TELEGRAM, [timedelta(0)] * 4)
        await world.promise("Омск", "Томск")
        world.api.fail("sendMessage", 500, "Internal Server Error", times=5)
        async with AtWork(sender) as work:
            await work.until_settled()
        assert world.told() == ["Томск"]
        failed, told = await telling.ledger(world.sessions)
        assert (failed.state, failed.attempts, told.state) == (AlertState.FAILED, 5, AlertState.DELIVERED)
        assert await telling.history(world.sessions, failed.id) == ["sending", "retry"] * 4 + ["sending", "failed"]

    async def test_a_wrong_token_loses_nothing_and_is_not_logged(
        self, world: World, sender: TelegramSender, caplog: pytest.LogCaptureFixture
    ) -> None:
        await world.promise("Омск")
        world.api.fail("*", 401, "Unauthorized", times=4)
        async with AtWork(sender) as work:
            await work.until_settled()
        assert world.told() == ["Омск"]
        assert "Unauthorized" in caplog.text
        assert TOKEN not in caplog.text


class TestLostAnswers:
    async def test_it_is_told_again_once_as_a_possible_double(self, world: World, sender: TelegramSender) -> None:
        await world.promise("Омск", "Томск")
        world.api.drop_answer("sendMessage")
        async with AtWork(sender) as work:
            await work.until_settled()
        assert world.told() == ["Омск", "Омск", "Томск"]
        first, second = await telling.ledger(world.sessions)
        assert (first.state, first.possible_double, second.possible_double) == (AlertState.DELIVERED, True, False)
        assert await telling.history(world.sessions, first.id) == ["sending", "uncertain", "sending", "delivered"]

    async def test_lost_twice_it_is_given_up(self, world: World, sender: TelegramSender) -> None:
        await world.promise("Омск")
        world.api.drop_answer("sendMessage", times=2)
        async with AtWork(sender) as work:
            await work.until_settled()
        (alert,) = await telling.ledger(world.sessions)
        assert (alert.state, alert.error, alert.attempts) == (AlertState.FAILED, "answer-lost-twice", 2)

    async def test_an_outage_counts_no_tries(self, sessions: Sessions) -> None:
        away = await BotApi().start()
        port = int(away.url.rsplit(":", 1)[1])
        await away.stop()
        world = await World(sessions, BotApi(record=True)).begin()
        await world.promise("Омск", "Томск")
        bot = bot_at(away.url)
        async with AtWork(TelegramSender(sessions, bot)) as work:
            await asyncio.sleep(0.2)
            back = await world.api.start(port=port)
            await work.until_settled()
        await bot.session.close()
        await back.stop()
        assert world.told() == ["Омск", "Томск"]
        assert {(alert.attempts, alert.possible_double) for alert in await telling.ledger(sessions)} == {(1, False)}

    async def test_what_a_dead_sender_had_in_hand_is_told_as_a_possible_double(
        self, world: World, sender: TelegramSender
    ) -> None:
        await world.promise("Омск", "Томск")
        async with world.sessions.of_system() as session:
            anna = Recipient(Channel.TELEGRAM, world.anna.id, world.anna.telegram_id)
            assert await alerts.claim(session, anna, now=now()) is not None
        async with AtWork(sender) as work:
            await work.until_settled()
        assert world.told() == ["Омск", "Томск"]
        first, second = await telling.ledger(world.sessions)
        assert (first.possible_double, second.possible_double) == (True, False)
        assert await telling.history(world.sessions, first.id) == ["sending", "uncertain", "sending", "delivered"]


class TestStop:
    async def test_what_waits_for_its_turn_stays_promised(self, world: World, sender: TelegramSender) -> None:
        await world.promise("Омск")
        world.api.fail("sendMessage", 429, "Too Many Requests: retry after 600", retry_after=600)
        async with AtWork(sender):
            await until_begun(world.sessions)
        (alert,) = await telling.ledger(world.sessions)
        assert (alert.state, alert.attempts) == (AlertState.PROMISED, 0)
        assert await telling.history(world.sessions, alert.id) == ["sending", "retry"]

    async def test_what_is_on_its_way_is_finished(self, world: World, sender: TelegramSender) -> None:
        await world.promise("Омск")
        async with AtWork(sender):
            await until_begun(world.sessions)
        assert await world.states() == ["delivered"]
