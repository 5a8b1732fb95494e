"""Everything that the database holds, into one file and back, by PostgreSQL's own tools."""

import asyncio
import os
import subprocess
from pathlib import Path

from app.embedded_postgres import binaries
from db import addresses, migrate

STDERR_SHOWN = 800


class BackupFailed(Exception):
    """The message says what to do."""


def write(url: str, file: Path) -> int:
    """Back the database up while everything runs; its size in bytes. An older file stays until the new one is whole."""
    partial = file.with_name(f"{file.name}.partial")
    partial.touch(mode=0o600)
    _run("pg_dump", url, "--format=custom", "--compress=6", f"--file={partial}")
    partial.replace(file)
    return file.stat().st_size


def read(url: str, file: Path) -> None:
    """Restore into an empty database, then bring it to this version. Raises BackupFailed for one that is in use."""
    if asyncio.run(migrate.version(url)) is not None:
        raise BackupFailed(
            "The database is not empty, and a restore overwrites nothing. "
            "Point DATABASE_URL or DATA_FOLDER to an empty one."
        )
    asyncio.run(migrate.make_roles(url))
    _run("pg_restore", url, "--no-owner", "--exit-on-error", "--single-transaction", str(file))
    asyncio.run(migrate.upgrade(url))


def _run(tool: str, url: str, *options: str) -> None:
    # Through the environment: a password on the command line can be read by everybody on the machine.
    address = addresses.for_tools(url)
    environment = os.environ | address
    command = [str(binaries() / tool), f"--dbname={address['PGDATABASE']}", *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BackupFailed(f"{tool} failed: {done.stderr.strip()[-STDERR_SHOWN:]}")
