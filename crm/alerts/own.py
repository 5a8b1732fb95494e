"""What a person was told, as they tap on it: only their own, and as it is now."""

from sqlalchemy import select

from crm import listings
from crm.actors import Actor
from crm.alerts.deliveries import Delivery, Told
from crm.errors import NotFound
from db.models import Alert, Channel, Subscription, User
from db.session import Session


async def own(session: Session, actor: Actor, alert_id: int) -> Delivery:
    """One Telegram alert by itself. Raises NotFound, also for another person's."""
    return await _load(session, actor, [await _find(session, actor, alert_id)])


async def own_message(session: Session, actor: Actor, alert_id: int) -> Delivery:
    """All alerts that the message of this one told. Raises NotFound."""
    alert = await _find(session, actor, alert_id)
    if alert.message_id is None:
        return await _load(session, actor, [alert])
    told = await session.scalars(
        select(Alert)
        .where(
            Alert.user_id == actor.user_id,
            Alert.channel == Channel.TELEGRAM,
            Alert.message_id == alert.message_id,
        )
        .order_by(Alert.due_at, Alert.id)
    )
    return await _load(session, actor, list(told))


async def _find(session: Session, actor: Actor, alert_id: int) -> Alert:
    alert: Alert | None = await session.get(Alert, alert_id)
    if alert is None or alert.user_id != actor.user_id or alert.channel is not Channel.TELEGRAM:
        raise NotFound(what="alert", id=alert_id)
    return alert


async def _load(session: Session, actor: Actor, alerts: list[Alert]) -> Delivery:
    rows = await session.execute(
        select(Subscription.id, Subscription.name).where(Subscription.id.in_({one.subscription_id for one in alerts}))
    )
    names = dict(rows.all())
    cards = [await listings.card(session, one.listing_id, actor.company_id) for one in alerts]
    return Delivery(
        alerts=[Told(one, card, names[one.subscription_id]) for one, card in zip(alerts, cards, strict=True)],
        user=await session.get(User, actor.user_id),
        address=None,
    )
