"""Whose turn it is, and taking the next message of one person in hand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from crm.alerts import deliveries, history
from crm.alerts.changing import WAITING
from crm.alerts.deliveries import Delivery, Told
from crm.alerts.settling import fall_back_to_email
from db.models import Address, Alert, AlertState, Bundle, Channel, User
from db.session import SystemSession

LOOK_AHEAD = 200
BUNDLE_SIZE = {Channel.TELEGRAM: 50, Channel.EMAIL: 200}
"""alerts taken in hand together; what is left follows next"""


@dataclass(frozen=True)
class Recipient:
    """Whose alerts must keep their order: a Telegram user, or an address."""

    channel: Channel
    id: int
    chat_id: int | None
    """where to write in Telegram"""


async def due(
    session: SystemSession, channel: Channel, *, now: datetime, busy: Collection[int] = ()
) -> list[Recipient]:
    """Who waits for a message, the longest waiting first.

    Left out are the `busy` ones (recipient ids) and those whose earlier alert is being sent or waits for its next try:
    nothing overtakes it.
    """
    key = _key(channel)
    held = select(key).where(
        Alert.channel == channel,
        Alert.state.in_((*WAITING, AlertState.SENDING)),
        or_(Alert.state == AlertState.SENDING, Alert.retry_at > now),
    )
    ahead = (
        select(key.label("recipient"))
        .where(
            Alert.channel == channel,
            Alert.state.in_(WAITING),
            Alert.due_at <= now,
            key.not_in(held),
            key.not_in(busy),
        )
        .order_by(Alert.due_at, Alert.id)
        .limit(LOOK_AHEAD)
    )
    ids = list(dict.fromkeys(id_ for id_ in await session.scalars(ahead) if id_ is not None))
    chats = await _chats(session, ids) if channel is Channel.TELEGRAM else {}
    return [Recipient(channel, id_, chats.get(id_)) for id_ in ids]


async def claim(session: SystemSession, recipient: Recipient, *, now: datetime) -> Delivery | None:
    """Take the recipient's next message in hand: its alerts are SENDING, with a try counted.

    None if there is nothing to tell any more. Alerts that lost their sense meanwhile are withdrawn on the way.
    """
    while alerts := await _next(session, recipient, now):
        if not await _is_reachable(session, alerts, now):
            continue
        delivery = await deliveries.load(session, alerts)
        if tellable := await _still_wanted(session, delivery.alerts, now):
            await _take_in_hand(session, [told.alert for told in tellable], now)
            return replace(delivery, alerts=tellable)
    return None


def _key(channel: Channel) -> InstrumentedAttribute[int | None]:
    return Alert.user_id if channel is Channel.TELEGRAM else Alert.address_id


async def _chats(session: SystemSession, user_ids: Collection[int]) -> dict[int, int]:
    rows = await session.execute(select(User.id, User.telegram_id).where(User.id.in_(user_ids)))
    return dict(rows.all())


async def _next(session: SystemSession, recipient: Recipient, now: datetime) -> Sequence[Alert]:
    """The alert that is first in line, and those that are told together with it."""
    mine = (Alert.channel == recipient.channel, _key(recipient.channel) == recipient.id, Alert.state.in_(WAITING))
    in_line = select(Alert).where(*mine).order_by(Alert.due_at, Alert.id).with_for_update()
    head = await session.scalar(in_line.where(Alert.due_at <= now).limit(1))
    if head is None or head.bundle is Bundle.ALONE:
        return [] if head is None else [head]
    return (
        await session.scalars(
            in_line.where(Alert.bundle == head.bundle, _gathered(head.bundle, now)).limit(BUNDLE_SIZE[head.channel])
        )
    ).all()


def _gathered(bundle: Bundle, now: datetime) -> ColumnElement[bool]:
    """Recovered ones come one by one after an outage: whatever is there by now goes along."""
    return Alert.bundle == bundle if bundle is Bundle.RECOVERED else Alert.due_at <= now


async def _is_reachable(session: SystemSession, alerts: Sequence[Alert], now: datetime) -> bool:
    """Else their alerts go another way or are withdrawn."""
    first = alerts[0]
    user = await session.get(User, first.user_id) if first.user_id is not None else None
    if user is not None and user.removed_at is not None:
        await _withdraw(session, alerts, "user-removed", now)
        return False
    if first.channel is Channel.TELEGRAM and user is not None and user.telegram_blocked_at is not None:
        await fall_back_to_email(session, user.id, now=now)
        return False
    if first.channel is Channel.EMAIL:
        address = await session.get(Address, first.address_id)
        if address is None or address.stopped_at is not None:
            await _withdraw(session, alerts, "address-stopped", now)
            return False
    return True


async def _still_wanted(session: SystemSession, tellings: Sequence[Told], now: datetime) -> list[Told]:
    """Without those whose listing is gone, or is none by what the person or their company said; they are withdrawn."""
    gone = [
        told.alert
        for told in tellings
        if told.is_dismissed or told.card.is_hidden or told.card.listing.withdrawn_at is not None
    ]
    await _withdraw(session, gone, "listing-gone", now)
    return [told for told in tellings if told.alert not in gone]


async def _take_in_hand(session: SystemSession, alerts: Sequence[Alert], now: datetime) -> None:
    for alert in alerts:
        alert.possible_double = alert.possible_double or alert.state is AlertState.UNCERTAIN
        alert.state, alert.retry_at = AlertState.SENDING, None
        alert.attempts += 1
    await session.flush()
    await history.write(session, alerts, "sending", now=now)


async def _withdraw(session: SystemSession, alerts: Sequence[Alert], reason: str, now: datetime) -> None:
    for alert in alerts:
        alert.state, alert.settled_at, alert.error = AlertState.WITHDRAWN, now, reason
    await session.flush()
    await history.write(session, alerts, "withdrawn", now=now, detail=reason)
