"""What became of a message: told, to be tried again, uncertain, or given up."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from crm.alerts import history
from crm.alerts.changing import WAITING
from crm.alerts.reachable import own_addresses
from db.models import Alert, AlertState, Channel
from db.session import SystemSession

PAUSES = {
    Channel.TELEGRAM: [timedelta(seconds=seconds) for seconds in (2, 10, 60, 300)],
    Channel.EMAIL: [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120)],
}
"""Between failed tries; after the last one it is given up."""
LOST_TWICE = "answer-lost-twice"


async def settle(
    session: SystemSession, alert_ids: Collection[int], *, now: datetime, message_id: int | None = None
) -> None:
    """Told. `message_id` is that of the Telegram message that told it."""
    alerts = await _locked(session, Alert.id.in_(alert_ids), (AlertState.SENDING, AlertState.UNCERTAIN))
    for alert in alerts:
        alert.state, alert.settled_at, alert.error = AlertState.DELIVERED, now, None
        alert.message_id = message_id
    await session.flush()
    await history.write(session, alerts, "delivered", now=now)


async def retry_later(session: SystemSession, alert_ids: Collection[int], detail: str, *, now: datetime) -> None:
    """It was certainly not told: again after a growing pause, given up after five tries."""
    alerts = await _locked(session, Alert.id.in_(alert_ids), (AlertState.SENDING,))
    for alert in alerts:
        pauses = PAUSES[alert.channel]
        if alert.attempts > len(pauses):
            alert.state, alert.settled_at = AlertState.FAILED, now
        else:
            alert.state, alert.retry_at = AlertState.PROMISED, now + pauses[alert.attempts - 1]
        alert.error = detail
    await _write_outcomes(session, alerts, detail, now)


async def put_back(session: SystemSession, alert_ids: Collection[int], detail: str, *, now: datetime) -> None:
    """It was certainly not told, through no fault of its own (a flood wait, an outage): the try does not count."""
    alerts = await _locked(session, Alert.id.in_(alert_ids), (AlertState.SENDING,))
    for alert in alerts:
        alert.state = AlertState.PROMISED
        alert.attempts -= 1
    await _write_outcomes(session, alerts, detail, now)


async def answer_lost(session: SystemSession, alert_ids: Collection[int], detail: str, *, now: datetime) -> None:
    """Perhaps told, perhaps not: it is told again once, as a possible double."""
    await _lose(session, Alert.id.in_(alert_ids), detail, now)


async def mark_uncertain(session: SystemSession, channel: Channel, *, now: datetime) -> int:
    """For a sender that starts: what an earlier one had in hand when it died. Returns how many."""
    return await _lose(session, Alert.channel == channel, "sender-died", now)


async def give_up(session: SystemSession, alert_ids: Collection[int], detail: str, *, now: datetime) -> None:
    """It cannot be told, and trying again would not help."""
    alerts = await _locked(session, Alert.id.in_(alert_ids), (AlertState.SENDING,))
    for alert in alerts:
        alert.state, alert.settled_at, alert.error = AlertState.FAILED, now, detail
    await _write_outcomes(session, alerts, detail, now)


async def fall_back_to_email(session: SystemSession, user_id: int, *, now: datetime) -> int:
    """The user blocked the bot: what was to be told there goes to their confirmed address, or is failed without one.

    Returns how many go by e-mail.
    """
    alerts = await _locked(
        session,
        (Alert.user_id == user_id) & (Alert.channel == Channel.TELEGRAM),
        (*WAITING, AlertState.SENDING),
    )
    address = (await own_addresses(session, [user_id])).get(user_id)
    if address is None:
        for alert in alerts:
            alert.state, alert.settled_at, alert.error = AlertState.FAILED, now, history.BLOCKED
        await _write_outcomes(session, alerts, history.BLOCKED, now)
        return 0
    told_by_email = await _told_by_email(session, user_id)
    turned = [alert for alert in alerts if (alert.listing_id, alert.telling) not in told_by_email]
    for alert in alerts:
        if alert in turned:
            alert.channel, alert.address_id, alert.state = Channel.EMAIL, address.id, AlertState.PROMISED
            alert.attempts, alert.retry_at, alert.error = 0, None, None
        else:
            alert.state, alert.settled_at, alert.error = AlertState.WITHDRAWN, now, history.BLOCKED
    await session.flush()
    await history.write(session, turned, "by-email", now=now, detail=history.BLOCKED)
    await history.write(
        session, [alert for alert in alerts if alert not in turned], "withdrawn", now=now, detail=history.BLOCKED
    )
    if turned:
        await history.wake(session, Channel.EMAIL)
    return len(turned)


async def _told_by_email(session: SystemSession, user_id: int) -> set[tuple[int, int]]:
    rows = await session.execute(
        select(Alert.listing_id, Alert.telling).where(Alert.user_id == user_id, Alert.channel == Channel.EMAIL)
    )
    return {(listing_id, telling) for listing_id, telling in rows}


async def _lose(session: SystemSession, which: ColumnElement[bool], detail: str, now: datetime) -> int:
    alerts = await _locked(session, which, (AlertState.SENDING,))
    for alert in alerts:
        if alert.possible_double:
            alert.state, alert.settled_at, alert.error = AlertState.FAILED, now, LOST_TWICE
        else:
            alert.state, alert.error = AlertState.UNCERTAIN, detail
    await _write_outcomes(session, alerts, detail, now)
    return len(alerts)


async def _locked(
    session: SystemSession, which: ColumnElement[bool], states: Collection[AlertState]
) -> Sequence[Alert]:
    query = select(Alert).where(which, Alert.state.in_(states)).order_by(Alert.id).with_for_update()
    return (await session.scalars(query)).all()


async def _write_outcomes(session: SystemSession, alerts: Sequence[Alert], detail: str, now: datetime) -> None:
    await session.flush()
    for state in {alert.state for alert in alerts}:
        outcome = "retry" if state is AlertState.PROMISED else state.value
        await history.write(
            session, [alert for alert in alerts if alert.state is state], outcome, now=now, detail=detail
        )
