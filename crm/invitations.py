"""One-use links into a company. The token is shown once; the database keeps its hash."""

from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from crm import companies, signing, users
from crm.actors import Actor
from crm.errors import AlreadyMember, InvitationUsed, LinkExpired, NoSuchInvitation
from crm.permissions import Permission, require
from db.base import now
from db.models import Company, Invitation, Role, User
from db.session import Session, SystemSession

GOOD_FOR = timedelta(days=7)
LONGEST_NAME = 100
FIRST_START_LOCK = 7_526_010


async def create(
    session: Session, actor: Actor, role: Role, *, makes_operator: bool = False, ttl: timedelta = GOOD_FOR
) -> str:
    """The token of a link into the actor's own company. Raises Forbidden."""
    require(actor, Permission.USER_INVITE)
    if makes_operator:
        require(actor, Permission.INSTALLATION)
    return await _write(session, actor.company_id, role, makes_operator, ttl, actor.user_id)


async def issue(
    session: SystemSession,
    company_id: int,
    role: Role,
    *,
    makes_operator: bool = False,
    ttl: timedelta = GOOD_FOR,
) -> str:
    """The token of a link into any company, for the command line: who runs it owns the installation."""
    return await _write(session, company_id, role, makes_operator, ttl, None)


async def first(session: SystemSession, company_name: str) -> str | None:
    """The token that makes the first operator and admin; None once there is an operator.

    Each call withdraws the token of the call before. Without any company, one of this name is made.
    """
    await session.execute(select(func.pg_advisory_xact_lock(FIRST_START_LOCK)))
    operator = await session.scalar(select(User.id).where(User.is_operator, User.removed_at.is_(None)).limit(1))
    if operator is not None:
        return None
    company = await session.scalar(select(Company).order_by(Company.id).limit(1))
    if company is None:
        company = await companies.add(session, company_name)
    await session.execute(
        delete(Invitation).where(
            Invitation.makes_operator, Invitation.invited_by_id.is_(None), Invitation.used_by_id.is_(None)
        )
    )
    return await _write(session, company.id, Role.ADMIN, True, GOOD_FOR, None)


async def _write(
    session: Session, company_id: int, role: Role, makes_operator: bool, ttl: timedelta, invited_by_id: int | None
) -> str:
    token = signing.new_token()
    session.add(
        Invitation(
            company_id=company_id,
            token_hash=signing.digest(token),
            role=role,
            makes_operator=makes_operator,
            invited_by_id=invited_by_id,
            expires_at=now() + ttl,
        )
    )
    await session.flush()
    return token


async def accept(session: SystemSession, token: str, telegram_id: int, name: str, language: str) -> User:
    """Makes the person a user of the company.

    Raises NoSuchInvitation; AlreadyMember for whoever is in a company already, by this link or another;
    InvitationUsed by somebody else; LinkExpired.
    """
    invitation = await session.scalar(
        select(Invitation).where(Invitation.token_hash == signing.digest(token.strip())).with_for_update()
    )
    if invitation is None:
        raise NoSuchInvitation
    member = await users.by_telegram(session, telegram_id)
    if member is not None:
        raise AlreadyMember(name=member.name)
    if invitation.used_by_id is not None:
        raise InvitationUsed
    accepted_at = now()
    if invitation.expires_at <= accepted_at:
        raise LinkExpired
    user = await _join(session, invitation, telegram_id, name, language)
    invitation.used_by_id, invitation.used_at = user.id, accepted_at
    await session.flush()
    return user


async def _join(session: SystemSession, invitation: Invitation, telegram_id: int, name: str, language: str) -> User:
    user = User(
        company_id=invitation.company_id,
        telegram_id=telegram_id,
        name=" ".join(name.split())[:LONGEST_NAME] or str(telegram_id),
        role=invitation.role,
        is_operator=invitation.makes_operator,
        language=language if language in users.LANGUAGES else users.LANGUAGES[0],
    )
    try:
        async with session.begin_nested():
            session.add(user)
    except IntegrityError:  # they took another link in the same moment
        raise AlreadyMember(name=user.name) from None
    return user
