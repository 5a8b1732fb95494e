"""Posts as read, their revisions, and what people said they are."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Json, Timestamps
from language.kinds import Engagement, Kind


class Arrival(enum.StrEnum):
    """How a post came. Only LIVE alerts at once; CAUGHT_UP alerts by its age; the others never do."""

    LIVE = "live"
    CAUGHT_UP = "caught_up"
    BACKFILL = "backfill"
    IMPORT = "import"


class Post(Base):
    """One message of a source. (channel_id, message_id) is its key, whichever way it was read."""

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("company_id", "channel_id", "message_id", postgresql_nulls_not_distinct=True),
        Index("ix_posts_source_id_message_id", "source_id", "message_id"),
        Index("ix_posts_posted_at", "posted_at"),
        Index("ix_posts_unlabelled", "id", postgresql_where=text("labelled_at IS NULL")),
        Index("ix_posts_changes", "source_id", "posted_at", postgresql_where=text("prediction ? 'changes'")),
        Index("ix_posts_review", "id", postgresql_where=text("needs_review")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"))
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    channel_id: Mapped[int]
    message_id: Mapped[int]
    posted_at: Mapped[datetime]
    stored_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    arrival: Mapped[Arrival]
    text: Mapped[str]
    entities: Mapped[list[Json]] = mapped_column(default=list)
    author: Mapped[str | None]
    forward: Mapped[Json | None]
    reply_to: Mapped[int | None]
    album_id: Mapped[int | None]
    media: Mapped[str | None] = mapped_column(comment="photo, video, document, …; null for text alone")
    revision: Mapped[int] = mapped_column(default=0)

    kind: Mapped[Kind | None]
    kind_confidence: Mapped[float | None]
    engagement: Mapped[Engagement | None]
    abstained: Mapped[bool] = mapped_column(default=False)
    needs_review: Mapped[bool] = mapped_column(default=False)
    prediction: Mapped[Json | None]
    model_version_id: Mapped[int | None] = mapped_column(ForeignKey("model_versions.id"))
    labelled_at: Mapped[datetime | None]


class PostRevision(Base):
    """The text a post had before an edit."""

    __tablename__ = "post_revisions"
    __table_args__ = (UniqueConstraint("post_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    revision: Mapped[int]
    text: Mapped[str]
    entities: Mapped[list[Json]]
    replaced_at: Mapped[datetime]


class LabelSource(enum.StrEnum):
    BUTTON = "button"
    REVIEW = "review"
    IMPORT = "import"


class Label(Timestamps, Base):
    """What a person said a post is. History is kept; the newest of a company wins for that company."""

    __tablename__ = "labels"
    __table_args__ = (Index("ix_labels_company_id_post_id", "company_id", "post_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    source: Mapped[LabelSource]
    kind: Mapped[Kind]
    engagement: Mapped[Engagement | None]
    items: Mapped[list[Json] | None] = mapped_column(comment="guide's items; null where only the kind was said")
    withdrawn_at: Mapped[datetime | None]
