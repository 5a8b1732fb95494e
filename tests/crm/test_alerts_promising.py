"""A listing becomes alerts: one for each person and channel, due when they want to be told."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from crm import alerts
from crm.alerts import rhythm
from crm.subscription_index import SubscriptionIndex
from db.models import AlertState, Bundle, Channel, Dismissal, Rhythm, Subscription, User
from db.session import Sessions
from tests import make, telling
from tests.make import NOON

MOSCOW = ZoneInfo("Europe/Moscow")


class TestPromise:
    async def test_a_listing_is_promised_to_who_wants_it_and_to_nobody_else(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            company = await make.company(session)
            anna, boris = await make.user(session, company), await make.user(session, company)
            wanting = await make.subscription(session, anna, technologies_any=["java"])
            await make.subscription(session, boris, technologies_any=["go"])
            listing = await telling.listing(session, await make.source(session))
            assert await telling.promise(session, listing, is_unsure=True) == 1
        (alert,) = await telling.ledger(sessions)
        assert (alert.user_id, alert.subscription_id, alert.channel) == (anna.id, wanting.id, Channel.TELEGRAM)
        assert (alert.state, alert.bundle, alert.due_at) == (AlertState.PROMISED, Bundle.ALONE, NOON)
        assert {"filter": "core", "value": "java"} in alert.reasons
        assert alert.is_unsure

    async def test_the_same_telling_is_promised_once_and_a_raised_one_again(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            anna = await make.user(session, await make.company(session))
            await make.subscription(session, anna)
            listing = await telling.listing(session, await make.source(session))
            assert [await telling.promise(session, listing) for _ in range(2)] == [1, 0]
            listing.telling += 1
            assert await telling.promise(session, listing) == 1
        assert [alert.telling for alert in await telling.ledger(sessions)] == [1, 2]

    async def test_several_subscriptions_of_a_person_tell_once_for_the_first_ones_reasons_in_the_loudest_manner(
        self, sessions: Sessions
    ) -> None:
        async with sessions.of_system() as session:
            anna = await make.user(session, await make.company(session))
            first = await make.subscription(session, anna, rhythm=Rhythm.DIGEST, is_silent=True, roles=["backend"])
            await make.subscription(session, anna, technologies_any=["java"])
            listing = await telling.listing(session, await make.source(session))
            assert await telling.promise(session, listing) == 1
        (alert,) = await telling.ledger(sessions)
        assert (alert.subscription_id, alert.bundle, alert.is_silent) == (first.id, Bundle.ALONE, False)
        assert {"filter": "role", "value": "backend"} in alert.reasons

    async def test_a_dismissed_listing_is_never_told_to_that_person_again(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            company = await make.company(session)
            anna, boris = await make.user(session, company), await make.user(session, company)
            await make.subscription(session, anna)
            await make.subscription(session, boris)
            listing = await telling.listing(session, await make.source(session))
            session.add(Dismissal(user_id=anna.id, listing_id=listing.id, company_id=company.id))
            await session.flush()
            assert await telling.promise(session, listing) == 1
        assert [alert.user_id for alert in await telling.ledger(sessions)] == [boris.id]

    async def test_telegram_and_email_are_two_alerts(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            anna = await make.user(session, await make.company(session))
            own = await telling.address(session, anna)
            await make.subscription(session, anna, by_email=True)
            await telling.promise(session, await telling.listing(session, await make.source(session)))
        told = {(alert.channel, alert.address_id) for alert in await telling.ledger(sessions)}
        assert told == {(Channel.TELEGRAM, None), (Channel.EMAIL, own.id)}

    @pytest.mark.parametrize("problem", [{"confirmed_at": None}, {"stopped_at": NOON}])
    async def test_who_asked_for_letters_alone_to_an_address_that_takes_none_is_told_in_the_chat(
        self, sessions: Sessions, problem: dict[str, datetime | None]
    ) -> None:
        async with sessions.of_system() as session:
            anna = await make.user(session, await make.company(session))
            await telling.address(session, anna, **problem)
            subscription = await make.subscription(session, anna, by_email=True, by_telegram=False)
            await telling.recipient(
                session, subscription, await telling.address(session, anna, is_own=False, **problem)
            )
            await telling.promise(session, await telling.listing(session, await make.source(session)))
        told = await telling.ledger(sessions)
        assert [alert.channel for alert in told] == [Channel.TELEGRAM], "silence would lose the alert"

    async def test_a_confirmed_recipient_without_telegram_is_told_too_and_once(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            anna = await make.user(session, await make.company(session), quiet_from=0, quiet_to=23)
            partner = await telling.address(session, anna, is_own=False)
            for _ in range(2):
                await telling.recipient(session, await make.subscription(session, anna, by_telegram=False), partner)
            await telling.promise(session, await telling.listing(session, await make.source(session)))
        (alert,) = await telling.ledger(sessions)
        assert (alert.user_id, alert.address_id, alert.channel) == (None, partner.id, Channel.EMAIL)
        assert alert.due_at == NOON  # quiet hours are the owner's own

    async def test_who_blocked_the_bot_is_told_by_email_once(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            anna = await make.user(session, await make.company(session), telegram_blocked_at=NOON)
            own = await telling.address(session, anna)
            await make.subscription(session, anna)
            await make.subscription(session, anna, by_email=True)
            await telling.promise(session, await telling.listing(session, await make.source(session)))
        assert [(alert.channel, alert.address_id) for alert in await telling.ledger(sessions)] == [
            (Channel.EMAIL, own.id)
        ]

    async def test_who_blocked_the_bot_and_has_no_address_leaves_a_failed_alert(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            anna = await make.user(session, await make.company(session), telegram_blocked_at=NOON)
            await make.subscription(session, anna)
            await telling.promise(session, await telling.listing(session, await make.source(session)))
        (alert,) = await telling.ledger(sessions)
        assert (alert.state, alert.error, alert.settled_at) == (AlertState.FAILED, "blocked", NOON)

    async def test_a_pause_or_removal_that_the_index_has_not_seen_counts(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            company = await make.company(session)
            anna, boris = await make.user(session, company), await make.user(session, company)
            paused = await make.subscription(session, anna)
            await make.subscription(session, boris)
            listing = await telling.listing(session, await make.source(session))
            index = SubscriptionIndex()
            await index.refresh(session)
            paused.paused_at = boris.removed_at = NOON
            await session.flush()
            assert await alerts.promise(session, listing, telling.facts(listing), index, now=NOON) == 0

    async def test_a_private_listing_is_told_to_its_company_alone(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            ours, theirs = await make.company(session), await make.company(session)
            anna = await make.user(session, ours)
            await make.subscription(session, anna)
            await make.subscription(session, await make.user(session, theirs))
            await telling.promise(session, await telling.listing(session, await make.source(session, ours)))
        assert [alert.user_id for alert in await telling.ledger(sessions)] == [anna.id]

    async def test_the_sender_is_woken_when_it_is_committed(self, sessions: Sessions, database_url: str) -> None:
        heard: list[str] = []
        listener = await asyncpg.connect(database_url.replace("+asyncpg", ""))
        await listener.add_listener(alerts.WAKE, lambda *told: heard.append(told[-1]))
        async with sessions.of_system() as session:
            await make.subscription(session, await make.user(session, await make.company(session)))
            await telling.promise(session, await telling.listing(session, await make.source(session)))
            await listener.execute("SELECT 1")
            assert heard == []
        await listener.execute("SELECT 1")
        assert heard == ["telegram"]
        await listener.close()


class TestWhen:
    @staticmethod
    def due(
        *, now: datetime = NOON, recovered: bool = False, digest_hour: int | None = None, **owner: object
    ) -> rhythm.Due:
        subscription = Subscription(
            rhythm=Rhythm.AT_ONCE if digest_hour is None else Rhythm.DIGEST, digest_hour=digest_hour
        )
        user = User(timezone="Europe/Moscow", **owner)
        return rhythm.when(subscription, user, now=now, recovered=recovered, keeps_quiet=True)

    def test_a_digest_is_due_at_its_hour_in_the_users_zone(self) -> None:
        assert self.due(digest_hour=18) == rhythm.Due(datetime(2026, 3, 10, 15, tzinfo=UTC), Bundle.DIGEST)

    def test_a_digest_whose_hour_has_struck_is_due_tomorrow(self) -> None:
        assert self.due(digest_hour=15) == rhythm.Due(datetime(2026, 3, 11, 12, tzinfo=UTC), Bundle.DIGEST)

    @pytest.mark.parametrize(
        ("hour_in_moscow", "expected"),
        [
            (21, None),
            (22, datetime(2026, 3, 11, 5, tzinfo=UTC)),
            (23, datetime(2026, 3, 11, 5, tzinfo=UTC)),
            (3, datetime(2026, 3, 10, 5, tzinfo=UTC)),
            (8, None),
        ],
    )
    def test_at_night_it_waits_for_the_morning(self, hour_in_moscow: int, expected: datetime | None) -> None:
        now = datetime(2026, 3, 10, hour_in_moscow, 30, tzinfo=MOSCOW).astimezone(UTC)
        due = self.due(now=now, quiet_from=22, quiet_to=8)
        assert due == (rhythm.Due(expected, Bundle.MORNING) if expected else rhythm.Due(now, Bundle.ALONE))

    def test_quiet_hours_within_a_day_end_on_that_day(self) -> None:
        due = self.due(quiet_from=14, quiet_to=16)
        assert due == rhythm.Due(datetime(2026, 3, 10, 13, tzinfo=UTC), Bundle.MORNING)

    def test_equal_ends_are_no_quiet_hours(self) -> None:
        assert self.due(quiet_from=15, quiet_to=15) == rhythm.Due(NOON, Bundle.ALONE)

    def test_recovered_ones_wait_for_each_other(self) -> None:
        assert self.due(recovered=True) == rhythm.Due(NOON + timedelta(minutes=2), Bundle.RECOVERED)

    def test_recovered_at_night_they_wait_for_the_morning(self) -> None:
        due = self.due(recovered=True, quiet_from=14, quiet_to=16)
        assert due == rhythm.Due(datetime(2026, 3, 10, 13, tzinfo=UTC), Bundle.RECOVERED)


class TestNextHour:
    def test_it_holds_across_the_change_of_clocks(self) -> None:
        berlin = ZoneInfo("Europe/Berlin")  # summer time begins on 29 March 2026
        before = datetime(2026, 3, 28, 12, tzinfo=UTC)
        assert rhythm.next_hour(before, 9, berlin) == datetime(2026, 3, 29, 7, tzinfo=UTC)


class TestWithdraw:
    async def test_what_was_promised_of_a_listing_that_went_away_is_not_told(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            await make.subscription(session, await make.user(session, await make.company(session)))
            source = await make.source(session)
            gone, here = await telling.listing(session, source), await telling.listing(session, source)
            await telling.promise(session, gone)
            await telling.promise(session, here)
            assert await alerts.withdraw_promised(session, gone.id, now=NOON) == 1
        first, second = await telling.ledger(sessions)
        assert (first.state, first.error, second.state) == (AlertState.WITHDRAWN, "listing-gone", AlertState.PROMISED)
        assert await telling.history(sessions, first.id) == ["withdrawn"]

    async def test_a_removed_user_is_told_nothing_more(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            company = await make.company(session)
            anna, boris = await make.user(session, company), await make.user(session, company)
            client = await telling.address(session, anna, is_own=False)
            await telling.recipient(session, await make.subscription(session, anna), client)
            await make.subscription(session, boris)
            await telling.promise(session, await telling.listing(session, await make.source(session)))
        async with sessions.of_company(company.id) as session:
            assert await alerts.withdraw_of_user(session, anna.id) == 2
        states = {(alert.user_id, alert.address_id): alert.state for alert in await telling.ledger(sessions)}
        assert states == {
            (anna.id, None): AlertState.WITHDRAWN,
            (None, client.id): AlertState.WITHDRAWN,
            (boris.id, None): AlertState.PROMISED,
        }
