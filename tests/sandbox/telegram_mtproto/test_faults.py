import pytest
from telethon import errors, functions
from telethon.tl import types

from sandbox.telegram_mtproto import Cloud
from tests.sandbox.telegram_mtproto.conftest import CLOSED, COLLECTOR, PUBLIC, Clients, Heard

NAME = "vacancies_msk"
history = functions.messages.GetHistoryRequest


class TestFail:
    async def test_a_flood_wait_tells_its_seconds(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud, flood_sleep_threshold=0)
        cloud.fail(history, "FLOOD_WAIT_60")
        with pytest.raises(errors.FloodWaitError) as caught:
            await client.get_messages(NAME, limit=1)
        assert caught.value.seconds == 60

    async def test_a_fault_strikes_as_often_as_ordered(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud)
        cloud.fail(history, "CHANNEL_PRIVATE", times=2)
        for _ in range(2):
            with pytest.raises(errors.ChannelPrivateError):
                await client.get_messages(NAME, limit=1)
        assert await client.get_messages(NAME, limit=1)

    async def test_a_fault_of_one_channel_spares_the_others(self, cloud: Cloud, clients: Clients) -> None:
        cloud.join(COLLECTOR, CLOSED)
        client = await clients.signed_in(cloud)
        await client.get_dialogs()
        cloud.fail(history, "CHANNEL_PRIVATE", channel=CLOSED)
        assert await client.get_messages(NAME, limit=1)
        with pytest.raises(errors.ChannelPrivateError):
            await client.get_messages(types.PeerChannel(CLOSED), limit=1)

    async def test_the_client_asks_again_after_an_internal_error(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud)
        await client.get_input_entity(NAME)
        cloud.fail(history, "RPC_CALL_FAIL")
        assert await client.get_messages(NAME, limit=1)
        assert sum(isinstance(call, history) for call in cloud.calls) == 2

    async def test_the_client_asks_again_after_a_dropped_connection(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud)
        cloud.fail(history, "DROP")
        assert len(await client.get_messages(NAME, limit=3)) == 3

    async def test_cleared_faults_do_not_strike(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud)
        cloud.fail(None, "CHANNEL_PRIVATE", times=100)
        cloud.faults.clear()
        assert await client.get_messages(NAME, limit=1)

    async def test_an_unknown_method_is_refused(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud)
        with pytest.raises(errors.InputMethodInvalidError):
            await client(functions.account.GetAuthorizationsRequest())


class TestConnections:
    async def test_a_kicked_client_comes_back_and_hears_what_it_missed(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud, sequential_updates=True)
        await client.get_dialogs()
        heard = Heard(client)
        cloud.post(PUBLIC, "до")
        await heard.until(1)
        cloud.kick_connections()
        cloud.post(PUBLIC, "во время")
        assert await client.get_messages(NAME, limit=1)
        cloud.post(PUBLIC, "после")
        assert [text for _, _, text in await heard.until(3)] == ["до", "во время", "после"]

    async def test_a_revoked_user_has_no_session(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud)
        cloud.revoke(COLLECTOR)
        with pytest.raises(errors.AuthKeyUnregisteredError):
            await client.get_messages(NAME, limit=1)

    async def test_an_unknown_auth_key_is_not_found(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud)
        session = client.session
        await client.disconnect()
        cloud.dcs[2].auths.clear()
        with pytest.raises(errors.AuthKeyNotFound):
            await clients.new(cloud, session).connect()


class TestPrivacy:
    async def test_a_channel_made_private_shuts_everybody_out_until_it_opens(
        self, cloud: Cloud, clients: Clients
    ) -> None:
        client = await clients.signed_in(cloud)
        cloud.make_private(PUBLIC)
        with pytest.raises(errors.ChannelPrivateError):
            await client.get_messages(NAME, limit=1)
        cloud.make_private(PUBLIC, private=False)
        assert (await client.get_messages(NAME, limit=1))[0].text == "Пост 250"
