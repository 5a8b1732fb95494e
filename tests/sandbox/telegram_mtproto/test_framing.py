import asyncio

import pytest

from sandbox.telegram_mtproto import Cloud
from sandbox.telegram_mtproto.framing import Auth, Session, serialised
from tests.sandbox.telegram_mtproto.conftest import COLLECTOR, Clients


class TestServe:
    @pytest.mark.parametrize("garbage", [b"\0" * 64, b"GET / HTTP/1.1\r\n\r\n", b"\x10\0\0\0\0\0\0\0wrong-crc"])
    async def test_a_stranger_that_speaks_nonsense_harms_nobody(
        self, cloud: Cloud, clients: Clients, garbage: bytes
    ) -> None:
        _, host, port = cloud.server_address()
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(garbage)
        writer.write_eof()
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()
        client = await clients.signed_in(cloud)
        assert (await client.get_me()).id == COLLECTOR


class TestNextMessageId:
    def test_ids_rise_and_are_odd(self, cloud: Cloud) -> None:
        session = Session(Auth(2, cloud.signed_in_key(COLLECTOR)), 1, 1)
        ids = [session.next_message_id(reply=turn % 2 == 0) for turn in range(1000)]
        assert ids == sorted(set(ids))
        assert {number % 2 for number in ids} == {1}


class TestSerialised:
    def test_a_vector_of_numbers_counts_its_items(self) -> None:
        assert serialised([1, 2]) == bytes.fromhex("15c4b51c 02000000 01000000 02000000")

    def test_booleans_have_their_own_constructors(self) -> None:
        assert (serialised(True), serialised(False)) == (bytes.fromhex("b5757299"), bytes.fromhex("379779bc"))
