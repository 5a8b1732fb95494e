"""Bytes to messages and back: the "full" TCP transport, encryption by auth key, sessions."""

import asyncio
import os
import struct
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from zlib import crc32

from telethon.crypto import AES, AuthKey
from telethon.extensions import BinaryReader
from telethon.network.mtprotostate import MTProtoState
from telethon.tl import functions, types
from telethon.tl.core import GzipPacked, MessageContainer
from telethon.tl.tlobject import TLRequest

from sandbox.telegram_mtproto.faults import DropConnection
from sandbox.telegram_mtproto.handshake import KeyExchange, ServerKey

_RPC_RESULT = struct.pack("<I", 0xF35C6D01)
_VECTOR = struct.pack("<I", 0x1CB5C415)
_BOOLEANS = {True: struct.pack("<I", 0x997275B5), False: struct.pack("<I", 0xBC799737)}
_UNKNOWN_AUTH_KEY = struct.pack("<i", -404)
_GZIP_FROM_BYTES = 1024


def serialised(answer: Any) -> bytes:
    """TL bytes of an object, a boolean, or a list of objects or numbers."""
    if isinstance(answer, bool):
        return _BOOLEANS[answer]
    if isinstance(answer, list):
        items = b"".join(struct.pack("<i", item) if isinstance(item, int) else bytes(item) for item in answer)
        return _VECTOR + struct.pack("<i", len(answer)) + items
    return bytes(answer)


@dataclass(eq=False)
class Auth:
    """An auth key and who signed in with it; `half_signed_in` still owes the password."""

    dc_id: int
    key: AuthKey
    user_id: int | None = None
    half_signed_in: int | None = None


class Session:
    """One client session under an auth key; outlives its connections."""

    def __init__(self, auth: Auth, session_id: int, salt: int) -> None:
        self.auth = auth
        self.id = session_id
        self.salt = salt
        self.connection: Connection | None = None
        self.wants_updates = False
        self.announced = False
        self._last_message_id = 0
        self._sequence = 0

    def next_message_id(self, *, reply: bool) -> int:
        """Odd, ever rising, in step with the clock: anything else a client drops unread."""
        message_id = int(time.time() * 2**32) & ~3 | (1 if reply else 3)
        while message_id <= self._last_message_id:
            message_id += 4
        self._last_message_id = message_id
        return message_id

    def send(self, body: bytes, *, reply: bool = False) -> None:
        """Encrypt and send; dropped where the client is away, as a real server's push is."""
        if self.connection is None:
            return
        self._sequence += 2
        head = struct.pack(
            "<qqqii", self.salt, self.id, self.next_message_id(reply=reply), self._sequence - 1, len(body)
        )
        data = head + body
        data += os.urandom(-(len(data) + 12) % 16 + 12)
        key = self.auth.key.key
        message_key = sha256(key[96:128] + data).digest()[8:24]
        cipher = MTProtoState._calc_key(key, message_key, False)
        key_id = struct.pack("<Q", self.auth.key.key_id)
        self.connection.write(key_id + message_key + AES.encrypt_ige(data, *cipher))


Answer = Callable[[Session, Any], Awaitable[Any]]
"""What the data centre says to one request of one session: a TL object, a list or a boolean."""


@dataclass
class Exchange:
    """What the connections of one data centre share."""

    dc_id: int
    server_key: ServerKey
    answer: Answer
    auths: dict[int, Auth]
    sessions: dict[tuple[int, int], Session]
    salt: int
    on_new_auth: Callable[[Auth], None]


class Connection:
    """One TCP connection of a client."""

    def __init__(self, shared: Exchange, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._shared = shared
        self._reader = reader
        self._writer = writer
        self._sent = 0
        self._key_exchange = KeyExchange(shared.server_key)
        self._answering: set[asyncio.Task[None]] = set()

    def write(self, payload: bytes) -> None:
        packet = struct.pack("<ii", len(payload) + 12, self._sent) + payload
        self._sent += 1
        if not self._writer.is_closing():
            self._writer.write(packet + struct.pack("<I", crc32(packet)))

    def abort(self) -> None:
        """Reset the connection, as a broken network does."""
        self._writer.transport.abort()

    async def serve(self) -> None:
        """Read packets until the client goes; raises what the stream raises, ValueError for broken packets."""
        try:
            while True:
                await self._take(await self._read())
        finally:
            for task in self._answering:
                task.cancel()
            self._writer.close()
            for session in self._shared.sessions.values():
                if session.connection is self:
                    session.connection = None

    async def _read(self) -> bytes:
        head = await self._reader.readexactly(8)
        length, _ = struct.unpack("<ii", head)
        rest = await self._reader.readexactly(length - 8)
        if crc32(head + rest[:-4]) != struct.unpack("<I", rest[-4:])[0]:
            raise ValueError("packet with a wrong checksum")
        return rest[:-4]

    async def _take(self, packet: bytes) -> None:
        (key_id,) = struct.unpack("<Q", packet[:8])
        if key_id == 0:
            self._take_plain(packet)
        elif key_id in self._shared.auths:
            self._take_encrypted(self._shared.auths[key_id], packet)
        else:
            self.write(_UNKNOWN_AUTH_KEY)

    def _take_plain(self, packet: bytes) -> None:
        (length,) = struct.unpack("<i", packet[16:20])
        body = self._key_exchange.answer(BinaryReader(packet[20 : 20 + length]).tgread_object())
        if self._key_exchange.auth_key is not None:
            auth = Auth(self._shared.dc_id, self._key_exchange.auth_key)
            self._shared.auths[auth.key.key_id] = auth
            self._shared.on_new_auth(auth)
            self._key_exchange = KeyExchange(self._shared.server_key)
        self.write(struct.pack("<qqi", 0, int(time.time() * 2**32) & ~3 | 1, len(body)) + body)

    def _take_encrypted(self, auth: Auth, packet: bytes) -> None:
        key, message_key = auth.key.key, packet[8:24]
        plain = AES.decrypt_ige(packet[24:], *MTProtoState._calc_key(key, message_key, True))
        if sha256(key[88:120] + plain).digest()[8:24] != message_key:
            raise ValueError("packet with a wrong message key")
        salt, session_id, message_id, sequence, length = struct.unpack("<qqqii", plain[:32])
        session = self._session(auth, session_id)
        # A client's first packet carries the salt 0, and after a restart an old one: it is told and asks again.
        if salt != self._shared.salt:
            session.salt = self._shared.salt
            session.send(bytes(types.BadServerSalt(message_id, sequence, 48, session.salt)), reply=True)
            return
        if not session.announced:
            session.announced = True
            unique = int.from_bytes(os.urandom(7), "big")
            session.send(bytes(types.NewSessionCreated(message_id, unique, session.salt)))
        self._take_message(session, message_id, BinaryReader(plain[32 : 32 + length]).tgread_object())

    def _session(self, auth: Auth, session_id: int) -> Session:
        key = (auth.key.key_id, session_id)
        session = self._shared.sessions.get(key)
        if session is None:
            session = self._shared.sessions[key] = Session(auth, session_id, self._shared.salt)
        session.connection = self
        return session

    def _take_message(self, session: Session, message_id: int, message: Any) -> None:
        if isinstance(message, GzipPacked):
            message = BinaryReader(message.data).tgread_object()
        if isinstance(message, MessageContainer):
            for inner in message.messages:
                self._take_message(session, inner.msg_id, inner.obj)
        elif isinstance(message, functions.PingRequest | functions.PingDelayDisconnectRequest):
            session.send(bytes(types.Pong(message_id, message.ping_id)), reply=True)
        elif isinstance(message, TLRequest):
            task = asyncio.create_task(self._answer(session, message_id, message))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def _answer(self, session: Session, message_id: int, request: Any) -> None:
        try:
            body = serialised(await self._shared.answer(session, request))
        except DropConnection:
            self.abort()
            return
        if len(body) > _GZIP_FROM_BYTES:
            body = bytes(GzipPacked(body))
        session.send(_RPC_RESULT + struct.pack("<q", message_id) + body, reply=True)
