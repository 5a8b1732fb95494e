"""Which addresses may be written to."""

from collections.abc import Collection

from sqlalchemy import select

from db.models import Address
from db.session import Session


async def own_addresses(session: Session, user_ids: Collection[int]) -> dict[int, Address]:
    """Each user's own confirmed address; the one confirmed last where there are several."""
    rows = await session.scalars(
        select(Address)
        .where(Address.user_id.in_(user_ids), Address.confirmed_at.is_not(None), Address.stopped_at.is_(None))
        .order_by(Address.confirmed_at)
    )
    return {address.user_id: address for address in rows if address.user_id is not None}
