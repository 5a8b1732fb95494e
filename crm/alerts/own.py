"""What a person was told, as they tap on it: only their own, and as it is now."""

from sqlalchemy import select

from crm.actors import Actor
from crm.alerts import deliveries
from crm.alerts.deliveries import Delivery
from crm.errors import NotFound
from db.models import Alert, Channel
from db.session import Session


async def own(session: Session, actor: Actor, alert_id: int) -> Delivery:
    """One Telegram alert by itself. Raises NotFound, also for another person's."""
    return await deliveries.load(session, [await _find(session, actor, alert_id)])


async def own_message(session: Session, actor: Actor, alert_id: int) -> Delivery:
    """All alerts that the message of this one told. Raises NotFound."""
    alert = await _find(session, actor, alert_id)
    if alert.message_id is None:
        return await deliveries.load(session, [alert])
    told = await session.scalars(
        select(Alert)
        .where(
            Alert.user_id == actor.user_id,
            Alert.channel == Channel.TELEGRAM,
            Alert.message_id == alert.message_id,
        )
        .order_by(Alert.due_at, Alert.id)
    )
    return await deliveries.load(session, list(told))


async def _find(session: Session, actor: Actor, alert_id: int) -> Alert:
    alert: Alert | None = await session.get(Alert, alert_id)
    if alert is None or alert.user_id != actor.user_id or alert.channel is not Channel.TELEGRAM:
        raise NotFound(what="alert", id=alert_id)
    return alert
