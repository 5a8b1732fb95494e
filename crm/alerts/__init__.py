"""The delivery ledger: each alert promises to tell one listing to one person over one channel."""

from crm.alerts.changing import mark_stale, withdraw_of_user, withdraw_promised
from crm.alerts.claiming import Recipient, claim, due
from crm.alerts.counting import Backlog, backlog
from crm.alerts.deliveries import Delivery, Told
from crm.alerts.editing import StaleMessage, claim_stale, settle_stale
from crm.alerts.ending import end
from crm.alerts.history import WAKE
from crm.alerts.own import own, own_message
from crm.alerts.promising import promise
from crm.alerts.settling import (
    answer_lost,
    fall_back_to_email,
    give_up,
    mark_uncertain,
    put_back,
    retry_later,
    settle,
)

__all__ = [
    "WAKE",
    "Backlog",
    "Delivery",
    "Recipient",
    "StaleMessage",
    "Told",
    "answer_lost",
    "backlog",
    "claim",
    "claim_stale",
    "due",
    "end",
    "fall_back_to_email",
    "give_up",
    "mark_stale",
    "mark_uncertain",
    "own",
    "own_message",
    "promise",
    "put_back",
    "retry_later",
    "settle",
    "settle_stale",
    "withdraw_of_user",
    "withdraw_promised",
]
