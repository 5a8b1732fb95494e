"""A Telethon session that lives in PostgreSQL, so that an account goes on wherever the collector starts."""

import warnings
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from telethon import utils
from telethon.crypto import AuthKey
from telethon.sessions import MemorySession
from telethon.tl import types

from crm import telegram_accounts
from crm.telegram_accounts import KnownEntity, MtprotoSession, UpdateState
from db.session import Sessions

# It is, and has a test of its own here.
warnings.filterwarnings("ignore", message="Using async sessions support is an experimental feature")

_INPUT_PEERS = (types.InputPeerUser, types.InputPeerChat, types.InputPeerChannel, types.InputPeerSelf)


class PostgresSession(MemorySession):
    """Telethon awaits what a session's methods return, so they may go to the database.

    Update states are written when Telethon saves (each minute and at the end), entities when they are new.
    """

    def __init__(self, sessions: Sessions, account_id: int, encryption_key: bytes) -> None:
        super().__init__()
        self._sessions = sessions
        self._account_id = account_id
        self._key = encryption_key
        self._saved = MtprotoSession()
        self._remembered: dict[int, KnownEntity] = {}
        self._unsaved: dict[int, UpdateState] = {}

    @classmethod
    async def open(cls, sessions: Sessions, account_id: int, encryption_key: bytes) -> "PostgresSession":
        """Raises NotFound, WrongEncryptionKey."""
        opened = cls(sessions, account_id, encryption_key)
        async with sessions.of_system() as session:
            kept = await telegram_accounts.load_session(session, account_id, encryption_key)
        opened.set_dc(kept.dc_id, kept.server_address, kept.port)
        opened._auth_key = AuthKey(kept.auth_key) if kept.auth_key else None
        opened._takeout_id = kept.takeout_id
        opened._saved = kept
        return opened

    def clone(self, to_instance: Any = None) -> MemorySession:
        """For a connection to another data centre, which needs no memory."""
        return MemorySession()

    async def save(self) -> None:
        now = MtprotoSession(
            self._dc_id,
            self._server_address,
            self._port,
            self._auth_key.key if self._auth_key else None,
            self._takeout_id,
        )
        states = list(self._unsaved.values())
        self._unsaved.clear()
        async with self._sessions.of_system() as session:
            if now != self._saved:
                await telegram_accounts.save_session(session, self._account_id, now, self._key)
            await telegram_accounts.save_update_states(session, self._account_id, states)
        self._saved = now

    async def close(self) -> None:
        await self.save()

    async def delete(self) -> None:
        async with self._sessions.of_system() as session:
            await telegram_accounts.forget_session(session, self._account_id)

    def set_update_state(self, entity_id: int, state: Any) -> None:
        date: datetime = state.date if state.date.tzinfo else state.date.astimezone()
        self._unsaved[entity_id] = UpdateState(entity_id, state.pts, state.qts, date, state.seq)

    async def get_update_state(self, entity_id: int) -> Any:
        return dict(await self.get_update_states()).get(entity_id)

    async def get_update_states(self) -> list[tuple[int, Any]]:
        async with self._sessions.of_system() as session:
            kept = await telegram_accounts.update_states(session, self._account_id)
        return [
            (state.entity_id, types.updates.State(state.pts, state.qts, state.date, state.seq, unread_count=0))
            for state in kept
        ]

    async def process_entities(self, tlo: Any) -> None:
        told = (_entity(row) for row in self._entities_to_rows(tlo))
        new = {entity.entity_id: entity for entity in told if self._remembered.get(entity.entity_id) != entity}
        if new:
            async with self._sessions.of_system() as session:
                await telegram_accounts.remember_entities(session, self._account_id, new)
            self._remembered.update(new)

    async def get_input_entity(self, key: Any) -> Any:
        """Raises ValueError for what this account never met."""
        if isinstance(key, _INPUT_PEERS):
            return key
        async with self._sessions.of_system() as session:
            found = await telegram_accounts.find_entities(
                session, self._account_id, ids=_marked_ids(key), name=key if isinstance(key, str) else None
            )
        # MemorySession knows how to choose among the rows it holds.
        self._entities = {
            (known.entity_id, known.access_hash, known.username, known.phone and str(known.phone), known.name)
            for known in found
        }
        return MemorySession.get_input_entity(self, key)


def _entity(row: Iterable[Any]) -> KnownEntity:
    entity_id, access_hash, username, phone, name = row
    return KnownEntity(entity_id, access_hash, username, int(phone) if phone else None, name)


def _marked_ids(key: Any) -> list[int]:
    if isinstance(key, int):
        bare = abs(key)
        return [key, utils.get_peer_id(types.PeerChat(bare)), utils.get_peer_id(types.PeerChannel(bare))]
    try:
        return [utils.get_peer_id(key)]
    except TypeError:
        return []
