import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm import invitations, users
from crm.errors import AlreadyMember, CrmError, Forbidden, InvitationUsed, LinkExpired, NoSuchInvitation
from db.models import Company, Invitation, Role, User
from db.session import Sessions
from tests import make


async def company_with_admin(sessions: Sessions, **fields: object) -> User:
    async with sessions.of_system() as session:
        return await make.user(session, await make.company(session), **{"role": Role.ADMIN} | fields)


async def invited(sessions: Sessions, admin: User, role: Role = Role.MANAGER, **how: object) -> str:
    async with sessions.of_company(admin.company_id) as session:
        return await invitations.create(session, users.actor(admin), role, **how)


async def accept(sessions: Sessions, token: str, telegram_id: int = 77, name: str = "Анна") -> User:
    async with sessions.of_system() as session:
        return await invitations.accept(session, token, telegram_id, name, "en")


class TestCreate:
    async def test_the_database_does_not_know_the_token(self, sessions: Sessions) -> None:
        admin = await company_with_admin(sessions)
        token = await invited(sessions, admin)
        async with sessions.of_system() as session:
            kept = (await session.scalars(select(Invitation))).one()
        assert token not in kept.token_hash
        assert kept.invited_by_id == admin.id

    async def test_a_manager_invites_nobody(self, sessions: Sessions) -> None:
        manager = await company_with_admin(sessions, role=Role.MANAGER)
        with pytest.raises(Forbidden):
            await invited(sessions, manager)

    async def test_only_an_operator_makes_operators(self, sessions: Sessions) -> None:
        admin = await company_with_admin(sessions)
        operator = await company_with_admin(sessions, is_operator=True)
        with pytest.raises(Forbidden):
            await invited(sessions, admin, makes_operator=True)
        user = await accept(sessions, await invited(sessions, operator, makes_operator=True))
        assert user.is_operator


class TestIssue:
    async def test_into_any_company(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            company = await make.company(session)
            token = await invitations.issue(session, company.id, Role.ADMIN)
        user = await accept(sessions, token)
        assert (user.company_id, user.role, user.is_operator) == (company.id, Role.ADMIN, False)


class TestAccept:
    async def test_makes_a_user_of_the_inviting_company(self, sessions: Sessions) -> None:
        admin = await company_with_admin(sessions)
        user = await accept(sessions, await invited(sessions, admin), name="  Анна\nПетрова ")
        async with sessions.of_company(admin.company_id) as session:
            seen = await users.get(session, user.id)
        assert (seen.name, seen.role, seen.language, seen.is_operator) == ("Анна Петрова", Role.MANAGER, "en", False)

    async def test_a_person_without_a_name_goes_by_their_number(self, sessions: Sessions) -> None:
        token = await invited(sessions, await company_with_admin(sessions))
        assert (await accept(sessions, token, telegram_id=77, name=" ")).name == "77"

    async def test_the_same_person_again_is_told_that_they_are_in(self, sessions: Sessions) -> None:
        token = await invited(sessions, await company_with_admin(sessions))
        await accept(sessions, token)
        with pytest.raises(AlreadyMember):
            await accept(sessions, token)

    async def test_somebody_else_finds_it_used(self, sessions: Sessions) -> None:
        token = await invited(sessions, await company_with_admin(sessions))
        await accept(sessions, token, telegram_id=77)
        with pytest.raises(InvitationUsed):
            await accept(sessions, token, telegram_id=78)

    async def test_of_two_at_once_one_gets_in(self, sessions: Sessions) -> None:
        token = await invited(sessions, await company_with_admin(sessions))
        outcomes = await asyncio.gather(
            accept(sessions, token, telegram_id=77), accept(sessions, token, telegram_id=78), return_exceptions=True
        )
        assert sorted(type(outcome) is InvitationUsed for outcome in outcomes) == [False, True]

    async def test_one_person_with_two_links_at_once_gets_in_once(self, sessions: Sessions) -> None:
        admin = await company_with_admin(sessions)
        links = [await invited(sessions, admin), await invited(sessions, admin)]
        outcomes = await asyncio.gather(*(accept(sessions, link) for link in links), return_exceptions=True)
        assert sorted(type(outcome) is AlreadyMember for outcome in outcomes) == [False, True]

    async def test_a_member_of_another_company_stays_there(self, sessions: Sessions) -> None:
        theirs = await company_with_admin(sessions)
        token = await invited(sessions, await company_with_admin(sessions))
        with pytest.raises(AlreadyMember):
            await accept(sessions, token, telegram_id=theirs.telegram_id)

    async def test_an_expired_link(self, sessions: Sessions) -> None:
        token = await invited(sessions, await company_with_admin(sessions), ttl=timedelta(seconds=-1))
        with pytest.raises(LinkExpired):
            await accept(sessions, token)

    @pytest.mark.parametrize("token", ["", "нет такого", "x" * 64])
    async def test_a_malformed_link(self, sessions: Sessions, token: str) -> None:
        with pytest.raises(NoSuchInvitation):
            await accept(sessions, token)

    async def test_a_refused_person_is_not_made(self, sessions: Sessions) -> None:
        token = await invited(sessions, await company_with_admin(sessions), ttl=timedelta(seconds=-1))
        with pytest.raises(CrmError):
            await accept(sessions, token)
        async with sessions.of_system() as session:
            assert await users.by_telegram(session, 77) is None


class TestFirst:
    async def test_makes_the_first_company_operator_and_admin(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            token = await invitations.first(session, "Мост")
        assert token is not None
        user = await accept(sessions, token)
        assert (user.role, user.is_operator) == (Role.ADMIN, True)
        async with sessions.of_system() as session:
            assert (await session.get_one(Company, user.company_id)).name == "Мост"

    async def test_there_is_none_once_an_operator_is_in(self, sessions: Sessions) -> None:
        await company_with_admin(sessions, is_operator=True)
        async with sessions.of_system() as session:
            assert await invitations.first(session, "Мост") is None

    async def test_only_the_newest_link_is_good(self, sessions: Sessions) -> None:
        tokens = []
        for _ in range(2):
            async with sessions.of_system() as session:
                tokens.append(await invitations.first(session, "Мост"))
        with pytest.raises(NoSuchInvitation):
            await accept(sessions, tokens[0])
        assert (await accept(sessions, tokens[1])).is_operator

    async def test_two_starts_at_once_make_one_company_and_one_link(self, sessions: Sessions) -> None:
        async def start() -> None:
            async with sessions.of_system() as session:
                await invitations.first(session, "Мост")

        await asyncio.gather(start(), start())
        async with sessions.of_system() as session:
            assert await session.scalar(select(func.count()).select_from(Company)) == 1
            assert await session.scalar(select(func.count()).select_from(Invitation)) == 1


class TestRowLevelSecurity:
    async def test_invitations_of_another_company_are_not_seen(self, sessions: Sessions) -> None:
        ours, theirs = await company_with_admin(sessions), await company_with_admin(sessions)
        await invited(sessions, theirs)
        async with sessions.of_company(ours.company_id) as session:
            assert (await session.scalars(select(Invitation))).all() == []
