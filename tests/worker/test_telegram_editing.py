"""Told cards that no longer show the truth are drawn anew where they stand."""

from datetime import timedelta

import pytest
from aiogram import Bot
from sqlalchemy import select, update

from crm import alerts
from db.base import now
from db.models import Alert, AlertState, Listing
from db.session import Sessions
from language.kinds import ListingState
from sandbox.telegram_bot_api import BotApi
from tests import telling
from tests.worker.conftest import AtWork
from tests.worker.telegram_world import World
from worker.telegram_sender import TelegramSender

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
async def world(sessions: Sessions, api: BotApi) -> World:
    return await World(sessions, api).begin()


@pytest.fixture
def sender(sessions: Sessions, bot: Bot) -> TelegramSender:
    return TelegramSender(sessions, bot)


class TestStaleCards:
    async def test_the_message_is_edited_and_no_other_is_sent(
        self, world: World, sender: TelegramSender, api: BotApi
    ) -> None:
        (listing,) = await world.promise("Омск")
        chat = api.person(world.anna.telegram_id)
        async with AtWork(sender) as work:
            await work.until_settled()
            (before,) = chat.messages()
            await self._close(world, listing)
            await work.until_settled()
        (after,) = chat.messages()
        assert after.message_id == before.message_id
        assert after.text != before.text

    async def test_a_digest_is_drawn_anew_with_all_its_lines(
        self, world: World, sender: TelegramSender, api: BotApi
    ) -> None:
        listings = await world.promise("Омск", "Томск", now=now() - timedelta(hours=1), recovered=True)
        chat = api.person(world.anna.telegram_id)
        async with AtWork(sender) as work:
            await work.until_settled()
            (before,) = chat.messages()
            await self._close(world, listings[0])
            await work.until_settled()
        (after,) = chat.messages()
        assert len(after.text.splitlines()) == len(before.text.splitlines())
        assert after.text != before.text

    async def test_a_card_that_cannot_be_edited_is_left(self, world: World, sender: TelegramSender) -> None:
        (listing,) = await world.promise("Омск")
        async with AtWork(sender) as work:
            await work.until_settled()
            world.api.fail("editMessageText", 400, "Bad Request: message can't be edited")
            await self._close(world, listing)
            await work.until_settled()
        (alert,) = await telling.ledger(world.sessions)
        assert (alert.state, alert.stale_since) == (AlertState.DELIVERED, None)

    async def test_a_flood_wait_only_delays_the_edit(self, world: World, sender: TelegramSender, api: BotApi) -> None:
        (listing,) = await world.promise("Омск")
        chat = api.person(world.anna.telegram_id)
        async with AtWork(sender) as work:
            await work.until_settled()
            (before,) = chat.messages()
            api.fail("editMessageText", 429, "Too Many Requests: retry after 1", retry_after=1)
            await self._close(world, listing)
            await work.until_settled()
        assert chat.messages()[0].text != before.text

    async def test_a_change_after_the_drawing_stays_stale(self, world: World, sender: TelegramSender) -> None:
        (listing,) = await world.promise("Омск")
        async with AtWork(sender) as work:
            await work.until_settled()
        await self._close(world, listing)
        async with world.sessions.of_system() as session:
            (drawn,) = await alerts.claim_stale(session)
        await self._close(world, listing)
        async with world.sessions.of_system() as session:
            await alerts.settle_stale(session, drawn)
            assert await session.scalar(select(Alert.stale_since)) is not None

    @staticmethod
    async def _close(world: World, listing: Listing) -> None:
        async with world.sessions.of_system() as session:
            await session.execute(
                update(Listing)
                .where(Listing.id == listing.id)
                .values(state=ListingState.CLOSED, state_changed_at=now())
            )
            assert await alerts.mark_stale(session, listing.id) == 1
