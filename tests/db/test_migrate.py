"""Migrations: there and back again, one migrator at a time, and no step back from a newer version."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.embedded_postgres import EmbeddedPostgres
from db import migrate


@pytest.fixture
async def empty(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """A database without a single table."""
    admin = await asyncpg.connect(host=str(postgres.socket_folder), user="postgres", database="postgres")
    await admin.execute("DROP DATABASE IF EXISTS empty_platon WITH (FORCE)")
    await admin.execute(
        "CREATE DATABASE empty_platon TEMPLATE template0 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
    )
    yield postgres.url("empty_platon")
    await admin.execute("DROP DATABASE empty_platon WITH (FORCE)")
    await admin.close()


async def ask(url: str, sql: str) -> object:
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            return (await connection.execute(text(sql))).scalar()
    finally:
        await engine.dispose()


class TestUpgrade:
    async def test_up_down_up_leaves_nothing_behind_and_agrees_with_the_models(self, empty: str) -> None:
        assert await migrate.upgrade(empty)
        assert await migrate.difference(empty) == []
        await migrate.downgrade(empty)
        left = "SELECT count(*) FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE n.nspname = 'public'"
        assert await ask(empty, f"{left} AND relname NOT LIKE 'alembic%'") == 0
        assert await migrate.upgrade(empty)
        assert await migrate.difference(empty) == []

    async def test_a_second_time_changes_nothing(self, database_url: str) -> None:
        assert not await migrate.upgrade(database_url)
        assert await migrate.version(database_url) == migrate.newest()

    async def test_two_migrators_at_once_make_one_set_of_tables(self, empty: str) -> None:
        changed = await asyncio.gather(migrate.upgrade(empty), migrate.upgrade(empty))
        assert sorted(changed) == [False, True]

    async def test_a_database_of_a_newer_version_is_refused_and_left_alone(self, database_url: str) -> None:
        await ask(database_url, "UPDATE alembic_version SET version_num = '9999' RETURNING 1")
        with pytest.raises(migrate.DatabaseIsNewer):
            await migrate.upgrade(database_url)
        assert await migrate.version(database_url) == "9999"

    async def test_a_never_migrated_database_has_no_version(self, empty: str) -> None:
        assert await migrate.version(empty) is None
