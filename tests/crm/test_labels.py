from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from crm import labels
from crm.errors import Forbidden, Invalid, NotFound
from crm.subscription_index import SubscriptionIndex
from db.base import Json
from db.models import Alert, AlertState, Company, Label, LabelSource, Post, Role, Source, User
from db.session import Sessions
from language.kinds import Engagement, Kind
from tests import labelled, make
from tests.labelled import JAVA, posted

ITEM: Json = {"role": "backend", "core": ["java"], "extra": [], "grades": ["senior"], "count": 1}


async def person_and_post(sessions: Sessions, **fields: Any) -> tuple[User, Post]:
    async with sessions.of_system() as session:
        person = await make.user(session, await make.company(session))
        source = await make.source(session)
    doubtful = make.request(make.item("backend", "java"), confidence=0.4, abstain=True)
    return person, await posted(sessions, source, JAVA, doubtful, **fields)


async def give(sessions: Sessions, person: User, post: Post, kind: Kind, **said: Any) -> Label:
    async with sessions.of_company(person.company_id) as session:
        return await labels.give(session, make.actor(person), post.id, kind, **said)


async def queue_of(sessions: Sessions, person: User) -> list[int]:
    async with sessions.of_company(person.company_id) as session:
        return [post.id for post in await labels.review_queue(session, make.actor(person), 10)]


class TestGive:
    async def test_keeps_what_was_said(self, sessions: Sessions) -> None:
        person, post = await person_and_post(sessions)
        await give(
            sessions, person, post, Kind.REQUEST, engagement=Engagement.INHOUSE, items=[ITEM], source=LabelSource.REVIEW
        )
        async with sessions.of_company(person.company_id) as session:
            (label,) = await session.scalars(select(Label))
        assert (label.kind, label.engagement, label.items) == (Kind.REQUEST, Engagement.INHOUSE, [ITEM])
        assert (label.user_id, label.post_id, label.source) == (person.id, post.id, LabelSource.REVIEW)

    async def test_makes_the_companys_told_cards_stale_and_nobody_elses(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            ours, theirs = [await make.user(session, await make.company(session)) for _ in range(2)]
            for person in (ours, theirs):
                await make.subscription(session, person)
            source = await make.source(session)
        post = await posted(
            sessions, source, JAVA, make.request(make.item("backend", "java")), index=SubscriptionIndex()
        )
        async with sessions.of_system() as session:
            for alert in await session.scalars(select(Alert)):
                alert.state, alert.settled_at = AlertState.DELIVERED, datetime.now(UTC)
        await give(sessions, ours, post, Kind.JUNK)
        stale = {alert.user_id for alert in await labelled.alerts(sessions) if alert.stale_since}
        assert stale == {ours.id}

    @pytest.mark.parametrize(
        ("kind", "said", "field"),
        [
            (Kind.REQUEST, {"items": [ITEM | {"role": "wizard"}]}, "role"),
            (Kind.REQUEST, {"items": [ITEM | {"core": ["cobweb"]}]}, "technologies"),
            (Kind.REQUEST, {"items": [ITEM | {"grades": ["king"]}]}, "items"),
            (Kind.REQUEST, {"items": [{"core": []}]}, "items"),
            (Kind.REQUEST, {"items": [ITEM | {"count": 0}]}, "count"),
            (Kind.JUNK, {"items": [ITEM]}, "items"),
            (Kind.JUNK, {"engagement": Engagement.OUTSTAFF}, "engagement"),
        ],
    )
    async def test_refuses_what_makes_no_sense(
        self, sessions: Sessions, kind: Kind, said: dict[str, Any], field: str
    ) -> None:
        person, post = await person_and_post(sessions)
        with pytest.raises(Invalid) as refused:
            await give(sessions, person, post, kind, **said)
        assert refused.value.params["field"] == field

    async def test_is_not_for_viewers(self, sessions: Sessions) -> None:
        person, post = await person_and_post(sessions)
        async with sessions.of_system() as session:
            company = await session.get_one(Company, person.company_id)
            viewer = await make.user(session, company, role=Role.VIEWER)
        with pytest.raises(Forbidden):
            await give(sessions, viewer, post, Kind.JUNK)

    async def test_finds_no_post_of_another_company(self, sessions: Sessions) -> None:
        person, _ = await person_and_post(sessions)
        async with sessions.of_system() as session:
            private = await make.post(session, await make.source(session, await make.company(session)), JAVA)
        with pytest.raises(NotFound):
            await give(sessions, person, private, Kind.JUNK)


class TestWithdraw:
    async def test_lets_what_was_said_before_count_again(self, sessions: Sessions) -> None:
        person, post = await person_and_post(sessions)
        first = await give(sessions, person, post, Kind.REQUEST)
        second = await give(sessions, person, post, Kind.JUNK)
        said: list[int | None] = []
        for _ in range(3):
            async with sessions.of_company(person.company_id) as session:
                withdrawn = await labels.withdraw(session, make.actor(person), post.id)
                said.append(None if withdrawn is None else withdrawn.id)
        assert said == [second.id, first.id, None]

    async def test_leaves_another_companys_label(self, sessions: Sessions) -> None:
        person, post = await person_and_post(sessions)
        await give(sessions, person, post, Kind.JUNK)
        async with sessions.of_system() as session:
            stranger = await make.user(session, await make.company(session))
        async with sessions.of_company(stranger.company_id) as session:
            assert await labels.withdraw(session, make.actor(stranger), post.id) is None


class TestReviewQueue:
    async def test_shows_what_is_doubtful_newest_first(self, sessions: Sessions) -> None:
        person, post = await person_and_post(sessions)
        _, newer = await person_and_post(sessions)
        await posted(sessions, await _source(sessions), JAVA, make.request(make.item("backend", "java")))
        assert await queue_of(sessions, person) == [newer.id, post.id]

    async def test_leaves_out_what_the_company_judged_until_it_takes_that_back(self, sessions: Sessions) -> None:
        person, post = await person_and_post(sessions)
        stranger, _ = await person_and_post(sessions)
        await give(sessions, person, post, Kind.REQUEST)
        assert post.id not in await queue_of(sessions, person)
        assert post.id in await queue_of(sessions, stranger)
        async with sessions.of_company(person.company_id) as session:
            await labels.withdraw(session, make.actor(person), post.id)
        assert post.id in await queue_of(sessions, person)

    async def test_leaves_out_deleted_posts_and_other_companies(self, sessions: Sessions) -> None:
        person, _ = await person_and_post(sessions, deleted_at=make.NOON)
        async with sessions.of_system() as session:
            private = await make.source(session, await make.company(session))
            await make.post(session, private, JAVA, needs_review=True)
        assert await queue_of(sessions, person) == []


class TestExamples:
    async def test_take_one_vote_a_company_and_the_majority(self, sessions: Sessions) -> None:
        first, post = await person_and_post(sessions)
        second, _ = await person_and_post(sessions)
        third, _ = await person_and_post(sessions)
        for _ in range(3):
            await give(sessions, third, post, Kind.JUNK)
        await give(sessions, first, post, Kind.OFFER)
        await give(sessions, second, post, Kind.OFFER, engagement=Engagement.OUTSTAFF, items=[ITEM])
        await give(sessions, third, post, Kind.JUNK)
        async with sessions.of_system() as session:
            (example,) = await labels.examples(session)
        assert (example.text, example.kind, example.engagement) == (JAVA, Kind.OFFER, Engagement.OUTSTAFF)
        assert [item.core for item in example.items] == [("java",)]

    async def test_of_equals_believe_the_newest(self, sessions: Sessions) -> None:
        first, post = await person_and_post(sessions)
        second, _ = await person_and_post(sessions)
        await give(sessions, first, post, Kind.REQUEST)
        await give(sessions, second, post, Kind.JUNK)
        async with sessions.of_system() as session:
            (example,) = await labels.examples(session)
        assert (example.kind, example.engagement, example.items) == (Kind.JUNK, None, ())

    async def test_of_a_yes_keep_what_the_model_understood(self, sessions: Sessions) -> None:
        person, post = await person_and_post(sessions)
        await give(sessions, person, post, Kind.REQUEST)
        async with sessions.of_system() as session:
            (example,) = await labels.examples(session)
        assert (example.engagement, [item.role for item in example.items]) == (Engagement.OUTSTAFF, ["backend"])

    async def test_forget_what_was_withdrawn(self, sessions: Sessions) -> None:
        person, post = await person_and_post(sessions)
        await give(sessions, person, post, Kind.JUNK)
        async with sessions.of_company(person.company_id) as session:
            await labels.withdraw(session, make.actor(person), post.id)
        async with sessions.of_system() as session:
            assert await labels.examples(session) == []


async def _source(sessions: Sessions) -> Source:
    async with sessions.of_system() as session:
        return await make.source(session)
