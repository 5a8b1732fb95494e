from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from crm import labels
from crm.errors import Forbidden, Invalid, NotFound
from crm.subscription_index import SubscriptionIndex
from db.models import Alert, AlertState, Company, Label, LabelSource, Role
from db.session import Sessions
from language.kinds import Engagement, Kind
from tests import labelled, make
from tests.crm.labels.people import ITEM, give, person_and_post
from tests.labelled import JAVA, posted


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
