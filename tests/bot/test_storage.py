"""Dialog states in PostgreSQL, and one update of a person at a time."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from aiogram.fsm.storage.base import StorageKey

from bot import storage
from bot.states import Ask
from bot.storage import Memory

KEY = StorageKey(bot_id=42, chat_id=1, user_id=1)
OTHER = StorageKey(bot_id=42, chat_id=2, user_id=2)


@pytest.fixture
async def memory(database_url: str) -> AsyncIterator[Memory]:
    async with storage.opened(database_url) as opened:
        yield opened


async def rows(database_url: str) -> int:
    connection = await asyncpg.connect(database_url.replace("postgresql+asyncpg://", "postgresql://"))
    count: int = await connection.fetchval("SELECT count(*) FROM dialog_states")
    await connection.close()
    return count


class TestDialogStorage:
    async def test_keeps_state_and_data_apart_by_person_and_destiny(self, memory: Memory) -> None:
        kept = memory.storage
        destiny = StorageKey(bot_id=42, chat_id=1, user_id=1, destiny="aiogd:stack:")
        await kept.set_state(KEY, Ask.email)
        await kept.set_data(KEY, {"город": "Казань", "числа": [1, 2]})
        await kept.set_data(destiny, {"intents": []})
        assert await kept.get_state(KEY) == "Ask:email"
        assert await kept.get_data(KEY) == {"город": "Казань", "числа": [1, 2]}
        assert await kept.get_data(destiny) == {"intents": []}
        assert await kept.get_state(OTHER) is None
        assert await kept.get_data(OTHER) == {}

    async def test_merges(self, memory: Memory) -> None:
        await memory.storage.update_data(KEY, {"a": 1, "b": 1})
        assert await memory.storage.update_data(KEY, {"b": 2}) == {"a": 1, "b": 2}
        assert await memory.storage.get_data(KEY) == {"a": 1, "b": 2}

    async def test_leaves_no_row_behind_when_all_is_over(self, memory: Memory, database_url: str) -> None:
        await memory.storage.set_state(KEY, Ask.email)
        await memory.storage.set_data(KEY, {"a": 1})
        await memory.storage.set_state(KEY, None)
        assert await rows(database_url) == 1
        await memory.storage.set_data(KEY, {})
        assert await rows(database_url) == 0

    async def test_another_process_goes_on_from_there(self, memory: Memory, database_url: str) -> None:
        await memory.storage.set_state(KEY, Ask.timezone)
        async with storage.opened(database_url) as other:
            assert await other.storage.get_state(KEY) == "Ask:timezone"


class TestOneAtATime:
    async def test_two_replicas_take_turns_with_one_person(self, memory: Memory, database_url: str) -> None:
        order: list[str] = []
        entered, leave = asyncio.Event(), asyncio.Event()

        async def first() -> None:
            async with memory.isolation.lock(KEY):
                entered.set()
                await leave.wait()
                order.append("first")

        async with storage.opened(database_url) as other:

            async def second() -> None:
                await entered.wait()
                async with other.isolation.lock(KEY):
                    order.append("second")

            both = asyncio.gather(first(), second())
            await entered.wait()
            async with other.isolation.lock(OTHER):
                order.append("somebody else")
            leave.set()
            await both
        assert order == ["somebody else", "first", "second"]

    async def test_a_flood_from_one_person_leaves_room_for_another(self, memory: Memory) -> None:
        leave, entered = asyncio.Event(), asyncio.Event()

        async def hold() -> None:
            async with memory.isolation.lock(KEY):
                entered.set()
                await leave.wait()

        flood = asyncio.gather(*(hold() for _ in range(3 * storage.UPDATES_AT_ONCE)))
        await entered.wait()
        async with asyncio.timeout(20), memory.isolation.lock(OTHER):
            await memory.storage.set_data(OTHER, {"got": "through"})
        leave.set()
        await flood

    async def test_an_error_inside_frees_the_lock(self, memory: Memory) -> None:
        with pytest.raises(ValueError, match="inside"):
            async with memory.isolation.lock(KEY):
                raise ValueError("inside")
        async with asyncio.timeout(20), memory.isolation.lock(KEY):
            pass
