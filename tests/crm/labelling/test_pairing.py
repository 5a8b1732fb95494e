"""The same request in the market and in a company's closed chat: paired, and told once."""

import asyncio
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from sqlalchemy import func, select

from crm import labelling, leads
from crm.alerts import withdraw_promised
from crm.labelling.recording import LOCK
from crm.subscription_index import SubscriptionIndex
from db.models import Alert, AlertState, Arrival, Channel, Company, Listing, Source, User
from db.session import Sessions
from language.prediction import Item, Prediction
from tests import make
from tests.labelled import GO, JAVA, JAVA_REPOSTED, alerts, edited, listings, posted, recorded


def java(**fields: Any) -> Prediction:
    return make.request(make.item("backend", "java", **{"max_rate": 2800, "contact": "@anna"} | fields))


class World(NamedTuple):
    anna: User
    public: Source
    closed: Source
    """Anna's company's"""
    stranger: User
    their_closed: Source
    index: SubscriptionIndex


async def world(sessions: Sessions, **wish: Any) -> World:
    """Two people of two companies who want every request, with a closed chat each, and a public channel."""
    async with sessions.of_system() as session:
        ours, theirs = await make.company(session), await make.company(session)
        anna, stranger = await make.user(session, ours), await make.user(session, theirs)
        for person in (anna, stranger):
            await make.subscription(session, person, **wish)
        public, closed, other = [await make.source(session, of) for of in (None, ours, theirs)]
        return World(anna, public, closed, stranger, other, SubscriptionIndex())


async def twin_ids(sessions: Sessions) -> dict[int, int | None]:
    return {listing.id: listing.twin_id for listing in await listings(sessions)}


async def told(sessions: Sessions, person: User) -> list[tuple[int, int]]:
    """(listing, telling) of what was promised to the person."""
    return [(alert.listing_id, alert.telling) for alert in await alerts(sessions) if alert.user_id == person.id]


async def as_told(sessions: Sessions) -> None:
    async with sessions.of_system() as session:
        for alert in await session.scalars(select(Alert)):
            alert.state, alert.settled_at, alert.stale_since = AlertState.DELIVERED, datetime.now(UTC), None


async def stale(sessions: Sessions) -> set[tuple[int | None, int]]:
    """(user, listing) of cards that are to be drawn anew."""
    return {(alert.user_id, alert.listing_id) for alert in await alerts(sessions) if alert.stale_since is not None}


class TestPair:
    async def test_links_a_private_listing_to_the_markets_seen_before(self, sessions: Sessions) -> None:
        _, public, closed, *_ = await world(sessions)
        await posted(sessions, public, JAVA, java())
        await posted(sessions, closed, JAVA_REPOSTED, java())
        assert await twin_ids(sessions) == {1: None, 2: 1}

    async def test_links_every_companys_private_listing_when_the_market_shows_it_later(
        self, sessions: Sessions
    ) -> None:
        _, public, closed, _, their_closed, _ = await world(sessions)
        await posted(sessions, closed, JAVA, java())
        await posted(sessions, their_closed, JAVA, java())
        await posted(sessions, public, JAVA_REPOSTED, java())
        assert await twin_ids(sessions) == {1: 3, 2: 3, 3: None}

    async def test_links_what_comes_in_one_batch(self, sessions: Sessions) -> None:
        _, public, closed, *_ = await world(sessions)
        async with sessions.of_system() as session:
            posts = [await make.post(session, source, JAVA) for source in (closed, public)]
        await recorded(sessions, {post.id: java() for post in posts})
        assert sorted(value is None for value in (await twin_ids(sessions)).values()) == [False, True]

    async def test_links_by_the_posters_id_whatever_the_text(self, sessions: Sessions) -> None:
        _, public, closed, *_ = await world(sessions)
        await posted(sessions, public, JAVA, java(request_id="J-7"))
        await posted(sessions, closed, "Напоминаю про J-7, java", java(request_id="J-7"))
        assert await twin_ids(sessions) == {1: None, 2: 1}

    async def test_links_nothing_of_two_companies(self, sessions: Sessions) -> None:
        _, _, closed, _, their_closed, _ = await world(sessions)
        await posted(sessions, closed, JAVA, java())
        await posted(sessions, their_closed, JAVA, java())
        assert await twin_ids(sessions) == {1: None, 2: None}

    @pytest.mark.parametrize("item", [make.item("backend", "go"), make.item("frontend", "java")])
    async def test_links_no_other_need(self, sessions: Sessions, item: Item) -> None:
        _, public, closed, *_ = await world(sessions)
        await posted(sessions, public, JAVA, java())
        await posted(sessions, closed, GO, make.request(item))
        assert await twin_ids(sessions) == {1: None, 2: None}

    async def test_follows_an_edit_away_and_back(self, sessions: Sessions) -> None:
        _, public, closed, *_ = await world(sessions)
        await posted(sessions, public, JAVA, java())
        post = await posted(sessions, closed, JAVA, java())
        await edited(sessions, post, GO, make.request(make.item("backend", "go", contact="@anna")))
        assert await twin_ids(sessions) == {1: None, 2: None}
        await edited(sessions, post, JAVA, java())
        assert await twin_ids(sessions) == {1: None, 2: 1}

    async def test_turns_to_a_living_one_from_one_that_went_away(self, sessions: Sessions) -> None:
        _, public, closed, *_ = await world(sessions)
        gone = await posted(sessions, public, JAVA, java())
        await posted(sessions, closed, JAVA, java())
        await recorded(sessions, {gone.id: make.junk()})
        assert await twin_ids(sessions) == {2: 1}
        await posted(sessions, public, JAVA, java())
        assert await twin_ids(sessions) == {2: 3, 3: None}

    async def test_finds_twins_that_two_record_at_once(self, sessions: Sessions) -> None:
        _, public, closed, *_ = await world(sessions)

        async def record(source: Source) -> None:
            async with sessions.of_system() as session:
                post = await make.post(session, source, JAVA)
            async with sessions.of_system() as session:
                await labelling.record(session, {post.id: java()}, model_version_id=None, index=None)

        await asyncio.gather(record(public), record(closed))
        assert sorted(value is None for value in (await twin_ids(sessions)).values()) == [False, True]

    async def test_lets_companies_record_beside_each_other_but_not_beside_the_market(self, sessions: Sessions) -> None:
        _, _, closed, stranger, *_ = await world(sessions)
        async with sessions.of_system() as session:
            post = await make.post(session, closed, JAVA)
        async with sessions.of_system() as session:
            await labelling.record(session, {post.id: java()}, model_version_id=None, index=None)
            async with sessions.of_system() as other:
                assert await other.scalar(select(func.pg_try_advisory_xact_lock_shared(LOCK, 0)))
                assert await other.scalar(select(func.pg_try_advisory_xact_lock(LOCK, stranger.company_id)))
                assert not await other.scalar(select(func.pg_try_advisory_xact_lock(LOCK, 0)))
                assert not await other.scalar(select(func.pg_try_advisory_xact_lock(LOCK, closed.company_id)))


class TestTellOnce:
    async def test_of_the_private_one_says_nothing_to_who_heard_of_the_markets(self, sessions: Sessions) -> None:
        anna, public, closed, stranger, _, index = await world(sessions)
        await posted(sessions, public, JAVA, java(), index=index)
        await as_told(sessions)
        await posted(sessions, closed, JAVA_REPOSTED, java(), index=index)
        assert await told(sessions, anna) == await told(sessions, stranger) == [(1, 1)]
        assert await stale(sessions) == {(anna.id, 1)}, "the stranger's card shows nothing new"

    async def test_of_the_markets_says_nothing_to_who_heard_of_the_private_one(self, sessions: Sessions) -> None:
        anna, public, closed, stranger, _, index = await world(sessions)
        await posted(sessions, closed, JAVA, java(), index=index)
        await as_told(sessions)
        await posted(sessions, public, JAVA_REPOSTED, java(), index=index)
        assert await told(sessions, anna) == [(1, 1)]
        assert await told(sessions, stranger) == [(2, 1)]
        assert await stale(sessions) == {(anna.id, 1)}

    async def test_counts_what_is_promised_and_not_told_yet(self, sessions: Sessions) -> None:
        anna, public, closed, _, _, index = await world(sessions)
        await posted(sessions, public, JAVA, java(), index=index)
        await posted(sessions, closed, JAVA, java(), index=index)
        assert await told(sessions, anna) == [(1, 1)]

    @pytest.mark.parametrize("state", [AlertState.FAILED, AlertState.WITHDRAWN])
    async def test_does_not_count_what_was_never_told(self, sessions: Sessions, state: AlertState) -> None:
        anna, public, closed, _, _, index = await world(sessions)
        await posted(sessions, public, JAVA, java(), index=index)
        async with sessions.of_system() as session:
            for alert in await session.scalars(select(Alert)):
                alert.state = state
        await posted(sessions, closed, JAVA, java(), index=index)
        assert await told(sessions, anna) == [(1, 1), (2, 1)]

    async def test_is_by_channel(self, sessions: Sessions) -> None:
        anna, public, closed, _, _, index = await world(sessions)
        await posted(sessions, public, JAVA, java(), index=index)
        async with sessions.of_system() as session:
            for alert in await session.scalars(select(Alert)):
                alert.channel = Channel.EMAIL
        await posted(sessions, closed, JAVA, java(), index=index)
        assert await told(sessions, anna) == [(1, 1), (2, 1)]

    async def test_tells_who_wants_closed_chats_alone(self, sessions: Sessions) -> None:
        anna, public, closed, _, _, index = await world(sessions)
        async with sessions.of_system() as session:
            boris = await make.user(session, await session.get_one(Company, anna.company_id))
            await make.subscription(session, boris, source_ids=[closed.id])
        await posted(sessions, public, JAVA, java(), index=index)
        await posted(sessions, closed, JAVA, java(), index=index)
        assert await told(sessions, anna) == [(1, 1)]
        assert await told(sessions, boris) == [(2, 1)]

    async def test_tells_again_once_of_more_money_on_either_side(self, sessions: Sessions) -> None:
        anna, public, closed, stranger, _, index = await world(sessions)
        await posted(sessions, public, JAVA, java(), index=index)
        await posted(sessions, closed, JAVA, java(max_rate=3000), index=index)
        assert await told(sessions, anna) == [(1, 1), (2, 1)]
        await posted(sessions, public, JAVA_REPOSTED, java(max_rate=2900), index=index)
        assert await told(sessions, anna) == [(1, 1), (2, 1)], "less than the closed chat paid before"
        assert await told(sessions, stranger) == [(1, 1), (1, 2)]
        await posted(sessions, public, JAVA_REPOSTED, java(max_rate=3200), index=index)
        assert await told(sessions, anna) == [(1, 1), (2, 1), (1, 3)]

    async def test_tells_again_once_of_a_direct_client(self, sessions: Sessions) -> None:
        anna, public, closed, *_, index = await world(sessions)
        await posted(sessions, closed, JAVA, java(), index=index)
        await posted(sessions, public, JAVA, java(direct_client=True), index=index)
        await posted(sessions, closed, JAVA, java(direct_client=True), index=index)
        assert await told(sessions, anna) == [(1, 1), (2, 1)]

    async def test_tells_of_a_private_one_that_an_edit_made_another_need(self, sessions: Sessions) -> None:
        anna, public, closed, *_, index = await world(sessions)
        await posted(sessions, public, JAVA, java(), index=index)
        post = await posted(sessions, closed, JAVA, java(), index=index)
        await as_told(sessions)
        await edited(sessions, post, GO, make.request(make.item("backend", "go", contact="@anna")), index=index)
        assert await told(sessions, anna) == [(1, 1), (2, 1)]
        assert (anna.id, 1) in await stale(sessions), "its card shows the closed chat no more"

    async def test_tells_of_a_private_one_that_the_markets_edit_left_alone(self, sessions: Sessions) -> None:
        anna, public, closed, stranger, _, index = await world(sessions)
        post = await posted(sessions, public, JAVA, java(), index=index)
        await posted(sessions, closed, JAVA, java(), index=index)
        await edited(sessions, post, GO, make.request(make.item("backend", "go", contact="@anna")), index=index)
        assert await told(sessions, anna) == [(1, 1), (2, 1)]
        assert await told(sessions, stranger) == [(1, 1)]

    async def test_is_silent_to_who_dismissed_the_other(self, sessions: Sessions) -> None:
        anna, public, closed, *_, index = await world(sessions)
        await posted(sessions, closed, JAVA, java(), arrival=Arrival.BACKFILL)
        async with sessions.of_company(anna.company_id) as session:
            await leads.dismiss(session, make.actor(anna), 1)
        await posted(sessions, public, JAVA, java(), index=index)
        assert await told(sessions, anna) == []


class TestWithdrawPromised:
    async def test_leaves_it_to_the_company_that_sees_the_other(self, sessions: Sessions) -> None:
        anna, public, closed, stranger, _, index = await world(sessions)
        post = await posted(sessions, public, JAVA, java(), index=index)
        private = await posted(sessions, closed, JAVA, java(), index=index)
        await recorded(sessions, {post.id: make.junk()}, index=index)
        states = {alert.user_id: alert.state for alert in await alerts(sessions)}
        assert states == {anna.id: AlertState.PROMISED, stranger.id: AlertState.WITHDRAWN}
        async with sessions.of_system() as session:
            listing = await session.scalar(select(Listing).where(Listing.first_post_id == private.id))
            assert listing is not None
            listing.withdrawn_at = datetime.now(UTC)
            await session.flush()
            assert await withdraw_promised(session, 1) == 1
