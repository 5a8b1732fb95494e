"""Telethon's session in PostgreSQL: what it knows survives, each account by itself."""

from datetime import UTC, datetime

import pytest
from telethon.crypto import AuthKey
from telethon.tl import types

from collector.session import PostgresSession
from crm import telegram_accounts
from db.models import TelegramAccount
from db.session import Sessions
from tests.collector.conftest import API


@pytest.fixture
async def kept(sessions: Sessions) -> TelegramAccount:
    async with sessions.of_system() as session:
        return await telegram_accounts.find_or_add(session, "main")


async def opened(sessions: Sessions, account: TelegramAccount) -> PostgresSession:
    return await PostgresSession.open(sessions, account.id, API.encryption_key)


def resolved(*chats: object, users: tuple[object, ...] = ()) -> types.contacts.ResolvedPeer:
    return types.contacts.ResolvedPeer(None, chats=list(chats), users=list(users))


def channel(id_: int, access_hash: int, username: str | None = None) -> types.Channel:
    return types.Channel(id_, "Канал", types.ChatPhotoEmpty(), None, access_hash=access_hash, username=username)


class TestSession:
    async def test_the_data_centre_and_the_key_survive(self, sessions: Sessions, kept: TelegramAccount) -> None:
        first = await opened(sessions, kept)
        assert first.auth_key is None
        first.set_dc(2, "127.0.0.1", 4430)
        first.auth_key = AuthKey(b"k" * 256)
        await first.save()
        again = await opened(sessions, kept)
        assert (again.dc_id, again.server_address, again.port) == (2, "127.0.0.1", 4430)
        assert again.auth_key.key == b"k" * 256

    async def test_update_states_are_written_when_it_is_saved(self, sessions: Sessions, kept: TelegramAccount) -> None:
        first = await opened(sessions, kept)
        at = datetime(2026, 5, 1, tzinfo=UTC)
        first.set_update_state(0, types.updates.State(7, 1, at, 2, 0))
        first.set_update_state(55, types.updates.State(9, 0, datetime(2026, 5, 1), 0, 0))
        assert await first.get_update_states() == []
        await first.close()
        states = dict(await (await opened(sessions, kept)).get_update_states())
        assert (states[0].pts, states[0].date, states[55].pts) == (7, at, 9)
        assert (await first.get_update_state(55)).pts == 9
        assert await first.get_update_state(56) is None

    async def test_channels_and_people_are_found_by_id_name_and_phone(
        self, sessions: Sessions, kept: TelegramAccount
    ) -> None:
        first = await opened(sessions, kept)
        person = types.User(5, access_hash=50, first_name="Анна", phone="79990000001", username="Anna")
        await first.process_entities(resolved(channel(7, 70, "Severny_Most"), users=(person,)))
        again = await opened(sessions, kept)
        expected = types.InputPeerChannel(7, 70)
        for key in (types.PeerChannel(7), -1000000000007, "severny_most", "@Severny_Most"):
            assert await again.get_input_entity(key) == expected
        for name in ("anna", "+79990000001", "Анна"):
            assert await again.get_input_entity(name) == types.InputPeerUser(5, 50)
        assert await again.get_input_entity(expected) is expected

    async def test_a_new_hash_replaces_the_old_one_and_an_unsaid_name_stays(
        self, sessions: Sessions, kept: TelegramAccount
    ) -> None:
        session = await opened(sessions, kept)
        await session.process_entities(resolved(channel(7, 70, "severny_most")))
        await session.process_entities(resolved(channel(7, 71)))
        assert await session.get_input_entity("severny_most") == types.InputPeerChannel(7, 71)

    async def test_what_was_never_met_is_an_error(self, sessions: Sessions, kept: TelegramAccount) -> None:
        session = await opened(sessions, kept)
        for key in ("stranger", 404, types.PeerUser(404), "t.me/+AbCdEf12"):
            with pytest.raises(ValueError):
                await session.get_input_entity(key)

    async def test_accounts_do_not_share_what_they_know(self, sessions: Sessions, kept: TelegramAccount) -> None:
        async with sessions.of_system() as session:
            other = await telegram_accounts.find_or_add(session, "other")
        await (await opened(sessions, kept)).process_entities(resolved(channel(7, 70)))
        stranger = await opened(sessions, other)
        with pytest.raises(ValueError):
            await stranger.get_input_entity(types.PeerChannel(7))

    async def test_deleted_it_holds_nothing(self, sessions: Sessions, kept: TelegramAccount) -> None:
        session = await opened(sessions, kept)
        session.auth_key = AuthKey(b"k" * 256)
        await session.save()
        await session.process_entities(resolved(channel(7, 70)))
        await session.delete()
        again = await opened(sessions, kept)
        assert again.auth_key is None
        with pytest.raises(ValueError):
            await again.get_input_entity(types.PeerChannel(7))

    async def test_another_data_centre_gets_an_empty_one(self, sessions: Sessions, kept: TelegramAccount) -> None:
        assert (await opened(sessions, kept)).clone().auth_key is None
