"""Processes say that they live, and what they are at."""

import os
import socket
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from db.base import Json, now
from db.models import Heartbeat
from db.session import Session

FORGOTTEN = timedelta(days=1)


@dataclass(frozen=True)
class Process:
    """This process, by the part of Platon that it runs."""

    name: str
    host: str = field(default_factory=socket.gethostname)
    pid: int = field(default_factory=os.getpid)
    started_at: datetime = field(default_factory=now)


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
