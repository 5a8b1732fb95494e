"""A small real aiogram bot that uses what the sandbox offers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    ChosenInlineResult,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InputTextMessageContent,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

TOKEN = "42:SANDBOX"


def bot_at(url: str) -> Bot:
    """A bot that speaks to the sandbox."""
    return Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))


def buttons(*labels: str) -> InlineKeyboardMarkup:
    """One row of callback buttons whose data are their labels."""
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=label, callback_data=label) for label in labels]]
    )


def router(chosen: list[ChosenInlineResult]) -> Router:
    """The bot's handlers, built anew for each dispatcher."""
    routes = Router()

    @routes.message(CommandStart())
    async def start(message: Message, command: CommandObject) -> None:
        await message.answer(
            f"<b>Привет</b>, {message.from_user.first_name}! payload={command.args}",
            parse_mode="HTML",
            reply_markup=buttons("Беру", "Не то"),
        )

    @routes.message(Command("menu"))
    async def menu(message: Message) -> None:
        rows = [[KeyboardButton(text="Запросы"), KeyboardButton(text="Специалисты")], [KeyboardButton(text="Убрать")]]
        await message.answer("Меню", reply_markup=ReplyKeyboardMarkup(keyboard=rows, resize_keyboard=True))

    @routes.message(F.text == "Убрать")
    async def remove(message: Message) -> None:
        await message.answer("Убрал", reply_markup=ReplyKeyboardRemove())

    @routes.message(Command("ask"))
    async def ask(message: Message) -> None:
        await message.answer("Какая ставка?", reply_markup=ForceReply(input_field_placeholder="например, 2000"))

    @routes.message(Command("file"))
    async def file(message: Message) -> None:
        await message.answer_document(BufferedInputFile("имя;ставка\n".encode(), "отчёт.csv"), caption="Отчёт")

    @routes.message(F.document)
    async def document(message: Message, bot: Bot) -> None:
        content = await bot.download(message.document)
        await message.answer(f"{message.document.file_name}: {len(content.read())} байт")

    @routes.message(F.text, F.chat.type == "private")
    async def echo(message: Message) -> None:
        await message.reply(message.text)

    @routes.message(Command("who"))
    async def who(message: Message) -> None:
        await message.reply(f"{message.chat.title}: {message.from_user.first_name}")

    @routes.callback_query(F.data == "Беру")
    async def take(query: CallbackQuery) -> None:
        await query.answer("Лид ваш")
        if query.inline_message_id:
            await query.bot.edit_message_text("взято", inline_message_id=query.inline_message_id)
        else:
            await query.message.edit_text("взял " + query.from_user.first_name, reply_markup=buttons("Вернуть"))

    @routes.callback_query()
    async def other(query: CallbackQuery) -> None:
        await query.answer("Не сейчас", show_alert=True)

    @routes.inline_query()
    async def inline(query: InlineQuery) -> None:
        content = InputTextMessageContent(message_text=f"<i>{query.query}</i>", parse_mode="HTML")
        article = InlineQueryResultArticle(
            id="1", title="Запрос", description="найдено", input_message_content=content, reply_markup=buttons("Беру")
        )
        await query.answer([article], cache_time=0)

    @routes.chosen_inline_result()
    async def choice(result: ChosenInlineResult) -> None:
        chosen.append(result)

    return routes


@contextlib.asynccontextmanager
async def polling(url: str, chosen: list[ChosenInlineResult] | None = None) -> AsyncIterator[Bot]:
    """The sample bot, polling until the block ends."""
    bot, dispatcher = bot_at(url), Dispatcher()
    dispatcher.include_router(router([] if chosen is None else chosen))
    await bot.set_my_commands(
        [BotCommand(command="menu", description="меню"), BotCommand(command="file", description="файл")]
    )
    task = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False))
    try:
        yield bot
    finally:
        with contextlib.suppress(RuntimeError):
            await dispatcher.stop_polling()
        await task
        await bot.session.close()
