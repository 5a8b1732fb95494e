"""Signing in: by code, password and QR code; what was mistyped may be corrected; nothing half-done is left."""

import base64
from typing import Any

import pytest
from sqlalchemy import select
from telethon.tl import functions

from collector.accounts import open_client
from collector.login import TRIES, Talk, login
from crm import encryption, telegram_accounts
from crm.errors import SignInFailed, WrongEncryptionKey
from db.models import TelegramAccount
from db.session import Sessions
from sandbox.telegram_mtproto import Cloud
from tests.collector.conftest import API, GUARDED, GUARDED_PHONE, PASSWORD, PHONE, READER


class Person:
    """Answers what is asked, in order, and remembers what was shown."""

    def __init__(self, codes: list[str] | None = None, passwords: list[str] | None = None) -> None:
        self._codes = iter(codes or [])
        self._passwords = iter(passwords or [])
        self.shown: list[str] = []
        self.told: list[str] = []
        self.scan: Any = None
        self.talk = Talk(self._code, self._password, self._show, self._say)

    async def _code(self) -> str:
        return next(self._codes)

    async def _password(self) -> str:
        return next(self._passwords)

    async def _show(self, url: str) -> None:
        self.shown.append(url)
        if self.scan is not None:
            await self.scan(url)

    async def _say(self, key: str) -> None:
        self.told.append(key)


async def sign_in(sessions: Sessions, cloud: Cloud, person: Person, phone: str | None = PHONE) -> TelegramAccount:
    return await login(sessions, API, person.talk, name="main", phone=phone, server=cloud.server_address())


async def can_read(sessions: Sessions, cloud: Cloud, account: TelegramAccount) -> int | None:
    client = await open_client(sessions, account.id, API, cloud.server_address())
    await client.connect()
    me = await client.get_me()
    await client.disconnect()
    return me.id if me else None


class TestCode:
    async def test_the_session_is_kept_encrypted_and_opens_again(self, sessions: Sessions, cloud: Cloud) -> None:
        account = await sign_in(sessions, cloud, Person([" 12 345 "]))
        assert (account.telegram_id, account.dc_id) == (READER, 2)
        async with sessions.of_system() as session:
            kept = await telegram_accounts.load_session(session, account.id, API.encryption_key)
            with pytest.raises(WrongEncryptionKey):
                await telegram_accounts.load_session(session, account.id, encryption.new_key())
        assert kept.auth_key is not None
        assert kept.auth_key not in (account.auth_key or b"")
        assert await can_read(sessions, cloud, account) == READER

    async def test_a_wrong_code_may_be_corrected(self, sessions: Sessions, cloud: Cloud) -> None:
        person = Person(["00000", "", "12345"])
        assert (await sign_in(sessions, cloud, person)).telegram_id == READER
        assert person.told == ["source-login-wrong-code"] * 2

    async def test_a_code_wrong_again_and_again_fails_and_leaves_no_account_that_reads(
        self, sessions: Sessions, cloud: Cloud
    ) -> None:
        with pytest.raises(SignInFailed) as failed:
            await sign_in(sessions, cloud, Person(["00000"] * TRIES))
        assert failed.value.params["reason"] == "code"
        async with sessions.of_system() as session:
            assert await telegram_accounts.signed_in(session) == []

    async def test_an_unknown_phone_fails(self, sessions: Sessions, cloud: Cloud) -> None:
        with pytest.raises(SignInFailed) as failed:
            await sign_in(sessions, cloud, Person(), phone="+70000000000")
        assert failed.value.params["reason"] == "phone"

    async def test_a_flood_wait_fails_with_its_reason(self, sessions: Sessions, cloud: Cloud) -> None:
        cloud.fail(functions.auth.SendCodeRequest, "FLOOD_WAIT_900")
        with pytest.raises(SignInFailed) as failed:
            await sign_in(sessions, cloud, Person())
        assert failed.value.params["reason"] == "flood"

    async def test_without_a_server_it_fails(self, sessions: Sessions, cloud: Cloud) -> None:
        address = cloud.server_address()
        await cloud.stop()
        with pytest.raises(SignInFailed) as failed:
            await login(sessions, API, Person().talk, name="main", phone=PHONE, server=address)
        assert failed.value.params["reason"] == "network"

    async def test_the_account_follows_its_phone_to_another_data_centre(self, sessions: Sessions, cloud: Cloud) -> None:
        first = cloud.dcs[1]
        account = await login(
            sessions, API, Person(["12345"]).talk, name="main", phone=PHONE, server=(1, first.host, first.port)
        )
        assert (account.dc_id, account.port) == (2, cloud.dcs[2].port)
        assert await can_read(sessions, cloud, account) == READER

    async def test_signing_in_again_is_no_second_account(self, sessions: Sessions, cloud: Cloud) -> None:
        first = await sign_in(sessions, cloud, Person(["12345"]))
        again = await sign_in(sessions, cloud, Person())
        assert again.id == first.id
        async with sessions.of_system() as session:
            assert len((await session.scalars(select(TelegramAccount))).all()) == 1


class TestPassword:
    async def test_it_is_asked_where_it_is_set_and_may_be_corrected(self, sessions: Sessions, cloud: Cloud) -> None:
        person = Person(["12345"], ["не тот", PASSWORD])
        account = await sign_in(sessions, cloud, person, GUARDED_PHONE)
        assert account.telegram_id == GUARDED
        assert person.told == ["source-login-wrong-password"]

    async def test_wrong_again_and_again_fails(self, sessions: Sessions, cloud: Cloud) -> None:
        with pytest.raises(SignInFailed) as failed:
            await sign_in(sessions, cloud, Person(["12345"], ["не тот"] * TRIES), GUARDED_PHONE)
        assert failed.value.params["reason"] == "password"


class TestQr:
    async def test_a_scanned_code_signs_in(self, sessions: Sessions, cloud: Cloud) -> None:
        person = Person()
        person.scan = _scan(cloud, READER)
        account = await sign_in(sessions, cloud, person, phone=None)
        assert account.telegram_id == READER
        assert len(person.shown) == 1
        assert person.shown[0].startswith("tg://login?token=")

    async def test_the_password_is_asked_after_the_scan(self, sessions: Sessions, cloud: Cloud) -> None:
        person = Person(passwords=[PASSWORD])
        person.scan = _scan(cloud, GUARDED)
        assert (await sign_in(sessions, cloud, person, phone=None)).telegram_id == GUARDED


def _scan(cloud: Cloud, user_id: int) -> Any:
    async def scan(url: str) -> None:
        token = url.removeprefix("tg://login?token=")
        cloud.accept_qr(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)), user_id)

    return scan
