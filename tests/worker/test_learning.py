"""A training's beginning and end: what is learned, what becomes of the result, who is told, when it is not worth it."""

from datetime import timedelta
from typing import Any

import pytest
from aiogram import Bot
from sqlalchemy import select, text

from crm import jobs, labels, model_versions
from db.base import now
from db.models import LabelSource, ModelVersion, Post, User, VersionStatus
from db.session import Sessions
from language.kinds import Kind
from ml.lessons import Tried
from sandbox.telegram_bot_api import BotApi
from tests import make
from worker import learning
from worker.context import Context
from worker.tasks import operators, training

GOOD: dict[str, Any] = {"examples": 10, "labels": 3, "refused_because": [], "left_out": []}
REFUSED = GOOD | {"refused_because": [{"reason": "not-better", "gain": 0.0}]}


@pytest.fixture
async def operator(sessions: Sessions) -> User:
    async with sessions.of_system() as session:
        return await make.user(session, await make.company(session), is_operator=True, language="en")


@pytest.fixture
def context(sessions: Sessions, database_url: str, bot: Bot) -> Context:
    unused: Any = None
    return Context(sessions, database_url, bot, unused, "http://127.0.0.1", b"a secret of the tests")


async def champion(sessions: Sessions) -> ModelVersion:
    async with sessions.of_system() as session:
        return await model_versions.add(session, b"one", {}, promote=True, understudy=b"understudy of one")


async def say(sessions: Sessions, person: User, kind: Kind, source: LabelSource = LabelSource.BUTTON) -> Post:
    async with sessions.of_system() as session:
        post = await make.post(session, await make.source(session), f"Пост про {kind}")
    async with sessions.of_company(person.company_id) as session:
        await labels.give(session, make.actor(person), post.id, kind, source=source)
    return post


async def lesson_of(sessions: Sessions) -> learning.Lesson:
    async with sessions.of_system() as session:
        return await learning.gather(session)


async def keep(sessions: Sessions, lesson: learning.Lesson, report: dict[str, Any]) -> ModelVersion:
    async with sessions.of_system() as session:
        return await learning.keep(session, lesson, Tried(b"two", b"understudy of two", report))


async def waiting(sessions: Sessions) -> list[str]:
    async with sessions.of_system() as session:
        return list(await session.scalars(text("SELECT entrypoint FROM queue.pgqueuer ORDER BY id")))


class TestGather:
    async def test_takes_labels_and_the_champions_understudy(self, sessions: Sessions, operator: User) -> None:
        first = await champion(sessions)
        await say(sessions, operator, Kind.JUNK)
        await say(sessions, operator, Kind.REQUEST, LabelSource.IMPORT)
        lesson = await lesson_of(sessions)
        assert (lesson.champion_id, lesson.champion_understudy) == (first.id, b"understudy of one")
        assert [one.example.kind for one in lesson.labelled] == [Kind.JUNK, Kind.REQUEST]
        assert [one.has_items for one in lesson.labelled] == [True, False]

    async def test_corrections_belong_to_no_batch_and_imports_to_their_authors(
        self, sessions: Sessions, operator: User
    ) -> None:
        await say(sessions, operator, Kind.JUNK)
        await say(sessions, operator, Kind.JUNK, LabelSource.IMPORT)
        correction, imported = (await lesson_of(sessions)).labelled
        assert correction.batch is None
        assert imported.batch is not None
        assert imported.batch.startswith(operator.name)
        assert imported.batch.endswith("import")

    async def test_is_news_where_there_is_no_model(self, sessions: Sessions) -> None:
        assert (await lesson_of(sessions)).is_news

    async def test_is_news_once_for_each_label_and_for_taking_one_back(
        self, sessions: Sessions, operator: User
    ) -> None:
        await champion(sessions)
        assert not (await lesson_of(sessions)).is_news
        post = await say(sessions, operator, Kind.JUNK)
        lesson = await lesson_of(sessions)
        assert lesson.is_news
        await keep(sessions, lesson, REFUSED)
        assert not (await lesson_of(sessions)).is_news
        async with sessions.of_company(operator.company_id) as session:
            await labels.withdraw(session, make.actor(operator), post.id)
        assert (await lesson_of(sessions)).is_news

    async def test_what_is_said_during_a_training_is_news_for_the_next(
        self, sessions: Sessions, operator: User
    ) -> None:
        await champion(sessions)
        lesson = await lesson_of(sessions)
        await say(sessions, operator, Kind.JUNK)
        await keep(sessions, lesson, REFUSED)
        assert (await lesson_of(sessions)).is_news


class TestKeep:
    async def test_the_better_one_goes_to_work_and_operators_are_told(self, sessions: Sessions, operator: User) -> None:
        await champion(sessions)
        version = await keep(sessions, await lesson_of(sessions), GOOD)
        assert version.status is VersionStatus.CHAMPION
        assert await waiting(sessions) == ["RelabelPosts", "TellOfModel"]
        async with sessions.of_system() as session:
            assert await model_versions.understudy(session, version.id) == b"understudy of two"

    async def test_a_refused_one_waits_and_operators_are_told(self, sessions: Sessions, operator: User) -> None:
        first = await champion(sessions)
        version = await keep(sessions, await lesson_of(sessions), REFUSED)
        assert version.status is VersionStatus.CHALLENGER
        assert version.report["refused_because"] == [{"reason": "not-better", "gain": 0.0}]
        assert await waiting(sessions) == ["TellOfModel"]
        async with sessions.of_system() as session:
            at_work = await model_versions.champion(session)
        assert at_work is not None
        assert at_work.id == first.id

    async def test_a_first_one_goes_to_work_in_silence(self, sessions: Sessions, operator: User) -> None:
        version = await keep(sessions, await lesson_of(sessions), GOOD)
        assert version.status is VersionStatus.CHAMPION
        assert await waiting(sessions) == []

    async def test_who_beat_somebody_else_than_the_one_at_work_waits(self, sessions: Sessions) -> None:
        await champion(sessions)
        lesson = await lesson_of(sessions)
        await champion(sessions)
        version = await keep(sessions, lesson, GOOD)
        assert version.status is VersionStatus.CHALLENGER
        assert version.report["refused_because"] == [{"reason": "champion-changed"}]


class TestTrainModel:
    async def test_without_news_nothing_is_trained(self, context: Context) -> None:
        await champion(context.sessions)
        await training.train_model(context, jobs.TrainModel())
        async with context.sessions.of_system() as session:
            assert len(await model_versions.list_all(session)) == 1


class TestTellOfModel:
    async def test_says_what_changed_with_the_way_back(self, context: Context, operator: User, api: BotApi) -> None:
        person = api.person(operator.telegram_id)
        await champion(context.sessions)
        version = await keep(context.sessions, await lesson_of(context.sessions), GOOD)
        await operators.tell_of_model(context, jobs.TellOfModel(version.id, operator.id))
        (told,) = person.messages()
        assert "The model got better" in told.text
        assert told.buttons == ["↩︎ Back to version 1", "Version 2"]

    async def test_who_is_no_operator_any_more_hears_nothing(
        self, context: Context, operator: User, api: BotApi
    ) -> None:
        person = api.person(operator.telegram_id)
        version = await champion(context.sessions)
        async with context.sessions.of_system() as session:
            (await session.get_one(User, operator.id)).removed_at = now()
        await operators.tell_of_model(context, jobs.TellOfModel(version.id, operator.id))
        assert person.messages() == []

    async def test_who_blocked_the_bot_is_marked(self, context: Context, operator: User, api: BotApi) -> None:
        api.person(operator.telegram_id)
        api.block(operator.telegram_id)
        version = await champion(context.sessions)
        await operators.tell_of_model(context, jobs.TellOfModel(version.id, operator.id))
        async with context.sessions.of_system() as session:
            assert await session.scalar(select(User.telegram_blocked_at)) is not None


class TestDrift:
    async def strange_week(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            source = await make.source(session)
            for ago, share in ((timedelta(days=1), 0.6), (timedelta(days=10), 0.1)):
                for _ in range(60):
                    fields = {"kind": Kind.JUNK, "labelled_at": now(), "prediction": {"unknown_words": share}}
                    await make.post(session, source, "Пост", ago=ago, **fields)

    async def test_is_told_to_operators_once_a_day(self, context: Context, operator: User, api: BotApi) -> None:
        person = api.person(operator.telegram_id)
        await self.strange_week(context.sessions)
        for _ in range(2):
            await operators.watch_drift(context, jobs.WatchDrift())
        assert await waiting(context.sessions) == ["TellOfDrift"]
        await operators.tell_of_drift(context, jobs.TellOfDrift(operator.id))
        assert "unknown words: 60% (usually 10%)" in person.messages()[0].text

    async def test_without_any_nobody_hears(self, context: Context, operator: User) -> None:
        await operators.watch_drift(context, jobs.WatchDrift())
        assert await waiting(context.sessions) == []
