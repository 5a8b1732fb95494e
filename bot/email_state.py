"""What an e-mail address is waiting for, in one word of the locales."""

from db.models import Address


def email_state(address: Address | None) -> str:
    """none, waiting, confirmed, unsubscribed or refused"""
    if address is None:
        return "none"
    if address.stopped_at is not None and address.stop_reason is not None:
        return str(address.stop_reason)
    return "confirmed" if address.confirmed_at else "waiting"
