"""What happens to alerts when the world moves on before or after they are told."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select, update

from crm import twins
from crm.alerts import history
from db.base import now as clock
from db.models import Alert, AlertState, Channel, Listing, Subscription
from db.session import Session

WAITING = (AlertState.PROMISED, AlertState.UNCERTAIN)


async def mark_stale(session: Session, listing_id: int, *, now: datetime | None = None) -> int:
    """The listing changed: the cards that show it, or a twin of it, are to be edited. Returns how many."""
    marked = await session.scalars(
        update(Alert)
        .where(
            *await _told_as(session, listing_id),
            Alert.channel == Channel.TELEGRAM,
            # One that is just being sent may have been drawn before the change.
            Alert.state.in_((AlertState.DELIVERED, AlertState.SENDING)),
        )
        .values(stale_since=now or clock())
        .returning(Alert.id)
    )
    count = len(marked.all())
    if count:
        await history.wake(session, Channel.TELEGRAM)
    return count


async def withdraw_promised(session: Session, listing_id: int, *, now: datetime | None = None) -> int:
    """The listing went away: what was promised of it and not told yet is not told. Returns how many.

    A company that knows a twin of it which is still there is told of that.
    """
    listing = await session.get_one(Listing, listing_id)
    lives_on = exists().where(
        Listing.id.in_(twins.ids(twins.head(listing))),
        Listing.id != listing_id,
        Listing.withdrawn_at.is_(None),
        or_(Listing.company_id.is_(None), Listing.company_id == Alert.company_id),
    )
    return await _withdraw(session, (Alert.listing_id == listing_id) & ~lives_on, "listing-gone", now or clock())


async def withdraw_of_user(session: Session, user_id: int, *, now: datetime | None = None) -> int:
    """The user was removed: nothing more is told to them, nor to the recipients of their subscriptions."""
    theirs = Alert.subscription_id.in_(select(Subscription.id).where(Subscription.user_id == user_id))
    return await _withdraw(session, (Alert.user_id == user_id) | theirs, "user-removed", now or clock())


async def _told_as(session: Session, listing_id: int) -> list[ColumnElement[bool]]:
    """Which alerts have a card that shows the listing: a private one shows on its own company's cards alone."""
    listing = await session.get(Listing, listing_id)
    if listing is None:
        return [Alert.listing_id == listing_id]
    same = Alert.listing_id.in_(twins.ids(twins.head(listing)))
    return [same] if listing.company_id is None else [same, Alert.company_id == listing.company_id]


async def withdraw_of_subscription(session: Session, subscription_id: int, *, now: datetime | None = None) -> int:
    """It tells nothing more. Returns how many."""
    return await _withdraw(session, Alert.subscription_id == subscription_id, "subscription-ended", now or clock())


async def _withdraw(session: Session, which: ColumnElement[bool], reason: str, now: datetime) -> int:
    alerts = (await session.scalars(select(Alert).where(which, Alert.state.in_(WAITING)).with_for_update())).all()
    for alert in alerts:
        alert.state, alert.settled_at, alert.error = AlertState.WITHDRAWN, now, reason
    await session.flush()
    await history.write(session, alerts, "withdrawn", now=now, detail=reason)
    return len(alerts)
