import asyncio
from typing import Any

import pytest
from telethon import errors, functions
from telethon.sessions import StringSession

from sandbox.telegram_mtproto import Cloud, distrust, trust
from tests.sandbox.telegram_mtproto.conftest import COLLECTOR, GUARDED, Clients

PHONE = "+79990000001"
GUARDED_PHONE = "+79990000002"


class TestCode:
    async def test_the_right_code_signs_in(self, cloud: Cloud, clients: Clients) -> None:
        client = clients.new(cloud)
        await client.connect()
        assert not await client.is_user_authorized()
        await client.send_code_request(PHONE)
        me = await client.sign_in(PHONE, cloud.code)
        assert (me.id, me.first_name, me.phone) == (COLLECTOR, "Сборщик", "79990000001")
        assert await client.is_user_authorized()

    async def test_a_wrong_code_is_refused(self, cloud: Cloud, clients: Clients) -> None:
        client = clients.new(cloud)
        await client.connect()
        await client.send_code_request(PHONE)
        with pytest.raises(errors.PhoneCodeInvalidError):
            await client.sign_in(PHONE, "00000")
        assert not await client.is_user_authorized()

    async def test_an_unknown_phone_is_refused(self, cloud: Cloud, clients: Clients) -> None:
        client = clients.new(cloud)
        await client.connect()
        with pytest.raises(errors.PhoneNumberInvalidError):
            await client.send_code_request("+70000000000")

    async def test_the_client_follows_the_user_to_their_data_centre(self, cloud: Cloud, clients: Clients) -> None:
        client = clients.new(cloud, dc_id=1)
        await client.connect()
        await client.send_code_request(PHONE)
        await client.sign_in(PHONE, cloud.code)
        assert client.session.dc_id == 2
        assert (await client.get_me()).id == COLLECTOR

    async def test_signing_out_ends_the_session(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud)
        saved = StringSession(client.session.save())
        await client.log_out()
        again = clients.new(cloud, saved)
        await again.connect()
        assert not await again.is_user_authorized()


class TestPassword:
    async def client_that_owes_the_password(self, cloud: Cloud, clients: Clients) -> Any:
        client = clients.new(cloud)
        await client.connect()
        await client.send_code_request(GUARDED_PHONE)
        with pytest.raises(errors.SessionPasswordNeededError):
            await client.sign_in(GUARDED_PHONE, cloud.code)
        return client

    async def test_the_right_password_signs_in(self, cloud: Cloud, clients: Clients) -> None:
        client = await self.client_that_owes_the_password(cloud, clients)
        assert (await client.sign_in(password="пароль42")).id == GUARDED

    async def test_a_wrong_password_is_refused(self, cloud: Cloud, clients: Clients) -> None:
        client = await self.client_that_owes_the_password(cloud, clients)
        with pytest.raises(errors.PasswordHashInvalidError):
            await client.sign_in(password="не тот")
        assert not await client.is_user_authorized()


class TestQr:
    async def scanned(self, cloud: Cloud, client: Any, user_id: int) -> Any:
        await client.connect()
        code = await client.qr_login()
        waiting = asyncio.create_task(code.wait(5))
        await asyncio.sleep(0)
        cloud.accept_qr(code.token, user_id)
        return await waiting

    async def test_a_scanned_code_signs_in(self, cloud: Cloud, clients: Clients) -> None:
        client = clients.new(cloud)
        assert (await self.scanned(cloud, client, COLLECTOR)).id == COLLECTOR
        assert await client.is_user_authorized()

    async def test_a_scanned_code_of_a_guarded_account_asks_for_the_password(
        self, cloud: Cloud, clients: Clients
    ) -> None:
        client = clients.new(cloud)
        with pytest.raises(errors.SessionPasswordNeededError):
            await self.scanned(cloud, client, GUARDED)
        assert (await client.sign_in(password="пароль42")).id == GUARDED

    async def test_a_code_shown_by_another_data_centre_moves_the_client(self, cloud: Cloud, clients: Clients) -> None:
        client = clients.new(cloud, dc_id=1)
        assert (await self.scanned(cloud, client, COLLECTOR)).id == COLLECTOR
        assert client.session.dc_id == 2

    async def test_a_token_that_was_never_shown_is_refused(self, cloud: Cloud) -> None:
        with pytest.raises(KeyError):
            cloud.accept_qr(b"nobody showed this", COLLECTOR)


class TestTrust:
    async def test_a_client_that_does_not_trust_the_key_cannot_connect(self, cloud: Cloud, clients: Clients) -> None:
        distrust(cloud.public_key)
        client = clients.new(cloud, connection_retries=1)
        with pytest.raises(ConnectionError, match="auth_key generation failed"):
            await client.connect()
        trust(cloud.public_key)

    async def test_an_authorization_carries_over_to_another_data_centre(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud)
        exported = await client(functions.auth.ExportAuthorizationRequest(1))
        other = clients.new(cloud, dc_id=1)
        await other.connect()
        await other(functions.auth.ImportAuthorizationRequest(exported.id, exported.bytes))
        assert (await other.get_me()).id == COLLECTOR
