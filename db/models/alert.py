"""The delivery ledger: every telling of one listing to one person over one channel, with its attempts."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Json


class Channel(enum.StrEnum):
    TELEGRAM = "telegram"
    EMAIL = "email"


class AlertState(enum.StrEnum):
    PROMISED = "promised"
    SENDING = "sending"  # handed to the network; found in this state after a crash it becomes uncertain
    UNCERTAIN = "uncertain"
    DELIVERED = "delivered"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Bundle(enum.StrEnum):
    """What an alert is told with: alone, or in one message with others that fall due together."""

    ALONE = "alone"
    DIGEST = "digest"
    MORNING = "morning"
    RECOVERED = "recovered"


class Alert(Base):
    __tablename__ = "alerts"
    __table_args__ = (
        Index("uq_alerts_once", "listing_id", "telling", "channel", text("coalesce(user_id, 0)"),
              text("coalesce(address_id, 0)"), unique=True),
        Index("ix_alerts_due", "channel", "due_at", "id",
              postgresql_where=text("state IN ('promised','sending','uncertain')")),
        Index("ix_alerts_held", "channel",
              postgresql_where=text("state = 'sending' OR retry_at IS NOT NULL")),
        Index("ix_alerts_stale", "id", postgresql_where=text("stale_since IS NOT NULL")),
        Index("ix_alerts_user_id_id", "user_id", text("id DESC")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id"))
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"))
    telling: Mapped[int]
    channel: Mapped[Channel]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), comment="the subscriber; null for a recipient")
    address_id: Mapped[int | None] = mapped_column(ForeignKey("addresses.id"), comment="set for e-mail")
    bundle: Mapped[Bundle] = mapped_column(default=Bundle.ALONE)
    is_silent: Mapped[bool] = mapped_column(default=False)
    is_unsure: Mapped[bool] = mapped_column(default=False)
    reasons: Mapped[list[Json]] = mapped_column(comment="why it matched: [{filter, value}]")
    state: Mapped[AlertState] = mapped_column(default=AlertState.PROMISED)
    promised_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None] = mapped_column(comment="a try failed: the whole chat waits until then")
    message_id: Mapped[int | None] = mapped_column(comment="of the Telegram message that told it")
    possible_double: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str | None]
    settled_at: Mapped[datetime | None] = mapped_column(comment="delivered, failed or withdrawn")
    stale_since: Mapped[datetime | None] = mapped_column(comment="the told card no longer shows the truth")


class AlertAttempt(Base):
    __tablename__ = "alert_attempts"
    __table_args__ = (Index("ix_alert_attempts_alert_id", "alert_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    outcome: Mapped[str]
    detail: Mapped[str | None]
