import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from telethon import TelegramClient, events
from telethon.sessions import StringSession

from sandbox.telegram_mtproto import Cloud

COLLECTOR = 777
GUARDED = 778
PUBLIC = 1001
CLOSED = 1002


async def make_cloud(state_dir: Path | None = None) -> Cloud:
    cloud = Cloud(state_dir)
    cloud.add_user(COLLECTOR, "+79990000001", "Сборщик")
    cloud.add_user(GUARDED, "+79990000002", "Осторожный", password="пароль42")
    history = [f"Пост {number}" for number in range(1, 251)]
    cloud.add_channel(PUBLIC, "Вакансии Москва", username="vacancies_msk", about="Только заявки", history=history)
    cloud.add_channel(CLOSED, "Закрытый", invite="AbCdEf", history=["секрет"])
    cloud.join(COLLECTOR, PUBLIC)
    await cloud.start()
    return cloud


@pytest.fixture
async def cloud() -> AsyncIterator[Cloud]:
    cloud = await make_cloud()
    yield cloud
    await cloud.stop()


class Clients:
    """Makes real Telethon clients and disconnects them at the end of the test."""

    def __init__(self) -> None:
        self._made: list[Any] = []

    def new(self, cloud: Cloud, session: Any = None, *, dc_id: int = 2, **options: Any) -> Any:
        """A client that is not connected yet."""
        if session is None:
            session = StringSession()
            session.set_dc(dc_id, cloud.dcs[dc_id].host, cloud.dcs[dc_id].port)
        options = {"connection_retries": 3, "retry_delay": 0, "timeout": 5, **options}
        client = TelegramClient(session, 1, "x" * 32, **options)
        self._made.append(client)
        return client

    async def signed_in(self, cloud: Cloud, user_id: int = COLLECTOR, **options: Any) -> Any:
        """A connected client with a ready session."""
        session = StringSession()
        session.set_dc(*cloud.server_address())
        session.auth_key = cloud.signed_in_key(user_id)
        client = self.new(cloud, session, **options)
        await client.connect()
        return client

    async def disconnect(self, client: Any) -> None:
        self._made.remove(client)
        await client.disconnect()

    async def close(self) -> None:
        for client in list(self._made):
            await self.disconnect(client)


@pytest.fixture
async def clients(cloud: Cloud) -> AsyncIterator[Clients]:
    clients = Clients()
    yield clients
    await clients.close()


class Heard:
    """What a client's event handlers were told, in order."""

    def __init__(self, client: Any) -> None:
        self.told: list[tuple[Any, ...]] = []
        self._changed = asyncio.Event()
        client.add_event_handler(self._new, events.NewMessage())
        client.add_event_handler(self._edited, events.MessageEdited())
        client.add_event_handler(self._deleted, events.MessageDeleted())

    async def until(self, count: int) -> list[tuple[Any, ...]]:
        """Wait until this many were told; raises TimeoutError after 10 seconds."""
        async with asyncio.timeout(10):
            while len(self.told) < count:
                self._changed.clear()
                await self._changed.wait()
        return self.told

    def _add(self, *fact: Any) -> None:
        self.told.append(fact)
        self._changed.set()

    async def _new(self, event: Any) -> None:
        self._add("new", event.message.id, event.raw_text)

    async def _edited(self, event: Any) -> None:
        self._add("edited", event.message.id, event.raw_text)

    async def _deleted(self, event: Any) -> None:
        self._add("deleted", event.chat_id, *event.deleted_ids)
