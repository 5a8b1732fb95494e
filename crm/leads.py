"""Leads: listings that a company took up. One person owns a lead; the others are told who.

What is said of a listing is said of its twins in the company too.
"""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from crm import alerts, twins
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
    same = await _same(session, actor, listing_id)
    now = datetime.now(UTC)
    leads = await _locked(session, actor, same)
    if not leads:
        # All who are as fast meet on the one row of what twins share.
        new = insert(Lead).values(company_id=actor.company_id, listing_id=same[0], created_at=now)
        await session.execute(new.on_conflict_do_nothing())
        leads = await _locked(session, actor, same)
    lead = leads[0]
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
    leads = await _locked(session, actor, await _same(session, actor, listing_id))
    if not leads:
        raise NotFound(what="lead", listing_id=listing_id)
    taken = [lead for lead in leads if lead.owner_id is not None]
    releasable = [lead for lead in taken if actor.role is Role.ADMIN or lead.owner_id == actor.user_id]
    if taken and not releasable:
        raise Forbidden(permission=Permission.LEAD_TAKE)
    for lead in releasable:
        lead.owner_id, lead.released_at = None, datetime.now(UTC)
    if releasable:
        await session.flush()
        await alerts.mark_stale(session, listing_id)
    return leads[0]


async def dismiss(session: Session, actor: Actor, listing_id: int) -> None:
    """Not relevant for the actor, who is told of it no more. Raises NotFound."""
    require(actor, Permission.LISTING_SEE)
    await _same(session, actor, listing_id)
    await session.execute(
        insert(Dismissal)
        .values(user_id=actor.user_id, listing_id=listing_id, company_id=actor.company_id, created_at=datetime.now(UTC))
        .on_conflict_do_nothing()
    )


async def undismiss(session: Session, actor: Actor, listing_id: int) -> None:
    """Raises NotFound."""
    require(actor, Permission.LISTING_SEE)
    same = await _same(session, actor, listing_id)
    await session.execute(delete(Dismissal).where(Dismissal.user_id == actor.user_id, Dismissal.listing_id.in_(same)))


async def _same(session: Session, actor: Actor, listing_id: int) -> list[int]:
    """The listing and its twins; the market's first. Raises NotFound."""
    listing = await session.get(Listing, listing_id)
    if listing is None or listing.company_id not in (None, actor.company_id):
        raise NotFound(what="listing", id=listing_id)
    return list(await session.scalars(twins.ids(twins.head(listing))))


async def _locked(session: Session, actor: Actor, listing_ids: Collection[int]) -> list[Lead]:
    """Of several, taken before they were known to be the same, first the one that was taken first."""
    leads = await session.scalars(
        select(Lead)
        .where(Lead.company_id == actor.company_id, Lead.listing_id.in_(listing_ids))
        .order_by(Lead.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    never = datetime.max.replace(tzinfo=UTC)
    return sorted(leads, key=lambda lead: (lead.owner_id is None, lead.taken_at or never))


async def _name(session: Session, user_id: int) -> str | None:
    return await session.scalar(select(User.name).where(User.id == user_id))
