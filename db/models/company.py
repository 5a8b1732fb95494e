"""Companies and their people."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Timestamps


class Role(enum.StrEnum):
    ADMIN = "admin"
    MANAGER = "manager"
    VIEWER = "viewer"


class Company(Timestamps, Base):
    __tablename__ = "companies"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class User(Timestamps, Base):
    """A person of a company who talks to the bot. `is_operator` is a right over the installation, not the company.

    Who was removed and comes back is a new user, so that the old one's deeds stay with the old company.
    """

    __tablename__ = "users"
    __table_args__ = (
        Index("ix_users_company_id", "company_id"),
        Index("uq_users_telegram_id", "telegram_id", unique=True, postgresql_where=text("removed_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    telegram_id: Mapped[int]
    name: Mapped[str]
    role: Mapped[Role]
    is_operator: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(default="ru")
    timezone: Mapped[str] = mapped_column(default="Europe/Moscow")
    quiet_from: Mapped[int | None] = mapped_column(comment="hour 0-23 in the user's time zone")
    quiet_to: Mapped[int | None]
    telegram_blocked_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class Invitation(Timestamps, Base):
    """A one-use link into a company. Only the token's hash is kept."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    role: Mapped[Role]
    makes_operator: Mapped[bool] = mapped_column(default=False)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    expires_at: Mapped[datetime]
    used_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    used_at: Mapped[datetime | None]


class AddressStop(enum.StrEnum):
    UNSUBSCRIBED = "unsubscribed"
    REFUSED = "refused"


class Address(Timestamps, Base):
    """Where e-mail alerts go: a user's own address, or a recipient without Telegram. Silent until confirmed."""

    __tablename__ = "addresses"
    __table_args__ = (
        Index("uq_addresses_company_id_email", "company_id", "email", unique=True),
        Index("ix_addresses_user_id", "user_id", postgresql_where=text("user_id IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    email: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), comment="null for a recipient without Telegram")
    added_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    language: Mapped[str] = mapped_column(default="ru")
    confirm_token_hash: Mapped[str | None] = mapped_column(unique=True)
    confirm_expires_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    stop_reason: Mapped[AddressStop | None]
    stop_detail: Mapped[str | None]
