"""Takes jobs from the queue and does them: which task keeps which promise."""

import asyncio
import contextlib
import functools
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgPoolDriver
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.models import Job as QueuedJob
from pgqueuer.domain.types import Channel

from crm import jobs
from db import queue
from db.wakes import plain_url, wait
from worker.batching import Batcher
from worker.context import Context
from worker.retries import HEARTBEAT, Guarded
from worker.tasks import confirmation, labelling, operators, training
from worker.tasks import queue as queue_tasks

log = logging.getLogger(__name__)

Task = Callable[[Context, Any], Awaitable[None]]


@dataclass(frozen=True)
class Together:
    """A task that does many jobs of a kind at once, by the id that each carries."""

    do: Callable[[Context, Sequence[int]], Awaitable[None]]
    id_of: Callable[[Any], int]


TASKS: dict[type[jobs.Job], Task | Together] = {
    jobs.LabelPost: Together(labelling.label_posts, lambda job: job.post_id),
    jobs.RelabelPosts: labelling.relabel_posts,
    jobs.TrainModel: training.train_model,
    jobs.TellOfModel: operators.tell_of_model,
    jobs.WatchDrift: operators.watch_drift,
    jobs.TellOfDrift: operators.tell_of_drift,
    jobs.SendConfirmation: confirmation.send_confirmation,
    jobs.PruneQueue: queue_tasks.prune_queue,
}
ONE_AT_A_TIME = {jobs.RelabelPosts, jobs.TrainModel}

BATCH = 64
AT_ONCE = 2 * BATCH
POLL = timedelta(seconds=1)
LISTENING = timedelta(seconds=10)
STOP_SECONDS = 6.0
AGAIN_SECONDS = 1.0


class Taker(QueueManager):
    """PgQueuer asks at once whether it hears itself, perhaps before it listens, and ends unheard ten seconds later."""

    async def _run_periodic_health_check(self, interval: timedelta = LISTENING) -> None:
        await wait(self.shutdown, interval.total_seconds())
        await super()._run_periodic_health_check(interval)


async def run(context: Context, *, stop: asyncio.Event) -> None:
    """Do jobs until `stop`, then finish those in hand or put them back. Survives restarts of PostgreSQL."""
    while not stop.is_set():
        try:
            await _run_once(context, stop)
        except Exception:
            log.exception("the queue broke off, again in %s s", AGAIN_SECONDS)
        await wait(stop, AGAIN_SECONDS)


async def _run_once(context: Context, stop: asyncio.Event) -> None:
    pool = await asyncpg.create_pool(plain_url(context.database_url), min_size=2, max_size=6)
    try:
        await _take_jobs(context, pool, stop)
    finally:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(pool.close(), AGAIN_SECONDS)


async def _take_jobs(context: Context, pool: asyncpg.Pool, stop: asyncio.Event) -> None:
    taker = Taker(queue.queries(AsyncpgPoolDriver(pool)), Channel(queue.SETTINGS.channel))
    running: set[asyncio.Task[Any]] = set()
    batchers = _register(taker, context, functools.partial(Guarded, pool=pool, running=running))
    working = asyncio.ensure_future(
        taker.run(
            dequeue_timeout=POLL,
            batch_size=BATCH,
            max_concurrent_tasks=AT_ONCE,
            shutdown_on_listener_failure=True,
            heartbeat_timeout=HEARTBEAT,
        )
    )
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    taker.shutdown.set()
    for batcher in batchers:
        batcher.close()
    # Without a model those in hand only wait for one.
    await asyncio.wait((working,), timeout=STOP_SECONDS if context.model.version_id else 0)
    for batcher in batchers:
        batcher.cancel()
    for task in running:
        task.cancel()
    await working


def _register(taker: Taker, context: Context, executor: Callable[..., Guarded]) -> list[Batcher]:
    batchers: list[Batcher] = []
    for job_class, task in TASKS.items():
        if isinstance(task, Together):
            batchers.append(Batcher(functools.partial(task.do, context), BATCH))
            do = _add_to(batchers[-1], job_class, task.id_of)
        else:
            do = _do(task, context, job_class)
        taker.entrypoint(
            job_class.__name__,
            concurrency_limit=1 if job_class in ONE_AT_A_TIME else 0,
            accepts_context=False,
            on_failure="hold",
            executor_factory=lambda parameters: executor(parameters=parameters),
        )(do)
    return batchers


def _do(task: Task, context: Context, job_class: type[jobs.Job]) -> Callable[[QueuedJob], Awaitable[None]]:
    async def do(queued: QueuedJob) -> None:
        await task(context, _read(job_class, queued))

    return do


def _add_to(
    batcher: Batcher, job_class: type[jobs.Job], id_of: Callable[[Any], int]
) -> Callable[[QueuedJob], Awaitable[None]]:
    async def do(queued: QueuedJob) -> None:
        await batcher.add(id_of(_read(job_class, queued)))

    return do


def _read(job_class: type[jobs.Job], queued: QueuedJob) -> jobs.Job:
    return job_class(**json.loads(queued.payload or b"{}"))
