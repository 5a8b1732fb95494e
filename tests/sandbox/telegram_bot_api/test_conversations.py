"""A real aiogram bot talks with people through the sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiogram import Bot
from aiogram.types import BotCommand, BotCommandScopeChat, ChosenInlineResult

from sandbox.telegram_bot_api import BotApi, Toast
from sandbox.telegram_bot_api.people import BOT_ID
from tests.sandbox.telegram_bot_api.sample_bot import polling


async def test_a_deep_link_reaches_the_bot_and_its_html_comes_back_as_entities(api: BotApi) -> None:
    anna = api.person(1001, "Анна")
    async with polling(api.url):
        anna.start("invite-7")
        greeting = await anna.wait_for(lambda m: m.from_bot)
    assert greeting.text == "Привет, Анна! payload=invite-7"
    assert greeting.entities[0] == {"type": "bold", "offset": 0, "length": 6}
    assert greeting.buttons == ["Беру", "Не то"]


async def test_a_tapped_button_gives_a_toast_and_an_edit_of_the_same_message(api: BotApi) -> None:
    anna = api.person(1001, "Анна")
    async with polling(api.url):
        anna.send("/start")
        greeting = await anna.wait_for(lambda m: "Беру" in m.buttons)
        anna.click("Не то")
        await anna.wait_until(lambda: bool(anna.toasts))
        anna.click("Беру")
        edited = await anna.wait_for(lambda m: m.buttons == ["Вернуть"])
    assert edited.message_id == greeting.message_id
    assert edited.text == "взял Анна"
    assert anna.toasts == [Toast("Не сейчас", True), Toast("Лид ваш", False)]


async def test_a_button_that_is_not_there_is_named_with_those_that_are(api: BotApi) -> None:
    anna = api.person(1001)
    async with polling(api.url):
        anna.send("/start")
        await anna.wait_for(lambda m: m.from_bot)
        with pytest.raises(LookupError, match="Не то"):
            anna.click("Купить")


async def test_a_reply_keyboard_is_shown_tapped_and_removed(api: BotApi) -> None:
    anna = api.person(1001)
    async with polling(api.url):
        anna.send("/menu")
        await anna.wait_until(lambda: "Запросы" in anna.keyboard)
        anna.click("Запросы")
        await anna.wait_for(lambda m: m.from_bot and m.text == "Запросы")
        anna.click("Убрать")
        await anna.wait_until(lambda: anna.keyboard == [])


async def test_files_go_both_ways(api: BotApi) -> None:
    anna = api.person(1001)
    async with polling(api.url):
        anna.send("/file")
        report = await anna.wait_for(lambda m: m.from_bot)
        anna.send_file("резюме.txt", b"Java", "text/plain")
        await anna.wait_for(lambda m: m.text == "резюме.txt: 4 байт")
    assert report.text == "Отчёт"
    stored = api.world.files[report.raw["document"]["file_id"]]
    assert (stored.name, stored.content.decode()) == ("отчёт.csv", "имя;ставка\n")


async def test_a_chats_own_menu_of_commands_hides_the_default_one(api: BotApi, bot: Bot) -> None:
    async def shown(scope: BotCommandScopeChat | None = None) -> list[str]:
        return [one.command for one in await bot.get_my_commands(scope)]

    chat = BotCommandScopeChat(chat_id=api.person(1001).chat_id)
    await bot.set_my_commands([BotCommand(command="help", description="помощь")])
    await bot.set_my_commands([BotCommand(command="team", description="люди")], scope=chat)
    assert (await shown(chat), await shown()) == (["team"], ["help"])
    await bot.delete_my_commands(chat)
    assert await shown(chat) == ["help"]


class TestGroups:
    async def test_a_command_to_the_bot_is_answered_where_all_members_see_it(self, api: BotApi) -> None:
        anna, boris = api.person(1001, "Анна"), api.person(1002, "Борис")
        group = api.group("Отдел", anna, boris)
        async with polling(api.url):
            boris.in_chat(group).send(f"/who@{api.username}")
            answer = await anna.in_chat(group).wait_for(lambda m: m.from_bot)
        assert answer.text == "Отдел: Борис"
        assert answer.raw["reply_to_message"]["from"]["id"] == 1002

    async def test_talk_and_commands_to_others_do_not_reach_the_bot(self, api: BotApi) -> None:
        anna = api.person(1001)
        group = anna.in_chat(api.group("Отдел", anna))
        before = len(api.world.updates)
        group.send("кто берёт?")
        group.send("/who@another_bot")
        assert len(api.world.updates) == before

    async def test_a_stranger_does_not_see_the_group(self, api: BotApi) -> None:
        anna, boris = api.person(1001), api.person(1002)
        group = api.group("Отдел", anna)
        with pytest.raises(LookupError):
            boris.in_chat(group).messages()

    async def test_the_bot_is_told_that_it_was_added(self, api: BotApi) -> None:
        api.group("Отдел", api.person(1001))
        added = next(u["my_chat_member"] for u in api.world.updates if "my_chat_member" in u)
        assert added["new_chat_member"]["user"]["id"] == BOT_ID
        assert added["new_chat_member"]["status"] == "member"


async def test_an_inline_result_is_posted_into_a_group_and_edited_by_its_inline_id(api: BotApi) -> None:
    chosen: list[ChosenInlineResult] = []
    anna, boris = api.person(1001), api.person(1002)
    group = api.group("Отдел", anna, boris)
    async with polling(api.url, chosen):
        query_id, results = await anna.in_chat(group).inline("react")
        assert [result["title"] for result in results] == ["Запрос"]
        anna.in_chat(group).choose(query_id, "1")
        posted = await boris.in_chat(group).wait_for(lambda m: m.text == "react")
        assert posted.entities[0]["type"] == "italic"
        boris.in_chat(group).click("Беру")
        await boris.in_chat(group).wait_for(lambda m: m.text == "взято")
        assert boris.toasts == [Toast("Лид ваш", False)]
    assert chosen[0].query == "react"


async def test_a_second_start_shows_everything_again_and_message_ids_go_on(tmp_path: Path) -> None:
    first = await BotApi(state_dir=tmp_path).start()
    anna = first.person(1001, "Анна")
    async with polling(first.url):
        anna.send("/file")
        await anna.wait_for(lambda m: m.from_bot)
        anna.send("/menu")
        await anna.wait_until(lambda: bool(anna.keyboard))
    await first.stop()
    before = [message.raw for message in anna.messages()]

    second = await BotApi(state_dir=tmp_path).start()
    again = second.person(1001, "Анна")
    assert [message.raw for message in again.messages()] == before
    assert again.keyboard == ["Запросы", "Специалисты", "Убрать"]
    assert [command["command"] for command in second.world.commands_in(None)] == ["menu", "file"]
    assert next(iter(second.world.files.values())).name == "отчёт.csv"
    assert again.send("ещё").message_id == before[-1]["message_id"] + 1
    await second.stop()


async def test_what_was_written_while_the_bot_was_away_reaches_it_after_a_restart(tmp_path: Path) -> None:
    first = await BotApi(state_dir=tmp_path).start()
    first.person(1001).send("есть кто?")
    await first.stop()
    second = await BotApi(state_dir=tmp_path).start()
    anna = second.person(1001)
    async with polling(second.url):
        await anna.wait_for(lambda m: m.from_bot and m.text == "есть кто?")
    await second.stop()
