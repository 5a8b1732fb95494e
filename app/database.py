"""Which database: a server named by DATABASE_URL, or the one that comes with Platon."""

import asyncio
import contextlib
from collections.abc import Iterator

from app.embedded_postgres import EmbeddedPostgres
from app.settings import Settings
from db import migrate

NAME = "platon"


class DatabaseNotReady(Exception):
    """It was not migrated to this version; the message says what to do."""


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[str]:
    """SQLAlchemy's address of the database, which runs as long as the block. Not from within an event loop."""
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    with EmbeddedPostgres(settings.data_folder / "postgres") as server:
        server.create_database(NAME)
        yield server.url(NAME)


def check(url: str) -> None:
    """Raises DatabaseNotReady unless the tables are this version's."""
    version = asyncio.run(migrate.version(url))
    if version != migrate.newest():
        raise DatabaseNotReady(
            f"The database is at version {version or 'none'}, this Platon needs {migrate.newest()}: "
            "run `platon migrate`."
        )
