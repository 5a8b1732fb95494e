"""What happens by the clock: it only enqueues, with a key for each time, so that two clocks make one job."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from crm import jobs
from db.session import Sessions

MISSED = timedelta(minutes=10)
"""A new scheduler also enqueues what fell due so recently: the one before may have died over it."""


@dataclass(frozen=True)
class Regular:
    job: jobs.Job
    cron: str
    """in UTC"""

    def trigger(self) -> CronTrigger:
        return CronTrigger.from_crontab(self.cron, timezone=UTC)


REGULAR = (
    Regular(jobs.TrainModel(), "30 0 * * *"),  # half past three in Moscow
    Regular(jobs.PruneQueue(), "30 1 * * *"),
    Regular(jobs.WatchDrift(), "0 7 * * 1"),
)


async def keep(sessions: Sessions, stop: asyncio.Event, *, regulars: tuple[Regular, ...] = REGULAR) -> None:
    """Enqueue each job at its times until `stop`. There must be one at a time: see `worker.election`."""
    for regular in regulars:
        missed = regular.trigger().get_next_fire_time(None, datetime.now(UTC) - MISSED)
        if missed is not None and missed <= datetime.now(UTC):
            await enqueue(sessions, regular, missed)
    scheduler = AsyncIOScheduler(timezone=UTC)
    for regular in regulars:
        scheduler.add_job(_tick, regular.trigger(), args=(sessions, regular), misfire_grace_time=None, coalesce=True)
    scheduler.start()
    try:
        await stop.wait()
    finally:
        scheduler.shutdown(wait=False)


async def enqueue(sessions: Sessions, regular: Regular, slot: datetime) -> None:
    """The job of this time; nothing if it waits already."""
    name = type(regular.job).__name__
    async with sessions.of_system() as session:
        await jobs.enqueue(session, regular.job, key=f"{name}:{slot:%Y-%m-%dT%H:%M}")


async def _tick(sessions: Sessions, regular: Regular) -> None:
    await enqueue(sessions, regular, datetime.now(UTC))
