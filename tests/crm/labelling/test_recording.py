import asyncio
from datetime import timedelta

from sqlalchemy import func, select

from crm import labelling, labels
from crm.labelling.recording import LOCK
from db.models import Appearance, Listing, ListingTechnology, Post
from db.session import Sessions
from language.kinds import Engagement, Grade, Kind, ListingState
from language.prediction import Item, Prediction, Reason
from tests import labelled, make
from tests.labelled import GO, JAVA, appearances, edited, listings, posted, recorded, the_listing


def doubtful(relevance: float, *items: Item) -> Prediction:
    return Prediction(
        Kind.JUNK, 0.5, Engagement.OUTSTAFF, abstain=True, relevance=relevance, items=items or (make.item(),)
    )


class TestRecord:
    async def test_writes_the_prediction_on_the_post(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            source = await make.source(session)
        prediction = make.request(make.item("backend", "java"), reasons=(Reason("нужен", 1.5),))
        post = await posted(sessions, source, JAVA, prediction, now=make.NOON)
        async with sessions.of_market() as session:
            kept = await session.get_one(Post, post.id)
        assert (kept.kind, kept.engagement, kept.labelled_at) == (Kind.REQUEST, Engagement.OUTSTAFF, make.NOON)
        assert kept.prediction is not None
        assert kept.prediction["reasons"] == [{"words": "нужен", "weight": 1.5}]
        assert kept.prediction["items"][0]["core"] == ["java"]
        assert not kept.needs_review

    async def test_makes_a_listing_of_each_item(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            source = await make.source(session)
        items = (
            make.item("backend", "java", text="Java", max_rate=2500, request_id="1", contact="@anna"),
            make.item("frontend", "react", "typescript", extra=("nextjs",), grades=(), text="React"),
        )
        post = await posted(sessions, source, "Java\nReact", make.request(*items))
        java, react = await listings(sessions)
        assert (java.role, java.core, java.grades, java.rate_max, java.hourly_max) == (
            "backend", ["java"], ["middle"], 2500, 2500,
        )  # fmt: skip
        assert (react.role, react.core, react.extra, react.grades) == (
            "frontend", ["react", "typescript"], ["nextjs"], [],
        )  # fmt: skip
        assert java.first_post_id == react.first_post_id == post.id
        async with sessions.of_market() as session:
            (seen,) = await session.scalars(select(Appearance).where(Appearance.listing_id == java.id))
            stack = set(await session.execute(select(ListingTechnology.technology, ListingTechnology.is_core)))
        assert (seen.contact, seen.request_id, seen.item, seen.source_id) == ("@anna", "1", 0, source.id)
        assert {tuple(row) for row in stack} == {
            ("java", True), ("react", True), ("typescript", True), ("nextjs", False),
        }  # fmt: skip

    async def test_makes_none_of_junk_and_updates(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            source = await make.source(session)
        await posted(sessions, source, "Курс по Java", make.junk())
        await posted(sessions, source, "❌ Закрыто", make.update())
        assert await listings(sessions) == []

    async def test_keeps_a_request_of_which_nothing_was_understood(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            source = await make.source(session)
        await posted(sessions, source, "Нужен человек на проект", make.request())
        listing = await the_listing(sessions)
        assert (listing.role, listing.core) == (None, [])

    async def test_twice_changes_nothing(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            source = await make.source(session)
        prediction = make.request(make.item("backend", "java"))
        post = await posted(sessions, source, JAVA, prediction)
        listing = await the_listing(sessions)
        before = await appearances(sessions, listing)
        await recorded(sessions, {post.id: prediction})
        assert (await the_listing(sessions)).id == listing.id
        assert [seen.id for seen in await appearances(sessions, listing)] == [seen.id for seen in before]

    async def test_leaves_a_text_that_changed_meanwhile_to_the_job_of_its_edit(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            post = await make.post(session, await make.source(session), JAVA, revision=1)
        async with sessions.of_system() as session:
            await labelling.record(
                session, {post.id: make.junk()}, model_version_id=None, index=None, revisions={post.id: 0}
            )
        async with sessions.of_system() as session:
            assert (await session.get_one(Post, post.id)).labelled_at is None

    async def test_knows_no_post_that_is_gone(self, sessions: Sessions) -> None:
        await recorded(sessions, {12345: make.junk()})
        assert await listings(sessions) == []

    async def test_lets_nobody_else_record_in_the_same_world_meanwhile(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            post = await make.post(session, await make.source(session), JAVA)
        async with sessions.of_system() as session:
            await labelling.record(session, {post.id: make.junk()}, model_version_id=None, index=None)
            async with sessions.of_system() as other:
                assert not await other.scalar(select(func.pg_try_advisory_xact_lock(LOCK, 0)))
                assert await other.scalar(select(func.pg_try_advisory_xact_lock(LOCK, 1)))

    async def test_makes_one_listing_where_two_record_the_same_at_once(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            posts = [await make.post(session, await make.source(session), JAVA) for _ in range(8)]
        prediction = make.request(make.item("backend", "java"))
        await asyncio.gather(*(recorded(sessions, {post.id: prediction}) for post in posts))
        assert len(await appearances(sessions, await the_listing(sessions))) == 8


class TestDoubt:
    async def test_makes_a_listing_marked_unsure_and_asks_a_person(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            source = await make.source(session)
        post = await posted(sessions, source, "может кто возьмёт задачу на react?", doubtful(0.35))
        listing = await the_listing(sessions)
        assert (listing.kind, listing.is_unsure, listing.confidence) == (Kind.REQUEST, True, 0.35)
        async with sessions.of_market() as session:
            assert (await session.get_one(Post, post.id)).needs_review

    async def test_ends_where_the_post_is_hardly_a_request(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            source = await make.source(session)
        post = await posted(sessions, source, "сегодня митап", doubtful(0.05))
        assert await listings(sessions) == []
        async with sessions.of_market() as session:
            assert not (await session.get_one(Post, post.id)).needs_review

    async def test_is_over_once_a_sure_post_shows_the_same(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            one, other = await make.source(session), await make.source(session)
        item = make.item("backend", "java")
        await posted(sessions, one, JAVA, doubtful(0.35, item))
        await posted(sessions, other, JAVA, make.request(item))
        listing = await the_listing(sessions)
        assert (listing.is_unsure, listing.confidence) == (False, 0.97)

    async def test_asks_nobody_when_a_person_has_said_what_it_is(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            company = await make.company(session)
            person = await make.user(session, company)
            source = await make.source(session)
        post = await posted(sessions, source, "может кто возьмёт задачу?", doubtful(0.35))
        async with sessions.of_company(company.id) as session:
            await labels.give(session, make.actor(person), post.id, Kind.REQUEST)
        await recorded(sessions, {post.id: doubtful(0.36)})
        async with sessions.of_market() as session:
            assert not (await session.get_one(Post, post.id)).needs_review


class TestRelabel:
    async def test_of_an_edit_keeps_the_listing_and_changes_it(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            source = await make.source(session)
        post = await posted(sessions, source, JAVA, make.request(make.item("backend", "java", max_rate=2800)))
        listing = await the_listing(sessions)
        await edited(
            sessions, post, JAVA + "\nКофе за наш счёт",
            make.request(make.item("backend", "java", "kotlin", grades=(Grade.SENIOR,), max_rate=2900)),
        )  # fmt: skip
        now = await the_listing(sessions)
        assert now.id == listing.id
        assert (now.core, now.grades, now.rate_max) == (["java", "kotlin"], ["senior"], 2900)
        async with sessions.of_market() as session:
            assert set(await session.scalars(select(ListingTechnology.technology))) == {"java", "kotlin"}

    async def test_keeps_each_item_that_is_still_there(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            source = await make.source(session)
        java, react, go = (
            make.item("backend", "java", text="Java, Senior, банк", request_id="1"),
            make.item("frontend", "react", text="React, Middle, склад", request_id="2"),
            make.item("backend", "go", text="Go, Middle, биллинг", request_id="3"),
        )
        post = await posted(sessions, source, "три позиции", make.request(java, react, go))
        first, second, third = await listings(sessions)
        await edited(sessions, post, "две позиции", make.request(go, java))
        now = {listing.request_id: listing.id for listing in await listings(sessions)}
        assert now == {"1": first.id, "3": third.id}
        async with sessions.of_market() as session:
            assert (await session.get_one(Listing, second.id)).withdrawn_at is not None

    async def test_as_junk_withdraws_and_as_a_request_brings_back(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            source = await make.source(session)
        prediction = make.request(make.item("backend", "java"))
        post = await posted(sessions, source, JAVA, prediction)
        listing = await the_listing(sessions)
        await recorded(sessions, {post.id: make.junk()})
        assert await listings(sessions) == []
        await recorded(sessions, {post.id: prediction})
        assert (await the_listing(sessions)).id == listing.id

    async def test_of_one_post_leaves_the_listing_to_the_others(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            one, other = await make.source(session), await make.source(session)
        item = make.item("backend", "java")
        first = await posted(sessions, one, JAVA, make.request(item), ago=timedelta(hours=2))
        second = await posted(sessions, other, JAVA, make.request(item))
        await recorded(sessions, {first.id: make.junk()})
        listing = await the_listing(sessions)
        assert listing.first_post_id == second.id
        assert [seen.post_id for seen in await appearances(sessions, listing)] == [second.id]

    async def test_as_another_need_parts_from_the_listing_it_shared(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            one, other = await make.source(session), await make.source(session)
        item = make.item("backend", "java")
        await posted(sessions, one, JAVA, make.request(item), ago=timedelta(hours=2))
        second = await posted(sessions, other, JAVA, make.request(item))
        await edited(sessions, second, GO, make.request(make.item("backend", "go")))
        java, go = await listings(sessions)
        assert (java.core, go.core) == (["java"], ["go"])
        assert [seen.post_id for seen in await appearances(sessions, go)] == [second.id]

    async def test_with_the_other_kind_keeps_the_listing(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            source = await make.source(session)
        item = make.item("backend", "java")
        post = await posted(sessions, source, JAVA, make.request(item))
        listing = await the_listing(sessions)
        await recorded(sessions, {post.id: make.offer(item)})
        now = await the_listing(sessions)
        assert (now.id, now.kind) == (listing.id, Kind.OFFER)


class TestDelete:
    async def test_closes_the_listing(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            source = await make.source(session)
        prediction = make.request(make.item("backend", "java"))
        post = await posted(sessions, source, JAVA, prediction)
        at = post.posted_at + timedelta(hours=1)
        await labelled.deleted(sessions, post, prediction, at)
        listing = await the_listing(sessions)
        assert (listing.state, listing.state_changed_at) == (ListingState.CLOSED, at)

    async def test_closes_nothing_while_it_is_seen_elsewhere(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            one, other = await make.source(session), await make.source(session)
        prediction = make.request(make.item("backend", "java"))
        first = await posted(sessions, one, JAVA, prediction)
        second = await posted(sessions, other, JAVA, prediction)
        at = second.posted_at + timedelta(hours=1)
        await labelled.deleted(sessions, first, prediction, at)
        assert (await the_listing(sessions)).state is ListingState.OPEN
        await labelled.deleted(sessions, second, prediction, at)
        assert (await the_listing(sessions)).state is ListingState.CLOSED

    async def test_before_it_was_labelled_makes_no_listing(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            source = await make.source(session)
        await posted(sessions, source, JAVA, make.request(make.item("backend", "java")), deleted_at=make.NOON)
        assert await listings(sessions) == []


class TestBatch:
    async def test_of_many_posts_joins_within_itself(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            sources = [await make.source(session) for _ in range(4)]
            posts = [await make.post(session, sources[n % 4], JAVA if n % 2 else GO) for n in range(40)]
        predictions = {
            post.id: make.request(make.item("backend", "java" if n % 2 else "go")) for n, post in enumerate(posts)
        }
        await recorded(sessions, predictions)
        found = await listings(sessions)
        assert [len(await appearances(sessions, listing)) for listing in found] == [20, 20]
