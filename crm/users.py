"""People of companies: who they are to the bot, how they like to be told, and that they may be removed."""

from datetime import datetime

from sqlalchemy import delete, select, update

from crm import alerts
from crm.actors import Actor
from crm.errors import Forbidden, Invalid, LastAdmin, NotATimezone, NotFound
from crm.permissions import Permission, require
from db.base import now
from db.models import Invitation, Role, Subscription, User
from db.session import Session, SystemSession
from language.time_zones import find_time_zone

LANGUAGES = ("ru", "en")
HOURS = range(24)


async def by_telegram(session: SystemSession, telegram_id: int) -> User | None:
    """None for a stranger and for somebody who was removed."""
    found: User | None = await session.scalar(
        select(User).where(User.telegram_id == telegram_id, User.removed_at.is_(None))
    )
    return found


def actor(user: User) -> Actor:
    return Actor(
        user_id=user.id,
        company_id=user.company_id,
        role=user.role,
        is_operator=user.is_operator,
        language=user.language,
        timezone=user.timezone,
    )


async def get(session: Session, user_id: int) -> User:
    """Raises NotFound, also for somebody removed or of another company."""
    user: User | None = await session.get(User, user_id)
    if user is None or user.removed_at is not None:
        raise NotFound
    return user


async def operators(session: SystemSession) -> list[User]:
    """Of every company, those who look after the installation."""
    return list(
        await session.scalars(
            select(User).where(User.is_operator.is_(True), User.removed_at.is_(None)).order_by(User.id)
        )
    )


async def list_all(session: Session, actor: Actor) -> list[User]:
    """The company's people, in the order they came."""
    return list(
        await session.scalars(
            select(User).where(User.company_id == actor.company_id, User.removed_at.is_(None)).order_by(User.id)
        )
    )


async def remove(session: Session, actor: Actor, user_id: int) -> User:
    """They lose access at once: subscriptions end, promised alerts and unused invitations of theirs are withdrawn.

    Raises NotFound, LastAdmin; Forbidden for an operator, whom only an operator removes.
    """
    require(actor, Permission.USER_REMOVE)
    # Locked, or two admins who remove each other at once would leave none.
    admins = await session.scalars(
        select(User.id)
        .where(User.company_id == actor.company_id, User.role == Role.ADMIN, User.removed_at.is_(None))
        .order_by(User.id)
        .with_for_update(key_share=True)
    )
    is_last_admin = admins.all() == [user_id]
    user = await _locked(session, actor, user_id)
    if is_last_admin:
        raise LastAdmin
    if user.is_operator and not actor.is_operator:
        raise Forbidden(permission=Permission.INSTALLATION)
    user.removed_at = now()
    await session.flush()
    await session.execute(
        update(Subscription)
        .where(Subscription.user_id == user.id, Subscription.deleted_at.is_(None))
        .values(deleted_at=user.removed_at)
    )
    await session.execute(
        delete(Invitation).where(Invitation.invited_by_id == user.id, Invitation.used_by_id.is_(None))
    )
    await alerts.withdraw_of_user(session, user.id)
    return user


async def _locked(session: Session, actor: Actor, user_id: int) -> User:
    found: User | None = await session.scalar(
        select(User)
        .where(User.id == user_id, User.company_id == actor.company_id, User.removed_at.is_(None))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


async def set_language(session: Session, actor: Actor, language: str) -> User:
    """Raises Invalid for a language that is not one of LANGUAGES."""
    require(actor, Permission.SETTINGS_WRITE)
    if language not in LANGUAGES:
        raise Invalid(field="language", value=language)
    user = await get(session, actor.user_id)
    user.language = language
    await session.flush()
    return user


async def set_timezone(session: Session, actor: Actor, typed: str) -> User:
    """A zone's name, a city or an offset. Raises NotATimezone."""
    require(actor, Permission.SETTINGS_WRITE)
    timezone = find_time_zone(typed)
    if timezone is None:
        raise NotATimezone(field="timezone", value=typed.strip()[:100])
    user = await get(session, actor.user_id)
    user.timezone = timezone
    await session.flush()
    return user


async def set_quiet_hours(session: Session, actor: Actor, quiet_from: int | None, quiet_to: int | None) -> User:
    """Hours 0-23 of the user's day, over midnight too; None and None for no quiet. Raises Invalid."""
    require(actor, Permission.SETTINGS_WRITE)
    hours = (quiet_from, quiet_to)
    if hours != (None, None) and not (quiet_from in HOURS and quiet_to in HOURS and quiet_from != quiet_to):
        raise Invalid(field="quiet_hours", value=f"{quiet_from}-{quiet_to}")
    user = await get(session, actor.user_id)
    user.quiet_from, user.quiet_to = quiet_from, quiet_to
    await session.flush()
    return user


async def mark_blocked(session: SystemSession, user_id: int, *, at: datetime | None = None) -> None:
    """Telegram says that the bot may not write to them. The first time counts."""
    await session.execute(
        update(User)
        .where(User.id == user_id, User.telegram_blocked_at.is_(None))
        .values(telegram_blocked_at=at or now())
    )


async def mark_unblocked(session: Session, user_id: int) -> None:
    """They write to the bot again."""
    await session.execute(
        update(User).where(User.id == user_id, User.telegram_blocked_at.is_not(None)).values(telegram_blocked_at=None)
    )
