"""The installation's own: model versions, dialog states, signs of life."""

import enum
from datetime import datetime

from sqlalchemy import Index, LargeBinary, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Json, Timestamps


class VersionStatus(enum.StrEnum):
    CHALLENGER = "challenger"
    CHAMPION = "champion"
    RETIRED = "retired"


class ModelVersion(Timestamps, Base):
    __tablename__ = "model_versions"
    __table_args__ = (
        Index("uq_model_versions_champion", "status", unique=True, postgresql_where=text("status = 'champion'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[VersionStatus]
    artifact: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str]
    understudy: Mapped[bytes | None] = mapped_column(
        LargeBinary, deferred=True, comment="trained without the posts that versions are compared on"
    )
    report: Mapped[Json]
    promoted_at: Mapped[datetime | None]


class DialogState(Base):
    """aiogram's finite-state storage."""

    __tablename__ = "dialog_states"
    __table_args__ = (
        PrimaryKeyConstraint("bot_id", "chat_id", "user_id", "thread_id", "business_connection_id", "destiny"),
    )

    bot_id: Mapped[int]
    chat_id: Mapped[int]
    user_id: Mapped[int]
    thread_id: Mapped[int] = mapped_column(default=0)
    business_connection_id: Mapped[str] = mapped_column(default="")
    destiny: Mapped[str] = mapped_column(default="default")
    state: Mapped[str | None]
    data: Mapped[Json] = mapped_column(server_default=text("'{}'"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class Heartbeat(Base):
    """A process says that it lives, and what it is at."""

    __tablename__ = "heartbeats"
    __table_args__ = (PrimaryKeyConstraint("process", "host", "pid"),)

    process: Mapped[str]
    host: Mapped[str]
    pid: Mapped[int]
    started_at: Mapped[datetime]
    at: Mapped[datetime]
    detail: Mapped[Json]
