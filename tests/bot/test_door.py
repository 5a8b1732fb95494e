"""Who is let in, and who is not."""

import asyncio

import pytest
from aiogram import Bot

from crm import invitations, users
from db.models import Company, Role
from db.session import Sessions
from i18n.translator import translator
from sandbox.telegram_bot_api import BotApi
from tests.bot.talk import Talk, talk


@pytest.mark.usefixtures("running_bot")
class TestStart:
    @pytest.mark.parametrize("language", ["ru", "en"])
    async def test_an_invitation_lets_in_and_the_language_is_that_of_telegram(
        self, api: BotApi, sessions: Sessions, company: Company, language: str
    ) -> None:
        async with sessions.of_system() as session:
            token = await invitations.issue(session, company.id, Role.MANAGER)
        newcomer = Talk(api.person(77, "Вера", language))
        t = translator(language)

        await newcomer.start(token)

        first_step = await newcomer.sees(t("bot-first-step"))
        assert first_step.buttons[0] == t("subscription-example-1")
        welcome = await newcomer.sees("Вера")
        assert t("bot-welcome-manager") in welcome.text
        async with sessions.of_system() as session:
            user = await users.by_telegram(session, 77)
        assert user is not None
        assert (user.company_id, user.role, user.language) == (company.id, Role.MANAGER, language)

    async def test_a_used_invitation_is_told_to_be_used(
        self, api: BotApi, sessions: Sessions, company: Company
    ) -> None:
        async with sessions.of_system() as session:
            token = await invitations.issue(session, company.id, Role.VIEWER)
        await Talk(api.person(77, "Вера")).start(token)

        answer = await Talk(api.person(78, "Пётр")).start(token)

        assert answer.text == translator("ru")("error-invitation-used")

    async def test_a_wrong_token_is_told_to_be_wrong(self, api: BotApi) -> None:
        answer = await Talk(api.person(77)).start("no-such-token")
        assert answer.text == translator("ru")("error-no-such-invitation")

    async def test_a_member_who_follows_a_link_leaves_it_unused(
        self, api: BotApi, sessions: Sessions, company: Company
    ) -> None:
        anna = await talk(api, sessions, company)
        async with sessions.of_system() as session:
            token = await invitations.issue(session, company.id, Role.ADMIN)

        answer = await anna.start(token)

        assert answer.text == translator("ru")("bot-already-in")
        async with sessions.of_system() as session:
            other = await invitations.accept(session, token, 99, "Борис", "ru")
        assert other.role is Role.ADMIN

    async def test_a_member_is_greeted_by_name(self, api: BotApi, sessions: Sessions, company: Company) -> None:
        anna = await talk(api, sessions, company, "Анна <b>")
        assert "Анна <b>" in (await anna.start()).text


@pytest.mark.usefixtures("running_bot")
class TestStrangers:
    @pytest.mark.parametrize("language", ["ru", "en"])
    @pytest.mark.parametrize("text", ["/start", "/subscriptions", "react middle"])
    async def test_are_told_how_to_get_in(self, api: BotApi, language: str, text: str) -> None:
        answer = await Talk(api.person(77, "Вера", language)).say(text)
        assert answer.text == translator(language)("bot-stranger")

    async def test_a_removed_manager_loses_access_at_once(
        self, api: BotApi, sessions: Sessions, company: Company
    ) -> None:
        boss = await talk(api, sessions, company, "Борис", role=Role.ADMIN)
        anna = await talk(api, sessions, company)
        settings = await anna.say("/settings")
        assert anna.user is not None
        async with sessions.of_company(company.id) as session:
            await users.remove(session, boss.actor, anna.user.id)

        toast = await anna.tap_for_toast(translator("ru")("settings-button-language"), settings)
        answer = await anna.say("/subscriptions")

        assert toast == translator("ru")("bot-stranger-tap")
        assert answer.text == translator("ru")("bot-stranger")

    async def test_in_a_group_the_bot_keeps_quiet(self, api: BotApi, sessions: Sessions, company: Company) -> None:
        anna = await talk(api, sessions, company)
        group = anna.person.in_chat(api.group("Отдел", anna.person))
        group.send(f"/help@{api.username}")
        await anna.say("/help")
        assert [message for message in group.messages() if message.from_bot] == []


async def test_a_person_who_blocks_the_bot_is_marked_and_unmarked(
    api: BotApi, sessions: Sessions, company: Company, running_bot: Bot
) -> None:
    anna = await talk(api, sessions, company)
    assert anna.user is not None
    await anna.say("/help")

    api.block(anna.person.user_id)
    await blocked(sessions, anna, wanted=True)
    api.unblock(anna.person.user_id)
    await blocked(sessions, anna, wanted=False)


async def blocked(sessions: Sessions, who: Talk, *, wanted: bool) -> None:
    """Wait until the database says so."""
    for _ in range(500):
        async with sessions.of_system() as session:
            user = await users.by_telegram(session, who.person.user_id)
        if user is not None and (user.telegram_blocked_at is not None) is wanted:
            return
        await asyncio.sleep(0.01)
    raise TimeoutError
