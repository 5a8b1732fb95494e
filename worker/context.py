"""What tasks and senders work with."""

from dataclasses import dataclass, field

from aiogram import Bot

from crm.subscription_index import SubscriptionIndex
from db.session import Sessions
from mail.sender import Mailer
from worker.model import Model


@dataclass
class Context:
    sessions: Sessions
    database_url: str
    """SQLAlchemy's, for the connections that listen, elect and take jobs"""
    bot: Bot
    mailer: Mailer
    public_url: str
    """without a slash at its end"""
    secret: bytes
    """signs links in letters"""
    model: Model = field(default_factory=Model)
    index: SubscriptionIndex = field(default_factory=SubscriptionIndex)
