from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, text

from crm import addresses, users
from crm.actors import Actor
from crm.addresses import parse
from crm.errors import AddressTaken, Forbidden, LinkExpired, LinkUsed, NotAnAddress, NotFound, TooSoon
from crm.users import actor
from db.models import Address, AddressStop, Company, Role, SubscriptionRecipient, User
from db.session import Sessions
from tests import make


async def manager(sessions: Sessions, colleague: User | None = None, **fields: Any) -> User:
    async with sessions.of_system() as session:
        of = await session.get_one(Company, colleague.company_id) if colleague else await make.company(session)
        return await make.user(session, of, **fields)


async def added(sessions: Sessions, of: User, email: str = "anna@example.com") -> Address:
    async with sessions.of_company(of.company_id) as session:
        return await addresses.add_own(session, actor(of), email)


async def asked(sessions: Sessions, address: Address) -> str:
    async with sessions.of_system() as session:
        return (await addresses.begin_confirmation(session, address.id))[1]


async def confirmed(sessions: Sessions, address: Address) -> Address:
    token = await asked(sessions, address)
    async with sessions.of_system() as session:
        return await addresses.confirm(session, token)


async def own(sessions: Sessions, of: User) -> Address | None:
    async with sessions.of_company(of.company_id) as session:
        return await addresses.own(session, actor(of))


async def questions(sessions: Sessions) -> list[int]:
    """Ids of the addresses that will be asked."""
    async with sessions.of_system() as session:
        waiting = await session.scalars(
            text("SELECT payload FROM queue.pgqueuer WHERE entrypoint = 'SendConfirmation' ORDER BY id")
        )
        return [int(bytes(payload).decode().split(":")[1].strip(" }")) for payload in waiting]


async def nothing_waits(sessions: Sessions) -> None:
    async with sessions.of_system() as session:
        await session.execute(text("DELETE FROM queue.pgqueuer"))


class TestParse:
    @pytest.mark.parametrize(
        ("typed", "parsed"),
        [
            (" anna@example.com\n", "anna@example.com"),
            ("Anna.B+jobs@Example.COM", "Anna.B+jobs@example.com"),
            ("info@почта.рф", "info@xn--80a1acny.xn--p1ai"),
            ("o'neil_1@sub-domain.example.co", "o'neil_1@sub-domain.example.co"),
        ],
    )
    def test_an_address(self, typed: str, parsed: str) -> None:
        assert parse(typed) == parsed

    @pytest.mark.parametrize(
        "typed",
        [
            "",
            "anna",
            "@example.com",
            "anna@",
            "anna@example",
            "anna@@example.com",
            "anna b@example.com",
            "анна@example.com",
            ".anna@example.com",
            "anna..b@example.com",
            "anna@-example.com",
            "anna@example..com",
            "anna@example.com, boris@example.com",
            "anna@example.com\nBcc: all@example.com",
            "<anna@example.com>",
            "a" * 65 + "@example.com",
            "anna@" + "a" * 64 + ".com",
            "anna@" + "a." * 130 + "com",
            "anna@192.168.0.1",
        ],
    )
    def test_none(self, typed: str) -> None:
        with pytest.raises(NotAnAddress) as refused:
            parse(typed)
        assert refused.value.params["field"] == "email"


class TestAddOwn:
    async def test_waits_for_confirmation_and_has_it_asked(self, sessions: Sessions) -> None:
        anna = await manager(sessions, language="en")
        address = await added(sessions, anna)
        kept = await own(sessions, anna)
        assert kept is not None
        assert (kept.id, kept.email, kept.language) == (address.id, "anna@example.com", "en")
        assert not addresses.is_active(kept)
        assert await questions(sessions) == [address.id]

    async def test_the_same_again_is_asked_once(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        first = await added(sessions, anna)
        again = await added(sessions, anna, "anna@EXAMPLE.com")
        assert again.id == first.id
        assert await questions(sessions) == [first.id]

    async def test_a_confirmed_one_is_not_asked_again(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        await confirmed(sessions, await added(sessions, anna))
        await nothing_waits(sessions)
        assert addresses.is_active(await added(sessions, anna))
        assert await questions(sessions) == []

    async def test_the_old_one_goes_on_until_the_new_one_is_confirmed(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        old = await confirmed(sessions, await added(sessions, anna, "old@example.com"))
        new = await added(sessions, anna, "new@example.com")
        async with sessions.of_system() as session:
            assert addresses.is_active(await session.get_one(Address, old.id))
        assert (await own(sessions, anna)).id == new.id
        await confirmed(sessions, new)
        async with sessions.of_system() as session:
            assert (await session.get_one(Address, old.id)).user_id is None
        assert (await own(sessions, anna)).id == new.id

    async def test_going_back_to_the_old_one(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        old = await confirmed(sessions, await added(sessions, anna, "old@example.com"))
        await confirmed(sessions, await added(sessions, anna, "new@example.com"))
        await added(sessions, anna, "old@example.com")
        back = await own(sessions, anna)
        assert back is not None
        assert (back.id, addresses.is_active(back)) == (old.id, False)

    async def test_whoever_reads_a_mistyped_one_cannot_confirm_it_later(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        token = await asked(sessions, await added(sessions, anna, "ana@example.com"))
        await added(sessions, anna, "anna@example.com")
        async with sessions.of_system() as session:
            with pytest.raises(NotFound):
                await addresses.confirm(session, token)

    async def test_a_colleagues_is_taken(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        boris = await manager(sessions, colleague=anna)
        await added(sessions, anna)
        with pytest.raises(AddressTaken):
            await added(sessions, boris)

    async def test_two_companies_may_write_to_one_address(self, sessions: Sessions) -> None:
        first = await added(sessions, await manager(sessions))
        second = await added(sessions, await manager(sessions))
        assert first.id != second.id

    async def test_that_of_somebody_removed_is_free_but_must_be_confirmed_anew(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        admin = await manager(sessions, colleague=anna, role=Role.ADMIN)
        address = await confirmed(sessions, await added(sessions, anna))
        async with sessions.of_company(anna.company_id) as session:
            await users.remove(session, actor(admin), anna.id)
        taken = await added(sessions, admin)
        assert (taken.id, taken.user_id, taken.confirmed_at) == (address.id, admin.id, None)

    async def test_what_is_no_address_leaves_nothing_behind(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        with pytest.raises(NotAnAddress):
            await added(sessions, anna, "anna")
        assert await own(sessions, anna) is None
        assert await questions(sessions) == []


async def with_subscription(sessions: Sessions, **fields: Any) -> tuple[User, int]:
    anna = await manager(sessions, **fields)
    async with sessions.of_system() as session:
        return anna, (await make.subscription(session, anna)).id


async def recipient(sessions: Sessions, of: User, subscription_id: int, email: str = "boss@example.com") -> Address:
    async with sessions.of_company(of.company_id) as session:
        return await addresses.add_recipient(session, actor(of), email, subscription_id)


async def told(sessions: Sessions, of: User, subscription_id: int) -> list[str]:
    async with sessions.of_company(of.company_id) as session:
        return [address.email for address in await addresses.recipients(session, actor(of), subscription_id)]


class TestAddRecipient:
    async def test_must_confirm(self, sessions: Sessions) -> None:
        anna, subscription_id = await with_subscription(sessions)
        boss = await recipient(sessions, anna, subscription_id)
        assert (boss.user_id, boss.added_by_id, addresses.is_active(boss)) == (None, anna.id, False)
        assert await questions(sessions) == [boss.id]
        assert await told(sessions, anna, subscription_id) == ["boss@example.com"]

    async def test_twice_is_once(self, sessions: Sessions) -> None:
        anna, subscription_id = await with_subscription(sessions)
        await recipient(sessions, anna, subscription_id)
        await recipient(sessions, anna, subscription_id)
        assert await told(sessions, anna, subscription_id) == ["boss@example.com"]
        assert len(await questions(sessions)) == 1

    async def test_one_who_confirmed_before_is_not_asked_again(self, sessions: Sessions) -> None:
        anna, subscription_id = await with_subscription(sessions)
        await confirmed(sessions, await recipient(sessions, anna, subscription_id))
        await nothing_waits(sessions)
        async with sessions.of_system() as session:
            another = await make.subscription(session, anna)
        assert addresses.is_active(await recipient(sessions, anna, another.id))
        assert await questions(sessions) == []

    async def test_one_who_unsubscribed_stays_silent_until_confirmed_again(self, sessions: Sessions) -> None:
        anna, subscription_id = await with_subscription(sessions)
        boss = await confirmed(sessions, await recipient(sessions, anna, subscription_id))
        async with sessions.of_system() as session:
            await addresses.unsubscribe(session, boss.id)
        assert not addresses.is_active(await recipient(sessions, anna, subscription_id))
        assert addresses.is_active(await confirmed(sessions, boss))

    async def test_a_viewer_adds_nobody(self, sessions: Sessions) -> None:
        viewer, subscription_id = await with_subscription(sessions, role=Role.VIEWER)
        with pytest.raises(Forbidden):
            await recipient(sessions, viewer, subscription_id)

    async def test_only_to_a_subscription_of_ones_own(self, sessions: Sessions) -> None:
        anna, subscription_id = await with_subscription(sessions)
        with pytest.raises(NotFound):
            await recipient(sessions, await manager(sessions, colleague=anna), subscription_id)


class TestRemoveRecipient:
    async def test_is_told_no_more(self, sessions: Sessions) -> None:
        anna, subscription_id = await with_subscription(sessions)
        boss = await recipient(sessions, anna, subscription_id)
        async with sessions.of_company(anna.company_id) as session:
            await addresses.remove_recipient(session, actor(anna), subscription_id, boss.id)
        assert await told(sessions, anna, subscription_id) == []

    async def test_somebody_who_is_no_recipient(self, sessions: Sessions) -> None:
        anna, subscription_id = await with_subscription(sessions)
        async with sessions.of_company(anna.company_id) as session:
            with pytest.raises(NotFound):
                await addresses.remove_recipient(session, actor(anna), subscription_id, 404)


class TestSendAgain:
    async def again(self, sessions: Sessions, by: Actor, address: Address) -> None:
        async with sessions.of_company(by.company_id) as session:
            await addresses.send_again(session, by, address.id)

    async def test_not_within_minutes(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        address = await added(sessions, anna)
        await asked(sessions, address)
        await nothing_waits(sessions)
        with pytest.raises(TooSoon):
            await self.again(sessions, actor(anna), address)
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=6)):
            await self.again(sessions, actor(anna), address)
        assert await questions(sessions) == [address.id]

    async def test_a_refused_letter_does_not_open_the_door_to_more(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        address = await added(sessions, anna)
        await asked(sessions, address)
        async with sessions.of_system() as session:
            await addresses.stop(session, address.id, AddressStop.REFUSED, "550 no such user")
        with pytest.raises(TooSoon):
            await self.again(sessions, actor(anna), address)

    async def test_a_confirmed_one_needs_none(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        address = await confirmed(sessions, await added(sessions, anna))
        await nothing_waits(sessions)
        await self.again(sessions, actor(anna), address)
        assert await questions(sessions) == []

    async def test_to_somebody_elses(self, sessions: Sessions) -> None:
        anna = await manager(sessions)
        address = await added(sessions, anna)
        for other in (await manager(sessions, colleague=anna), await manager(sessions)):
            with pytest.raises(NotFound):
                await self.again(sessions, actor(other), address)


class TestConfirm:
    async def test_the_database_does_not_know_the_token(self, sessions: Sessions) -> None:
        address = await added(sessions, await manager(sessions))
        token = await asked(sessions, address)
        async with sessions.of_system() as session:
            assert token not in ((await session.get_one(Address, address.id)).confirm_token_hash or "")

    async def test_makes_it_active(self, sessions: Sessions) -> None:
        address = await added(sessions, await manager(sessions))
        assert (await confirmed(sessions, address)).id == address.id
        async with sessions.of_system() as session:
            assert addresses.is_active(await session.get_one(Address, address.id))

    async def test_a_second_click_says_so(self, sessions: Sessions) -> None:
        token = await asked(sessions, await added(sessions, await manager(sessions)))
        async with sessions.of_system() as session:
            await addresses.confirm(session, token)
        async with sessions.of_system() as session:
            with pytest.raises(LinkUsed):
                await addresses.confirm(session, token)

    async def test_after_48_hours_it_is_too_late(self, sessions: Sessions) -> None:
        token = await asked(sessions, await added(sessions, await manager(sessions)))
        with time_machine.travel(datetime.now(UTC) + timedelta(hours=48, minutes=1)):
            async with sessions.of_system() as session:
                with pytest.raises(LinkExpired):
                    await addresses.confirm(session, token)

    async def test_a_newer_letter_voids_the_older(self, sessions: Sessions) -> None:
        address = await added(sessions, await manager(sessions))
        older, newer = await asked(sessions, address), await asked(sessions, address)
        async with sessions.of_system() as session:
            with pytest.raises(NotFound):
                await addresses.confirm(session, older)
            await addresses.confirm(session, newer)

    @pytest.mark.parametrize("token", ["", "нет такого", "x" * 32])
    async def test_a_wrong_link(self, sessions: Sessions, token: str) -> None:
        await added(sessions, await manager(sessions))
        async with sessions.of_system() as session:
            with pytest.raises(NotFound):
                await addresses.confirm(session, token)


class TestUnsubscribe:
    async def test_stops_the_address_and_twice_is_as_good_as_once(self, sessions: Sessions) -> None:
        address = await confirmed(sessions, await added(sessions, await manager(sessions)))
        for _ in range(2):
            async with sessions.of_system() as session:
                await addresses.unsubscribe(session, address.id)
        async with sessions.of_system() as session:
            kept = await session.get_one(Address, address.id)
        assert (addresses.is_active(kept), kept.stop_reason) == (False, AddressStop.UNSUBSCRIBED)

    async def test_a_question_asked_before_does_not_undo_it(self, sessions: Sessions) -> None:
        address = await confirmed(sessions, await added(sessions, await manager(sessions)))
        token = await asked(sessions, address)
        async with sessions.of_system() as session:
            await addresses.unsubscribe(session, address.id)
            with pytest.raises(NotFound):
                await addresses.confirm(session, token)

    async def test_an_address_that_is_not_there(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            with pytest.raises(NotFound):
                await addresses.unsubscribe(session, 404)


class TestStop:
    async def test_keeps_what_the_server_said(self, sessions: Sessions) -> None:
        address = await confirmed(sessions, await added(sessions, await manager(sessions)))
        async with sessions.of_system() as session:
            await addresses.stop(session, address.id, AddressStop.REFUSED, "550 no such user")
        async with sessions.of_system() as session:
            kept = await session.get_one(Address, address.id)
        assert (kept.stop_reason, kept.stop_detail) == (AddressStop.REFUSED, "550 no such user")

    async def test_who_unsubscribed_stays_so(self, sessions: Sessions) -> None:
        address = await confirmed(sessions, await added(sessions, await manager(sessions)))
        async with sessions.of_system() as session:
            await addresses.unsubscribe(session, address.id)
            stopped = await addresses.stop(session, address.id, AddressStop.REFUSED, "550")
        assert stopped.stop_reason is AddressStop.UNSUBSCRIBED


class TestRowLevelSecurity:
    async def test_addresses_and_recipients_of_another_company_are_not_seen(self, sessions: Sessions) -> None:
        anna, subscription_id = await with_subscription(sessions)
        await recipient(sessions, anna, subscription_id)
        async with sessions.of_company((await manager(sessions)).company_id) as session:
            assert (await session.scalars(select(Address))).all() == []
            assert (await session.scalars(select(SubscriptionRecipient))).all() == []
