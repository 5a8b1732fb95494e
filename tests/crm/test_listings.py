from datetime import timedelta
from typing import Any

import pytest

from crm import labels, leads, listings
from crm.errors import NotFound
from db.base import Json
from db.models import Company, Listing, Source, User
from db.session import Sessions
from language.kinds import Grade, Kind
from language.prediction import Reason
from tests import make
from tests.labelled import GO, JAVA, JAVA_REPOSTED, posted, recorded, the_listing

JAVA_ITEM = make.item("backend", "java", grades=(Grade.SENIOR,), max_rate=2800, contact="@anna")
REQUEST = make.request(JAVA_ITEM, reasons=(Reason("нужен", 1.0),))
HOUR = timedelta(hours=1)


async def world(sessions: Sessions) -> tuple[User, Source, Source]:
    async with sessions.of_system() as session:
        person = await make.user(session, await make.company(session))
        return person, await make.source(session), await make.source(session)


async def a_card(sessions: Sessions, person: User, listing_id: int) -> listings.ListingCard:
    async with sessions.of_company(person.company_id) as session:
        return await listings.card(session, listing_id, person.company_id)


async def label(sessions: Sessions, person: User, post_id: int, kind: Kind, items: list[Json] | None = None) -> None:
    async with sessions.of_company(person.company_id) as session:
        await labels.give(session, make.actor(person), post_id, kind, items=items)


async def a_page(sessions: Sessions, person: User, **filters: Any) -> list[int]:
    async with sessions.of_company(person.company_id) as session:
        cards = await listings.page(session, person.company_id, **filters)
        return [card.listing.id for card in cards]


class TestCard:
    async def test_shows_where_it_was_seen_oldest_first_and_why(self, sessions: Sessions) -> None:
        person, one, other = await world(sessions)
        await posted(sessions, other, JAVA_REPOSTED, make.request(JAVA_ITEM))
        await posted(sessions, one, JAVA, REQUEST, ago=HOUR)
        card = await a_card(sessions, person, (await the_listing(sessions)).id)
        assert [seen.source.id for seen in card.appearances] == [one.id, other.id]
        assert [seen.post.text for seen in card.appearances] == [JAVA, JAVA_REPOSTED]
        assert card.appearances[0].appearance.contact == "@anna"
        assert card.reasons == [{"words": "нужен", "weight": 1.0}]
        assert (card.lead, card.owner, card.label, card.is_hidden) == (None, None, None, False)

    async def test_leads_to_the_original_whether_public_or_closed(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            person = await make.user(session, await make.company(session))
            public = await make.source(session, username="it_bridge")
            closed = await make.source(session, username=None, channel_id=777)
        posts = [
            await posted(sessions, public, JAVA, REQUEST, ago=HOUR),
            await posted(sessions, closed, JAVA_REPOSTED, make.request(JAVA_ITEM)),
        ]
        card = await a_card(sessions, person, (await the_listing(sessions)).id)
        assert [seen.link for seen in card.appearances] == [
            f"https://t.me/it_bridge/{posts[0].message_id}",
            f"https://t.me/c/777/{posts[1].message_id}",
        ]

    async def test_shows_the_companys_own_lead_alone(self, sessions: Sessions) -> None:
        person, source, _ = await world(sessions)
        stranger, _, _ = await world(sessions)
        await posted(sessions, source, JAVA, REQUEST)
        listing = await the_listing(sessions)
        async with sessions.of_company(person.company_id) as session:
            await leads.take(session, make.actor(person), listing.id)
        mine, theirs = await a_card(sessions, person, listing.id), await a_card(sessions, stranger, listing.id)
        assert mine.lead is not None
        assert mine.owner is not None
        assert mine.owner.id == person.id
        assert (theirs.lead, theirs.owner) == (None, None)

    async def test_keeps_companies_apart_where_the_session_sees_all(self, sessions: Sessions) -> None:
        person, source, _ = await world(sessions)
        stranger, _, _ = await world(sessions)
        post = await posted(sessions, source, JAVA, REQUEST)
        listing = await the_listing(sessions)
        await label(sessions, person, post.id, Kind.JUNK)
        async with sessions.of_company(person.company_id) as session:
            await leads.take(session, make.actor(person), listing.id)
        async with sessions.of_system() as session:
            card = await listings.card(session, listing.id, stranger.company_id)
        assert (card.lead, card.owner, card.label, card.is_hidden) == (None, None, None, False)

    async def test_of_another_companys_private_listing_is_not_found(self, sessions: Sessions) -> None:
        person, _, _ = await world(sessions)
        async with sessions.of_system() as session:
            private = await make.source(session, await make.company(session))
        await posted(sessions, private, JAVA, REQUEST)
        listing = await the_listing(sessions)
        with pytest.raises(NotFound):
            await a_card(sessions, person, listing.id)
        with pytest.raises(NotFound):
            async with sessions.of_system() as session:
                await listings.card(session, listing.id, person.company_id)

    async def test_of_a_listing_that_went_away_is_there(self, sessions: Sessions) -> None:
        person, source, _ = await world(sessions)
        post = await posted(sessions, source, JAVA, REQUEST)
        listing = await the_listing(sessions)
        await recorded(sessions, {post.id: make.junk()})
        card = await a_card(sessions, person, listing.id)
        assert card.listing.withdrawn_at is not None
        assert (card.appearances, card.reasons) == ([], [])


class TestLabelledCard:
    async def test_is_hidden_for_the_company_that_said_junk(self, sessions: Sessions) -> None:
        person, source, _ = await world(sessions)
        stranger, _, _ = await world(sessions)
        post = await posted(sessions, source, JAVA, REQUEST)
        listing = await the_listing(sessions)
        await label(sessions, person, post.id, Kind.JUNK)
        assert (await a_card(sessions, person, listing.id)).is_hidden
        assert not (await a_card(sessions, stranger, listing.id)).is_hidden

    async def test_shows_what_the_company_fixed_and_saves_nothing_of_it(self, sessions: Sessions) -> None:
        person, source, _ = await world(sessions)
        stranger, _, _ = await world(sessions)
        post = await posted(sessions, source, JAVA, REQUEST)
        listing = await the_listing(sessions)
        fixed: Json = {
            "role": "fullstack", "core": ["kotlin"], "extra": ["kafka"], "grades": ["lead"], "count": 2,
            "rate": {"max": 100, "currency": "USD", "period": "hour"}, "remote": "office", "location": "Омск",
        }  # fmt: skip
        await label(sessions, person, post.id, Kind.REQUEST, [fixed])
        shown = (await a_card(sessions, person, listing.id)).listing
        assert (shown.id, shown.role, shown.core, shown.extra, shown.grades, shown.count) == (
            listing.id, "fullstack", ["kotlin"], ["kafka"], ["lead"], 2,
        )  # fmt: skip
        assert (shown.rate_max, shown.rate_currency, shown.location, shown.remote) == (100, "USD", "Омск", "office")
        assert shown.hourly_max is not None
        assert shown.hourly_max > 2800
        assert (await a_card(sessions, stranger, listing.id)).listing.role == "backend"
        assert (await the_listing(sessions)).role == "backend"

    async def test_is_sure_once_a_person_said_yes(self, sessions: Sessions) -> None:
        person, source, _ = await world(sessions)
        post = await posted(sessions, source, JAVA, make.request(JAVA_ITEM, confidence=0.4, abstain=True))
        await label(sessions, person, post.id, Kind.OFFER)
        shown = (await a_card(sessions, person, (await the_listing(sessions)).id)).listing
        assert (shown.kind, shown.is_unsure, shown.role) == (Kind.OFFER, False, "backend")

    async def test_follows_the_newest_label(self, sessions: Sessions) -> None:
        person, source, _ = await world(sessions)
        post = await posted(sessions, source, JAVA, REQUEST)
        listing = await the_listing(sessions)
        await label(sessions, person, post.id, Kind.JUNK)
        await label(sessions, person, post.id, Kind.REQUEST)
        assert not (await a_card(sessions, person, listing.id)).is_hidden
        async with sessions.of_company(person.company_id) as session:
            await labels.withdraw(session, make.actor(person), post.id)
        assert (await a_card(sessions, person, listing.id)).is_hidden

    async def test_of_an_item_left_out_of_the_fixed_list_is_hidden(self, sessions: Sessions) -> None:
        person, source, _ = await world(sessions)
        items = (make.item("backend", "java", text="java"), make.item("frontend", "react", text="react"))
        post = await posted(sessions, source, "java\nreact", make.request(*items))
        await label(sessions, person, post.id, Kind.REQUEST, [{"role": "backend", "core": ["java"]}])
        async with sessions.of_company(person.company_id) as session:
            cards = await listings.cards(session, [1, 2], person.company_id)
        assert [card.is_hidden for card in cards] == [False, True]


class TestPage:
    async def test_comes_newest_first_and_goes_on_after_the_last(self, sessions: Sessions) -> None:
        person, source, _ = await world(sessions)
        for technology in ("java", "go", "python", "php", "rust"):
            item = make.item("backend", technology, text=f"нужен человек, который умеет {technology}")
            await posted(sessions, source, technology, make.request(item))
        newest = await a_page(sessions, person, limit=3)
        assert newest == sorted(newest, reverse=True)
        assert len(newest) == 3
        assert await a_page(sessions, person, limit=3, before=newest[-1]) == [newest[-1] - 1, newest[-1] - 2]

    async def test_is_filtered_by_kind_technology_and_grade(self, sessions: Sessions) -> None:
        person, source, _ = await world(sessions)
        await posted(sessions, source, JAVA, REQUEST)
        await posted(sessions, source, GO, make.offer(make.item("backend", "go", extra=("redis",))))
        assert await a_page(sessions, person, kind=Kind.REQUEST) == [1]
        assert await a_page(sessions, person, technology="redis") == [2]
        assert await a_page(sessions, person, grade=Grade.SENIOR) == [1]
        assert await a_page(sessions, person, kind=Kind.OFFER, technology="java") == []

    async def test_leaves_out_junk_of_the_company_what_went_away_and_others(self, sessions: Sessions) -> None:
        person, source, other = await world(sessions)
        stranger, _, _ = await world(sessions)
        async with sessions.of_system() as session:
            private = await make.source(session, await session.get_one(Company, stranger.company_id))
        post = await posted(sessions, source, JAVA, REQUEST)
        gone = await posted(sessions, other, GO, make.request(make.item("backend", "go")))
        await recorded(sessions, {gone.id: make.junk()})
        await posted(sessions, private, GO, make.request(make.item("backend", "go")))
        await label(sessions, person, post.id, Kind.JUNK)
        assert await a_page(sessions, person) == []
        assert len(await a_page(sessions, stranger)) == 2


class TestRecent:
    async def test_gives_facts_of_what_was_first_seen_since_then(self, sessions: Sessions) -> None:
        person, one, other = await world(sessions)
        first = await posted(sessions, one, JAVA, REQUEST, ago=2 * HOUR)
        await posted(sessions, other, JAVA_REPOSTED, make.request(JAVA_ITEM))
        await posted(sessions, other, GO, make.request(make.item("backend", "go")), ago=30 * HOUR)
        async with sessions.of_company(person.company_id) as session:
            (facts,) = await listings.recent(session, first.posted_at - HOUR, person.company_id)
        assert (facts.kind, facts.role, facts.core, facts.grades) == ("request", "backend", ("java",), ("senior",))
        assert (facts.hourly_max, facts.source_ids, facts.confidence) == (2800, (one.id, other.id), 0.97)
        assert facts.text == f"{JAVA}\n{JAVA_REPOSTED}"

    async def test_is_the_companys_view(self, sessions: Sessions) -> None:
        person, source, other = await world(sessions)
        post = await posted(sessions, source, JAVA, REQUEST)
        fixed = await posted(sessions, other, GO, make.request(make.item("backend", "go")))
        await label(sessions, person, post.id, Kind.JUNK)
        await label(sessions, person, fixed.id, Kind.REQUEST, [{"role": "devops", "core": ["kubernetes"]}])
        async with sessions.of_company(person.company_id) as session:
            (facts,) = await listings.recent(session, post.posted_at - HOUR, person.company_id)
        assert (facts.role, facts.core) == ("devops", ("kubernetes",))


def test_a_listing_has_no_relationship_that_a_copy_would_lose() -> None:
    assert not Listing.__mapper__.relationships
