"""Subscriptions: what a manager wants to be told of, and how."""

import enum
from datetime import datetime

from sqlalchemy import FetchedValue, ForeignKey, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Timestamps


class Rhythm(enum.StrEnum):
    AT_ONCE = "at_once"
    DIGEST = "digest"


class Subscription(Timestamps, Base):
    """Filters and the ways of telling. An empty list filters nothing; `strict` names fields that must be stated."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        Index("ix_subscriptions_changed_xid", "changed_xid"),
        Index("ix_subscriptions_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str]
    kinds: Mapped[list[str]] = mapped_column(default=list)
    roles: Mapped[list[str]] = mapped_column(default=list)
    technologies_any: Mapped[list[str]] = mapped_column(default=list)
    technologies_all: Mapped[list[str]] = mapped_column(default=list)
    technologies_none: Mapped[list[str]] = mapped_column(default=list)
    grades: Mapped[list[str]] = mapped_column(default=list)
    engagements: Mapped[list[str]] = mapped_column(default=list)
    min_rate: Mapped[int | None] = mapped_column(comment="roubles an hour")
    remote: Mapped[list[str]] = mapped_column(default=list)
    places: Mapped[list[str]] = mapped_column(default=list)
    words: Mapped[list[str]] = mapped_column(default=list)
    minus_words: Mapped[list[str]] = mapped_column(default=list)
    source_ids: Mapped[list[int]] = mapped_column(default=list)
    min_confidence: Mapped[float] = mapped_column(default=0.3)
    strict: Mapped[list[str]] = mapped_column(default=list)
    by_telegram: Mapped[bool] = mapped_column(default=True)
    by_email: Mapped[bool] = mapped_column(default=False)
    rhythm: Mapped[Rhythm] = mapped_column(default=Rhythm.AT_ONCE)
    digest_hour: Mapped[int | None]
    is_silent: Mapped[bool] = mapped_column(default=False)
    paused_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    # Set by a trigger: readers ask for rows changed since their last snapshot and miss no late commit.
    changed_xid: Mapped[int] = mapped_column(server_default=FetchedValue(), server_onupdate=FetchedValue())


class SubscriptionRecipient(Base):
    """A confirmed address, other than the owner's, that a subscription also tells."""

    __tablename__ = "subscription_recipients"
    __table_args__ = (PrimaryKeyConstraint("subscription_id", "address_id"),)

    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id", ondelete="CASCADE"))
    address_id: Mapped[int] = mapped_column(ForeignKey("addresses.id", ondelete="CASCADE"))
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
