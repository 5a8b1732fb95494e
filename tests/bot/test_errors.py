"""What a person hears when something goes wrong."""

import logging
import re

import pytest
from aiogram import Bot
from sqlalchemy import text

from crm import subscriptions
from db.models import Company
from db.session import Sessions
from i18n.translator import translator
from sandbox.telegram_bot_api import BotApi
from tests.bot.talk import Talk, talk


@pytest.fixture
async def anna(api: BotApi, sessions: Sessions, company: Company, running_bot: Bot) -> Talk:
    return await talk(api, sessions, company)


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_a_bug_is_apologised_for_with_a_number_that_is_in_the_log(
    api: BotApi,
    sessions: Sessions,
    company: Company,
    running_bot: Bot,
    caplog: pytest.LogCaptureFixture,
    language: str,
) -> None:
    anna = await talk(api, sessions, company, language=language)
    async with sessions.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE subscriptions RENAME TO hidden"))
    with caplog.at_level(logging.ERROR, logger="bot.errors"):
        answer = await anna.say("/subscriptions")
    number = re.search(r"\b[0-9a-f]{6}\b", answer.text)
    assert number is not None
    assert answer.text == translator(language)("bot-incident", number=number[0])
    assert f"incident {number[0]}" in caplog.text


async def test_nothing_is_told_of_what_was_not_saved(
    api: BotApi, sessions: Sessions, anna: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    t = translator("ru")
    await anna.say("запросы на react")
    async with sessions.engine.begin() as connection:
        await connection.execute(
            text(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE EXCEPTION 'disk full'; END $$"
            )
        )
        await connection.execute(
            text(
                "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON subscriptions"
                " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()"
            )
        )
    toast = await anna.tap_for_toast(t("subscription-button-create"))
    assert toast.startswith("Что-то сломалось")
    assert not any("создана" in message.text for message in anna.person.messages())
    async with sessions.of_company(anna.actor.company_id) as session:
        assert await subscriptions.of_user(session, anna.actor) == []


async def test_an_unknown_command_and_a_picture_are_answered(anna: Talk) -> None:
    t = translator("ru")
    assert (await anna.say("/nonsense")).text == t("bot-unknown-command")
    sent = anna.person.send_file("фото.png", b"png", "image/png")
    answer = await anna.person.wait_for(lambda m: m.from_bot and m.message_id > sent.message_id, 20)
    assert answer.text == t("bot-not-text")


async def test_a_button_of_an_older_version_says_that_it_is_old(anna: Talk) -> None:
    shown = await anna.say("/help")
    anna.person.people.tap(anna.person.user_id, anna.person.chat_id, shown.message_id, "no-such-button")
    await anna.person.wait_until(lambda: bool(anna.person.toasts), 20)
    assert anna.toast == translator("ru")("bot-old-button")


async def test_a_flood_is_told_once_to_slow_down(anna: Talk) -> None:
    for _ in range(80):
        anna.person.send("/help")
    slow_down = translator("ru")("bot-too-fast")
    await anna.sees(slow_down)
    await anna.person.wait_until(
        lambda: sum("Что я умею" in message.text for message in anna.person.messages()) >= 60, 20
    )
    assert sum(message.text == slow_down for message in anna.person.messages()) == 1


async def test_a_429_is_waited_out(api: BotApi, anna: Talk) -> None:
    api.fail("sendMessage", 429, "Too Many Requests: retry after 1", retry_after=1)
    assert "Что я умею" in (await anna.say("/help")).text
