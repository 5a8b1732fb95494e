"""Leads: listings that a company took up. One person owns a lead; the others are told who."""

from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from crm import alerts
from crm.actors import Actor
from crm.errors import Forbidden, LeadAlreadyTaken, NotFound
from crm.permissions import Permission, require
from db.models import Dismissal, Lead, Listing, Role, User
from db.session import Session


async def take(session: Session, actor: Actor, listing_id: int) -> Lead:
    """Make the actor its owner; taking twice changes nothing.

    Raises LeadAlreadyTaken(owner=name, owner_id=id) where a colleague was faster, NotFound for a listing not visible.
    """
    require(actor, Permission.LEAD_TAKE)
    await _see(session, actor, listing_id)
    now = datetime.now(UTC)
    await session.execute(
        insert(Lead).values(company_id=actor.company_id, listing_id=listing_id, created_at=now).on_conflict_do_nothing()
    )
    lead = await _locked(session, actor, listing_id)
    if lead.owner_id is None:
        lead.owner_id, lead.taken_at, lead.released_at = actor.user_id, now, None
        await session.flush()
        await alerts.mark_stale(session, listing_id)
    elif lead.owner_id != actor.user_id:
        raise LeadAlreadyTaken(owner=await _name(session, lead.owner_id), owner_id=lead.owner_id)
    return lead


async def release(session: Session, actor: Actor, listing_id: int) -> Lead:
    """Give it back to the company: by its owner, or by an admin. Releasing twice changes nothing.

    Raises NotFound where nobody ever took it, Forbidden where it is a colleague's.
    """
    require(actor, Permission.LEAD_TAKE)
    lead = await _locked(session, actor, listing_id)
    if lead.owner_id not in (None, actor.user_id) and actor.role is not Role.ADMIN:
        raise Forbidden(permission=Permission.LEAD_TAKE)
    if lead.owner_id is not None:
        lead.owner_id, lead.released_at = None, datetime.now(UTC)
        await session.flush()
        await alerts.mark_stale(session, listing_id)
    return lead


async def dismiss(session: Session, actor: Actor, listing_id: int) -> None:
    """Not relevant for the actor, who is told of it no more. Raises NotFound."""
    require(actor, Permission.LISTING_SEE)
    await _see(session, actor, listing_id)
    await session.execute(
        insert(Dismissal)
        .values(user_id=actor.user_id, listing_id=listing_id, company_id=actor.company_id, created_at=datetime.now(UTC))
        .on_conflict_do_nothing()
    )


async def undismiss(session: Session, actor: Actor, listing_id: int) -> None:
    require(actor, Permission.LISTING_SEE)
    await session.execute(
        delete(Dismissal).where(Dismissal.user_id == actor.user_id, Dismissal.listing_id == listing_id)
    )


async def _see(session: Session, actor: Actor, listing_id: int) -> None:
    listing = await session.get(Listing, listing_id)
    if listing is None or listing.company_id not in (None, actor.company_id):
        raise NotFound(what="listing", id=listing_id)


async def _locked(session: Session, actor: Actor, listing_id: int) -> Lead:
    lead = await session.scalar(
        select(Lead)
        .where(Lead.company_id == actor.company_id, Lead.listing_id == listing_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if lead is None:
        raise NotFound(what="lead", listing_id=listing_id)
    return lead


async def _name(session: Session, user_id: int) -> str | None:
    return await session.scalar(select(User.name).where(User.id == user_id))
