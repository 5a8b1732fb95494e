"""One at a time: whoever holds an advisory lock of the database works, the others stand by."""

import asyncio
import logging
import zlib
from collections.abc import Awaitable, Callable

import asyncpg

from db.wakes import plain_url, wait

log = logging.getLogger(__name__)

STAND_BY_SECONDS = 1.0
ANSWER_SECONDS = 3.0
NAMESPACE = 0x706C6174
"""keeps our locks apart from other users of the same database"""

Work = Callable[[asyncio.Event], Awaitable[None]]
"""runs until its event is set"""


async def lead(url: str, name: str, work: Work, *, stop: asyncio.Event) -> None:
    """Stand by for the office `name` until `stop`; while in office, work.

    The lock lives with a connection of its own: when that is lost, the work is told to stop, for another may have
    taken over. Work that ends with an error is logged and begun again by whoever is elected next.
    """
    while not stop.is_set():
        try:
            connection = await asyncpg.connect(plain_url(url))
        except (OSError, TimeoutError, asyncpg.PostgresError) as error:
            log.warning("%s: no database to be elected by (%s)", name, type(error).__name__)
            await wait(stop, STAND_BY_SECONDS)
            continue
        try:
            await _stand(connection, name, work, stop)
        except (
            OSError,
            TimeoutError,
            asyncpg.PostgresError,
            asyncpg.InterfaceError,
            asyncpg.InternalClientError,
        ) as error:
            log.warning("%s: stepped down (%s)", name, type(error).__name__)
            await wait(stop, STAND_BY_SECONDS)
        finally:
            connection.terminate()


async def _stand(connection: asyncpg.Connection, name: str, work: Work, stop: asyncio.Event) -> None:
    key = zlib.crc32(name.encode()) - 2**31
    while not await connection.fetchval("SELECT pg_try_advisory_lock($1, $2)", NAMESPACE, key, timeout=ANSWER_SECONDS):
        if await wait(stop, STAND_BY_SECONDS):
            return
    log.info("%s: elected", name)
    resign = asyncio.Event()
    working = asyncio.ensure_future(work(resign))
    try:
        await _hold(connection, working, stop)
    finally:
        resign.set()
        await asyncio.wait({working})
        if (error := working.exception()) is not None:
            log.error("%s: ended with an error", name, exc_info=error)
    if not stop.is_set():
        await wait(stop, STAND_BY_SECONDS)


async def _hold(connection: asyncpg.Connection, working: asyncio.Future[None], stop: asyncio.Event) -> None:
    """Until the work ends, `stop` comes, or the connection proves lost (that raises)."""
    stopping = asyncio.ensure_future(stop.wait())
    try:
        while not stop.is_set() and not working.done():
            await connection.execute("SELECT 1", timeout=ANSWER_SECONDS)
            await asyncio.wait((working, stopping), timeout=STAND_BY_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
