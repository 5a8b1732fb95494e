"""The job queue lives in the same database, so a job commits with the row it is about."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.settings import DBSettings
from pgqueuer.ports.driver import Driver
from sqlalchemy import text

from db.session import Session

SETTINGS = DBSettings(db_schema="queue")


def queries(driver: Driver) -> Queries:
    """PgQueuer's queries against our schema `queue`."""
    return Queries(
        driver,
        qbe=QueryBuilderEnvironment(SETTINGS),
        qbq=QueryQueueBuilder(SETTINGS),
        qbs=QuerySchedulerBuilder(SETTINGS),
    )


def install_sql() -> str:
    return QueryBuilderEnvironment(SETTINGS).build_install_query(create_schema=True)


@dataclass(frozen=True)
class Entry:
    name: str
    payload: dict[str, Any]
    run_at: datetime | None = None
    key: str | None = None


async def put(session: Session, entries: Sequence[Entry]) -> None:
    """Enqueue in the session's own transaction. A key that already waits is skipped."""
    # SQLAlchemy opens the transaction at its first statement; before that the raw
    # connection would commit the job on its own.
    await session.execute(text("SELECT 1"))
    raw = (await (await session.connection()).get_raw_connection()).driver_connection
    assert raw is not None  # noqa: S101  an open connection always has its driver's
    now = datetime.now(UTC)
    await queries(AsyncpgDriver(raw)).enqueue(
        [entry.name for entry in entries],
        [json.dumps(entry.payload).encode() for entry in entries],
        [0] * len(entries),
        [max(entry.run_at - now, timedelta(0)) if entry.run_at else timedelta(0) for entry in entries],
        [entry.key for entry in entries],
        on_conflict="skip",
    )


@dataclass(frozen=True)
class Depth:
    waiting: int
    oldest_seconds: float
    held: int


async def depth(session: Session) -> Depth:
    row = (
        await session.execute(
            text("""
                SELECT count(*) FILTER (WHERE status IN ('queued', 'picked') AND execute_after <= now()),
                       coalesce(extract(epoch FROM now() - min(execute_after)
                           FILTER (WHERE status IN ('queued', 'picked') AND execute_after <= now())), 0),
                       count(*) FILTER (WHERE status = 'failed')
                FROM queue.pgqueuer""")
        )
    ).one()
    return Depth(row[0], float(row[1]), row[2])


@dataclass(frozen=True)
class HeldJob:
    id: int
    name: str
    payload: dict[str, Any]
    since: datetime
    error: str


async def held(session: Session, limit: int = 50) -> list[HeldJob]:
    """Jobs that failed for good and wait for a person, oldest first, with their last error."""
    rows = await session.execute(
        text("""
            SELECT job.id, job.entrypoint, job.payload, job.updated,
                   coalesce((SELECT log.traceback->>'exception_message' FROM queue.pgqueuer_log log
                             WHERE log.job_id = job.id AND log.traceback IS NOT NULL ORDER BY log.id DESC LIMIT 1), '')
            FROM queue.pgqueuer job WHERE job.status = 'failed' ORDER BY job.id LIMIT :limit"""),
        {"limit": limit},
    )
    return [HeldJob(id_, name, json.loads(payload), since, error) for id_, name, payload, since, error in rows]


async def run_again(session: Session, job_ids: Sequence[int]) -> int:
    """Put held jobs back in line with a clean slate; returns how many."""
    done = await session.execute(
        text("""
            UPDATE queue.pgqueuer
            SET status = 'queued', attempts = 0, execute_after = now(), updated = now(), created = now()
            WHERE id = ANY(:ids) AND status = 'failed' RETURNING id"""),
        {"ids": list(job_ids)},
    )
    return len(done.all())


async def forget_log(session: Session, older_than: timedelta) -> None:
    """Forget what was done with jobs so long ago; the jobs themselves are kept."""
    await session.execute(
        text("DELETE FROM queue.pgqueuer_log WHERE created < now() - cast(:age AS interval)"), {"age": older_than}
    )
