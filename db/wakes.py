"""LISTEN: being woken when another process committed something. A wake is only a hint; who waits also polls."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from typing import Any

import asyncpg

log = logging.getLogger(__name__)

CHECK_SECONDS = 5.0
RECONNECT_SECONDS = 1.0

Heard = Callable[[str], None]
"""called with the notification's payload"""


def plain_url(url: str) -> str:
    """The database's address as asyncpg takes it, from SQLAlchemy's."""
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)


async def listen(url: str, heard: Mapping[str, Heard], *, stop: asyncio.Event) -> None:
    """Call back for each notification until `stop`; reconnects, and then calls each once for what was missed."""
    while not stop.is_set():
        try:
            await _listen_once(url, heard, stop)
        except (
            OSError,
            TimeoutError,
            asyncpg.PostgresError,
            asyncpg.InterfaceError,
            asyncpg.InternalClientError,
        ) as error:
            log.warning("listening broke off (%s), again in %s s", type(error).__name__, RECONNECT_SECONDS)
            await wait(stop, RECONNECT_SECONDS)


async def wait(event: asyncio.Event, seconds: float) -> bool:
    """Whether the event came within so many seconds."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()


async def _listen_once(url: str, heard: Mapping[str, Heard], stop: asyncio.Event) -> None:
    connection = await asyncpg.connect(plain_url(url))
    try:
        for channel, call in heard.items():
            await connection.add_listener(channel, _relay(call))
            call("")
        while not await wait(stop, CHECK_SECONDS):
            await connection.execute("SELECT 1", timeout=CHECK_SECONDS)
    finally:
        connection.terminate()


def _relay(call: Heard) -> Callable[..., None]:
    def relay(_connection: Any, _pid: int, _channel: str, payload: str) -> None:
        call(payload)

    return relay
