"""A new model from the corpus and from what people said."""

import functools
import logging
from collections.abc import Callable
from typing import Any

from crm import jobs
from worker import learning
from worker.child import Child
from worker.context import Context
from worker.learning import Lesson

log = logging.getLogger(__name__)

TRAINING_SECONDS = 3600.0


async def train_model(context: Context, _job: jobs.TrainModel) -> None:
    """In a process of its own, where there is news to learn; the result is kept as a version."""
    async with context.sessions.of_system() as session:
        lesson = await learning.gather(session)
    if not lesson.is_news:
        return
    child = await Child.begin(_start)
    try:
        tried = await child.ask(lesson, seconds=TRAINING_SECONDS)
    finally:
        child.end()
    async with context.sessions.of_system() as session:
        version = await learning.keep(session, lesson, tried)
    log.info("model version %s is %s", version.id, version.status)


def _start() -> Callable[[Lesson], Any]:
    return functools.partial(learning.learn, with_curve=True)
