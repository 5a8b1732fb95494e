import asyncio
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from crm import subscription_index, users
from crm.matching import STRICT_FIELDS, ListingFacts, Wish, wants, wish_of
from crm.subscription_index import Match, SubscriptionIndex, Table
from db.models import Company, Role, Subscription, User
from db.session import Sessions
from tests import make

KINDS = ("request", "offer")
ROLES = ("backend", "frontend", "qa")
TECHNOLOGIES = ("go", "react", "php", "docker")
GRADES = ("junior", "middle", "senior", "lead")
ENGAGEMENTS = ("outstaff", "inhouse", "freelance")
REMOTE = ("remote", "office", "hybrid")
PLACES = ("Москва", "Казань", "Нижний Новгород", "спб")
WORDS = ("банк", "банка", "go", "big data", "big", "срочно", "!!!", "ВордПресс", "данные big")
TEXTS = ("Нужен в банк", "банки и Go", "Big Data, срочно", "google", "", "сайт на вордпрессе: данные big-боссов")
SOURCES = (1, 2, 3)
RATES = st.none() | st.integers(0, 4) | st.just(2000)
CONFIDENCE = st.sampled_from([0.0, 0.3, 0.5, 0.7, 1.0])


def some(values: tuple[Any, ...]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.just(()) | st.lists(st.sampled_from(values), max_size=3, unique=True).map(tuple)


wishes = st.builds(
    Wish,
    kinds=some(KINDS),
    roles=some(ROLES),
    technologies_any=some(TECHNOLOGIES),
    technologies_all=some(TECHNOLOGIES),
    technologies_none=some(TECHNOLOGIES),
    grades=some(GRADES),
    engagements=some(ENGAGEMENTS),
    min_rate=RATES,
    remote=some(REMOTE),
    places=some(PLACES),
    words=some(WORDS),
    minus_words=some(WORDS),
    source_ids=some(SOURCES),
    min_confidence=CONFIDENCE,
    strict=some(STRICT_FIELDS),
)
listings = st.builds(
    ListingFacts,
    listing_id=st.just(1),
    company_id=st.sampled_from([None, 1, 2]),
    kind=st.sampled_from(KINDS),
    role=st.sampled_from([None, *ROLES]),
    core=some(TECHNOLOGIES),
    extra=some(TECHNOLOGIES),
    grades=some(GRADES),
    engagement=st.sampled_from(["unknown", *ENGAGEMENTS]),
    hourly_min=RATES,
    hourly_max=RATES,
    remote=st.sampled_from([None, *REMOTE]),
    location=st.sampled_from([None, "", "Москва, РФ", "Казань", "г. Нижний Новгород", "СПб"]),
    text=st.sampled_from(TEXTS),
    source_ids=some(SOURCES),
    confidence=CONFIDENCE,
)
FACTS = ListingFacts(listing_id=1, company_id=None, kind="request", confidence=0.9)


def expected(entries: list[Match], facts: ListingFacts) -> set[int]:
    return {
        entry.subscription_id
        for entry in entries
        if facts.company_id in (None, entry.company_id) and wants(entry.wish, facts) is not None
    }


def found(table: Table, facts: ListingFacts) -> set[int]:
    matches = [entry.subscription_id for entry in table.match(facts)]
    assert len(matches) == len(set(matches))
    return set(matches)


class TestTable:
    @settings(max_examples=300, deadline=None)
    @given(wished=st.lists(wishes, max_size=20), facts=st.lists(listings, min_size=1, max_size=5))
    def test_finds_exactly_those_that_want_it(self, wished: list[Wish], facts: list[ListingFacts]) -> None:
        entries = [Match(number, 1, 1 + number % 2, wish) for number, wish in enumerate(wished)]
        table = Table.of(entries)
        for listing in facts:
            assert found(table, listing) == expected(entries, listing)

    @settings(max_examples=100, deadline=None)
    @given(
        changes=st.lists(st.tuples(st.integers(0, 9), st.none() | wishes), max_size=40),
        facts=st.lists(listings, min_size=1, max_size=5),
    )
    def test_stays_exact_as_subscriptions_come_change_and_go(
        self, changes: list[tuple[int, Wish | None]], facts: list[ListingFacts]
    ) -> None:
        table = Table()
        current: dict[int, Match] = {}
        for number, wish in changes:
            current.pop(number, None)
            if wish is None:
                table.drop(number)
            else:
                current[number] = Match(number, 1, 1 + number % 2, wish)
                table.put(current[number])
        assert len(table) == len(current)
        for listing in facts:
            assert found(table, listing) == expected(list(current.values()), listing)
            assert found(Table.of(table.live()), listing) == expected(list(current.values()), listing)

    def test_what_has_not_changed_keeps_its_slot(self) -> None:
        table = Table()
        for _ in range(3):
            table.put(Match(1, 1, 1, Wish(kinds=("request",))))
        assert table.dead_slots == 0

    def test_an_endless_word_costs_no_more_than_the_longest_that_is_asked_for(self) -> None:
        table = Table.of([Match(1, 1, 1, Wish(words=("банк",)))])
        assert table.match(ListingFacts(listing_id=1, company_id=None, kind="request", text="а" * 200_000)) == []


async def fresh(sessions: Sessions) -> tuple[SubscriptionIndex, User, Subscription]:
    """An index that knows one subscription of one manager."""
    async with sessions.of_system() as session:
        company = await make.company(session)
        manager = await make.user(session, company)
        subscription = await make.subscription(session, manager)
    index = SubscriptionIndex()
    await refresh(sessions, index)
    return index, manager, subscription


async def refresh(sessions: Sessions, index: SubscriptionIndex) -> int:
    async with sessions.of_system() as session:
        return await index.refresh(session)


async def change(sessions: Sessions, subscription: Subscription, **fields: Any) -> None:
    async with sessions.of_system() as session:
        await session.execute(update(Subscription).where(Subscription.id == subscription.id).values(**fields))


class TestMatch:
    async def test_says_whose_it_is_and_why(self, sessions: Sessions) -> None:
        index, manager, subscription = await fresh(sessions)
        [match] = index.match(FACTS)
        assert (match.subscription_id, match.user_id, match.company_id) == (
            subscription.id,
            manager.id,
            manager.company_id,
        )
        assert match.reasons(FACTS) == wants(wish_of(subscription), FACTS) == ({"filter": "kind", "value": "request"},)

    async def test_before_the_first_refresh_nobody_is_known(self) -> None:
        assert SubscriptionIndex().match(FACTS) == []

    async def test_a_private_listing_reaches_its_own_company_alone(self, sessions: Sessions) -> None:
        index, manager, _ = await fresh(sessions)
        async with sessions.of_system() as session:
            other = await make.user(session, await make.company(session))
            await make.subscription(session, other)
        await refresh(sessions, index)
        assert {match.user_id for match in index.match(FACTS)} == {manager.id, other.id}
        private = ListingFacts(listing_id=1, company_id=other.company_id, kind="request")
        assert [match.user_id for match in index.match(private)] == [other.id]


class TestRefresh:
    async def test_reads_only_what_changed(self, sessions: Sessions) -> None:
        index, manager, _ = await fresh(sessions)
        async with sessions.of_system() as session:
            await make.subscription(session, manager, kinds=["offer"])
        assert await refresh(sessions, index) == 1
        assert await refresh(sessions, index) == 0
        assert len(index) == 2

    async def test_changed_filters_count(self, sessions: Sessions) -> None:
        index, _, subscription = await fresh(sessions)
        await change(sessions, subscription, kinds=["offer"])
        await refresh(sessions, index)
        assert index.match(FACTS) == []
        assert len(index) == 1

    async def test_paused_and_deleted_ones_go_out_and_come_back(self, sessions: Sessions) -> None:
        index, _, subscription = await fresh(sessions)
        for field in ("paused_at", "deleted_at"):
            await change(sessions, subscription, **{field: datetime.now(UTC)})
            await refresh(sessions, index)
            assert index.match(FACTS) == []
            await change(sessions, subscription, **{field: None})
            await refresh(sessions, index)
            assert len(index.match(FACTS)) == 1

    async def test_those_of_a_removed_user_go_out(self, sessions: Sessions) -> None:
        index, manager, _ = await fresh(sessions)
        async with sessions.of_company(manager.company_id) as session:
            admin = await make.user(session, await session.get_one(Company, manager.company_id), role=Role.ADMIN)
            await users.remove(session, users.actor(admin), manager.id)
        await refresh(sessions, index)
        assert index.match(FACTS) == []

    async def test_one_made_in_the_moment_of_removal_never_comes_in(self, sessions: Sessions) -> None:
        index, manager, _ = await fresh(sessions)
        async with sessions.of_system() as session:
            await session.execute(update(User).where(User.id == manager.id).values(removed_at=datetime.now(UTC)))
            await make.subscription(session, manager)
        before = len(index)
        await refresh(sessions, index)
        assert len(index) == before

    async def test_a_transaction_that_commits_late_is_not_missed(self, sessions: Sessions) -> None:
        index, manager, _ = await fresh(sessions)
        async with sessions.of_system() as slow:
            late = await make.subscription(slow, manager)
            async with sessions.of_system() as quick:
                early = await make.subscription(quick, manager)
            await refresh(sessions, index)
            assert {match.subscription_id for match in index.match(FACTS)} >= {early.id}
            assert late.id not in {match.subscription_id for match in index.match(FACTS)}
        await refresh(sessions, index)
        assert {match.subscription_id for match in index.match(FACTS)} >= {early.id, late.id}

    async def test_what_was_rolled_back_never_was(self, sessions: Sessions) -> None:
        index, manager, _ = await fresh(sessions)
        async with sessions.of_system() as session:
            await make.subscription(session, manager)
            await index.refresh(session)
            await session.rollback()
        await refresh(sessions, index)
        assert len(index.match(FACTS)) == 1

    async def test_two_at_once_are_as_good_as_two_in_turn(self, sessions: Sessions) -> None:
        index, manager, _ = await fresh(sessions)
        async with sessions.of_system() as session:
            await make.subscription(session, manager)
        await asyncio.gather(refresh(sessions, index), refresh(sessions, index))
        assert len(index.match(FACTS)) == 2

    async def test_dead_slots_are_cleared_away(self, sessions: Sessions, monkeypatch: Any) -> None:
        monkeypatch.setattr(subscription_index, "DEAD_SLOTS_ALLOWED", 2)
        index, _, subscription = await fresh(sessions)
        for number in range(10):
            await change(sessions, subscription, min_rate=number)
            await refresh(sessions, index)
            assert [match.wish.min_rate for match in index.match(FACTS)] == [number]
        assert index._table.dead_slots <= 3
