"""Everything that happens later. A job carries ids only and re-reads the truth when it runs."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from db import queue
from db.session import Session, SystemSession


@dataclass(frozen=True)
class LabelPost:
    """A post came, or its text changed."""

    post_id: int


@dataclass(frozen=True)
class RelabelPosts:
    """A model was promoted: label the next portion of posts anew, telling nobody, and go on after the last.

    Nothing is left to do once another model is the champion.
    """

    version_id: int
    after_id: int


@dataclass(frozen=True)
class TrainModel:
    """Train a challenger where people gave labels since the last training; the better of it and the champion works."""


@dataclass(frozen=True)
class TellOfModel:
    """Tell an operator what became of a challenger."""

    version_id: int
    user_id: int


@dataclass(frozen=True)
class WatchDrift:
    """Look whether this week's posts are other than those before, and have operators told."""


@dataclass(frozen=True)
class TellOfDrift:
    """Tell an operator what drifts."""

    user_id: int


@dataclass(frozen=True)
class SendConfirmation:
    """Ask an address whether it wants e-mail."""

    address_id: int


@dataclass(frozen=True)
class PruneQueue:
    """Forget the queue's old log."""


Job = LabelPost | RelabelPosts | TrainModel | TellOfModel | WatchDrift | TellOfDrift | SendConfirmation | PruneQueue


async def enqueue(session: Session, job: Job, *, run_at: datetime | None = None, key: str | None = None) -> None:
    """In the session's own transaction. A key that already waits is skipped."""
    await enqueue_all(session, [job], run_at=run_at, keys=[key])


async def enqueue_all(
    session: Session, jobs: Sequence[Job], *, run_at: datetime | None = None, keys: Sequence[str | None] | None = None
) -> None:
    if not jobs:
        return
    named = zip(jobs, keys or [None] * len(jobs), strict=True)
    await queue.put(session, [queue.Entry(type(job).__name__, asdict(job), run_at, key) for job, key in named])


async def forget_log(session: SystemSession, *, older_than: timedelta) -> None:
    """What was done with jobs so long ago; the jobs themselves are kept."""
    await queue.forget_log(session, older_than)


async def depth(session: SystemSession) -> queue.Depth:
    """How much waits to be done now, since when, and how much is held."""
    return await queue.depth(session)


async def held(session: SystemSession) -> list[queue.HeldJob]:
    """Jobs that failed for good, with their error."""
    return await queue.held(session)


async def run_again(session: SystemSession, job_ids: Sequence[int]) -> int:
    """Put held jobs in line again; returns how many there were."""
    return await queue.run_again(session, job_ids)
