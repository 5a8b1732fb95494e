"""What every test may ask for: an empty database of its own, cloned from a migrated template."""

import asyncio
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from app.embedded_postgres import EmbeddedPostgres
from db import migrate
from db.session import Sessions

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """A server in memory where there is room for one; one for each test process."""
    memory = Path("/dev/shm")
    root = Path(tempfile.mkdtemp(prefix="platon-test-", dir=memory if os.access(memory, os.W_OK) else None))
    root.chmod(0o755)
    server = EmbeddedPostgres(root, durable=False, settings={"max_connections": "300"})
    server.start()
    yield server
    server.stop()
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="session")
def template(postgres: EmbeddedPostgres) -> str:
    postgres.create_database("template_platon")
    asyncio.run(migrate.upgrade(postgres.url("template_platon")))
    return "template_platon"


@pytest.fixture
async def database_url(postgres: EmbeddedPostgres, template: str) -> AsyncIterator[str]:
    """A migrated database of the test's own."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    admin = await asyncpg.connect(host=str(postgres.socket_folder), user="postgres", database="postgres")
    await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE {template} STRATEGY file_copy')
    yield postgres.url(name)
    await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.close()


@pytest.fixture
async def sessions(database_url: str) -> AsyncIterator[Sessions]:
    opened = Sessions(database_url)
    yield opened
    await opened.close()
