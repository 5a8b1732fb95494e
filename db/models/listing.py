"""Listings: one position asked or one person offered, found in one or more posts."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Json, Timestamps
from language.kinds import Engagement, Kind, ListingState


class Listing(Base):
    __tablename__ = "listings"
    __table_args__ = (
        Index("ix_listings_kind_id", "kind", text("id DESC")),
        Index("ix_listings_open", "kind", text("id DESC"), postgresql_where=text("state = 'open'")),
        Index("ix_listings_last_seen_at", "last_seen_at"),
        Index("ix_listings_request_id", "request_id", postgresql_where=text("request_id IS NOT NULL")),
        # Without fastupdate: a search would read the list of what is not merged yet from end to end.
        Index("ix_listings_bands", "bands", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
        Index("ix_listings_private_bands", "bands", postgresql_using="gin", postgresql_with={"fastupdate": "off"},
              postgresql_where=text("company_id IS NOT NULL")),
        Index("ix_listings_state_post_id", "state_post_id", postgresql_where=text("state_post_id IS NOT NULL")),
        Index("ix_listings_withdrawn", "first_post_id", postgresql_where=text("withdrawn_at IS NOT NULL")),
        Index("ix_listings_twin_id", "twin_id", postgresql_where=text("twin_id IS NOT NULL")),
        # The market must not know of it: what it knows, every company sees.
        CheckConstraint("twin_id IS NULL OR company_id IS NOT NULL", name="twin_is_private"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"))
    kind: Mapped[Kind]
    role: Mapped[str | None]
    core: Mapped[list[str]]
    extra: Mapped[list[str]]
    grades: Mapped[list[str]]
    count: Mapped[int] = mapped_column(default=1)
    engagement: Mapped[Engagement]
    rate_min: Mapped[int | None]
    rate_max: Mapped[int | None]
    rate_currency: Mapped[str | None]
    rate_period: Mapped[str | None]
    hourly_min: Mapped[int | None] = mapped_column(comment="roubles an hour at the table's rates")
    hourly_max: Mapped[int | None]
    peak_hourly: Mapped[int | None] = mapped_column(
        comment="the best hourly rate ever seen; more than that tells again"
    )
    location: Mapped[str | None]
    remote: Mapped[str | None]
    request_id: Mapped[str | None] = mapped_column(comment="the poster's own id of the request")
    direct_client: Mapped[bool] = mapped_column(default=False)
    confidence: Mapped[float] = mapped_column(comment="calibrated probability that the kind is right")
    is_unsure: Mapped[bool] = mapped_column(default=False, comment="no appearance is sure to be a listing at all")
    state: Mapped[ListingState] = mapped_column(default=ListingState.OPEN)
    state_changed_at: Mapped[datetime | None]
    state_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"), comment="the post that changed the state")
    first_post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    shingle_text: Mapped[str]
    bands: Mapped[list[int]] = mapped_column(default=list, comment="of the shingles: near-duplicates share one")
    telling: Mapped[int] = mapped_column(default=1, comment="rises when the listing is worth telling again")
    withdrawn_at: Mapped[datetime | None] = mapped_column(comment="no appearance is left: relabelled or deleted")
    twin_id: Mapped[int | None] = mapped_column(
        ForeignKey("listings.id"), comment="of a private one: the market's listing that is the same"
    )


class ListingTechnology(Base):
    """Stack as rows: int and text equality are leakproof, so this index serves under row-level security too."""

    __tablename__ = "listing_technologies"
    __table_args__ = (
        PrimaryKeyConstraint("technology", "listing_id"),
        Index("ix_listing_technologies_listing_id", "listing_id"),
    )

    technology: Mapped[str]
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id", ondelete="CASCADE"))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"))
    is_core: Mapped[bool]


class Appearance(Base):
    """A post in which a listing was seen, with what that post alone says."""

    __tablename__ = "appearances"
    __table_args__ = (
        UniqueConstraint("post_id", "item"),
        Index("ix_appearances_listing_id", "listing_id"),
        Index("ix_appearances_source_id_seen_at", "source_id", "seen_at"),
        Index("ix_appearances_request_key", "request_key", postgresql_where=text("request_key IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"))
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id", ondelete="CASCADE"))
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    item: Mapped[int] = mapped_column(comment="place of the item in the post, from 0")
    item_text: Mapped[str]
    said: Mapped[Json] = mapped_column(comment="the item in the guide's form")
    engagement: Mapped[Engagement]
    confidence: Mapped[float]
    is_unsure: Mapped[bool] = mapped_column(default=False)
    contact: Mapped[str | None]
    request_id: Mapped[str | None]
    request_key: Mapped[str | None] = mapped_column(comment="by which other writings of the id are equal to it")
    rate_min: Mapped[int | None]
    rate_max: Mapped[int | None]
    rate_currency: Mapped[str | None]
    rate_period: Mapped[str | None]
    hourly_max: Mapped[int | None]
    direct_client: Mapped[bool] = mapped_column(default=False)
    seen_at: Mapped[datetime]


class Dismissal(Timestamps, Base):
    """A user said "not relevant" of a listing."""

    __tablename__ = "dismissals"
    __table_args__ = (PrimaryKeyConstraint("user_id", "listing_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id", ondelete="CASCADE"))
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))


class Lead(Timestamps, Base):
    """A listing that a company took up; one a company and listing."""

    __tablename__ = "leads"
    __table_args__ = (UniqueConstraint("company_id", "listing_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    taken_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
