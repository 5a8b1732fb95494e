"""What was done with an alert, line by line, and the wake-up of who sends."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, text

from db.models import Alert, AlertAttempt, Channel
from db.session import Session

BLOCKED = "blocked"
WAKE = "platon_alerts"


async def write(
    session: Session, alerts: Iterable[Alert], outcome: str, *, now: datetime, detail: str | None = None
) -> None:
    """One line in the history of each alert."""
    lines = [
        {"company_id": alert.company_id, "alert_id": alert.id, "at": now, "outcome": outcome, "detail": detail}
        for alert in alerts
    ]
    if lines:
        await session.execute(insert(AlertAttempt), lines)


async def wake(session: Session, channel: Channel) -> None:
    """Tell the channel's sender, once this transaction is committed, that there is something to do."""
    await session.execute(text("SELECT pg_notify(:name, :channel)"), {"name": WAKE, "channel": channel.value})
