"""What surrounds every handler: a known person, an open transaction, answers that leave after its commit."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.methods import AnswerCallbackQuery, TelegramMethod
from aiogram.types import CallbackQuery, Message, TelegramObject, Update, User
from aiogram_dialog.api.entities import Context
from aiogram_dialog.api.internal import CONTEXT_KEY, STACK_KEY, STORAGE_KEY

from bot import answers
from bot.states import TOUCHED_AT
from crm import users
from db.session import Sessions
from i18n.translator import translator

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]

UPDATES_AT_A_GO = 60
UPDATES_PER_SECOND = 4.0
PEOPLE_REMEMBERED = 10_000
DIALOG_LIVES_SECONDS = 3600.0


def language_of(person: User) -> str:
    """The bot's language for somebody it does not know yet."""
    code = person.language_code or "ru"
    return "ru" if code.startswith("ru") else "en"


class SendAnswers(BaseMiddleware):
    """Outermost: what a handler returned (a method or a list of them) leaves when all inside is done and committed.

    A tap always gets its answer, or the button would show that it waits.
    """

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        result = await handler(event, data)
        if isinstance(result, TelegramMethod):
            result = [result]
        if not isinstance(result, list):
            return result
        query = event.callback_query if isinstance(event, Update) else None
        if query and not any(isinstance(answer, AnswerCallbackQuery) for answer in result):
            result.insert(0, answers.toast(query))
        await answers.send(data["bot"], result)
        return None


class OnlyPrivateChats(BaseMiddleware):
    """The bot talks with people one to one; what it hears in groups it leaves alone."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        chat = data.get("event_chat")
        if data.get("event_from_user") is None or chat is None or chat.type != "private":
            return UNHANDLED
        return await handler(event, data)


class Throttle(BaseMiddleware):
    """A bucket of updates per person; who empties it is told so once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[int, tuple[float, float]] = {}
        self._told: set[int] = set()

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        person: User = data["event_from_user"]
        if self._takes(person.id):
            self._told.discard(person.id)
            return await handler(event, data)
        if person.id in self._told or not isinstance(event, Update):
            return None
        self._told.add(person.id)
        return refusal(event, translator(language_of(person))("bot-too-fast"))

    def _takes(self, person_id: int) -> bool:
        now = self._clock()
        left, at = self._buckets.pop(person_id, (float(UPDATES_AT_A_GO), now))
        left = min(float(UPDATES_AT_A_GO), left + (now - at) * UPDATES_PER_SECOND)
        self._buckets[person_id] = (max(left - 1, 0.0), now)
        if len(self._buckets) > PEOPLE_REMEMBERED:
            self._buckets.pop(next(iter(self._buckets)))
        return left >= 1


class KnowPerson(BaseMiddleware):
    """`actor` (None for a stranger or a removed person), their `user` row, and `t` in their language."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        person: User = data["event_from_user"]
        async with self._sessions.of_system() as session:
            user = await users.by_telegram(session, person.id)
            if user is not None and user.telegram_blocked_at is not None and _speaks(event):
                await users.mark_unblocked(session, user.id)
        data["user"] = user
        data["actor"] = users.actor(user) if user is not None else None
        data["t"] = translator(user.language if user is not None else language_of(person))
        return await handler(event, data)


def _speaks(event: TelegramObject) -> bool:
    """Who writes or taps has let the bot in again, even if Telegram did not tell so."""
    return isinstance(event, Update) and (event.message is not None or event.callback_query is not None)


class Transaction(BaseMiddleware):
    """One update, one transaction of the actor's company. It takes a connection at its first statement only."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        actor = data["actor"]
        if actor is None:
            return await handler(event, data)
        async with self._sessions.of_company(actor.company_id) as session:
            data["session"] = session
            return await handler(event, data)


class CommandEndsQuestion(BaseMiddleware):
    """On messages: a command is never the answer to what the bot asked, and the question is forgotten."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        if isinstance(event, Message) and (event.text or "").startswith("/") and data.get("raw_state"):
            await data["state"].set_state(None)
            data["raw_state"] = None
        return await handler(event, data)


class LeaveOldDialogs(BaseMiddleware):
    """On messages, inside aiogram-dialog's own: a dialog that nobody touched for long takes no more typed words."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        context: Context | None = data.get(CONTEXT_KEY)
        if context and _touched_at(context) < time.time() - DIALOG_LIVES_SECONDS:
            stack, storage = data[STACK_KEY], data[STORAGE_KEY]
            while not stack.empty():
                await storage.remove_context(stack.pop())
            await storage.save_stack(stack)
            data[CONTEXT_KEY] = None
        return await handler(event, data)


def _touched_at(context: Context) -> float:
    touched_at = context.dialog_data.get(TOUCHED_AT) if isinstance(context.dialog_data, dict) else None
    return float(touched_at) if isinstance(touched_at, int | float) else 0.0


def refusal(update: Update, text: str) -> answers.Answer | None:
    """A sentence for whatever the person did: a toast for a tap, a message for a message. `text` is plain."""
    event = update.event
    if isinstance(event, CallbackQuery):
        return answers.toast(event, text, alert=True)
    if isinstance(event, Message):
        return answers.say(event, answers.escape(text))
    return None
