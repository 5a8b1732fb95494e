from datetime import timedelta

import pytest

from db.models import Source
from db.session import Sessions
from language.kinds import Grade
from language.prediction import Item, Rate
from tests import make
from tests.labelled import GO, JAVA, JAVA_REPOSTED, appearances, listings, posted, the_listing

JAVA_ITEM = make.item("backend", "java", grades=(Grade.SENIOR,), max_rate=2800, contact="@anna")


async def two_sources(sessions: Sessions) -> tuple[Source, Source]:
    async with sessions.of_system() as session:
        return await make.source(session), await make.source(session)


class TestJoin:
    async def test_a_repost_with_another_order_contact_and_rate(self, sessions: Sessions) -> None:
        one, other = await two_sources(sessions)
        await posted(sessions, one, JAVA, make.request(JAVA_ITEM), ago=timedelta(days=2))
        reposted = make.item("backend", "java", grades=(Grade.SENIOR,), max_rate=3000, contact="@other_contact")
        await posted(sessions, other, JAVA_REPOSTED, make.request(reposted))
        listing = await the_listing(sessions)
        first, second = await appearances(sessions, listing)
        assert (first.source_id, first.contact, first.rate_max) == (one.id, "@anna", 2800)
        assert (second.source_id, second.contact, second.rate_max) == (other.id, "@other_contact", 3000)
        assert (listing.rate_max, listing.hourly_max) == (3000, 3000)
        assert (listing.first_seen_at, listing.last_seen_at) == (first.seen_at, second.seen_at)

    async def test_half_of_the_seats(self, sessions: Sessions) -> None:
        one, _ = await two_sources(sessions)
        await posted(sessions, one, JAVA, make.request(make.item("backend", "java", count=2)), ago=timedelta(days=2))
        await posted(sessions, one, JAVA, make.request(make.item("backend", "java", count=1)))
        assert (await the_listing(sessions)).count == 1

    @pytest.mark.parametrize(
        "different",
        [
            make.item("backend", "go", grades=(Grade.SENIOR,)),
            make.item("frontend", "java", grades=(Grade.SENIOR,)),
            make.item("backend", "java", grades=(Grade.JUNIOR,)),
        ],
        ids=["stack", "role", "grade"],
    )
    async def test_nothing_of_another(self, sessions: Sessions, different: Item) -> None:
        one, other = await two_sources(sessions)
        await posted(sessions, one, JAVA, make.request(JAVA_ITEM))
        await posted(sessions, other, JAVA, make.request(different))
        assert len(await listings(sessions)) == 2

    async def test_no_other_need_in_other_words(self, sessions: Sessions) -> None:
        one, other = await two_sources(sessions)
        await posted(sessions, one, JAVA, make.request(JAVA_ITEM))
        await posted(sessions, other, GO, make.request(JAVA_ITEM))
        assert len(await listings(sessions)) == 2

    async def test_no_offer_with_a_request(self, sessions: Sessions) -> None:
        one, other = await two_sources(sessions)
        await posted(sessions, one, JAVA, make.request(JAVA_ITEM))
        await posted(sessions, other, JAVA, make.offer(JAVA_ITEM))
        assert len(await listings(sessions)) == 2

    async def test_what_is_not_said_is_no_difference(self, sessions: Sessions) -> None:
        one, other = await two_sources(sessions)
        await posted(sessions, one, JAVA, make.request(make.item("backend", "java", grades=())), ago=timedelta(days=1))
        await posted(sessions, other, JAVA, make.request(JAVA_ITEM))
        assert (await the_listing(sessions)).grades == ["senior"]

    async def test_not_after_a_month(self, sessions: Sessions) -> None:
        one, other = await two_sources(sessions)
        await posted(sessions, one, JAVA, make.request(JAVA_ITEM), ago=timedelta(days=31))
        await posted(sessions, other, JAVA, make.request(JAVA_ITEM))
        assert len(await listings(sessions)) == 2

    async def test_what_was_posted_earlier_but_is_read_later(self, sessions: Sessions) -> None:
        one, other = await two_sources(sessions)
        await posted(sessions, one, JAVA, make.request(JAVA_ITEM))
        earlier = await posted(sessions, other, JAVA, make.request(JAVA_ITEM), ago=timedelta(days=5))
        listing = await the_listing(sessions)
        assert (listing.first_post_id, listing.first_seen_at) == (earlier.id, earlier.posted_at)

    async def test_never_two_items_of_one_post(self, sessions: Sessions) -> None:
        one, _ = await two_sources(sessions)
        await posted(sessions, one, JAVA, make.request(JAVA_ITEM, JAVA_ITEM))
        assert len(await listings(sessions)) == 2

    async def test_short_words_only_with_poster_or_rate(self, sessions: Sessions) -> None:
        one, other = await two_sources(sessions)
        item = make.item("frontend", "react")
        await posted(sessions, one, "Нужен React middle", make.request(item), ago=timedelta(days=3))
        await posted(sessions, other, "Нужен React middle", make.request(item))
        assert len(await listings(sessions)) == 2
        await posted(sessions, one, "нужен react middle!", make.request(item))
        first, _ = await listings(sessions)
        assert len(await appearances(sessions, first)) == 2

    async def test_the_best_rate_is_the_lowest_of_an_offer(self, sessions: Sessions) -> None:
        one, other = await two_sources(sessions)
        await posted(sessions, one, JAVA, make.offer(JAVA_ITEM), ago=timedelta(days=1))
        cheaper = make.item("backend", "java", grades=(Grade.SENIOR,), max_rate=2500)
        await posted(sessions, other, JAVA, make.offer(cheaper))
        assert (await the_listing(sessions)).rate_max == 2500

    async def test_a_posters_last_word_on_the_rate_counts(self, sessions: Sessions) -> None:
        one, _ = await two_sources(sessions)
        await posted(sessions, one, JAVA, make.request(JAVA_ITEM), ago=timedelta(days=1))
        lowered = make.item("backend", "java", grades=(Grade.SENIOR,), max_rate=2500, contact="@anna")
        await posted(sessions, one, JAVA, make.request(lowered))
        assert (await the_listing(sessions)).rate_max == 2500

    async def test_rates_of_different_currencies_are_compared(self, sessions: Sessions) -> None:
        one, other = await two_sources(sessions)
        await posted(sessions, one, JAVA, make.request(JAVA_ITEM), ago=timedelta(days=1))
        dollars = make.item("backend", "java", grades=(Grade.SENIOR,), rate=Rate("USD", "hour", max=90))
        await posted(sessions, other, JAVA, make.request(dollars))
        assert (await the_listing(sessions)).rate_currency == "USD"


class TestIds:
    async def test_of_one_source_join_whatever_the_words(self, sessions: Sessions) -> None:
        one, _ = await two_sources(sessions)
        numbered = make.item("backend", "java", request_id="7303")
        await posted(sessions, one, JAVA, make.request(numbered), ago=timedelta(days=60))
        await posted(sessions, one, "ID 7303: Java developer, see above", make.request(numbered))
        assert len(await appearances(sessions, await the_listing(sessions))) == 2

    async def test_that_differ_part_equal_words(self, sessions: Sessions) -> None:
        one, _ = await two_sources(sessions)
        await posted(sessions, one, JAVA, make.request(make.item("backend", "java", request_id="311")))
        await posted(sessions, one, JAVA, make.request(make.item("backend", "java", request_id="312")))
        assert len(await listings(sessions)) == 2

    async def test_of_one_contact_part_in_different_sources_too(self, sessions: Sessions) -> None:
        one, other = await two_sources(sessions)
        first = make.item("backend", "java", request_id="311", contact="@anna")
        second = make.item("backend", "java", request_id="312", contact="@anna")
        await posted(sessions, one, JAVA, make.request(first))
        await posted(sessions, other, JAVA, make.request(second))
        assert len(await listings(sessions)) == 2

    async def test_of_different_posters_say_nothing(self, sessions: Sessions) -> None:
        one, other = await two_sources(sessions)
        await posted(sessions, one, JAVA, make.request(make.item("backend", "java", request_id="311")))
        await posted(sessions, other, JAVA, make.request(make.item("backend", "java", request_id="A-7")))
        assert len(await appearances(sessions, await the_listing(sessions))) == 2

    async def test_that_two_networks_share_by_chance_join_nothing(self, sessions: Sessions) -> None:
        one, other = await two_sources(sessions)
        await posted(sessions, one, JAVA, make.request(make.item("backend", "java", request_id="1")))
        await posted(sessions, other, GO, make.request(make.item("backend", "go", request_id="1")))
        assert len(await listings(sessions)) == 2


class TestCompanies:
    async def test_never_share_a_listing_with_each_other_or_the_market(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            ours, theirs = await make.company(session), await make.company(session)
            sources = [
                await make.source(session),
                await make.source(session, ours),
                await make.source(session, theirs),
                await make.source(session, ours),
            ]
        for source in sources:
            await posted(sessions, source, JAVA, make.request(JAVA_ITEM))
        found = await listings(sessions)
        assert [listing.company_id for listing in found] == [None, ours.id, theirs.id]
        assert len(await appearances(sessions, found[1])) == 2
