"""Told cards that no longer show the truth."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from crm.alerts import deliveries
from crm.alerts.deliveries import Delivery
from db.models import Alert, AlertState, Channel, User
from db.session import SystemSession


@dataclass(frozen=True)
class StaleMessage:
    """A Telegram message to be drawn anew with all alerts that it told."""

    recipient_id: int
    chat_id: int
    message_id: int
    delivery: Delivery
    seen: datetime
    """the newest staleness that this drawing takes into account"""


async def claim_stale(session: SystemSession, *, busy: Collection[int] = (), limit: int = 10) -> list[StaleMessage]:
    """Messages to edit, the longest stale first; at most one a chat, none of `busy` users."""
    rows = await session.execute(
        select(Alert.user_id, User.telegram_id, Alert.message_id)
        .join(User, User.id == Alert.user_id)
        .where(
            Alert.stale_since.is_not(None),
            Alert.state == AlertState.DELIVERED,
            Alert.channel == Channel.TELEGRAM,
            Alert.message_id.is_not(None),
            User.telegram_blocked_at.is_(None),
            User.removed_at.is_(None),
            User.id.not_in(busy),
        )
        .order_by(Alert.stale_since, Alert.id)
        .limit(limit)
    )
    chosen: dict[int, tuple[int, int]] = {}
    for user_id, chat_id, message_id in rows:
        if user_id is not None and message_id is not None:
            chosen.setdefault(user_id, (chat_id, message_id))
    return [await _load(session, user_id, *where) for user_id, where in chosen.items()]


async def settle_stale(session: SystemSession, message: StaleMessage) -> None:
    """The message shows the truth again, unless it changed after it was drawn."""
    await session.execute(
        update(Alert)
        .where(Alert.id.in_(message.delivery.ids), Alert.stale_since <= message.seen)
        .values(stale_since=None)
    )


async def _load(session: SystemSession, user_id: int, chat_id: int, message_id: int) -> StaleMessage:
    told = (
        await session.scalars(
            select(Alert)
            .where(Alert.user_id == user_id, Alert.channel == Channel.TELEGRAM, Alert.message_id == message_id)
            .order_by(Alert.due_at, Alert.id)
        )
    ).all()
    seen = max(alert.stale_since for alert in told if alert.stale_since is not None)
    return StaleMessage(user_id, chat_id, message_id, await deliveries.load(session, told), seen)
