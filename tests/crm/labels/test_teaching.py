"""Every labelled post teaches, with what people agree on."""

from crm import labels
from db.models import LabelSource
from db.session import Sessions
from language.kinds import Engagement, Kind
from tests import make
from tests.crm.labels.people import ITEM, give, person_and_post
from tests.labelled import JAVA


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

    async def test_name_who_said_so_and_whether_they_said_the_items(self, sessions: Sessions) -> None:
        person, post = await person_and_post(sessions)
        _, other = await person_and_post(sessions, "Свободен Go-разработчик")
        _, third = await person_and_post(sessions, "Курс по Go")
        await give(sessions, person, post, Kind.REQUEST, items=[ITEM], source=LabelSource.IMPORT)
        await give(sessions, person, other, Kind.OFFER)
        await give(sessions, person, third, Kind.JUNK)
        async with sessions.of_system() as session:
            found = await labels.examples(session)
        assert [one.has_items for one in found] == [True, False, True]
        assert found[0].source is LabelSource.IMPORT
        assert found[0].author.startswith(f"{person.name}, ")

    async def test_come_in_the_order_in_which_they_were_said(self, sessions: Sessions) -> None:
        person, post = await person_and_post(sessions)
        _, newer = await person_and_post(sessions, "Свободен Go-разработчик")
        await give(sessions, person, newer, Kind.OFFER)
        await give(sessions, person, post, Kind.REQUEST)
        async with sessions.of_system() as session:
            assert [one.kind for one in await labels.examples(session)] == [Kind.OFFER, Kind.REQUEST]


class TestChangedAt:
    async def test_is_never_before_somebody_said_something(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            assert await labels.changed_at(session) is None

    async def test_moves_with_labels_and_with_taking_them_back(self, sessions: Sessions) -> None:
        person, post = await person_and_post(sessions)
        label = await give(sessions, person, post, Kind.JUNK)
        async with sessions.of_system() as session:
            first = await labels.changed_at(session)
        async with sessions.of_company(person.company_id) as session:
            await labels.withdraw(session, make.actor(person), post.id)
        async with sessions.of_system() as session:
            second = await labels.changed_at(session)
        assert first == label.created_at
        assert second is not None
        assert second > first
