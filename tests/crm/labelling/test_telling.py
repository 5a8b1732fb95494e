from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm.subscription_index import SubscriptionIndex
from db.models import Alert, AlertState, Arrival, Bundle, Source, User
from db.session import Sessions
from language.kinds import ListingState
from language.prediction import StateChange
from tests import make
from tests.labelled import JAVA, JAVA_REPOSTED, alerts, edited, posted, recorded, the_listing

ITEM = make.item("backend", "java", max_rate=2800, contact="@anna")
REQUEST = make.request(ITEM)


async def world(sessions: Sessions, **wish: Any) -> tuple[User, Source, Source, SubscriptionIndex]:
    """Somebody who wants every request, and two sources."""
    async with sessions.of_system() as session:
        person = await make.user(session, await make.company(session))
        await make.subscription(session, person, **wish)
        return person, await make.source(session), await make.source(session), SubscriptionIndex()


async def as_told(sessions: Sessions) -> None:
    async with sessions.of_system() as session:
        for alert in await alerts(sessions):
            row = await session.get_one(Alert, alert.id)
            row.state, row.settled_at = AlertState.DELIVERED, datetime.now(UTC)


class TestTell:
    async def test_promises_an_alert_of_a_new_listing(self, sessions: Sessions) -> None:
        person, source, _, index = await world(sessions)
        await posted(sessions, source, JAVA, REQUEST, index=index)
        (alert,) = await alerts(sessions)
        assert (alert.user_id, alert.listing_id) == (person.id, (await the_listing(sessions)).id)
        assert (alert.telling, alert.bundle, alert.is_unsure) == (1, Bundle.ALONE, False)

    async def test_promises_once_however_often_it_is_recorded(self, sessions: Sessions) -> None:
        _, source, _, index = await world(sessions)
        post = await posted(sessions, source, JAVA, REQUEST, index=index)
        await recorded(sessions, {post.id: REQUEST}, index=index)
        await recorded(sessions, {post.id: make.request(make.item("backend", "java", "kafka"))}, index=index)
        assert len(await alerts(sessions)) == 1

    async def test_marks_a_doubtful_one(self, sessions: Sessions) -> None:
        _, source, _, index = await world(sessions, min_confidence=0.2)
        doubtful = make.request(ITEM, confidence=0.25, abstain=True)
        await posted(sessions, source, JAVA, doubtful, index=index)
        (alert,) = await alerts(sessions)
        assert alert.is_unsure

    async def test_of_a_repost_says_nothing_new(self, sessions: Sessions) -> None:
        _, one, other, index = await world(sessions)
        await posted(sessions, one, JAVA, REQUEST, index=index)
        await posted(sessions, other, JAVA, REQUEST, index=index)
        assert len(await alerts(sessions)) == 1

    async def test_of_a_repost_says_it_to_who_reads_only_that_source(self, sessions: Sessions) -> None:
        person, one, other, index = await world(sessions)
        async with sessions.of_system() as session:
            colleague = await make.user(session, await make.company(session))
            await make.subscription(session, colleague, source_ids=[other.id])
        await posted(sessions, one, JAVA, REQUEST, index=index)
        await posted(sessions, other, JAVA, REQUEST, index=index)
        assert [alert.user_id for alert in await alerts(sessions)] == [person.id, colleague.id]

    @pytest.mark.parametrize("arrival", [Arrival.BACKFILL, Arrival.IMPORT])
    async def test_never_of_history(self, sessions: Sessions, arrival: Arrival) -> None:
        _, source, _, index = await world(sessions)
        await posted(sessions, source, JAVA, REQUEST, index=index, arrival=arrival)
        assert await alerts(sessions) == []

    async def test_of_what_was_history_when_it_is_posted_live(self, sessions: Sessions) -> None:
        _, source, _, index = await world(sessions)
        await posted(sessions, source, JAVA, REQUEST, index=index, arrival=Arrival.BACKFILL, ago=timedelta(days=3))
        await posted(sessions, source, JAVA, REQUEST, index=index)
        assert len(await alerts(sessions)) == 1

    async def test_never_of_a_quiet_relabelling(self, sessions: Sessions) -> None:
        _, source, _, index = await world(sessions)
        await posted(sessions, source, JAVA, REQUEST, index=index, quiet=True)
        await posted(sessions, source, JAVA, REQUEST)
        assert await alerts(sessions) == []

    @pytest.mark.parametrize(("hours", "bundle"), [(5, Bundle.ALONE), (7, Bundle.RECOVERED)])
    async def test_of_what_was_caught_up_by_its_age(self, sessions: Sessions, hours: int, bundle: Bundle) -> None:
        _, source, _, index = await world(sessions)
        ago = timedelta(hours=hours)
        await posted(sessions, source, JAVA, REQUEST, index=index, arrival=Arrival.CAUGHT_UP, ago=ago)
        (alert,) = await alerts(sessions)
        assert alert.bundle is bundle

    async def test_of_a_live_post_that_waited_long_for_us_as_recovered(self, sessions: Sessions) -> None:
        _, source, _, index = await world(sessions)
        await posted(sessions, source, JAVA, REQUEST, index=index, ago=timedelta(hours=7))
        (alert,) = await alerts(sessions)
        assert alert.bundle is Bundle.RECOVERED

    async def test_never_of_one_that_is_born_closed(self, sessions: Sessions) -> None:
        _, source, _, index = await world(sessions)
        await posted(sessions, source, f"❌ ЗАКРЫТО\n{JAVA}", REQUEST, index=index)
        assert await alerts(sessions) == []
        assert (await the_listing(sessions)).state is ListingState.CLOSED


class TestTellAgain:
    async def test_of_a_higher_rate_in_a_repost(self, sessions: Sessions) -> None:
        _, one, other, index = await world(sessions)
        await posted(sessions, one, JAVA, REQUEST, index=index)
        raised = make.request(make.item("backend", "java", max_rate=3000))
        await posted(sessions, other, JAVA_REPOSTED, raised, index=index)
        assert [alert.telling for alert in await alerts(sessions)] == [1, 2]
        await posted(sessions, other, JAVA_REPOSTED, raised, index=index)
        assert len(await alerts(sessions)) == 2

    async def test_of_a_higher_rate_in_an_edit(self, sessions: Sessions) -> None:
        _, source, _, index = await world(sessions)
        post = await posted(sessions, source, JAVA, REQUEST, index=index)
        raised = make.request(make.item("backend", "java", max_rate=3000, contact="@anna"))
        await edited(sessions, post, JAVA.replace("2800", "3000 (было 2800)"), raised, index=index)
        assert [alert.telling for alert in await alerts(sessions)] == [1, 2]

    async def test_not_of_a_rate_that_fell_and_rose_again(self, sessions: Sessions) -> None:
        _, source, _, index = await world(sessions)
        post = await posted(sessions, source, JAVA, REQUEST, index=index)
        lowered = make.request(make.item("backend", "java", max_rate=2500, contact="@anna"))
        await edited(sessions, post, JAVA.replace("2800", "2500"), lowered, index=index)
        await edited(sessions, post, JAVA, REQUEST, index=index)
        assert [alert.telling for alert in await alerts(sessions)] == [1]

    async def test_not_of_a_rate_that_was_never_said(self, sessions: Sessions) -> None:
        _, one, other, index = await world(sessions)
        await posted(sessions, one, JAVA, make.request(make.item("backend", "java")), index=index)
        await posted(sessions, other, JAVA, REQUEST, index=index)
        assert [alert.telling for alert in await alerts(sessions)] == [1]

    async def test_once_of_a_direct_client(self, sessions: Sessions) -> None:
        _, one, other, index = await world(sessions)
        await posted(sessions, one, JAVA, REQUEST, index=index)
        direct = make.request(make.item("backend", "java", max_rate=2800, direct_client=True))
        await posted(sessions, other, JAVA, direct, index=index)
        await posted(sessions, other, JAVA, direct, index=index)
        assert [alert.telling for alert in await alerts(sessions)] == [1, 2]

    async def test_not_of_a_raise_read_as_history(self, sessions: Sessions) -> None:
        _, one, other, index = await world(sessions)
        await posted(sessions, one, JAVA, REQUEST, index=index)
        raised = make.request(make.item("backend", "java", max_rate=3000))
        await posted(sessions, other, JAVA, raised, index=index, arrival=Arrival.IMPORT)
        assert (await the_listing(sessions)).telling == 1


class TestCorrectWhatWasTold:
    async def test_marks_the_card_of_a_listing_seen_again(self, sessions: Sessions) -> None:
        _, one, other, index = await world(sessions)
        await posted(sessions, one, JAVA, REQUEST, index=index)
        await as_told(sessions)
        await posted(sessions, other, JAVA, REQUEST, index=index)
        (alert,) = await alerts(sessions)
        assert alert.stale_since is not None

    async def test_marks_the_card_of_a_listing_that_was_closed(self, sessions: Sessions) -> None:
        _, source, _, index = await world(sessions)
        numbered = make.request(make.item("backend", "java", request_id="7"))
        await posted(sessions, source, JAVA, numbered, index=index)
        await as_told(sessions)
        closing = make.update(StateChange(ListingState.CLOSED, ("7",)))
        await posted(sessions, source, "❌ Закрыт ID 7", closing, index=index)
        (alert,) = await alerts(sessions)
        assert alert.stale_since is not None

    async def test_leaves_the_card_alone_where_it_looks_the_same(self, sessions: Sessions) -> None:
        _, source, _, index = await world(sessions)
        post = await posted(sessions, source, JAVA, REQUEST, index=index)
        await as_told(sessions)
        await recorded(sessions, {post.id: make.request(ITEM, confidence=0.95)}, index=index, quiet=True)
        (alert,) = await alerts(sessions)
        assert alert.stale_since is None

    async def test_withdraws_what_was_promised_of_a_listing_that_went_away(self, sessions: Sessions) -> None:
        _, source, _, index = await world(sessions)
        post = await posted(sessions, source, JAVA, REQUEST, index=index)
        await recorded(sessions, {post.id: make.junk()}, index=index)
        (alert,) = await alerts(sessions)
        assert alert.state is AlertState.WITHDRAWN

    async def test_marks_the_told_card_of_a_listing_that_went_away(self, sessions: Sessions) -> None:
        _, source, _, index = await world(sessions)
        post = await posted(sessions, source, JAVA, REQUEST, index=index)
        await as_told(sessions)
        await recorded(sessions, {post.id: make.junk()}, index=index)
        (alert,) = await alerts(sessions)
        assert alert.stale_since is not None
