"""Bring a database to this version's tables, one migrator at a time."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from db.roles import ROLES

T = TypeVar("T")

LOCK_KEY = 7_526_001
WAIT_FOR_OTHERS = "60s"
PER_STATEMENT = "300s"


class DatabaseIsNewer(Exception):
    """The database was migrated by a newer Platon than this one."""


def config(connection: Connection | None = None) -> Config:
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    made.attributes["connection"] = connection
    return made


def newest() -> str:
    head = ScriptDirectory.from_config(config()).get_current_head()
    assert head is not None  # noqa: S101  there is always a first migration
    return head


async def version(url: str) -> str | None:
    """The database's revision; None where nothing was ever migrated."""
    return await _with_connection(url, _current)


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


async def upgrade(url: str, revision: str = "head") -> bool:
    """Returns whether anything was changed. Raises DatabaseIsNewer for a revision unknown to this code."""

    def run(connection: Connection) -> bool:
        before = _current(connection)
        known = {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}
        if before is not None and before not in known:
            raise DatabaseIsNewer(before)
        connection.commit()
        command.upgrade(config(connection), revision)
        return _current(connection) != before

    return await _with_connection(url, run)


async def make_roles(url: str) -> None:
    """The roles that the tables' policies name: a restore needs them before the tables."""
    await _with_connection(url, lambda connection: connection.execute(text(ROLES)))


async def downgrade(url: str, revision: str = "base") -> None:
    await _with_connection(url, lambda connection: command.downgrade(config(connection), revision))


async def difference(url: str) -> list[object]:
    """What autogenerate would still change: empty when tables and models agree."""
    from alembic.autogenerate import compare_metadata

    from db.base import Base
    from db.models import Alert

    assert Alert.metadata is Base.metadata  # noqa: S101  importing a table fills the metadata
    return await _with_connection(
        url, lambda connection: list(compare_metadata(MigrationContext.configure(connection), Base.metadata))
    )


async def _with_connection(url: str, run: Callable[[Connection], T]) -> T:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            await connection.execute(
                text(
                    "SELECT set_config('lock_timeout', :lock, false),"
                    " set_config('statement_timeout', :statement, false)"
                ),
                {"lock": WAIT_FOR_OTHERS, "statement": PER_STATEMENT},
            )
            await connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK_KEY})
            await connection.commit()
            result = await connection.run_sync(run)
            await connection.commit()
            return result
    finally:
        await engine.dispose()
