"""What we read: sources, and the Telegram accounts that read them."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Json, Timestamps


class SourceReader(enum.StrEnum):
    USERBOT = "userbot"
    PREVIEW = "preview"
    EXPORT = "export"


class SourceState(enum.StrEnum):
    WAITING = "waiting"  # added, not looked at yet (or queued to be joined)
    READING = "reading"
    REQUESTED = "requested"  # an admin of the closed chat has to let us in
    UNREADABLE = "unreadable"


class Source(Timestamps, Base):
    """A channel or chat. `company_id` is null for public ones, which all companies share."""

    __tablename__ = "sources"
    __table_args__ = (
        # Any number may wait to be resolved, without a channel_id.
        Index("uq_sources_company_id_channel_id", "company_id", "channel_id", unique=True,
              postgresql_nulls_not_distinct=True, postgresql_where=text("channel_id IS NOT NULL")),
        Index("uq_sources_company_id_username", "company_id", text("lower(username)"), unique=True,
              postgresql_nulls_not_distinct=True, postgresql_where=text("username IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"))
    channel_id: Mapped[int | None] = mapped_column(
        comment="positive channel id without the -100 prefix; null until resolved"
    )
    username: Mapped[str | None]
    invite_hash: Mapped[str | None]
    title: Mapped[str | None]
    reader: Mapped[SourceReader]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("telegram_accounts.id"))
    state: Mapped[SourceState] = mapped_column(default=SourceState.WAITING)
    problem: Mapped[str | None] = mapped_column(comment="error key of what stops reading")
    problem_detail: Mapped[str | None]
    cursor: Mapped[int] = mapped_column(default=0, comment="id of the newest committed message; all before it are ours")
    backfill_days: Mapped[int] = mapped_column(default=30)
    backfill_total: Mapped[int | None]
    backfill_stored: Mapped[int] = mapped_column(default=0)
    backfilled_at: Mapped[datetime | None]
    newest_on_server: Mapped[int | None]
    compared_at: Mapped[datetime | None]
    last_post_at: Mapped[datetime | None]
    unreadable_blocks: Mapped[int] = mapped_column(default=0)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class TelegramAccount(Timestamps, Base):
    """A userbot's account and its MTProto session. The auth key is encrypted with a key from the environment."""

    __tablename__ = "telegram_accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    telegram_id: Mapped[int | None]
    dc_id: Mapped[int] = mapped_column(default=0)
    server_address: Mapped[str | None]
    port: Mapped[int | None]
    auth_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    takeout_id: Mapped[int | None]
    problem: Mapped[str | None]
    problem_detail: Mapped[str | None]
    seen_at: Mapped[datetime | None]


class TelegramUpdateState(Base):
    __tablename__ = "telegram_update_states"
    __table_args__ = (PrimaryKeyConstraint("account_id", "entity_id"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("telegram_accounts.id", ondelete="CASCADE"))
    entity_id: Mapped[int]
    pts: Mapped[int]
    qts: Mapped[int]
    date: Mapped[datetime]
    seq: Mapped[int]


class TelegramEntity(Base):
    __tablename__ = "telegram_entities"
    __table_args__ = (
        PrimaryKeyConstraint("account_id", "entity_id"),
        Index("ix_telegram_entities_account_id_username", "account_id", "username"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("telegram_accounts.id", ondelete="CASCADE"))
    entity_id: Mapped[int]
    access_hash: Mapped[int]
    username: Mapped[str | None]
    phone: Mapped[int | None]
    name: Mapped[str | None]


class ImportProgress(Timestamps, Base):
    """How far a Telegram Desktop export was read, by the file's hash of its head and size."""

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int] = mapped_column(default=0, comment="messages read so far")
    counts: Mapped[Json] = mapped_column(default=dict)
    finished_at: Mapped[datetime | None]
