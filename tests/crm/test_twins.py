"""A company's private listing and the market's that is the same are one to its people, and a secret to all others."""

from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from crm import alerts, labels, leads, listings, subscriptions, twins
from crm.alerts import deliveries
from crm.errors import Forbidden, LeadAlreadyTaken, NotFound
from crm.listings import ListingCard
from crm.matching import Wish
from db.models import Alert, AlertState, Appearance, Channel, Company, Lead, Listing, Post, Role, Source, User
from db.session import Sessions
from language.kinds import Engagement, Kind, ListingState
from language.prediction import Prediction
from tests import make, telling
from tests.labelled import GO, JAVA, JAVA_REPOSTED, posted, recorded

HOUR = timedelta(hours=1)
MARKET, PRIVATE = 1, 2


def java(**fields: Any) -> Prediction:
    return make.request(make.item("backend", "java", **{"max_rate": 2800, "contact": "@anna"} | fields))


class World(NamedTuple):
    anna: User
    boris: User
    """her colleague"""
    stranger: User
    public: Source
    closed: Source
    """Anna's company's"""
    post: Post
    private_post: Post


async def world(sessions: Sessions, market: Prediction | None = None, private: Prediction | None = None) -> World:
    """The same request in the market (listing 1), and an hour later in a closed chat of Anna's company (listing 2)."""
    async with sessions.of_system() as session:
        ours, theirs = await make.company(session), await make.company(session)
        anna, boris, stranger = [await make.user(session, of) for of in (ours, ours, theirs)]
        public, closed = await make.source(session), await make.source(session, ours)
    post = await posted(sessions, public, JAVA, market or java(), ago=HOUR)
    private_post = await posted(sessions, closed, JAVA_REPOSTED, private or java(contact="@boris"))
    return World(anna, boris, stranger, public, closed, post, private_post)


async def a_card(sessions: Sessions, person: User, listing_id: int = MARKET) -> ListingCard:
    async with sessions.of_company(person.company_id) as session:
        return await listings.card(session, listing_id, person.company_id)


async def change(sessions: Sessions, listing_id: int, **fields: Any) -> None:
    async with sessions.of_system() as session:
        listing = await session.get_one(Listing, listing_id)
        for name, value in fields.items():
            setattr(listing, name, value)


async def take(sessions: Sessions, person: User, listing_id: int) -> None:
    async with sessions.of_company(person.company_id) as session:
        await leads.take(session, make.actor(person), listing_id)


async def told(sessions: Sessions, person: User, *listing_ids: int) -> None:
    """The person holds a card of each."""
    async with sessions.of_system() as session:
        subscription = await make.subscription(session, person)
        for listing_id in listing_ids:
            listing = await session.get_one(Listing, listing_id)
            alert = Alert(
                company_id=person.company_id, subscription_id=subscription.id, listing_id=listing.id, telling=1,
                channel=Channel.TELEGRAM, user_id=person.id, reasons=[], promised_at=make.NOON, due_at=make.NOON,
                state=AlertState.DELIVERED,
            )  # fmt: skip
            session.add(alert)


async def stale(sessions: Sessions) -> set[tuple[int | None, int]]:
    ledger = await telling.ledger(sessions)
    return {(alert.user_id, alert.listing_id) for alert in ledger if alert.stale_since is not None}


class TestCard:
    @pytest.mark.parametrize("listing_id", [MARKET, PRIVATE])
    async def test_shows_both_to_the_company(self, sessions: Sessions, listing_id: int) -> None:
        anna, *_, post, private_post = await world(sessions, private=java(max_rate=3000, direct_client=True))
        card = await a_card(sessions, anna, listing_id)
        assert [seen.post.id for seen in card.appearances] == [post.id, private_post.id]
        assert card.listing.id == listing_id
        assert card.twin_ids == {MARKET, PRIVATE} - {listing_id}
        assert (card.listing.rate_max, card.listing.hourly_max, card.listing.direct_client) == (3000, 3000, True)
        assert (card.listing.first_seen_at, card.listing.last_seen_at) == (post.posted_at, private_post.posted_at)

    async def test_saves_nothing_of_it(self, sessions: Sessions) -> None:
        anna, *_ = await world(sessions, private=java(max_rate=3000))
        await a_card(sessions, anna)
        async with sessions.of_market() as session:
            assert (await session.get_one(Listing, MARKET)).rate_max == 2800

    async def test_shows_nothing_of_the_private_one_to_another_company(self, sessions: Sessions) -> None:
        world_ = await world(sessions, private=java(max_rate=3000, direct_client=True))
        alone = await a_card(sessions, world_.stranger)
        async with sessions.of_system() as session:
            as_system = await listings.card(session, MARKET, world_.stranger.company_id)
        for card in (alone, as_system):
            assert [seen.source.id for seen in card.appearances] == [world_.public.id]
            assert (card.listing.rate_max, card.listing.direct_client, card.twin_ids) == (2800, False, frozenset())
            assert (card.listing.last_seen_at, card.listing.telling) == (world_.post.posted_at, 1)
        with pytest.raises(NotFound):
            await a_card(sessions, world_.stranger, PRIVATE)

    @pytest.mark.parametrize(
        ("market", "private", "shown"),
        [
            (ListingState.CLOSED, ListingState.OPEN, ListingState.OPEN),
            (ListingState.OPEN, ListingState.CLOSED, ListingState.OPEN),
            (ListingState.PAUSED, ListingState.CLOSED, ListingState.PAUSED),
            (ListingState.CLOSED, ListingState.CLOSED, ListingState.CLOSED),
        ],
    )
    async def test_is_closed_when_both_are(
        self, sessions: Sessions, market: ListingState, private: ListingState, shown: ListingState
    ) -> None:
        anna, _, stranger, *_ = await world(sessions)
        later = make.NOON + HOUR
        await change(sessions, MARKET, state=market, state_changed_at=make.NOON)
        await change(sessions, PRIVATE, state=private, state_changed_at=later)
        assert (await a_card(sessions, anna)).listing.state is shown
        assert (await a_card(sessions, stranger)).listing.state is market
        if market is private:
            assert (await a_card(sessions, anna)).listing.state_changed_at == later

    async def test_lives_on_where_one_went_away(self, sessions: Sessions) -> None:
        anna, _, stranger, _, _, post, private_post = await world(sessions)
        await recorded(sessions, {post.id: make.junk()})
        card = await a_card(sessions, anna)
        assert (card.listing.id, card.listing.withdrawn_at) == (MARKET, None)
        assert [seen.post.id for seen in card.appearances] == [private_post.id]
        assert (await a_card(sessions, stranger)).listing.withdrawn_at is not None

    async def test_is_hidden_by_a_label_of_either_post(self, sessions: Sessions) -> None:
        anna, _, stranger, _, _, _, private_post = await world(sessions)
        await told(sessions, anna, MARKET)
        await told(sessions, stranger, MARKET)
        async with sessions.of_company(anna.company_id) as session:
            await labels.give(session, make.actor(anna), private_post.id, Kind.JUNK)
        for listing_id in (MARKET, PRIVATE):
            assert (await a_card(sessions, anna, listing_id)).is_hidden
        assert not (await a_card(sessions, stranger)).is_hidden
        assert await stale(sessions) == {(anna.id, MARKET)}


class TestPage:
    async def test_shows_the_pair_once(self, sessions: Sessions) -> None:
        anna, _, stranger, *_ = await world(sessions)
        for person in (anna, stranger):
            async with sessions.of_company(person.company_id) as session:
                assert [card.listing.id for card in await listings.page(session, person.company_id)] == [MARKET]

    async def test_shows_the_private_one_where_the_other_went_away(self, sessions: Sessions) -> None:
        anna, *_, post, _ = await world(sessions)
        await recorded(sessions, {post.id: make.junk()})
        async with sessions.of_company(anna.company_id) as session:
            assert [card.listing.id for card in await listings.page(session, anna.company_id)] == [PRIVATE]

    async def test_leaves_out_what_a_label_of_the_private_post_calls_junk(self, sessions: Sessions) -> None:
        anna, _, stranger, _, _, _, private_post = await world(sessions)
        async with sessions.of_company(anna.company_id) as session:
            await labels.give(session, make.actor(anna), private_post.id, Kind.JUNK)
            assert await listings.page(session, anna.company_id) == []
        async with sessions.of_company(stranger.company_id) as session:
            assert len(await listings.page(session, stranger.company_id)) == 1


class TestReplay:
    async def test_counts_the_pair_once(self, sessions: Sessions) -> None:
        anna, _, stranger, _, closed, *_ = await world(sessions)
        await posted(sessions, closed, GO, make.request(make.item("backend", "go")))
        async with sessions.of_company(anna.company_id) as session:
            assert await subscriptions.replay(session, make.actor(anna), Wish(kinds=("request",))) == 2
        async with sessions.of_company(stranger.company_id) as session:
            assert await subscriptions.replay(session, make.actor(stranger), Wish(kinds=("request",))) == 1

    async def test_counts_it_where_only_one_of_them_passes(self, sessions: Sessions) -> None:
        anna, *_ = await world(sessions, private=java(max_rate=3000))
        async with sessions.of_company(anna.company_id) as session:
            assert await subscriptions.replay(session, make.actor(anna), Wish(min_rate=2900)) == 1

    async def test_leaves_it_out_where_either_is_labelled_junk(self, sessions: Sessions) -> None:
        anna, *_, private_post = await world(sessions)
        async with sessions.of_company(anna.company_id) as session:
            await labels.give(session, make.actor(anna), private_post.id, Kind.JUNK)
            assert await subscriptions.replay(session, make.actor(anna), Wish(kinds=("request",))) == 0


class TestTake:
    @pytest.mark.parametrize(("taken", "tried"), [(MARKET, PRIVATE), (PRIVATE, MARKET)])
    async def test_of_one_takes_both(self, sessions: Sessions, taken: int, tried: int) -> None:
        anna, boris, stranger, *_ = await world(sessions)
        await told(sessions, boris, tried)
        await told(sessions, stranger, MARKET)
        await take(sessions, anna, taken)
        with pytest.raises(LeadAlreadyTaken) as refused:
            await take(sessions, boris, tried)
        assert refused.value.params["owner"] == anna.name
        for listing_id in (MARKET, PRIVATE):
            owner = (await a_card(sessions, boris, listing_id)).owner
            assert owner is not None
            assert owner.id == anna.id
        assert (await a_card(sessions, stranger)).owner is None
        assert await stale(sessions) == {(boris.id, tried)}

    async def test_again_by_the_owner_changes_nothing(self, sessions: Sessions) -> None:
        anna, *_ = await world(sessions)
        await take(sessions, anna, PRIVATE)
        await take(sessions, anna, MARKET)
        async with sessions.of_system() as session:
            assert await session.scalar(select(func.count()).select_from(Lead)) == 1

    async def test_of_another_companys_private_one_finds_nothing(self, sessions: Sessions) -> None:
        _, _, stranger, *_ = await world(sessions)
        with pytest.raises(NotFound):
            await take(sessions, stranger, PRIVATE)

    async def test_counts_what_was_taken_before_they_were_known_to_be_the_same(self, sessions: Sessions) -> None:
        anna, boris, *_ = await world(sessions)
        await change(sessions, PRIVATE, twin_id=None)
        await take(sessions, anna, PRIVATE)
        await take(sessions, boris, MARKET)
        await change(sessions, PRIVATE, twin_id=MARKET)
        owner = (await a_card(sessions, boris)).owner
        assert owner is not None
        assert owner.id == anna.id, "who was first"
        async with sessions.of_company(anna.company_id) as session:
            await leads.release(session, make.actor(anna), MARKET)
        owner = (await a_card(sessions, anna)).owner
        assert owner is not None
        assert owner.id == boris.id


class TestRelease:
    async def test_of_one_gives_both_back(self, sessions: Sessions) -> None:
        anna, boris, *_ = await world(sessions)
        await take(sessions, anna, PRIVATE)
        async with sessions.of_company(anna.company_id) as session:
            await leads.release(session, make.actor(anna), MARKET)
        for listing_id in (MARKET, PRIVATE):
            assert (await a_card(sessions, anna, listing_id)).owner is None
        await take(sessions, boris, PRIVATE)

    @pytest.mark.parametrize("listing_id", [MARKET, PRIVATE])
    async def test_of_a_colleagues_is_refused_on_both(self, sessions: Sessions, listing_id: int) -> None:
        anna, boris, *_ = await world(sessions)
        await take(sessions, anna, MARKET)
        with pytest.raises(Forbidden):
            async with sessions.of_company(boris.company_id) as session:
                await leads.release(session, make.actor(boris), listing_id)

    async def test_by_an_admin_gives_all_back(self, sessions: Sessions) -> None:
        anna, *_ = await world(sessions)
        await take(sessions, anna, PRIVATE)
        async with sessions.of_system() as session:
            admin = await make.user(session, await session.get_one(Company, anna.company_id), role=Role.ADMIN)
        async with sessions.of_company(anna.company_id) as session:
            await leads.release(session, make.actor(admin), MARKET)
        assert (await a_card(sessions, anna, PRIVATE)).owner is None


class TestDismiss:
    async def test_of_one_hides_both_for_the_person_until_it_is_undone(self, sessions: Sessions) -> None:
        anna, boris, *_ = await world(sessions)
        for person in (anna, boris):
            await told(sessions, person, MARKET, PRIVATE)
        actor = make.actor(anna)

        async def dismissed(person: User) -> list[bool]:
            async with sessions.of_company(person.company_id) as session:
                own = await session.scalars(select(Alert).where(Alert.user_id == person.id).order_by(Alert.listing_id))
                return [told.is_dismissed for told in (await deliveries.load(session, own.all())).alerts]

        async with sessions.of_company(anna.company_id) as session:
            await leads.dismiss(session, actor, PRIVATE)
        assert (await dismissed(anna), await dismissed(boris)) == ([True, True], [False, False])
        async with sessions.of_company(anna.company_id) as session:
            await leads.undismiss(session, actor, MARKET)
        assert await dismissed(anna) == [False, False]


class TestMarkStale:
    async def test_of_the_private_one_reaches_its_companys_cards_alone(self, sessions: Sessions) -> None:
        anna, _, stranger, *_ = await world(sessions)
        await told(sessions, anna, MARKET)
        await told(sessions, stranger, MARKET)
        async with sessions.of_system() as session:
            assert await alerts.mark_stale(session, PRIVATE) == 1
        assert await stale(sessions) == {(anna.id, MARKET)}

    async def test_of_the_markets_reaches_cards_of_the_private_one_too(self, sessions: Sessions) -> None:
        anna, _, stranger, *_ = await world(sessions)
        await told(sessions, anna, PRIVATE)
        await told(sessions, stranger, MARKET)
        async with sessions.of_system() as session:
            assert await alerts.mark_stale(session, MARKET) == 2
        assert await stale(sessions) == {(anna.id, PRIVATE), (stranger.id, MARKET)}


class TestSecrecy:
    async def test_another_company_sees_neither_listing_nor_appearance_nor_link(self, sessions: Sessions) -> None:
        _, _, stranger, *_ = await world(sessions)
        async with sessions.of_company(stranger.company_id) as session:
            assert (await session.scalars(select(Listing.id))).all() == [MARKET]
            assert (await session.scalars(select(Listing.twin_id))).all() == [None]
            assert (await session.scalars(select(Appearance.listing_id))).all() == [MARKET]
            assert (await session.scalars(twins.ids(MARKET))).all() == [MARKET]
            assert (await session.get_one(Listing, MARKET)).telling == 1

    async def test_the_database_lets_the_market_bear_no_twin(self, sessions: Sessions) -> None:
        await world(sessions)
        with pytest.raises(IntegrityError, match="twin_is_private"):
            await change(sessions, MARKET, twin_id=PRIVATE)


class TestAsOne:
    @staticmethod
    def listing(**fields: Any) -> Listing:
        filled = {
            "id": 1, "kind": Kind.OFFER, "role": "backend", "core": ["go"], "extra": [], "grades": [], "count": 1,
            "engagement": Engagement.UNKNOWN, "direct_client": False, "confidence": 0.9, "is_unsure": False,
            "state": ListingState.OPEN, "first_post_id": 1, "first_seen_at": make.NOON, "last_seen_at": make.NOON,
            "telling": 1,
        }  # fmt: skip
        return Listing(**filled | fields)

    def test_takes_what_it_does_not_say_from_its_twin(self) -> None:
        one = self.listing(location=None, is_unsure=True, confidence=0.4)
        other = self.listing(
            id=2, location="Москва", remote="hybrid", grades=["lead"], engagement=Engagement.OUTSTAFF, core=["java"]
        )
        shown = twins.as_one(one, [other])
        assert (shown.location, shown.remote, shown.grades, shown.core) == ("Москва", "hybrid", ["lead"], ["go"])
        assert (shown.engagement, shown.is_unsure, shown.confidence) == (Engagement.OUTSTAFF, False, 0.9)

    def test_of_offers_takes_the_lowest_rate(self) -> None:
        def of_rate(rate: int) -> Listing:
            return self.listing(rate_max=rate, rate_currency="RUB", rate_period="hour", hourly_max=rate)

        assert twins.as_one(of_rate(3000), [of_rate(2500)]).rate_max == 2500
        assert twins.as_one(of_rate(2500), [of_rate(3000)]).hourly_max == 2500
        assert twins.as_one(self.listing(), [of_rate(3000)]).rate_max == 3000


class TestOutdoes:
    @staticmethod
    def request(peak: int | None = None, direct: bool = False, kind: Kind = Kind.REQUEST) -> Listing:
        return Listing(kind=kind, peak_hourly=peak, direct_client=direct)

    def test_by_more_money_than_any_other(self) -> None:
        others = [self.request(2500), self.request(3000), self.request(None)]
        assert twins.outdoes(self.request(3100), others)
        assert not twins.outdoes(self.request(3000), others)
        assert not twins.outdoes(self.request(None), others)

    def test_not_by_money_where_none_was_said(self) -> None:
        assert not twins.outdoes(self.request(3000), [self.request(None)])

    def test_by_a_client_who_alone_speaks_directly(self) -> None:
        assert twins.outdoes(self.request(direct=True), [self.request(2000)])
        assert not twins.outdoes(self.request(direct=True), [self.request(2000), self.request(direct=True)])

    def test_not_of_offers(self) -> None:
        assert not twins.outdoes(self.request(3000, True, Kind.OFFER), [self.request(2000, kind=Kind.OFFER)])
