"""The bot's process: it stops without leaving anybody unanswered, and a restart goes on where people were."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from bot import polling
from crm import heartbeats, subscriptions
from db.base import Json
from db.models import Company
from db.session import Sessions
from i18n.translator import translator
from sandbox.telegram_bot_api import BotApi
from tests.bot.conftest import TOKEN
from tests.bot.talk import talk

t = translator("ru")


@contextlib.asynccontextmanager
async def running(api: BotApi, sessions: Sessions, database_url: str) -> AsyncIterator[asyncio.Event]:
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(api.url)))
    stop = asyncio.Event()
    task = asyncio.create_task(polling.run(bot, sessions, database_url=database_url, stop=stop))
    yield stop
    stop.set()
    await task
    await bot.session.close()


async def test_what_was_taken_in_hand_is_answered_before_it_stops(
    api: BotApi, sessions: Sessions, company: Company, database_url: str
) -> None:
    anna = await talk(api, sessions, company)
    async with running(api, sessions, database_url) as stop:
        await anna.say("/help")
        api.fail("sendMessage", 429, "Too Many Requests: retry after 1", retry_after=1)
        asked = anna.person.send("/help")
        await anna.person.wait_until(lambda: not api.world.updates, 20)
        stop.set()
    answers = [one for one in anna.person.messages() if one.from_bot and one.message_id > asked.message_id]
    assert len(answers) == 1


async def test_a_dialog_goes_on_after_a_restart(
    api: BotApi, sessions: Sessions, company: Company, database_url: str
) -> None:
    anna = await talk(api, sessions, company)
    async with running(api, sessions, database_url):
        await anna.say("запросы на react")
        await anna.tap(t("subscription-button-change"))
        await anna.tap("Грейды")
    async with running(api, sessions, database_url):
        await anna.tap("Senior")
        await anna.tap(t("wizard-to-summary"))
        await anna.tap(t("wizard-create"))
    async with sessions.of_company(company.id) as session:
        (made,) = await subscriptions.of_user(session, anna.actor)
    assert (made.technologies_any, made.grades) == (["react"], ["senior"])


async def test_it_waits_for_a_telegram_that_is_away(
    api: BotApi, sessions: Sessions, company: Company, database_url: str
) -> None:
    anna = await talk(api, sessions, company)
    api.fail("setMyCommands", 502, "Bad Gateway")
    async with running(api, sessions, database_url):
        assert "Что я умею" in (await anna.say("/help")).text


async def test_it_shows_that_it_lives_and_under_which_name(
    api: BotApi, sessions: Sessions, company: Company, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeats, "EVERY_SECONDS", 0.01)

    async def shown() -> list[tuple[str, Json]]:
        async with sessions.of_system() as session:
            return [(beat.process, beat.detail) for beat in await heartbeats.last(session)]

    async with running(api, sessions, database_url), asyncio.timeout(20):
        while True:
            if await shown() == [("bot", {"username": api.username})]:
                break
            await asyncio.sleep(0.01)
    assert await shown() == [], "it ended in an orderly way"


async def test_it_stops_while_telegram_is_away(api: BotApi, sessions: Sessions, database_url: str) -> None:
    api.fail("*", 502, "Bad Gateway", times=1000)
    async with asyncio.timeout(20), running(api, sessions, database_url):
        await asyncio.sleep(0)
