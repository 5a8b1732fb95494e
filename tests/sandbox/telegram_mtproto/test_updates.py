from pathlib import Path

from telethon import functions
from telethon.sessions import SQLiteSession
from telethon.tl import types

from sandbox.telegram_mtproto import Cloud
from tests.sandbox.telegram_mtproto.conftest import CLOSED, COLLECTOR, PUBLIC, Clients, Heard

CHAT_ID = -1000000001001


class TestLive:
    async def test_new_edited_and_deleted_posts_are_told_as_they_happen(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud, sequential_updates=True)
        await client.get_dialogs()
        heard = Heard(client)
        message = cloud.post(PUBLIC, "Свежая вакансия")
        cloud.edit(PUBLIC, message.id, "Свежая вакансия (правка)")
        cloud.delete(PUBLIC, [1, 2])
        assert await heard.until(3) == [
            ("new", 251, "Свежая вакансия"),
            ("edited", 251, "Свежая вакансия (правка)"),
            ("deleted", CHAT_ID, 1, 2),
        ]

    async def test_only_members_are_told(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud, sequential_updates=True)
        await client.get_dialogs()
        heard = Heard(client)
        cloud.post(CLOSED, "не для вас")
        cloud.post(PUBLIC, "для всех")
        assert await heard.until(1) == [("new", 251, "для всех")]

    async def test_one_channel_falls_silent_while_the_rest_flow(self, cloud: Cloud, clients: Clients) -> None:
        cloud.join(COLLECTOR, CLOSED)
        client = await clients.signed_in(cloud, sequential_updates=True)
        await client.get_dialogs()
        heard = Heard(client)
        cloud.suppress_updates(PUBLIC)
        cloud.post(PUBLIC, "никто не услышит")
        cloud.post(CLOSED, "слышно")
        assert await heard.until(1) == [("new", 2, "слышно")]
        (newest,) = await client.get_messages("vacancies_msk", limit=1)
        assert newest.text == "никто не услышит"
        cloud.suppress_updates(PUBLIC, suppressed=False)
        cloud.post(PUBLIC, "снова слышно")
        assert ("new", 252, "снова слышно") in await heard.until(2)


class TestDifference:
    async def test_a_gap_is_filled_by_the_channel_difference(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud, sequential_updates=True)
        await client.get_dialogs()
        heard = Heard(client)
        cloud.post(PUBLIC, "a")
        await heard.until(1)
        cloud.post(PUBLIC, "потеряно", push=False)
        cloud.post(PUBLIC, "c")
        assert [text for _, _, text in await heard.until(3)] == ["a", "потеряно", "c"]
        asked = [type(call) for call in cloud.calls]
        assert functions.updates.GetChannelDifferenceRequest in asked

    async def test_a_gap_too_long_is_answered_without_what_was_missed(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud)
        channel = await client.get_input_entity("vacancies_msk")
        everything = types.ChannelMessagesFilterEmpty()
        pts = cloud.channels[PUBLIC].pts
        for number in range(101):
            cloud.post(PUBLIC, f"потеряно {number}", push=False)
        ask = functions.updates.GetChannelDifferenceRequest
        answer = await client(ask(channel, everything, pts + 1, 100))
        assert len(answer.new_messages) == 100
        answer = await client(ask(channel, everything, pts, 100))
        assert isinstance(answer, types.updates.ChannelDifferenceTooLong)
        assert (answer.dialog.pts, answer.dialog.top_message, len(answer.messages)) == (pts + 101, 351, 10)

    async def test_a_long_difference_comes_in_parts(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud)
        channel = await client.get_input_entity("vacancies_msk")
        pts = cloud.channels[PUBLIC].pts
        for number in range(5):
            cloud.post(PUBLIC, f"часть {number}", push=False)
        everything = types.ChannelMessagesFilterEmpty()
        ask = functions.updates.GetChannelDifferenceRequest
        first = await client(ask(channel, everything, pts, 3))
        rest = await client(ask(channel, everything, first.pts, 3))
        assert [len(first.new_messages), len(rest.new_messages)] == [3, 2]
        assert (bool(first.final), bool(rest.final)) == (False, True)

    async def test_a_client_that_was_away_catches_up(self, cloud: Cloud, clients: Clients, tmp_path: Path) -> None:
        path = str(tmp_path / "collector.session")
        session = SQLiteSession(path)
        session.set_dc(*cloud.server_address())
        session.auth_key = cloud.signed_in_key(COLLECTOR)
        client = clients.new(cloud, session, sequential_updates=True)
        await client.connect()
        await client.get_dialogs()
        heard = Heard(client)
        cloud.post(PUBLIC, "при нас")
        await heard.until(1)
        await clients.disconnect(client)
        for number in range(3):
            cloud.post(PUBLIC, f"без нас {number}")
        again = clients.new(cloud, SQLiteSession(path), catch_up=True, sequential_updates=True)
        heard = Heard(again)
        await again.connect()
        assert sorted(text for _, _, text in await heard.until(3)) == ["без нас 0", "без нас 1", "без нас 2"]
