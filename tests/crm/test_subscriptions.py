import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from crm import listings, subscriptions, users
from crm.actors import Actor
from crm.errors import Invalid, NotFound, TooManySubscriptions
from crm.matching import Wish, wish_of
from crm.subscription_index import SubscriptionIndex
from crm.users import actor
from db.models import AlertState, Appearance, Company, Label, LabelSource, Listing, Rhythm, Role, Subscription, User
from db.session import Sessions
from language.commands import understand_subscription
from language.kinds import Kind
from tests import make, telling

REACT = Wish(
    kinds=("request",),
    technologies_any=("react",),
    technologies_none=("wordpress",),
    grades=("middle",),
    min_rate=2000,
    strict=("min_rate",),
)


async def manager(sessions: Sessions, colleague: User | None = None, **fields: Any) -> Actor:
    async with sessions.of_system() as session:
        of = await session.get_one(Company, colleague.company_id) if colleague else await make.company(session)
        return actor(await make.user(session, of, **fields))


async def added(sessions: Sessions, by: Actor, wish: Wish = REACT, **how: Any) -> Subscription:
    async with sessions.of_company(by.company_id) as session:
        return await subscriptions.add(session, by, wish, **how)


async def kept(sessions: Sessions, subscription_id: int) -> Subscription:
    async with sessions.of_system() as session:
        return await session.get_one(Subscription, subscription_id)


class TestAdd:
    async def test_keeps_filters_and_ways_of_telling(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        made = await added(
            sessions,
            anna,
            replace(REACT, words=("  финтех   банк ", "банк", "банк"), places=("Moscow",), min_confidence=0.6),
            name="  React \n middle ",
            by_email=True,
            rhythm=Rhythm.DIGEST,
            digest_hour=18,
            is_silent=True,
        )
        seen = await kept(sessions, made.id)
        assert wish_of(seen) == replace(REACT, words=("финтех банк", "банк"), places=("Москва",), min_confidence=0.6)
        assert (seen.name, seen.user_id, seen.company_id) == ("React middle", anna.user_id, anna.company_id)
        assert (seen.by_telegram, seen.by_email, seen.rhythm, seen.digest_hour) == (True, True, Rhythm.DIGEST, 18)
        assert seen.is_silent

    async def test_takes_a_draft_understood_from_a_typed_line(self, sessions: Sessions) -> None:
        draft = understand_subscription("запросы на middle react от 2000, без вордпресса")
        assert draft is not None
        anna = await manager(sessions)
        async with sessions.of_company(anna.company_id) as session:
            made = await subscriptions.add(session, anna, draft)
        assert wish_of(await kept(sessions, made.id)) == replace(REACT, strict=())

    async def test_without_a_name_it_is_called_by_what_it_asks(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        assert (await added(sessions, anna)).name == "react, middle, request"
        assert (await added(sessions, anna, Wish())).name == "*"

    async def test_a_digest_without_an_hour_comes_at_nine(self, sessions: Sessions) -> None:
        assert (await added(sessions, await manager(sessions), rhythm=Rhythm.DIGEST)).digest_hour == 9

    @pytest.mark.parametrize(
        ("field", "wish"),
        [
            ("kinds", Wish(kinds=("junk",))),
            ("roles", Wish(roles=("no such role",))),
            ("technologies_any", Wish(technologies_any=("no such thing",))),
            ("technologies_all", Wish(technologies_all=("no such thing",))),
            ("technologies_none", Wish(technologies_none=("no such thing",))),
            ("technologies_none", Wish(technologies_any=("react",), technologies_none=("react",))),
            ("grades", Wish(grades=("guru",))),
            ("engagements", Wish(engagements=("unknown",))),
            ("min_rate", Wish(min_rate=0)),
            ("min_rate", Wish(min_rate=1_000_001)),
            ("remote", Wish(remote=("moon",))),
            ("places", Wish(places=("!!!",))),
            ("words", Wish(words=("а" * 51,))),
            ("words", Wish(words=tuple(f"слово{number}" for number in range(101)))),
            ("minus_words", Wish(minus_words=("",))),
            ("source_ids", Wish(source_ids=(404,))),
            ("min_confidence", Wish(min_confidence=1.1)),
            ("strict", Wish(strict=("words",))),
        ],
    )
    async def test_what_makes_no_sense_is_refused_by_field(self, sessions: Sessions, field: str, wish: Wish) -> None:
        anna = await manager(sessions)
        with pytest.raises(Invalid) as refused:
            await added(sessions, anna, wish)
        assert refused.value.params["field"] == field

    @pytest.mark.parametrize(
        ("field", "how"),
        [
            ("name", {"name": "а" * 101}),
            ("name", {"name": " "}),
            ("digest_hour", {"digest_hour": 24}),
            ("min_confidence", {"min_confidence": -0.1}),
        ],
    )
    async def test_so_are_ways_that_make_none(self, sessions: Sessions, field: str, how: dict[str, Any]) -> None:
        with pytest.raises(Invalid) as refused:
            await added(sessions, await manager(sessions), **how)
        assert refused.value.params["field"] == field

    async def test_sources_are_the_markets_or_ones_own(self, sessions: Sessions) -> None:
        anna, boris = await manager(sessions), await manager(sessions)
        async with sessions.of_system() as session:
            public = await make.source(session)
            private = await make.source(session, await session.get_one(Company, anna.company_id))
        wish = Wish(source_ids=(public.id, private.id))
        assert (await added(sessions, anna, wish)).source_ids == [public.id, private.id]
        with pytest.raises(Invalid):
            await added(sessions, boris, wish)

    async def test_fifty_are_the_most(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        async with sessions.of_company(anna.company_id) as session:
            for _ in range(49):
                await subscriptions.add(session, anna, REACT)
        outcomes = await asyncio.gather(*(added(sessions, anna) for _ in range(3)), return_exceptions=True)
        assert sorted(type(outcome) is TooManySubscriptions for outcome in outcomes) == [False, True, True]

    async def test_somebody_removed_adds_none(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        admin = await manager(sessions, colleague=anna, role=Role.ADMIN)
        async with sessions.of_company(anna.company_id) as session:
            await users.remove(session, admin, anna.user_id)
        with pytest.raises(NotFound):
            await added(sessions, anna)


class TestChange:
    async def test_what_is_not_given_stays(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        made = await added(sessions, anna, name="React", is_silent=True)
        async with sessions.of_company(anna.company_id) as session:
            await subscriptions.change(session, anna, made.id, Wish(kinds=("offer",)))
            await subscriptions.change(session, anna, made.id, by_email=True, min_confidence=0.8)
            await subscriptions.change(session, anna, made.id, name="Vue")
        seen = await kept(sessions, made.id)
        assert wish_of(seen) == Wish(kinds=("offer",), min_confidence=0.8)
        assert (seen.name, seen.is_silent, seen.by_email) == ("Vue", True, True)

    async def test_what_is_refused_changes_nothing(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        made = await added(sessions, anna, name="React")
        async with sessions.of_company(anna.company_id) as session:
            for wrong in ({"filters": Wish(grades=("guru",))}, {"filters": Wish(), "name": " "}, {"digest_hour": 24}):
                with pytest.raises(Invalid):
                    await subscriptions.change(session, anna, made.id, **{"is_silent": True} | wrong)
        seen = await kept(sessions, made.id)
        assert (wish_of(seen), seen.name, seen.is_silent) == (REACT, "React", False)


class TestPause:
    async def test_until_resumed(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        made = await added(sessions, anna)
        async with sessions.of_company(anna.company_id) as session:
            assert (await subscriptions.pause(session, anna, made.id)).paused_at is not None
        assert (await kept(sessions, made.id)).paused_at is not None
        async with sessions.of_company(anna.company_id) as session:
            await subscriptions.resume(session, anna, made.id)
        assert (await kept(sessions, made.id)).paused_at is None

    async def test_what_it_promised_is_not_told_even_when_it_goes_on(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        paused = await added(sessions, anna, Wish(kinds=("request",)))
        kept_on = await added(sessions, anna, Wish(technologies_any=("react",)))
        async with sessions.of_system() as session:
            source = await make.source(session)
            await telling.promise(session, await telling.listing(session, source))
            await subscriptions.change(session, anna, paused.id, Wish(kinds=("offer",)))
            await telling.promise(session, await telling.listing(session, source, core=["react"]))
        async with sessions.of_company(anna.company_id) as session:
            await subscriptions.pause(session, anna, paused.id)
            await subscriptions.resume(session, anna, paused.id)
        first, second = await telling.ledger(sessions)
        assert (first.state, first.error) == (AlertState.WITHDRAWN, "subscription-ended")
        assert await telling.history(sessions, first.id) == ["withdrawn"]
        assert (second.subscription_id, second.state) == (kept_on.id, AlertState.PROMISED)

    async def test_what_another_of_the_persons_wants_too_is_told_for_its_reasons(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        paused = await added(sessions, anna, Wish(kinds=("request",)))
        java = await added(sessions, anna, Wish(technologies_any=("java",)))
        await added(sessions, anna, Wish(technologies_any=("java",)), by_telegram=False, by_email=True)
        stranger = await manager(sessions, colleague=anna)
        await added(sessions, stranger, Wish(technologies_any=("go",)))
        async with sessions.of_system() as session:
            source = await make.source(session)
            await telling.promise(session, await telling.listing(session, source))
            await telling.promise(session, await telling.listing(session, source, core=["go"]))
        async with sessions.of_company(anna.company_id) as session:
            await subscriptions.pause(session, anna, paused.id)
        mine = [alert for alert in await telling.ledger(sessions) if alert.user_id == anna.user_id]
        assert [alert.state for alert in mine] == [AlertState.PROMISED, AlertState.WITHDRAWN]
        assert mine[0].subscription_id == java.id
        assert mine[0].reasons == [{"filter": "core", "value": "java"}]
        assert await telling.history(sessions, mine[0].id) == ["handed-over"]

    async def test_a_recipient_of_two_subscriptions_is_told_by_the_other(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        paused, other = [await added(sessions, anna, Wish(kinds=("request",)), by_telegram=False) for _ in range(2)]
        async with sessions.of_system() as session:
            owner = await session.get_one(User, anna.user_id)
            both, one = [await telling.address(session, owner, is_own=False) for _ in range(2)]
            await telling.recipient(session, paused, both)
            await telling.recipient(session, paused, one)
            await telling.recipient(session, other, both)
            await telling.promise(session, await telling.listing(session, await make.source(session)))
        async with sessions.of_company(anna.company_id) as session:
            await subscriptions.pause(session, anna, paused.id)
        states = {alert.address_id: (alert.state, alert.subscription_id) for alert in await telling.ledger(sessions)}
        assert states == {
            both.id: (AlertState.PROMISED, other.id),
            one.id: (AlertState.WITHDRAWN, paused.id),
        }


class TestDelete:
    async def test_what_it_promised_is_not_told_even_when_it_is_restored(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        made = await added(sessions, anna, Wish(kinds=("request",)))
        async with sessions.of_system() as session:
            await telling.promise(session, await telling.listing(session, await make.source(session)))
        async with sessions.of_company(anna.company_id) as session:
            await subscriptions.delete(session, anna, made.id)
            await subscriptions.restore(session, anna, made.id)
        (alert,) = await telling.ledger(sessions)
        assert (alert.state, alert.error) == (AlertState.WITHDRAWN, "subscription-ended")

    async def test_it_is_gone_until_restored(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        made = await added(sessions, anna)
        async with sessions.of_company(anna.company_id) as session:
            await subscriptions.delete(session, anna, made.id)
            assert await subscriptions.of_user(session, anna) == []
            with pytest.raises(NotFound):
                await subscriptions.get(session, anna, made.id)
        async with sessions.of_company(anna.company_id) as session:
            for _ in range(2):
                await subscriptions.restore(session, anna, made.id)
            assert [one.id for one in await subscriptions.of_user(session, anna)] == [made.id]
        assert wish_of(await kept(sessions, made.id)) == REACT

    async def test_a_deleted_one_leaves_room_which_another_may_take(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        async with sessions.of_company(anna.company_id) as session:
            made = [await subscriptions.add(session, anna, REACT) for _ in range(50)]
            await subscriptions.delete(session, anna, made[0].id)
            await subscriptions.add(session, anna, REACT)
            with pytest.raises(TooManySubscriptions):
                await subscriptions.restore(session, anna, made[0].id)


class TestOwn:
    async def test_nobody_touches_a_colleagues_or_a_strangers(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        made = await added(sessions, anna)
        admin = await manager(sessions, colleague=anna, role=Role.ADMIN)
        for other in (admin, await manager(sessions, role=Role.ADMIN)):
            async with sessions.of_company(other.company_id) as session:
                assert await subscriptions.of_user(session, other) == []
                for verb in (
                    subscriptions.get,
                    subscriptions.change,
                    subscriptions.pause,
                    subscriptions.resume,
                    subscriptions.delete,
                    subscriptions.restore,
                ):
                    with pytest.raises(NotFound):
                        await verb(session, other, made.id)

    async def test_a_viewer_may_subscribe(self, sessions: Sessions) -> None:
        viewer = await manager(sessions, role=Role.VIEWER)
        assert (await added(sessions, viewer)).user_id == viewer.user_id


async def told_one_by_one(sessions: Sessions, subscription: Subscription, since: datetime) -> list[int]:
    """Ids of the listings that a worker would tell of, had they come only now."""
    index = SubscriptionIndex()
    async with sessions.of_system() as session:
        await index.refresh(session)
        rows = await session.scalars(
            select(Listing).where(Listing.first_seen_at >= since, Listing.withdrawn_at.is_(None)).order_by(Listing.id)
        )
        told = []
        for listing in rows.all():
            seen = await session.scalars(select(Appearance).where(Appearance.listing_id == listing.id))
            matches = index.match(listings.facts(listing, seen.all()))
            told += [listing.id for match in matches if match.subscription_id == subscription.id]
    return told


class TestReplay:
    async def test_counts_exactly_what_matching_one_by_one_gives(self, sessions: Sessions) -> None:
        anna, other = await manager(sessions), await manager(sessions)
        async with sessions.of_system() as session:
            ours = await session.get_one(Company, anna.company_id)
            theirs = await session.get_one(Company, other.company_id)
            paid = {"core": ["react"], "hourly_max": 2500}
            wanted = [
                await make.listing(session, **paid),
                await make.listing(session, extra=["react"], hourly_min=2000),
                await make.listing(session, ours, **paid),
                await make.listing(session, hourly_max=2500),
            ]
            await make.listing(session, theirs, **paid)
            await make.listing(session, core=["react"])
            await make.listing(session, **paid | {"hourly_max": 1500})
            await make.listing(session, **paid | {"kind": Kind.OFFER})
            await make.listing(session, **paid | {"confidence": 0.1})
            old = await make.listing(session, **paid)
            gone = await make.listing(session, **paid)
            await session.execute(
                update(Listing)
                .where(Listing.id == old.id)
                .values(first_seen_at=Listing.first_seen_at - timedelta(days=31))
            )
            await session.execute(
                update(Listing).where(Listing.id == gone.id).values(withdrawn_at=Listing.first_seen_at)
            )
        async with sessions.of_company(anna.company_id) as session:
            count = await subscriptions.replay(session, anna, REACT)
            assert await subscriptions.replay(session, anna, REACT, days=60) == len(wanted) + 1
        made = await added(sessions, anna)
        assert await told_one_by_one(sessions, made, since=old.last_seen_at - timedelta(days=30)) == [
            listing.id for listing in wanted
        ]
        assert count == len(wanted)

    async def test_what_the_company_called_junk_does_not_count(self, sessions: Sessions) -> None:
        anna, other = await manager(sessions), await manager(sessions)
        async with sessions.of_system() as session:
            listing = await make.listing(session)
            session.add(
                Label(
                    company_id=anna.company_id,
                    post_id=listing.first_post_id,
                    user_id=anna.user_id,
                    source=LabelSource.BUTTON,
                    kind=Kind.JUNK,
                )
            )
        for one, count in ((anna, 0), (other, 1)):
            async with sessions.of_company(one.company_id) as session:
                assert await subscriptions.replay(session, one, Wish(kinds=("request",))) == count


class TestRowLevelSecurity:
    async def test_subscriptions_of_another_company_are_not_seen(self, sessions: Sessions) -> None:
        await added(sessions, await manager(sessions))
        other = await manager(sessions)
        async with sessions.of_company(other.company_id) as session:
            assert (await session.scalars(select(Subscription))).all() == []
