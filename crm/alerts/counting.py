"""How far the ledger is behind."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from crm.alerts.changing import WAITING
from db.models import Alert, AlertState, Channel
from db.session import SystemSession


@dataclass(frozen=True)
class Backlog:
    counts: dict[AlertState, int]
    """of all alerts; a state that no alert is in is absent"""
    oldest_due: dict[Channel, datetime]
    """when the longest waiting alert fell due, of channels where one waits"""
    stale: int
    """told cards that are still to be edited"""


async def backlog(session: SystemSession, *, now: datetime) -> Backlog:
    """Counts by state, and since when the oldest due alert waits."""
    counts = await session.execute(select(Alert.state, func.count()).group_by(Alert.state))
    oldest = await session.execute(
        select(Alert.channel, func.min(Alert.due_at))
        .where(Alert.state.in_((*WAITING, AlertState.SENDING)), Alert.due_at <= now)
        .group_by(Alert.channel)
    )
    stale = await session.scalar(
        select(func.count()).where(Alert.stale_since.is_not(None), Alert.state == AlertState.DELIVERED)
    )
    return Backlog(dict(counts.all()), dict(oldest.all()), stale or 0)
