"""Real processes on a real database; Telegram and the mail server are the sandbox's, in this process."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from app.embedded_postgres import EmbeddedPostgres
from db import migrate
from db.session import Sessions
from tests.prove.poison import Poisoned
from tests.prove.reading import Reading
from tests.prove.telling import Telling

DATABASE = "platon"
Begin = Callable[..., Awaitable[Reading]]
BeginTelling = Callable[..., Awaitable[Telling]]


@pytest.fixture
async def reading(sessions: Sessions, database_url: str, tmp_path: Path) -> AsyncIterator[Begin]:
    """Begins to read so many channels, with a seed."""
    begun: list[Reading] = []

    async def begin(channels: int, seed: int = 1) -> Reading:
        begun.append(Reading(sessions, database_url, tmp_path, seed))
        await begun[0].begin(channels)
        return begun[0]

    yield begin
    for one in begun:
        await one.end()


@pytest.fixture
async def telling(sessions: Sessions, database_url: str, tmp_path: Path) -> AsyncIterator[BeginTelling]:
    """Begins with so many people."""
    begun: list[Telling] = []

    async def begin(people: int, writing: int) -> Telling:
        begun.append(Telling(sessions, database_url, tmp_path))
        await begun[0].begin(people, writing)
        return begun[0]

    yield begin
    for one in begun:
        await one.end()


@pytest.fixture
def own_postgres() -> Iterator[EmbeddedPostgres]:
    """A server of the test's own, which it may restart."""
    with tempfile.TemporaryDirectory(prefix="platon-prove-") as folder:
        Path(folder).chmod(0o755)  # as root the server runs as somebody else
        with EmbeddedPostgres(Path(folder) / "postgres", durable=False) as server:
            yield server


@pytest.fixture
async def telling_on_own_postgres(own_postgres: EmbeddedPostgres, tmp_path: Path) -> AsyncIterator[BeginTelling]:
    """The same on a server that may be restarted."""
    await asyncio.to_thread(own_postgres.create_database, DATABASE)
    await migrate.upgrade(own_postgres.url(DATABASE))
    sessions = Sessions(own_postgres.url(DATABASE))
    begun: list[Telling] = []

    async def begin(people: int, writing: int) -> Telling:
        begun.append(Telling(sessions, own_postgres.url(DATABASE), tmp_path))
        await begun[0].begin(people, writing)
        return begun[0]

    yield begin
    for one in begun:
        await one.end()
    await sessions.close()


@pytest.fixture
async def poisoned(sessions: Sessions, database_url: str, tmp_path: Path) -> AsyncIterator[Poisoned]:
    world = Poisoned(sessions, database_url, tmp_path)
    await world.begin(40)
    yield world
    await world.end()
