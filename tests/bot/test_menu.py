"""The menu of commands offers what a person may do, in their language."""

import asyncio

import pytest
from aiogram import Bot

from crm import invitations
from db.models import Company, Role
from db.session import Sessions
from i18n.translator import translator
from sandbox.telegram_bot_api import BotApi
from tests.bot.talk import Talk, talk

FOR_ALL = ["subscriptions", "subscribe", "settings", "help"]
FOR_ROLE = {
    Role.VIEWER: ["subscriptions", "subscribe", "settings", "sources", "help"],
    Role.MANAGER: ["subscriptions", "subscribe", "review", "settings", "sources", "help"],
    Role.ADMIN: ["subscriptions", "subscribe", "review", "settings", "team", "sources", "help"],
}

pytestmark = pytest.mark.usefixtures("running_bot")


def menu(api: BotApi, who: Talk) -> dict[str, str]:
    """Command: description."""
    return {one["command"]: one["description"] for one in api.world.commands_in(who.person.chat_id)}


async def until_menu(api: BotApi, who: Talk, commands: list[str], language: str) -> None:
    t = translator(language)
    expected = {name: t(f"command-{name}") for name in commands}
    async with asyncio.timeout(20):
        while True:
            if menu(api, who) == expected:
                return
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("role", list(Role))
async def test_who_is_let_in_sees_what_their_role_may(
    api: BotApi, sessions: Sessions, company: Company, role: Role
) -> None:
    async with sessions.of_system() as session:
        token = await invitations.issue(session, company.id, role)
    vera = Talk(api.person(77, "Вера", "en"))
    await vera.start(token)
    await until_menu(api, vera, FOR_ROLE[role], "en")


async def test_a_stranger_sees_what_anybody_may(api: BotApi) -> None:
    vera = Talk(api.person(77, "Вера"))
    await vera.start()
    assert list(menu(api, vera)) == FOR_ALL


async def test_start_makes_it_anew(api: BotApi, sessions: Sessions, company: Company) -> None:
    boss = await talk(api, sessions, company, "Борис", role=Role.ADMIN)
    await boss.start()
    await until_menu(api, boss, FOR_ROLE[Role.ADMIN], "ru")


async def test_an_operator_sees_the_model_versions_too(api: BotApi, sessions: Sessions, company: Company) -> None:
    boss = await talk(api, sessions, company, "Борис", role=Role.ADMIN, is_operator=True)
    await boss.start()
    commands = FOR_ROLE[Role.ADMIN]
    await until_menu(api, boss, [*commands[:-1], "models", "help"], "ru")


async def test_it_follows_the_language(api: BotApi, sessions: Sessions, company: Company) -> None:
    anna = await talk(api, sessions, company)
    await anna.say("/settings")
    await anna.tap(translator("ru")("settings-button-language"))
    await until_menu(api, anna, FOR_ROLE[Role.MANAGER], "en")


async def test_who_is_removed_has_none_of_their_own_left(
    api: BotApi, sessions: Sessions, company: Company, running_bot: Bot
) -> None:
    boss = await talk(api, sessions, company, "Борис", role=Role.ADMIN)
    anna = await talk(api, sessions, company, "Анна")
    await anna.start()
    await until_menu(api, anna, FOR_ROLE[Role.MANAGER], "ru")
    await boss.say("/team")
    await boss.tap(translator("ru")("team-button-remove", name="Анна"))
    await boss.tap(translator("ru")("team-button-remove-sure"))
    await until_menu(api, anna, FOR_ALL, "ru")
