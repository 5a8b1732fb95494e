"""Telling by Telegram: paced, in each chat's order, every answer of Telegram taken for what it says."""

import asyncio
import logging
from collections.abc import Iterator, Sequence

import aiohttp
from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import LinkPreviewOptions

from bot import notices
from bot.cards import Card
from crm import alerts, users
from crm.alerts import Delivery, Recipient, StaleMessage
from db.models import Bundle, Channel
from db.session import Sessions, SystemSession
from worker.pace import Pace
from worker.sender import Sender, now

log = logging.getLogger(__name__)

ANSWER_SECONDS = 15
PROBE_SECONDS = (1, 2, 5, 10, 30)
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
TOKEN_PROBLEMS = (TelegramUnauthorizedError, TelegramNotFound, TelegramConflictError)


class TelegramSender(Sender):
    channel = Channel.TELEGRAM

    def __init__(self, sessions: Sessions, bot: Bot, pace: Pace | None = None) -> None:
        super().__init__(sessions)
        self._bot = bot
        self._pace = pace or Pace()
        self._probe: asyncio.Task[None] | None = None

    async def run(self, stop: asyncio.Event) -> None:
        try:
            await super().run(stop)
        finally:
            if self._probe is not None:
                self._probe.cancel()

    async def tell_next(self, recipient: Recipient) -> None:
        assert recipient.chat_id is not None  # noqa: S101  Telegram's recipients have chats
        await self._pace.turn(recipient.chat_id)
        with self.in_hand():
            delivery = await self.claim(recipient)
            if delivery is not None:
                await self._tell(delivery, recipient.chat_id)

    async def begin(self, session: SystemSession) -> None:
        await super().begin(session)
        for message in await alerts.claim_stale(session, busy=self.busy):
            self.start(message.recipient_id, self._edit(message))

    # ---- telling

    async def _tell(self, delivery: Delivery, chat_id: int) -> None:
        """In as many messages as it takes; each is settled by itself, and a failed one keeps back those after it."""
        ids: Sequence[int] = delivery.ids
        try:
            for number, card in enumerate(self._draw(delivery)):
                if number:
                    await self._pace.turn(chat_id)
                ids = card.alert_ids
                message_id = await self._send(card, chat_id, is_silent=delivery.is_silent)
                await self._settle(ids, message_id)
        except Exception as error:
            await self._settle_failure(error, ids, delivery)
            untold = [id_ for id_ in delivery.ids if id_ not in ids]
            if untold:
                await self.write(lambda session: alerts.put_back(session, untold, "after a failed part", now=now()))

    def _draw(self, delivery: Delivery) -> Sequence[Card]:
        t = self.translate(delivery)
        if delivery.bundle is Bundle.ALONE:
            return [notices.alert(delivery, t)]
        return notices.digest(delivery, t)

    async def _send(self, card: Card, chat_id: int, *, is_silent: bool) -> int:
        await self._pace.go()
        try:
            message = await self._bot.send_message(
                chat_id,
                card.text,
                parse_mode="HTML",
                reply_markup=card.buttons,
                disable_notification=is_silent,
                link_preview_options=NO_PREVIEW,
                request_timeout=ANSWER_SECONDS,
            )
        finally:
            self._pace.sent(chat_id)
        return message.message_id

    async def _settle(self, ids: Sequence[int], message_id: int) -> None:
        await self.write(lambda session: alerts.settle(session, ids, now=now(), message_id=message_id))

    async def _settle_failure(self, error: Exception, ids: Sequence[int], delivery: Delivery) -> None:
        """By what the failure says of the message: certainly not told, perhaps told, or never to be told here."""
        detail = self._describe(error)
        match error:
            case TelegramRetryAfter():
                log.warning("Telegram asks to wait %s s", error.retry_after)
                self._pace.pause(error.retry_after)
                await self.write(lambda session: alerts.put_back(session, ids, detail, now=now()))
            case TelegramForbiddenError():
                await self._fall_back(delivery)
            case TelegramBadRequest() if "chat not found" in error.message:
                await self._fall_back(delivery)
            case TelegramBadRequest() | TelegramEntityTooLarge():
                log.error("Telegram refuses alerts %s: %s", ids, detail)
                await self.write(lambda session: alerts.give_up(session, ids, detail, now=now()))
            case TelegramNetworkError() if not _was_sent(error):
                self._wait_for_telegram(detail)
                await self.write(lambda session: alerts.put_back(session, ids, detail, now=now()))
            case TelegramNetworkError():
                self._wait_for_telegram(detail)
                await self.write(lambda session: alerts.answer_lost(session, ids, detail, now=now()))
            case _ if isinstance(error, TOKEN_PROBLEMS):
                self._wait_for_telegram(detail)
                await self.write(lambda session: alerts.put_back(session, ids, detail, now=now()))
            case _:
                log.error("alerts %s were not told: %s", ids, detail, exc_info=_unless_telegrams(error))
                if isinstance(error, TelegramServerError):
                    self._wait_for_telegram(detail)
                await self.write(lambda session: alerts.retry_later(session, ids, detail, now=now()))

    async def _fall_back(self, delivery: Delivery) -> None:
        user = delivery.user
        assert user is not None  # noqa: S101  Telegram's recipients are users

        async def verb(session: SystemSession) -> None:
            await users.mark_blocked(session, user.id)
            by_email = await alerts.fall_back_to_email(session, user.id, now=now())
            log.info("user %s blocked the bot; %s alerts go by e-mail", user.id, by_email)

        await self.write(verb)

    # ---- cards that no longer show the truth

    async def _edit(self, message: StaleMessage) -> None:
        await self._pace.turn(message.chat_id)
        with self.in_hand():
            card = self._draw(message.delivery)[0]
            await self._pace.go()
            try:
                await self._bot.edit_message_text(
                    card.text,
                    chat_id=message.chat_id,
                    message_id=message.message_id,
                    parse_mode="HTML",
                    reply_markup=card.buttons,
                    link_preview_options=NO_PREVIEW,
                    request_timeout=ANSWER_SECONDS,
                )
            except TelegramRetryAfter as error:
                self._pace.pause(error.retry_after)
                return
            except (TelegramBadRequest, TelegramForbiddenError) as error:
                # Unchanged, deleted by the person, or blocked: there is nothing more to edit.
                log.info("message %s was not edited: %s", message.message_id, self._describe(error))
            except TelegramAPIError as error:
                self._wait_for_telegram(self._describe(error))
                return
            finally:
                self._pace.sent(message.chat_id)
            await self.write(lambda session: alerts.settle_stale(session, message))

    # ---- when Telegram is away

    def _wait_for_telegram(self, detail: str) -> None:
        """Nothing goes out until Telegram answers a harmless question: so the second try of a message counts."""
        if self._probe is None or self._probe.done():
            log.error("Telegram is not to be had: %s", detail)
            self._pace.hold()
            self._probe = asyncio.ensure_future(self._ask_until_answered())

    async def _ask_until_answered(self) -> None:
        try:
            for seconds in _for_ever(PROBE_SECONDS):
                await asyncio.sleep(seconds)
                try:
                    await self._bot.get_me(request_timeout=ANSWER_SECONDS)
                except TelegramAPIError as error:
                    log.warning("Telegram is still not to be had: %s", self._describe(error))
                else:
                    log.info("Telegram answers again")
                    return
        finally:
            self._pace.release()

    def _describe(self, error: Exception) -> str:
        return f"{type(error).__name__}: {error}".replace(self._bot.token, "<token>")


def _was_sent(error: TelegramNetworkError) -> bool:
    """False where there was not even a connection."""
    return not isinstance(error.__cause__, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)


def _unless_telegrams(error: Exception) -> Exception | None:
    """A mistake of ours is logged with its trace; Telegram's errors say enough."""
    return None if isinstance(error, TelegramAPIError) else error


def _for_ever(pauses: Sequence[int]) -> Iterator[int]:
    yield from pauses
    while True:
        yield pauses[-1]
