"""Processes say that they live, and what they are at."""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from db.base import Json, now
from db.models import Heartbeat
from db.session import Session, Sessions

log = logging.getLogger(__name__)

EVERY_SECONDS = 10.0
RETIRE_SECONDS = 1.0
FORGOTTEN = timedelta(days=1)


@dataclass(frozen=True)
class Process:
    """This process, by the part of Platon that it runs."""

    name: str
    host: str = field(default_factory=socket.gethostname)
    pid: int = field(default_factory=os.getpid)
    started_at: datetime = field(default_factory=now)


@asynccontextmanager
async def beating(sessions: Sessions, name: str, detail: Callable[[], Json]) -> AsyncIterator[None]:
    """Within the block this process says each ten seconds that it lives and what it is at; at the end, that it is gone.

    A database that is away is waited for.
    """
    process = Process(name)
    beats = asyncio.create_task(_beat_on(sessions, process, detail))
    try:
        yield
    finally:
        beats.cancel()
        await asyncio.wait([beats])
        try:
            async with asyncio.timeout(RETIRE_SECONDS), sessions.of_system() as session:
                await retire(session, process)
        except Exception as error:
            log.warning("the last sign of life stays (%s)", type(error).__name__)


async def _beat_on(sessions: Sessions, process: Process, detail: Callable[[], Json]) -> None:
    while True:
        try:
            async with sessions.of_system() as session:
                await beat(session, process, detail())
        except Exception as error:
            log.warning("no sign of life could be given (%s)", type(error).__name__)
        await asyncio.sleep(EVERY_SECONDS)


async def beat(session: Session, process: Process, detail: Json) -> None:
    """It lives now; `detail` is shown to people."""
    values = {"started_at": process.started_at, "at": now(), "detail": detail}
    await session.execute(
        insert(Heartbeat)
        .values(process=process.name, host=process.host, pid=process.pid, **values)
        .on_conflict_do_update(index_elements=[Heartbeat.process, Heartbeat.host, Heartbeat.pid], set_=values)
    )


async def last(session: Session) -> list[Heartbeat]:
    """The newest sign of life of each process that gave one within a day."""
    return list(
        await session.scalars(
            select(Heartbeat).where(Heartbeat.at > now() - FORGOTTEN).order_by(Heartbeat.process, Heartbeat.at.desc())
        )
    )


async def retire(session: Session, process: Process) -> None:
    """It ends in an orderly way."""
    await session.execute(
        delete(Heartbeat).where(
            Heartbeat.process == process.name, Heartbeat.host == process.host, Heartbeat.pid == process.pid
        )
    )
