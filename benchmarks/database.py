"""An empty migrated database on an embedded server of the benchmark's own."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from app.embedded_postgres import EmbeddedPostgres
from db import migrate


@asynccontextmanager
async def empty_database() -> AsyncIterator[str]:
    """Its URL. The server and its files are gone afterwards."""
    root = _folder()
    server = EmbeddedPostgres(root, durable=False)
    try:
        await asyncio.to_thread(server.start)
        await asyncio.to_thread(server.create_database, "benchmark")
        await migrate.upgrade(server.url("benchmark"))
        yield server.url("benchmark")
    finally:
        await asyncio.to_thread(server.stop)
        shutil.rmtree(root, ignore_errors=True)


def _folder() -> Path:
    """In memory where there is room for one."""
    memory = Path("/dev/shm")
    root = Path(tempfile.mkdtemp(prefix="platon-benchmark-", dir=memory if os.access(memory, os.W_OK) else None))
    root.chmod(0o755)
    return root
