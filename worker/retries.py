"""How often a job is tried again, and when it is held for a person to look at."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
from pgqueuer.core.executors import EntrypointExecutor
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Context, Job

from worker.batching import Stopping
from worker.child import ChildDied

HEARTBEAT = timedelta(seconds=15)
"""A worker silent for so long is taken for dead, and its jobs are given to another."""
PAUSES = [timedelta(seconds=seconds) for seconds in (2, 10, 60, 300)]
"""Between failed tries; after the last one the job is held."""
DEATHS = 3
"""of a worker, or of the process that a worker asks, after which a job is held"""


class Poisonous(Exception):
    """Workers died over this job."""


@dataclass
class Guarded(EntrypointExecutor):
    """Tries again with growing pauses, then holds. A job that was in hand when workers died is held after three.

    PgQueuer itself counts only orderly failures; what it logs of each pick-up tells of the others.
    """

    pool: asyncpg.Pool | None = None
    running: set[asyncio.Task[Any]] = field(default_factory=set)
    """for the runner, who cancels what takes too long on a stop"""

    async def execute(self, job: Job, context: Context) -> None:
        await self._refuse_poison(job)
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  PgQueuer runs each job in a task
        self.running.add(task)
        try:
            await super().execute(job, context)
        except (Stopping, asyncio.CancelledError) as error:
            # A cancelled job would count as done: it goes back into the line instead.
            raise RetryRequested(timedelta(0), reason="the worker stops") from error
        except Exception as error:
            tries = DEATHS if isinstance(error, ChildDied) else len(PAUSES) + 1
            if job.attempts + 1 >= tries:
                raise
            raise RetryRequested(PAUSES[job.attempts], reason=f"{type(error).__name__}: {error}") from error
        finally:
            self.running.discard(task)

    async def _refuse_poison(self, job: Job) -> None:
        if self.pool is None or datetime.now(UTC) - job.created <= HEARTBEAT:
            return
        picks = await self.pool.fetchval(
            "SELECT count(*) FROM queue.pgqueuer_log WHERE job_id = $1 AND status = 'picked' AND created >= $2",
            job.id,
            job.created,
        )
        if picks - job.attempts > DEATHS:
            raise Poisonous(f"picked up {picks} times, {job.attempts} of them ended in an orderly way")
