"""Signing a Telegram account in: by phone and code or by QR code, with the password where one is set.

Knows no terminal: what must be asked or shown goes through `Talk`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from telethon import errors

from collector.accounts import ApiCredentials, Server, open_client
from crm import telegram_accounts
from crm.errors import SignInFailed
from db.models import TelegramAccount
from db.session import Sessions

TRIES = 3
"""how often a wrong code or password may be corrected"""


@dataclass(frozen=True)
class Talk:
    """How to reach the person at the keyboard."""

    ask_code: Callable[[], Awaitable[str]]
    ask_password: Callable[[], Awaitable[str]]
    show_qr: Callable[[str], Awaitable[None]]
    """the tg:// address to draw as a QR code; called again with a new one when the last expired"""
    say: Callable[[str], Awaitable[None]]
    """the key of a text: the code or password was wrong, try again"""


async def login(
    sessions: Sessions,
    api: ApiCredentials,
    talk: Talk,
    *,
    name: str,
    phone: str | None = None,
    server: Server | None = None,
) -> TelegramAccount:
    """Sign in as `name`, by this phone or else by QR code, and keep the session. Raises SignInFailed."""
    async with sessions.of_system() as session:
        account = await telegram_accounts.find_or_add(session, name)
    client = await open_client(sessions, account.id, api, server)
    try:
        await client.connect()
        me = await client.get_me() or await _sign_in(client, talk, phone)
    except errors.RPCError as error:
        raise _refused(error) from error
    except (OSError, TimeoutError) as error:
        raise SignInFailed(reason="network", detail=str(error)) from error
    finally:
        await client.disconnect()
    async with sessions.of_system() as session:
        await telegram_accounts.note_signed_in(session, account.id, me.id)
        return await telegram_accounts.find(session, account.id)


async def _sign_in(client: Any, talk: Talk, phone: str | None) -> Any:
    try:
        return await (_by_phone(client, talk, phone) if phone else _by_qr(client, talk))
    except errors.SessionPasswordNeededError:
        return await _by_password(client, talk)


async def _by_phone(client: Any, talk: Talk, phone: str) -> Any:
    await client.send_code_request(phone)
    for tries_left in reversed(range(TRIES)):
        code = await talk.ask_code()
        try:
            return await client.sign_in(phone, "".join(code.split()) or "0")
        except (errors.PhoneCodeInvalidError, errors.PhoneCodeEmptyError):
            if not tries_left:
                raise
            await talk.say("source-login-wrong-code")
    raise AssertionError("the last try returns or raises")


async def _by_password(client: Any, talk: Talk) -> Any:
    for tries_left in reversed(range(TRIES)):
        password = await talk.ask_password()
        try:
            return await client.sign_in(password=password or " ")
        except errors.PasswordHashInvalidError:
            if not tries_left:
                raise
            await talk.say("source-login-wrong-password")
    raise AssertionError("the last try returns or raises")


async def _by_qr(client: Any, talk: Talk) -> Any:
    shown = await client.qr_login()
    while True:
        # Telethon hears of the scan only while it waits, so the wait begins before the code is seen.
        left = (shown.expires - datetime.now(UTC)).total_seconds()
        scanned = asyncio.ensure_future(shown.wait(timeout=max(left, 1.0)))
        await asyncio.sleep(0)
        await talk.show_qr(shown.url)
        try:
            return await scanned
        except TimeoutError:
            await shown.recreate()


def _refused(error: errors.RPCError) -> SignInFailed:
    reasons: tuple[tuple[type[errors.RPCError], str], ...] = (
        (errors.PhoneNumberInvalidError, "phone"),
        (errors.PhoneNumberUnoccupiedError, "phone"),
        (errors.PhoneNumberBannedError, "banned"),
        (errors.PhoneCodeInvalidError, "code"),
        (errors.PhoneCodeEmptyError, "code"),
        (errors.PhoneCodeExpiredError, "code-expired"),
        (errors.PasswordHashInvalidError, "password"),
        (errors.FloodWaitError, "flood"),
        (errors.ApiIdInvalidError, "api"),
    )
    reason = next((name for kind, name in reasons if isinstance(error, kind)), "telegram")
    return SignInFailed(reason=reason, detail=str(error))
