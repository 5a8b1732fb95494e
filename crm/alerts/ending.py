"""A subscription tells nothing more: its waiting alerts go to others that want them, or are withdrawn."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from crm import listings
from crm.alerts import changing, history
from crm.matching import Reason, wants, wish_of
from db.base import now as clock
from db.models import Alert, Channel, Subscription, SubscriptionRecipient
from db.session import Session


async def end(session: Session, subscription: Subscription, *, now: datetime | None = None) -> int:
    """It was paused or deleted: what it promised and was not told yet is not told, even if it goes on later.

    A person whom another subscription of the same owner tells of the listing too is told for that one's reasons, when
    it was promised. Returns how many alerts were withdrawn.
    """
    at = now or clock()
    waiting = (
        await session.scalars(
            select(Alert)
            .where(Alert.subscription_id == subscription.id, Alert.state.in_(changing.WAITING))
            .order_by(Alert.id)
            .with_for_update()
        )
    ).all()
    heirs = await _heirs(session, subscription, waiting)
    kept = [alert for alert in waiting if alert.id in heirs]
    for alert in kept:
        other, alert.reasons = heirs[alert.id]
        alert.subscription_id = other.id
    await session.flush()
    await history.write(session, kept, "handed-over", now=at)
    return await changing.withdraw_of_subscription(session, subscription.id, now=at)


async def _heirs(
    session: Session, subscription: Subscription, waiting: Sequence[Alert]
) -> dict[int, tuple[Subscription, list[Reason]]]:
    """Which subscription tells an alert instead, and why; by the alert's id."""
    others = await _others(session, subscription) if waiting else []
    if not others:
        return {}
    addresses = await _addresses(session, [other.id for other in others])
    cards = await listings.cards(session, {alert.listing_id for alert in waiting}, subscription.company_id)
    facts = {
        card.listing.id: listings.facts(card.listing, [seen.appearance for seen in card.appearances])
        for card in cards
        if not card.is_hidden
    }
    found: dict[int, tuple[Subscription, list[Reason]]] = {}
    for alert in waiting:
        for other in others:
            is_told = _tells(other, alert, addresses) and alert.listing_id in facts
            why = wants(wish_of(other), facts[alert.listing_id]) if is_told else None
            if why is not None:
                found[alert.id] = (other, list(why))
                break
    return found


async def _others(session: Session, subscription: Subscription) -> list[Subscription]:
    query = select(Subscription).where(
        Subscription.user_id == subscription.user_id,
        Subscription.id != subscription.id,
        Subscription.paused_at.is_(None),
        Subscription.deleted_at.is_(None),
    )
    return list(await session.scalars(query.order_by(Subscription.id)))


async def _addresses(session: Session, subscription_ids: Collection[int]) -> set[tuple[int, int]]:
    rows = await session.execute(
        select(SubscriptionRecipient.subscription_id, SubscriptionRecipient.address_id).where(
            SubscriptionRecipient.subscription_id.in_(subscription_ids)
        )
    )
    return {(subscription_id, address_id) for subscription_id, address_id in rows}


def _tells(other: Subscription, alert: Alert, addresses: set[tuple[int, int]]) -> bool:
    """Whether it tells the same person over the same channel."""
    if alert.address_id is not None and (other.id, alert.address_id) in addresses:
        return True
    if alert.user_id is None:
        return False
    return other.by_telegram if alert.channel is Channel.TELEGRAM else other.by_email
