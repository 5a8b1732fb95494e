from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from telethon import TelegramClient
from telethon.sessions import StringSession

from sandbox.telegram_mtproto import Cloud

COLLECTOR = 777
GUARDED = 778
PUBLIC = 1001
CLOSED = 1002

Connect = Callable[..., Awaitable[Any]]


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

    async def close(self) -> None:
        for client in self._made:
            await client.disconnect()


@pytest.fixture
async def clients(cloud: Cloud) -> AsyncIterator[Clients]:
    clients = Clients()
    yield clients
    await clients.close()
