"""What a person is in the middle of, kept in PostgreSQL so that a restart or a second replica goes on from there."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseEventIsolation, BaseStorage, StateType, StorageKey

UPDATES_AT_ONCE = 16
"""handlers that run side by side, each with a connection for its lock; others wait for one"""

GET_STATE = """
    SELECT state FROM dialog_states
    WHERE bot_id = $1 AND chat_id = $2 AND user_id = $3
      AND thread_id = $4 AND business_connection_id = $5 AND destiny = $6"""
GET_DATA = """
    SELECT data::text FROM dialog_states
    WHERE bot_id = $1 AND chat_id = $2 AND user_id = $3
      AND thread_id = $4 AND business_connection_id = $5 AND destiny = $6"""
FORGET = """
    DELETE FROM dialog_states
    WHERE bot_id = $1 AND chat_id = $2 AND user_id = $3
      AND thread_id = $4 AND business_connection_id = $5 AND destiny = $6
      AND state IS NULL AND data = '{}'::jsonb"""
PUT_STATE = """
    INSERT INTO dialog_states (bot_id, chat_id, user_id, thread_id, business_connection_id, destiny, state)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (bot_id, chat_id, user_id, thread_id, business_connection_id, destiny)
    DO UPDATE SET updated_at = now(), state = excluded.state"""
PUT_DATA = """
    INSERT INTO dialog_states (bot_id, chat_id, user_id, thread_id, business_connection_id, destiny, data)
    VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb)
    ON CONFLICT (bot_id, chat_id, user_id, thread_id, business_connection_id, destiny)
    DO UPDATE SET updated_at = now(), data = excluded.data"""
MERGE_DATA = """
    INSERT INTO dialog_states (bot_id, chat_id, user_id, thread_id, business_connection_id, destiny, data)
    VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb)
    ON CONFLICT (bot_id, chat_id, user_id, thread_id, business_connection_id, destiny)
    DO UPDATE SET updated_at = now(), data = dialog_states.data || excluded.data
    RETURNING data::text"""
LOCK = "SELECT pg_advisory_lock(hashtextextended($1, 7526002))"
UNLOCK = "SELECT pg_advisory_unlock(hashtextextended($1, 7526002))"


def _parts(key: StorageKey) -> tuple[int, int, int, int, str, str]:
    return (
        key.bot_id,
        key.chat_id,
        key.user_id,
        key.thread_id or 0,
        key.business_connection_id or "",
        key.destiny,
    )


class DialogStorage(BaseStorage):
    """aiogram's storage in the table `dialog_states`. A row with neither state nor data is removed."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        name = state.state if isinstance(state, State) else state
        await self._pool.execute(PUT_STATE, *_parts(key), name)
        if name is None:
            await self._pool.execute(FORGET, *_parts(key))

    async def get_state(self, key: StorageKey) -> str | None:
        state: str | None = await self._pool.fetchval(GET_STATE, *_parts(key))
        return state

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        await self._pool.execute(PUT_DATA, *_parts(key), json.dumps(dict(data), ensure_ascii=False))
        if not data:
            await self._pool.execute(FORGET, *_parts(key))

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        found = await self._pool.fetchval(GET_DATA, *_parts(key))
        return dict(json.loads(found)) if found else {}

    async def update_data(self, key: StorageKey, data: Mapping[str, Any]) -> dict[str, Any]:
        """Merge in one statement."""
        merged = await self._pool.fetchval(MERGE_DATA, *_parts(key), json.dumps(dict(data), ensure_ascii=False))
        return dict(json.loads(merged))

    async def close(self) -> None:
        """The pool is closed by whoever opened it."""


@dataclass
class _Queue:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    length: int = 0


class OneAtATime(BaseEventIsolation):
    """Updates of one person in one chat are handled one after another, over every replica.

    The lock is an advisory one of a connection held while a handler runs. Only the first of a person's updates asks
    for it, the others of this process wait in line here: a flood from one person takes one connection.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._queues: dict[str, _Queue] = {}

    @asynccontextmanager
    async def lock(self, key: StorageKey) -> AsyncGenerator[None, None]:
        name = repr(_parts(key))
        queue = self._queues.setdefault(name, _Queue())
        queue.length += 1
        try:
            async with queue.lock, self._pool.acquire() as connection:
                await connection.execute(LOCK, name)
                try:
                    yield None
                finally:
                    await connection.execute(UNLOCK, name)
        finally:
            queue.length -= 1
            if not queue.length:
                del self._queues[name]

    async def close(self) -> None:
        """The pool is closed by whoever opened it."""


@dataclass(frozen=True)
class Memory:
    storage: DialogStorage
    isolation: OneAtATime


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Memory]:
    """Storage and isolation over pools of their own. `url` is SQLAlchemy's or asyncpg's.

    Two pools, because a handler that holds a lock reads and writes states: out of one pool all locks could starve it.
    """
    address = url.replace("postgresql+asyncpg://", "postgresql://", 1)
    async with (
        asyncpg.create_pool(address, min_size=1, max_size=5) as states,
        asyncpg.create_pool(address, min_size=1, max_size=UPDATES_AT_ONCE) as locks,
    ):
        yield Memory(DialogStorage(states), OneAtATime(locks))
