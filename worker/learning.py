"""A training from its beginning to its end: what people said is read, a challenger is tried, and kept as a version."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from crm import jobs, labels, model_versions, users
from crm.labels import LabelledPost
from db.base import now
from db.models import LabelSource, ModelVersion
from db.session import SystemSession
from ml import corpus_files
from ml.corpus_files import Example
from ml.lessons import Labelled, Tried

Progress = Callable[[float, str], None]
"""told the share that is done, 0 to 1, and the key of the words for what is being done"""


@dataclass(frozen=True)
class Lesson:
    """What there is to learn, and whom to beat."""

    labelled: tuple[Labelled, ...]
    read_at: datetime
    champion_id: int | None
    champion_understudy: bytes | None
    is_news: bool
    """nothing was learned yet, or people said something since"""


CORPUS_ALONE = Lesson((), datetime.min, None, None, is_news=True)


async def gather(session: SystemSession) -> Lesson:
    """What people said until now."""
    read_at = now()
    champion = await model_versions.champion(session)
    trained_at, changed_at = await model_versions.trained_at(session), await labels.changed_at(session)
    return Lesson(
        labelled=as_labelled(await labels.examples(session)),
        read_at=read_at,
        champion_id=champion.id if champion else None,
        champion_understudy=await model_versions.understudy(session, champion.id) if champion else None,
        is_news=champion is None or trained_at is None or (changed_at is not None and changed_at > trained_at),
    )


def learn(lesson: Lesson, *, with_curve: bool = False, progress: Progress | None = None) -> Tried:
    """Minutes of work. Raises NotEnoughExamples."""
    from ml import trial  # not where others are served: CatBoost is heavy

    corpus = corpus_files.read()
    if lesson.champion_id is None:
        return trial.first(corpus, lesson.labelled, progress=progress)
    return trial.try_challenger(
        corpus, lesson.labelled, lesson.champion_understudy, with_curve=with_curve, progress=progress
    )


async def keep(session: SystemSession, lesson: Lesson, tried: Tried) -> ModelVersion:
    """As a version, at work if it beat the champion that still is one. Operators are told, but of a first model."""
    champion = await model_versions.champion(session)
    report = tried.report | {"labels_read_at": lesson.read_at.isoformat()}
    if (champion.id if champion else None) != lesson.champion_id:
        report["refused_because"] = [*report["refused_because"], {"reason": "champion-changed"}]
    version = await model_versions.add(
        session, tried.artifact, report, promote=not report["refused_because"], understudy=tried.understudy
    )
    if lesson.champion_id is not None:
        for operator in await users.operators(session):
            key = f"model:{version.id}:{operator.id}"
            await jobs.enqueue(session, jobs.TellOfModel(version.id, operator.id), key=key)
    return version


def as_labelled(given: Sequence[LabelledPost]) -> tuple[Labelled, ...]:
    """Posts that people chose because the model was wrong say nothing of whether a person can be trusted."""
    return tuple(
        Labelled(
            Example(one.id, one.text, one.kind, one.engagement, one.items, group="labels"),
            has_items=one.has_items,
            batch=None if one.source is LabelSource.BUTTON else f"{one.author}, {one.source}",
        )
        for one in given
    )
