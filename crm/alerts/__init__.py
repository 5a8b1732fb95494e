"""The delivery ledger: each alert promises to tell one listing to one person over one channel."""

from crm.alerts.changing import mark_stale, withdraw_of_user, withdraw_promised
from crm.alerts.promising import promise

__all__ = ["mark_stale", "promise", "withdraw_of_user", "withdraw_promised"]
