"""What a handler returns: Telegram methods that leave after its transaction was committed."""

import asyncio
import html
import logging
from collections.abc import Iterable
from typing import Any, cast

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMyCommands,
    EditMessageReplyMarkup,
    EditMessageText,
    SendMessage,
    SetMyCommands,
    TelegramMethod,
)
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, LinkPreviewOptions, Message

Answer = SendMessage | EditMessageText | EditMessageReplyMarkup | AnswerCallbackQuery | SetMyCommands | DeleteMyCommands
Answers = list[Answer]

TOAST_CHARACTERS = 200
ATTEMPTS = 3
LONGEST_WAIT = 60
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

HARMLESS = ("message is not modified", "query is too old")
GONE = ("message to edit not found", "message can't be edited")

log = logging.getLogger(__name__)


def say(event: Message | CallbackQuery, text: str, buttons: InlineKeyboardMarkup | None = None) -> SendMessage:
    """A new message in the chat of the event. `text` is HTML."""
    return SendMessage(
        chat_id=chat_of(event),
        text=text,
        parse_mode="HTML",
        reply_markup=buttons,
        link_preview_options=NO_PREVIEW,
    )


def redraw(query: CallbackQuery, text: str, buttons: InlineKeyboardMarkup | None = None) -> EditMessageText:
    """The tapped message with another text. `text` is HTML; without buttons the old ones go away."""
    assert query.message is not None  # noqa: S101  the dispatcher lets only taps in chats through
    return EditMessageText(
        chat_id=query.message.chat.id,
        message_id=query.message.message_id,
        text=text,
        parse_mode="HTML",
        reply_markup=buttons,
        link_preview_options=NO_PREVIEW,
    )


def toast(query: CallbackQuery, text: str = "", *, alert: bool = False) -> AnswerCallbackQuery:
    """The answer to a tap. `text` is plain and cut to what Telegram shows."""
    if len(text) > TOAST_CHARACTERS:
        text = text[: TOAST_CHARACTERS - 1] + "…"
    return AnswerCallbackQuery(callback_query_id=query.id, text=text or None, show_alert=alert or None)


def escape(text: str) -> str:
    """Plain text for HTML."""
    return html.escape(text, quote=False)


def chat_of(event: Message | CallbackQuery) -> int:
    """The chat to answer in."""
    if isinstance(event, Message):
        return event.chat.id
    return event.message.chat.id if event.message else event.from_user.id


async def send(bot: Bot, answers: Iterable[Answer]) -> None:
    """One after another: a card that is gone is sent anew, a 429 is waited out, who blocked the bot is let be."""
    for answer in answers:
        try:
            await _send(bot, answer)
        except TelegramForbiddenError:
            log.info("an answer was refused: the bot is blocked")
            return


async def _send(bot: Bot, answer: Answer) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            await bot(cast(TelegramMethod[Any], answer))
            return
        except TelegramRetryAfter as error:
            if attempt == ATTEMPTS or error.retry_after > LONGEST_WAIT:
                raise
            await asyncio.sleep(error.retry_after)
        except TelegramBadRequest as error:
            if any(words in error.message for words in HARMLESS):
                return
            if not isinstance(answer, EditMessageText) or not any(words in error.message for words in GONE):
                raise
            answer = _anew(answer)


def _anew(edit: EditMessageText) -> SendMessage:
    assert edit.chat_id is not None  # noqa: S101  see redraw
    assert edit.text is not None  # noqa: S101  see redraw
    return SendMessage(
        chat_id=edit.chat_id,
        text=edit.text,
        parse_mode="HTML",
        reply_markup=edit.reply_markup,
        link_preview_options=NO_PREVIEW,
    )
