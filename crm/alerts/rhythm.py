"""When an alert falls due, and with which others it is told."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from db.models import Bundle, Rhythm, Subscription, User

DIGEST_HOUR = 9
GATHERING = timedelta(minutes=2)
"""Posts recovered after an outage come one after another: wait for them, so that they are told together."""


@dataclass(frozen=True)
class Due:
    at: datetime
    bundle: Bundle


def when(subscription: Subscription, owner: User, *, now: datetime, recovered: bool, keeps_quiet: bool) -> Due:
    """By the subscription's rhythm and, where it `keeps_quiet`, the owner's quiet hours; all in the owner's zone."""
    zone = ZoneInfo(owner.timezone)
    if subscription.rhythm is Rhythm.DIGEST:
        hour = DIGEST_HOUR if subscription.digest_hour is None else subscription.digest_hour
        return Due(next_hour(now, hour, zone), Bundle.DIGEST)
    quiet_until = _quiet_until(owner, now, zone) if keeps_quiet else None
    if recovered:
        return Due(quiet_until or now + GATHERING, Bundle.RECOVERED)
    if quiet_until is not None:
        return Due(quiet_until, Bundle.MORNING)
    return Due(now, Bundle.ALONE)


def next_hour(now: datetime, hour: int, zone: ZoneInfo) -> datetime:
    """The next time after `now` when a clock in the zone shows hour:00; in UTC."""
    local = now.astimezone(zone)
    today = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    if today.astimezone(UTC) > now:
        return today.astimezone(UTC)
    return (today + timedelta(days=1)).astimezone(UTC)


def is_quiet(hour: int, quiet_from: int, quiet_to: int) -> bool:
    """Whether the hour lies in [from, to), which may span midnight; equal ends are no quiet hours."""
    if quiet_from <= quiet_to:
        return quiet_from <= hour < quiet_to
    return hour >= quiet_from or hour < quiet_to


def _quiet_until(owner: User, now: datetime, zone: ZoneInfo) -> datetime | None:
    if owner.quiet_from is None or owner.quiet_to is None:
        return None
    if not is_quiet(now.astimezone(zone).hour, owner.quiet_from, owner.quiet_to):
        return None
    return next_hour(now, owner.quiet_to, zone)
