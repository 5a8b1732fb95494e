import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from app.embedded_postgres import EmbeddedPostgres
from app.settings import PROJECT

USE = """
import sys, time
from pathlib import Path
from app.embedded_postgres import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1]), durable=False):
    print("ready", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def root() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="platon-pg-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def answer(server: EmbeddedPostgres, sql: str) -> object:
    async def ask() -> object:
        connection = await asyncpg.connect(host=str(server.socket_folder), user="postgres", database="platon")
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(ask())


class TestEmbeddedPostgres:
    def test_keeps_what_was_written_and_stops_with_its_last_user(self, root: Path) -> None:
        with EmbeddedPostgres(root, durable=False) as first:
            first.create_database("platon")
            with EmbeddedPostgres(root, durable=False) as second:
                answer(second, "CREATE TABLE kept AS SELECT 42 AS number")
            assert first.pid() is not None
            assert first.socket_folder.stat().st_mode & 0o777 == 0o700, "nobody else may be its superuser"
        assert first.pid() is None
        with EmbeddedPostgres(root, durable=False) as again:
            assert answer(again, "SELECT number FROM kept") == 42
            assert answer(again, "SELECT lower('ЁЖ')") == "ёж"

    def test_survives_the_death_of_a_user_and_of_the_server(self, root: Path) -> None:
        user = subprocess.Popen(
            [sys.executable, "-c", USE, str(root)], cwd=PROJECT, stdout=subprocess.PIPE, start_new_session=True
        )
        assert user.stdout is not None
        assert user.stdout.readline() == b"ready\n"
        user.kill()
        user.wait()
        user.stdout.close()
        server = EmbeddedPostgres(root, durable=False)
        killed = server.pid()
        assert killed is not None, "the server outlives a killed user"
        os.kill(killed, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while server.pid() is not None and time.monotonic() < deadline:
            time.sleep(0.05)
        with server:
            server.create_database("platon")
            assert answer(server, "SELECT 1") == 1
        assert server.pid() is None
