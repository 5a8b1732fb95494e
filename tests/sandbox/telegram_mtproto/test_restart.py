import asyncio
from pathlib import Path

from telethon.sessions import StringSession
from telethon.tl import types

from sandbox.telegram_mtproto import Cloud
from tests.sandbox.telegram_mtproto.conftest import CLOSED, COLLECTOR, PUBLIC, Clients, make_cloud


class TestRestart:
    async def test_a_stored_session_works_on_the_same_ports(self, tmp_path: Path) -> None:
        first = await make_cloud(tmp_path)
        clients = Clients()
        client = clients.new(first)
        await client.connect()
        await client.send_code_request("+79990000001")
        await client.sign_in("+79990000001", first.code)
        session, address = client.session.save(), first.server_address()
        await clients.close()
        await first.stop()

        second = await make_cloud(tmp_path)
        assert second.server_address() == address
        again = clients.new(second, StringSession(session))
        await again.connect()
        assert (await again.get_me()).id == COLLECTOR
        await clients.close()
        await second.stop()

    async def test_posts_edits_deletions_members_and_photos_are_still_there(self, tmp_path: Path) -> None:
        first = await make_cloud(tmp_path)
        first.join(COLLECTOR, CLOSED)
        first.post(PUBLIC, "с фото", media=first.photo(b"blob"), entities=[types.MessageEntityBold(0, 1)])
        first.edit(PUBLIC, 10, "правка")
        first.delete(PUBLIC, [11])
        first.make_private(CLOSED)
        await first.stop()

        second = Cloud(tmp_path)
        assert second.users[COLLECTOR].joined == {PUBLIC, CLOSED}
        before, after = first.channels[PUBLIC], second.channels[PUBLIC]
        assert {key: bytes(post) for key, post in after.messages.items()} == {
            key: bytes(post) for key, post in before.messages.items()
        }
        assert (after.pts, after.last_id, len(after.messages)) == (before.pts, 251, 250)
        assert after.messages[10].message == "правка"
        assert second.channels[CLOSED].private
        assert second.blobs == {1: b"blob"}

    async def test_a_channel_added_again_keeps_its_posts(self, tmp_path: Path) -> None:
        first = await make_cloud(tmp_path)
        first.post(PUBLIC, "251-й")
        await first.stop()
        second = await make_cloud(tmp_path)
        assert second.channels[PUBLIC].newest_id == 251
        await second.stop()

    async def test_a_line_cut_by_a_crash_is_dropped_and_writing_goes_on(self, tmp_path: Path) -> None:
        first = await make_cloud(tmp_path)
        await first.stop()
        with (tmp_path / "journal.jsonl").open("ab") as file:
            file.write(b'{"kind": "event", "chan')
        second = Cloud(tmp_path)
        second.post(PUBLIC, "после сбоя")
        third = Cloud(tmp_path)
        assert third.channels[PUBLIC].messages[251].message == "после сбоя"

    async def test_other_ports_are_taken_where_the_old_ones_are_busy(self, tmp_path: Path) -> None:
        first = await make_cloud(tmp_path)
        old = first.server_address()
        await first.stop()
        squatter = await asyncio.start_server(lambda reader, writer: writer.close(), old[1], old[2])
        second = await make_cloud(tmp_path)
        assert second.server_address()[2] not in (0, old[2])
        await second.stop()
        squatter.close()
        await squatter.wait_closed()
