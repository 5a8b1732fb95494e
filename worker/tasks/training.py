"""A new model from the corpus and from what people said."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from crm import jobs, labels, model_versions
from ml import corpus_files
from worker.child import Child
from worker.context import Context

log = logging.getLogger(__name__)

TRAINING_SECONDS = 3600.0


async def train_model(context: Context, _job: jobs.TrainModel) -> None:
    """Train in a process of its own and keep the result: at work at once if it is the first, else as a challenger."""
    async with context.sessions.of_system() as session:
        given = await labels.examples(session)
        is_first = await model_versions.champion(session) is None
    child = await Child.begin(_start)
    try:
        examples = [*await asyncio.to_thread(corpus_files.read), *(corpus_files.Example(*one) for one in given)]
        trained = await child.ask(examples, seconds=TRAINING_SECONDS)
    finally:
        child.end()
    async with context.sessions.of_system() as session:
        version = await model_versions.add(session, trained.artifact, trained.report, promote=is_first)
    log.info("model version %s is trained", version.id)


def _start() -> Callable[[Any], Any]:
    from ml import training  # in the child alone: CatBoost is heavy

    return training.train
