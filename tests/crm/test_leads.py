import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from crm import leads
from crm.errors import CrmError, Forbidden, LeadAlreadyTaken, NotFound
from db.models import Company, Dismissal, Lead, Listing, Role, User
from db.session import Sessions
from tests import make
from tests.labelled import JAVA, posted, the_listing


async def a_listing(sessions: Sessions, within: Company | None = None) -> Listing:
    async with sessions.of_system() as session:
        source = await make.source(session, within)
    await posted(sessions, source, JAVA, make.request(make.item("backend", "java")))
    return await the_listing(sessions)


async def people(sessions: Sessions, count: int = 2, **fields: Any) -> list[User]:
    async with sessions.of_system() as session:
        company = await make.company(session)
        return [await make.user(session, company, **fields) for _ in range(count)]


async def all_leads(sessions: Sessions) -> list[Lead]:
    async with sessions.of_system() as session:
        return list(await session.scalars(select(Lead)))


class TestTake:
    async def test_makes_the_actor_its_owner(self, sessions: Sessions) -> None:
        listing = await a_listing(sessions)
        (anna,) = await people(sessions, 1)
        async with sessions.of_company(anna.company_id) as session:
            await leads.take(session, make.actor(anna), listing.id)
        (lead,) = await all_leads(sessions)
        assert (lead.owner_id, lead.company_id, lead.listing_id) == (anna.id, anna.company_id, listing.id)
        assert lead.taken_at is not None

    async def test_twice_changes_nothing(self, sessions: Sessions) -> None:
        listing = await a_listing(sessions)
        (anna,) = await people(sessions, 1)
        for _ in range(2):
            async with sessions.of_company(anna.company_id) as session:
                lead = await leads.take(session, make.actor(anna), listing.id)
        assert [one.taken_at for one in await all_leads(sessions)] == [lead.taken_at]

    async def test_says_who_was_faster(self, sessions: Sessions) -> None:
        listing = await a_listing(sessions)
        anna, boris = await people(sessions)
        async with sessions.of_company(anna.company_id) as session:
            await leads.take(session, make.actor(anna), listing.id)
        with pytest.raises(LeadAlreadyTaken) as refused:
            async with sessions.of_company(anna.company_id) as session:
                await leads.take(session, make.actor(boris), listing.id)
        assert refused.value.params["owner"] == anna.name

    async def test_by_fifty_at_once_has_one_owner_and_tells_the_others_who(self, sessions: Sessions) -> None:
        listing = await a_listing(sessions)
        crowd = await people(sessions, 50)

        async def take(person: User) -> str:
            try:
                async with sessions.of_company(person.company_id) as session:
                    await leads.take(session, make.actor(person), listing.id)
            except LeadAlreadyTaken as refused:
                return str(refused.params["owner"])
            return "mine"

        said = await asyncio.gather(*(take(person) for person in crowd))
        (lead,) = await all_leads(sessions)
        owner = next(person for person in crowd if person.id == lead.owner_id)
        assert said[crowd.index(owner)] == "mine"
        assert sorted(said) == sorted(["mine", *[owner.name] * 49])

    async def test_is_each_companys_own(self, sessions: Sessions) -> None:
        listing = await a_listing(sessions)
        for person in [*await people(sessions, 1), *await people(sessions, 1)]:
            async with sessions.of_company(person.company_id) as session:
                await leads.take(session, make.actor(person), listing.id)
        assert len(await all_leads(sessions)) == 2

    async def test_is_not_for_viewers(self, sessions: Sessions) -> None:
        listing = await a_listing(sessions)
        (viewer,) = await people(sessions, 1, role=Role.VIEWER)
        with pytest.raises(Forbidden):
            async with sessions.of_company(viewer.company_id) as session:
                await leads.take(session, make.actor(viewer), listing.id)

    async def test_finds_no_listing_of_another_company(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            other = await make.company(session)
        listing = await a_listing(sessions, other)
        (anna,) = await people(sessions, 1)
        for listing_id in (listing.id, 12345):
            with pytest.raises(NotFound):
                async with sessions.of_company(anna.company_id) as session:
                    await leads.take(session, make.actor(anna), listing_id)


class TestRelease:
    async def test_lets_a_colleague_take_it(self, sessions: Sessions) -> None:
        listing = await a_listing(sessions)
        anna, boris = await people(sessions)
        for act, person in ((leads.take, anna), (leads.release, anna), (leads.release, anna), (leads.take, boris)):
            async with sessions.of_company(anna.company_id) as session:
                await act(session, make.actor(person), listing.id)
        (lead,) = await all_leads(sessions)
        assert (lead.owner_id, lead.released_at) == (boris.id, None)

    @pytest.mark.parametrize(("role", "refused"), [(Role.MANAGER, True), (Role.ADMIN, False)])
    async def test_of_a_colleagues_is_for_admins(self, sessions: Sessions, role: Role, refused: bool) -> None:
        listing = await a_listing(sessions)
        (anna,) = await people(sessions, 1)
        async with sessions.of_system() as session:
            other = await make.user(session, await session.get_one(Company, anna.company_id), role=role)
        async with sessions.of_company(anna.company_id) as session:
            await leads.take(session, make.actor(anna), listing.id)
        error: CrmError | None = None
        try:
            async with sessions.of_company(anna.company_id) as session:
                await leads.release(session, make.actor(other), listing.id)
        except Forbidden as forbidden:
            error = forbidden
        (lead,) = await all_leads(sessions)
        assert (error is not None, lead.owner_id == anna.id) == (refused, refused)

    async def test_of_what_nobody_took_finds_nothing(self, sessions: Sessions) -> None:
        listing = await a_listing(sessions)
        (anna,) = await people(sessions, 1)
        with pytest.raises(NotFound):
            async with sessions.of_company(anna.company_id) as session:
                await leads.release(session, make.actor(anna), listing.id)


class TestDismiss:
    async def test_is_kept_once_and_undone(self, sessions: Sessions) -> None:
        listing = await a_listing(sessions)
        anna, boris = await people(sessions)
        for person in (anna, anna, boris):
            async with sessions.of_company(anna.company_id) as session:
                await leads.dismiss(session, make.actor(person), listing.id)
        async with sessions.of_company(anna.company_id) as session:
            await leads.undismiss(session, make.actor(anna), listing.id)
        async with sessions.of_system() as session:
            assert [one.user_id for one in await session.scalars(select(Dismissal))] == [boris.id]

    async def test_of_what_is_not_there_finds_nothing(self, sessions: Sessions) -> None:
        (anna,) = await people(sessions, 1)
        with pytest.raises(NotFound):
            async with sessions.of_company(anna.company_id) as session:
                await leads.dismiss(session, make.actor(anna), 12345)
