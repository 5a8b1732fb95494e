import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from crm import invitations, users
from crm.errors import CrmError, Forbidden, Invalid, LastAdmin, NotATimezone, NotFound
from db.models import Alert, AlertState, Channel, Company, Invitation, Role, Subscription, User
from db.session import Sessions
from i18n import translator
from tests import make


async def team(sessions: Sessions) -> tuple[Company, User, User]:
    """A company, its admin and a manager."""
    async with sessions.of_system() as session:
        company = await make.company(session)
        admin = await make.user(session, company, role=Role.ADMIN)
        manager = await make.user(session, company)
    return company, admin, manager


async def seen(sessions: Sessions, user: User) -> User:
    async with sessions.of_system() as session:
        return await session.get_one(User, user.id)


class TestByTelegram:
    async def test_a_member(self, sessions: Sessions) -> None:
        _, _, manager = await team(sessions)
        async with sessions.of_system() as session:
            found = await users.by_telegram(session, manager.telegram_id)
        assert found is not None
        assert found.id == manager.id

    async def test_a_stranger(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            assert await users.by_telegram(session, 404) is None

    async def test_somebody_removed_is_a_stranger(self, sessions: Sessions) -> None:
        company, admin, manager = await team(sessions)
        async with sessions.of_company(company.id) as session:
            await users.remove(session, users.actor(admin), manager.id)
        async with sessions.of_system() as session:
            assert await users.by_telegram(session, manager.telegram_id) is None


class TestActor:
    async def test_carries_what_the_user_may(self, sessions: Sessions) -> None:
        _, admin, _ = await team(sessions)
        actor = users.actor(admin)
        assert (actor.user_id, actor.company_id, actor.role) == (admin.id, admin.company_id, Role.ADMIN)
        assert (actor.is_operator, actor.language, actor.timezone) == (False, "ru", "Europe/Moscow")


class TestListAll:
    async def test_of_the_company_without_those_removed(self, sessions: Sessions) -> None:
        company, admin, manager = await team(sessions)
        await team(sessions)
        async with sessions.of_company(company.id) as session:
            assert [user.id for user in await users.list_all(session, users.actor(admin))] == [admin.id, manager.id]
            await users.remove(session, users.actor(admin), manager.id)
            assert [user.id for user in await users.list_all(session, users.actor(admin))] == [admin.id]


class TestRemove:
    async def test_subscriptions_end(self, sessions: Sessions) -> None:
        company, admin, manager = await team(sessions)
        async with sessions.of_system() as session:
            theirs = await make.subscription(session, manager)
            ours = await make.subscription(session, admin)
        async with sessions.of_company(company.id) as session:
            await users.remove(session, users.actor(admin), manager.id)
        async with sessions.of_system() as session:
            assert (await session.get_one(Subscription, theirs.id)).deleted_at is not None
            assert (await session.get_one(Subscription, ours.id)).deleted_at is None

    async def test_promised_alerts_are_withdrawn(self, sessions: Sessions) -> None:
        company, admin, manager = await team(sessions)
        async with sessions.of_system() as session:
            subscription = await make.subscription(session, manager)
            listing = await make.listing(session)
            moment = datetime.now(UTC)
            alert = Alert(
                company_id=company.id,
                subscription_id=subscription.id,
                listing_id=listing.id,
                telling=1,
                channel=Channel.TELEGRAM,
                user_id=manager.id,
                reasons=[],
                promised_at=moment,
                due_at=moment,
            )
            session.add(alert)
        async with sessions.of_company(company.id) as session:
            await users.remove(session, users.actor(admin), manager.id)
        async with sessions.of_system() as session:
            assert (await session.get_one(Alert, alert.id)).state is AlertState.WITHDRAWN

    async def test_an_admin_cannot_come_back_by_an_invitation_of_their_own(self, sessions: Sessions) -> None:
        company, admin, _ = await team(sessions)
        async with sessions.of_system() as session:
            second = await make.user(session, company, role=Role.ADMIN)
        async with sessions.of_company(company.id) as session:
            token = await invitations.create(session, users.actor(second), Role.ADMIN)
            await users.remove(session, users.actor(admin), second.id)
        async with sessions.of_system() as session:
            with pytest.raises(NotFound):
                await invitations.accept(session, token, second.telegram_id, "Second", "ru")
            assert (await session.scalars(select(Invitation))).all() == []

    async def test_who_was_removed_may_be_invited_again(self, sessions: Sessions) -> None:
        company, admin, manager = await team(sessions)
        async with sessions.of_company(company.id) as session:
            await users.remove(session, users.actor(admin), manager.id)
            token = await invitations.create(session, users.actor(admin), Role.VIEWER)
        async with sessions.of_system() as session:
            back = await invitations.accept(session, token, manager.telegram_id, manager.name, "ru")
            found = await users.by_telegram(session, manager.telegram_id)
        assert found is back
        assert back.id != manager.id

    async def test_the_last_admin_stays(self, sessions: Sessions) -> None:
        company, admin, _ = await team(sessions)
        async with sessions.of_company(company.id) as session:
            with pytest.raises(LastAdmin):
                await users.remove(session, users.actor(admin), admin.id)
        assert (await seen(sessions, admin)).removed_at is None

    async def test_one_of_two_admins_may_go(self, sessions: Sessions) -> None:
        company, admin, _ = await team(sessions)
        async with sessions.of_system() as session:
            await make.user(session, company, role=Role.ADMIN)
        async with sessions.of_company(company.id) as session:
            await users.remove(session, users.actor(admin), admin.id)
        assert (await seen(sessions, admin)).removed_at is not None

    async def test_of_two_admins_who_remove_each_other_one_stays(self, sessions: Sessions) -> None:
        company, admin, _ = await team(sessions)
        async with sessions.of_system() as session:
            second = await make.user(session, company, role=Role.ADMIN)

        async def removes(one: User, other: User) -> None:
            async with sessions.of_company(company.id) as session:
                await users.remove(session, users.actor(one), other.id)

        outcomes = await asyncio.gather(removes(admin, second), removes(second, admin), return_exceptions=True)
        left = [(await seen(sessions, user)).removed_at for user in (admin, second)]
        assert left.count(None) == 1
        assert sum(isinstance(outcome, CrmError) for outcome in outcomes) == 1

    async def test_a_manager_removes_nobody(self, sessions: Sessions) -> None:
        company, admin, manager = await team(sessions)
        async with sessions.of_company(company.id) as session:
            with pytest.raises(Forbidden):
                await users.remove(session, users.actor(manager), admin.id)

    async def test_only_an_operator_removes_an_operator(self, sessions: Sessions) -> None:
        company, admin, _ = await team(sessions)
        async with sessions.of_system() as session:
            operator = await make.user(session, company, role=Role.ADMIN, is_operator=True)
        async with sessions.of_company(company.id) as session:
            with pytest.raises(Forbidden):
                await users.remove(session, users.actor(admin), operator.id)

    async def test_somebody_of_another_company_or_gone_is_not_found(self, sessions: Sessions) -> None:
        company, admin, manager = await team(sessions)
        _, _, stranger = await team(sessions)
        async with sessions.of_company(company.id) as session:
            await users.remove(session, users.actor(admin), manager.id)
            for user_id in (stranger.id, manager.id):
                with pytest.raises(NotFound):
                    await users.remove(session, users.actor(admin), user_id)


class TestSettings:
    def test_the_languages_are_those_that_texts_are_written_in(self) -> None:
        assert users.LANGUAGES == translator.LANGUAGES

    async def test_are_kept(self, sessions: Sessions) -> None:
        company, _, manager = await team(sessions)
        async with sessions.of_company(company.id) as session:
            actor = users.actor(manager)
            await users.set_language(session, actor, "en")
            await users.set_timezone(session, actor, "Екатеринбург")
            await users.set_quiet_hours(session, actor, 22, 8)
        kept = await seen(sessions, manager)
        assert (kept.language, kept.timezone, kept.quiet_from, kept.quiet_to) == ("en", "Asia/Yekaterinburg", 22, 8)

    async def test_quiet_hours_can_be_given_up(self, sessions: Sessions) -> None:
        company, _, manager = await team(sessions)
        async with sessions.of_company(company.id) as session:
            await users.set_quiet_hours(session, users.actor(manager), 22, 8)
            await users.set_quiet_hours(session, users.actor(manager), None, None)
        kept = await seen(sessions, manager)
        assert (kept.quiet_from, kept.quiet_to) == (None, None)

    @pytest.mark.parametrize("hours", [(22, None), (None, 8), (24, 8), (22, -1), (8, 8)])
    async def test_hours_that_are_none(self, sessions: Sessions, hours: tuple[int | None, int | None]) -> None:
        company, _, manager = await team(sessions)
        async with sessions.of_company(company.id) as session:
            with pytest.raises(Invalid):
                await users.set_quiet_hours(session, users.actor(manager), *hours)

    async def test_an_unknown_language_or_place(self, sessions: Sessions) -> None:
        company, _, manager = await team(sessions)
        async with sessions.of_company(company.id) as session:
            with pytest.raises(Invalid):
                await users.set_language(session, users.actor(manager), "tlh")
            with pytest.raises(NotATimezone) as refused:
                await users.set_timezone(session, users.actor(manager), "Нарния")
        assert refused.value.params == {"field": "timezone", "value": "Нарния"}

    async def test_somebody_removed_in_the_meantime_is_not_found(self, sessions: Sessions) -> None:
        company, admin, manager = await team(sessions)
        async with sessions.of_company(company.id) as session:
            await users.remove(session, users.actor(admin), manager.id)
            with pytest.raises(NotFound):
                await users.set_language(session, users.actor(manager), "en")


class TestBlocked:
    async def test_the_first_time_is_kept_until_they_write_again(self, sessions: Sessions) -> None:
        _, _, manager = await team(sessions)
        first = datetime.now(UTC)
        async with sessions.of_system() as session:
            await users.mark_blocked(session, manager.id, at=first)
            await users.mark_blocked(session, manager.id, at=first + timedelta(hours=1))
        assert (await seen(sessions, manager)).telegram_blocked_at == first
        async with sessions.of_system() as session:
            await users.mark_unblocked(session, manager.id)
        assert (await seen(sessions, manager)).telegram_blocked_at is None


class TestRowLevelSecurity:
    async def test_people_of_another_company_are_not_seen(self, sessions: Sessions) -> None:
        company, _, _ = await team(sessions)
        _, _, stranger = await team(sessions)
        async with sessions.of_company(company.id) as session:
            assert await session.get(User, stranger.id) is None
            with pytest.raises(NotFound):
                await users.get(session, stranger.id)
