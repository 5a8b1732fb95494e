"""The sandbox refuses what Telegram refuses, in its words, and breaks where a test asks it to."""

from __future__ import annotations

import time

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import BotCommand

from sandbox.telegram_bot_api import BotApi
from sandbox.telegram_bot_api.errors import ApiError
from sandbox.telegram_bot_api.pace import Pace
from tests.sandbox.telegram_bot_api.sample_bot import bot_at, buttons


class TestRules:
    @pytest.mark.parametrize(
        ("text", "mode", "words"),
        [
            ("x" * 4097, None, "message is too long"),
            ("<b></b>", "HTML", "message text is empty"),
            ("<b>нет конца", "HTML", "can't parse entities: Can't find end tag"),
            ("a < b", "HTML", "can't parse entities: Unsupported start tag"),
            ("<script>x</script>", "HTML", 'Unsupported start tag "script"'),
            ("<b>x</i>", "HTML", "Unmatched end tag"),
            ("ставка 2000.", "MarkdownV2", "Character '.' is reserved"),
            ("*жирный", "MarkdownV2", "Can't find end of Bold entity at byte offset 0"),
        ],
    )
    async def test_a_bad_text_is_refused(self, api: BotApi, bot: Bot, text: str, mode: str | None, words: str) -> None:
        api.person(1001)
        with pytest.raises(TelegramBadRequest) as refused:
            await bot.send_message(1001, text, parse_mode=mode)
        assert words in refused.value.message
        assert api.deliveries == []

    async def test_tags_do_not_count_for_the_length(self, api: BotApi, bot: Bot) -> None:
        api.person(1001)
        await bot.send_message(1001, f"<b>{'x' * 4096}</b>", parse_mode="HTML")

    async def test_callback_data_is_measured_in_bytes(self, api: BotApi, bot: Bot) -> None:
        api.person(1001)
        await bot.send_message(1001, "да", reply_markup=buttons("я" * 32))
        with pytest.raises(TelegramBadRequest, match="BUTTON_DATA_INVALID"):
            await bot.send_message(1001, "нет", reply_markup=buttons("я" * 33))

    async def test_an_edit_that_changes_nothing_is_refused(self, api: BotApi, bot: Bot) -> None:
        api.person(1001)
        sent = await bot.send_message(1001, "то же", reply_markup=buttons("Да"))
        with pytest.raises(TelegramBadRequest, match="message is not modified"):
            await sent.edit_text("то же", reply_markup=buttons("Да"))
        with pytest.raises(TelegramBadRequest, match="message is not modified"):
            await sent.edit_reply_markup(reply_markup=buttons("Да"))
        assert (await sent.edit_text("другое")).reply_markup is None

    async def test_an_unknown_chat_message_query_or_file_is_refused(self, api: BotApi, bot: Bot) -> None:
        api.person(1001)
        with pytest.raises(TelegramBadRequest, match="chat not found"):
            await bot.send_message(5, "кто здесь?")
        with pytest.raises(TelegramBadRequest, match="message to edit not found"):
            await bot.edit_message_text("x", chat_id=1001, message_id=99)
        with pytest.raises(TelegramBadRequest, match="message to delete not found"):
            await bot.delete_message(1001, 99)
        with pytest.raises(TelegramBadRequest, match="query is too old"):
            await bot.answer_callback_query("99")
        with pytest.raises(TelegramBadRequest, match="file"):
            await bot.get_file("F9")

    async def test_a_wrongly_written_command_is_refused(self, bot: Bot) -> None:
        with pytest.raises(TelegramBadRequest, match="BOT_COMMAND_INVALID"):
            await bot.set_my_commands([BotCommand(command="Меню", description="меню")])


async def test_copies_forwards_and_deletions_show_in_the_chat(api: BotApi, bot: Bot) -> None:
    anna, boris = api.person(1001), api.person(1002)
    sent = await bot.send_message(1001, "*запрос*", parse_mode="MarkdownV2")
    await bot.copy_message(1002, 1001, sent.message_id)
    forwarded = await bot.forward_message(1002, 1001, sent.message_id)
    await sent.delete()
    assert [(m.text, m.entities[0]["type"]) for m in boris.messages()] == [("запрос", "bold"), ("запрос", "bold")]
    assert forwarded.forward_origin.type == "user"
    assert anna.messages() == []


class TestFaults:
    async def test_a_planned_refusal_comes_its_number_of_times_and_only_to_its_chat(
        self, api: BotApi, bot: Bot
    ) -> None:
        api.person(1001)
        api.person(1002)
        api.fail("sendMessage", 500, "Internal Server Error", chat_id=1001)
        await bot.send_message(1002, "мимо")
        with pytest.raises(TelegramServerError):
            await bot.send_message(1001, "раз")
        await bot.send_message(1001, "два")
        assert [delivery.text for delivery in api.deliveries] == ["мимо", "два"]

    async def test_a_planned_429_says_how_long_to_wait(self, api: BotApi, bot: Bot) -> None:
        api.person(1001)
        api.fail("*", 429, "Too Many Requests: retry after 7", retry_after=7)
        with pytest.raises(TelegramRetryAfter) as refused:
            await bot.send_message(1001, "раз")
        assert refused.value.retry_after == 7

    async def test_a_lost_answer_leaves_the_message_in_the_chat(self, api: BotApi, bot: Bot) -> None:
        anna = api.person(1001)
        api.drop_answer("sendMessage")
        with pytest.raises(TelegramNetworkError):
            await bot.send_message(1001, "дошло")
        assert [message.text for message in anna.messages()] == ["дошло"]
        await bot.send_message(1001, "и ответ дошёл")

    async def test_a_blocked_bot_is_refused_until_it_is_let_in(self, api: BotApi, bot: Bot) -> None:
        anna = api.person(1001)
        api.block(1001)
        with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
            await bot.send_message(1001, "привет")
        statuses = [u["my_chat_member"]["new_chat_member"]["status"] for u in api.world.updates]
        anna.send("вернулась")
        await bot.send_message(1001, "привет")
        assert statuses == ["kicked"]


class TestUpdates:
    async def test_an_update_comes_again_until_its_offset_acknowledges_it(self, api: BotApi, bot: Bot) -> None:
        api.person(1001).send("раз")
        first = await bot.get_updates()
        again = await bot.get_updates()
        assert first[0].update_id == again[0].update_id
        assert await bot.get_updates(offset=first[0].update_id + 1) == []

    async def test_only_allowed_kinds_come(self, api: BotApi, bot: Bot) -> None:
        api.person(1001).send("раз")
        api.block(1001)
        updates = await bot.get_updates(allowed_updates=["my_chat_member"])
        assert [update.event_type for update in updates] == ["my_chat_member"]


class TestPace:
    def test_a_strict_chat_takes_one_message_a_second(self) -> None:
        now = [0.0]
        pace = Pace(strict=True, clock=lambda: now[0])
        pace.take(1)
        with pytest.raises(ApiError) as refused:
            pace.take(1)
        assert (refused.value.status, refused.value.retry_after) == (429, 1)
        now[0] = 1.0
        pace.take(1)

    def test_a_short_burst_is_tolerated_otherwise(self) -> None:
        pace = Pace(strict=False, clock=lambda: 0.0)
        for _ in range(3):
            pace.take(1)
        with pytest.raises(ApiError):
            pace.take(1)

    def test_thirty_a_second_go_out_overall(self) -> None:
        now = [0.0]
        pace = Pace(strict=True, clock=lambda: now[0])
        for chat_id in range(30):
            pace.take(chat_id + 1)
        with pytest.raises(ApiError):
            pace.take(100)
        now[0] = 1.0
        pace.take(100)

    def test_a_group_takes_twenty_a_minute_and_names_the_wait(self) -> None:
        now = [0.0]
        pace = Pace(strict=True, clock=lambda: now[0])
        for _ in range(20):
            pace.take(-1)
        now[0] = 15.0
        with pytest.raises(ApiError) as refused:
            pace.take(-1)
        assert refused.value.retry_after == 45

    async def test_the_bot_sees_the_limit_as_retry_after(self) -> None:
        api = await BotApi(strict_limits=True).start()
        api.person(1001)
        bot = bot_at(api.url)
        await bot.send_message(1001, "раз")
        with pytest.raises(TelegramRetryAfter):
            await bot.send_message(1001, "два")
        await bot.session.close()
        await api.stop()


async def test_accepted_messages_are_recorded_in_order_with_their_time(api: BotApi, bot: Bot) -> None:
    api.person(1001)
    before = time.monotonic()
    for number in range(3):
        await bot.send_message(1001, str(number))
    times = [delivery.at for delivery in api.deliveries]
    assert [delivery.text for delivery in api.deliveries] == ["0", "1", "2"]
    assert times == sorted(times)
    assert before <= times[0]
