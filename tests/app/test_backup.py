from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import func, select

from app import backup
from app.embedded_postgres import EmbeddedPostgres
from db import migrate
from db.models import Post, Source
from db.session import Sessions
from tests import make


@pytest.fixture
async def empty(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    admin = await asyncpg.connect(host=str(postgres.socket_folder), user="postgres", database="postgres")
    await admin.execute("CREATE DATABASE restored TEMPLATE template0 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'")
    yield postgres.url("restored")
    await admin.execute("DROP DATABASE restored WITH (FORCE)")
    await admin.close()


async def run(action: object, *given: object) -> None:
    """As the command does: from outside of an event loop."""
    import asyncio

    assert callable(action)
    await asyncio.to_thread(action, *given)


class TestBackup:
    async def test_a_restored_database_holds_the_same_rows_and_rules(
        self, sessions: Sessions, database_url: str, empty: str, tmp_path: Path
    ) -> None:
        async with sessions.of_system() as session:
            mine, other = await make.company(session), await make.company(session)
            secret = await make.source(session, other, channel_id=77, cursor=41)
            await make.post(session, secret, text="секрет другой компании")
        await run(backup.write, database_url, tmp_path / "platon.dump")
        assert (tmp_path / "platon.dump").stat().st_mode & 0o077 == 0
        await run(backup.read, empty, tmp_path / "platon.dump")

        assert await migrate.difference(empty) == []
        restored = Sessions(empty)
        try:
            async with restored.of_system() as session:
                source = (await session.scalars(select(Source))).one()
                post = (await session.scalars(select(Post))).one()
                assert (source.cursor, post.text) == (41, "секрет другой компании")
            async with restored.of_company(mine.id) as session:
                assert await session.scalar(select(func.count()).select_from(Post)) == 0, "the policies are there too"
        finally:
            await restored.close()

    async def test_a_database_in_use_is_not_overwritten(
        self, sessions: Sessions, database_url: str, tmp_path: Path
    ) -> None:
        await run(backup.write, database_url, tmp_path / "platon.dump")
        with pytest.raises(backup.BackupFailed, match="not empty"):
            await run(backup.read, database_url, tmp_path / "platon.dump")

    async def test_a_file_that_is_no_backup_is_refused_with_the_tools_words(self, empty: str, tmp_path: Path) -> None:
        (tmp_path / "other.dump").write_text("nothing", encoding="utf-8")
        with pytest.raises(backup.BackupFailed, match="pg_restore failed"):
            await run(backup.read, empty, tmp_path / "other.dump")
