"""The ground: every table of the first version, two roles, row-level security, the job queue."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from db.queue import install_sql
from db.roles import ROLES

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


SECURITY = Path(__file__).with_name("0001_security.sql")


def script(sql: str) -> None:
    """Several statements at once, which asyncpg takes only past SQLAlchemy's prepared ones."""
    op.get_bind().connection.run_async(lambda raw: raw.execute(sql))


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_table(
        "companies",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companies")),
        sa.UniqueConstraint("name", name=op.f("uq_companies_name")),
    )
    op.create_table(
        "dialog_states",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("business_connection_id", sa.Text(), nullable=False),
        sa.Column("destiny", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint(
            "bot_id",
            "chat_id",
            "user_id",
            "thread_id",
            "business_connection_id",
            "destiny",
            name=op.f("pk_dialog_states"),
        ),
    )
    op.create_table(
        "heartbeats",
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("process", "host", "pid", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False, comment="messages read so far"),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_imports_fingerprint")),
    )
    op.create_table(
        "model_versions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("challenger", "champion", "retired", name="versionstatus", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("artifact", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column(
            "understudy",
            sa.LargeBinary(),
            nullable=True,
            comment="trained without the posts that versions are compared on",
        ),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("promoted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_versions")),
    )
    op.create_index(
        "uq_model_versions_champion",
        "model_versions",
        ["status"],
        unique=True,
        postgresql_where=sa.text("status = 'champion'"),
    )
    op.create_table(
        "telegram_accounts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=True),
        sa.Column("dc_id", sa.BigInteger(), nullable=False),
        sa.Column("server_address", sa.Text(), nullable=True),
        sa.Column("port", sa.BigInteger(), nullable=True),
        sa.Column("auth_key", sa.LargeBinary(), nullable=True),
        sa.Column("takeout_id", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("problem_detail", sa.Text(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telegram_accounts")),
        sa.UniqueConstraint("name", name=op.f("uq_telegram_accounts_name")),
    )
    op.create_table(
        "telegram_entities",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("access_hash", sa.BigInteger(), nullable=False),
        sa.Column("username", sa.Text(), nullable=True),
        sa.Column("phone", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["telegram_accounts.id"], name=op.f("fk_telegram_entities_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "entity_id", name=op.f("pk_telegram_entities")),
    )
    op.create_index(
        "ix_telegram_entities_account_id_username", "telegram_entities", ["account_id", "username"], unique=False
    )
    op.create_table(
        "telegram_update_states",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("pts", sa.BigInteger(), nullable=False),
        sa.Column("qts", sa.BigInteger(), nullable=False),
        sa.Column("date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["telegram_accounts.id"],
            name=op.f("fk_telegram_update_states_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "entity_id", name=op.f("pk_telegram_update_states")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "role", sa.Enum("admin", "manager", "viewer", name="role", native_enum=False, length=20), nullable=False
        ),
        sa.Column("is_operator", sa.Boolean(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("quiet_from", sa.BigInteger(), nullable=True, comment="hour 0-23 in the user's time zone"),
        sa.Column("quiet_to", sa.BigInteger(), nullable=True),
        sa.Column("telegram_blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_users_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_index("ix_users_company_id", "users", ["company_id"], unique=False)
    op.create_index(
        "uq_users_telegram_id", "users", ["telegram_id"], unique=True, postgresql_where=sa.text("removed_at IS NULL")
    )
    op.create_table(
        "addresses",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True, comment="null for a recipient without Telegram"),
        sa.Column("added_by_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("confirm_token_hash", sa.Text(), nullable=True),
        sa.Column("confirm_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "stop_reason",
            sa.Enum("unsubscribed", "refused", name="addressstop", native_enum=False, length=20),
            nullable=True,
        ),
        sa.Column("stop_detail", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["users.id"], name=op.f("fk_addresses_added_by_id")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_addresses_company_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_addresses_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addresses")),
        sa.UniqueConstraint("confirm_token_hash", name=op.f("uq_addresses_confirm_token_hash")),
    )
    op.create_index(
        "ix_addresses_user_id", "addresses", ["user_id"], unique=False, postgresql_where=sa.text("user_id IS NOT NULL")
    )
    op.create_index("uq_addresses_company_id_email", "addresses", ["company_id", "email"], unique=True)
    op.create_table(
        "invitations",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column(
            "role", sa.Enum("admin", "manager", "viewer", name="role", native_enum=False, length=20), nullable=False
        ),
        sa.Column("makes_operator", sa.Boolean(), nullable=False),
        sa.Column("invited_by_id", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_by_id", sa.BigInteger(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_invitations_company_id")),
        sa.ForeignKeyConstraint(["invited_by_id"], ["users.id"], name=op.f("fk_invitations_invited_by_id")),
        sa.ForeignKeyConstraint(["used_by_id"], ["users.id"], name=op.f("fk_invitations_used_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    op.create_table(
        "sources",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "channel_id",
            sa.BigInteger(),
            nullable=True,
            comment="positive channel id without the -100 prefix; null until resolved",
        ),
        sa.Column("username", sa.Text(), nullable=True),
        sa.Column("invite_hash", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column(
            "reader",
            sa.Enum("userbot", "preview", "export", name="sourcereader", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("waiting", "reading", "requested", "unreadable", name="sourcestate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("problem", sa.Text(), nullable=True, comment="error key of what stops reading"),
        sa.Column("problem_detail", sa.Text(), nullable=True),
        sa.Column(
            "cursor",
            sa.BigInteger(),
            nullable=False,
            comment="id of the newest committed message; all before it are ours",
        ),
        sa.Column("backfill_days", sa.BigInteger(), nullable=False),
        sa.Column("backfill_total", sa.BigInteger(), nullable=True),
        sa.Column("backfill_stored", sa.BigInteger(), nullable=False),
        sa.Column("backfilled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("newest_on_server", sa.BigInteger(), nullable=True),
        sa.Column("compared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_post_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unreadable_blocks", sa.BigInteger(), nullable=False),
        sa.Column("added_by_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["telegram_accounts.id"], name=op.f("fk_sources_account_id")),
        sa.ForeignKeyConstraint(["added_by_id"], ["users.id"], name=op.f("fk_sources_added_by_id")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_sources_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
    )
    op.create_index(
        "uq_sources_company_id_channel_id",
        "sources",
        ["company_id", "channel_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("channel_id IS NOT NULL"),
    )
    op.create_index(
        "uq_sources_company_id_username",
        "sources",
        ["company_id", sa.literal_column("lower(username)")],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("username IS NOT NULL"),
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kinds", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("roles", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("technologies_any", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("technologies_all", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("technologies_none", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("grades", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("engagements", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("min_rate", sa.BigInteger(), nullable=True, comment="roubles an hour"),
        sa.Column("remote", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("places", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("words", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("minus_words", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("source_ids", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("min_confidence", sa.Double(), nullable=False),
        sa.Column("strict", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("by_telegram", sa.Boolean(), nullable=False),
        sa.Column("by_email", sa.Boolean(), nullable=False),
        sa.Column("rhythm", sa.Enum("at_once", "digest", name="rhythm", native_enum=False, length=20), nullable=False),
        sa.Column("digest_hour", sa.BigInteger(), nullable=True),
        sa.Column("is_silent", sa.Boolean(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_xid", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_subscriptions_company_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_subscriptions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
    )
    op.create_index("ix_subscriptions_changed_xid", "subscriptions", ["changed_xid"], unique=False)
    op.create_index("ix_subscriptions_user_id", "subscriptions", ["user_id"], unique=False)
    op.create_table(
        "posts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "arrival",
            sa.Enum("live", "caught_up", "backfill", "import", name="arrival", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("entities", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("forward", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("reply_to", sa.BigInteger(), nullable=True),
        sa.Column("album_id", sa.BigInteger(), nullable=True),
        sa.Column("media", sa.Text(), nullable=True, comment="photo, video, document, …; null for text alone"),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("request", "offer", "update", "junk", name="kind", native_enum=False, length=20),
            nullable=True,
        ),
        sa.Column("kind_confidence", sa.Double(), nullable=True),
        sa.Column(
            "engagement",
            sa.Enum("outstaff", "inhouse", "freelance", "unknown", name="engagement", native_enum=False, length=20),
            nullable=True,
        ),
        sa.Column("abstained", sa.Boolean(), nullable=False),
        sa.Column("needs_review", sa.Boolean(), nullable=False),
        sa.Column("prediction", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("model_version_id", sa.BigInteger(), nullable=True),
        sa.Column("labelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_posts_company_id")),
        sa.ForeignKeyConstraint(["model_version_id"], ["model_versions.id"], name=op.f("fk_posts_model_version_id")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_posts_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint(
            "company_id",
            "channel_id",
            "message_id",
            name=op.f("uq_posts_company_id_channel_id_message_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(
        "ix_posts_changes",
        "posts",
        ["source_id", "posted_at"],
        unique=False,
        postgresql_where=sa.text("prediction ? 'changes'"),
    )
    op.create_index("ix_posts_posted_at", "posts", ["posted_at"], unique=False)
    op.create_index("ix_posts_review", "posts", ["id"], unique=False, postgresql_where=sa.text("needs_review"))
    op.create_index("ix_posts_source_id_message_id", "posts", ["source_id", "message_id"], unique=False)
    op.create_index(
        "ix_posts_unlabelled", "posts", ["id"], unique=False, postgresql_where=sa.text("labelled_at IS NULL")
    )
    op.create_table(
        "subscription_recipients",
        sa.Column("subscription_id", sa.BigInteger(), nullable=False),
        sa.Column("address_id", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["address_id"], ["addresses.id"], name=op.f("fk_subscription_recipients_address_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_subscription_recipients_company_id")),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.id"],
            name=op.f("fk_subscription_recipients_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscription_id", "address_id", name=op.f("pk_subscription_recipients")),
    )
    op.create_table(
        "labels",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "source",
            sa.Enum("button", "review", "import", name="labelsource", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum("request", "offer", "update", "junk", name="kind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column(
            "engagement",
            sa.Enum("outstaff", "inhouse", "freelance", "unknown", name="engagement", native_enum=False, length=20),
            nullable=True,
        ),
        sa.Column(
            "items",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="guide's items; null where only the kind was said",
        ),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_labels_company_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_labels_post_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_labels_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
    )
    op.create_index("ix_labels_company_id_post_id", "labels", ["company_id", "post_id"], unique=False)
    op.create_table(
        "listings",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("request", "offer", "update", "junk", name="kind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("core", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("extra", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("grades", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column(
            "engagement",
            sa.Enum("outstaff", "inhouse", "freelance", "unknown", name="engagement", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("rate_min", sa.BigInteger(), nullable=True),
        sa.Column("rate_max", sa.BigInteger(), nullable=True),
        sa.Column("rate_currency", sa.Text(), nullable=True),
        sa.Column("rate_period", sa.Text(), nullable=True),
        sa.Column("hourly_min", sa.BigInteger(), nullable=True, comment="roubles an hour at the table's rates"),
        sa.Column("hourly_max", sa.BigInteger(), nullable=True),
        sa.Column(
            "peak_hourly",
            sa.BigInteger(),
            nullable=True,
            comment="the best hourly rate ever seen; more than that tells again",
        ),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("remote", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True, comment="the poster's own id of the request"),
        sa.Column("direct_client", sa.Boolean(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False, comment="calibrated probability that the kind is right"),
        sa.Column("is_unsure", sa.Boolean(), nullable=False, comment="no appearance is sure to be a listing at all"),
        sa.Column(
            "state",
            sa.Enum("open", "paused", "closed", name="listingstate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("state_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state_post_id", sa.BigInteger(), nullable=True, comment="the post that changed the state"),
        sa.Column("first_post_id", sa.BigInteger(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shingle_text", sa.Text(), nullable=False),
        sa.Column(
            "bands",
            sa.ARRAY(sa.BigInteger()),
            nullable=False,
            comment="of the shingles: near-duplicates share one",
        ),
        sa.Column("telling", sa.BigInteger(), nullable=False, comment="rises when the listing is worth telling again"),
        sa.Column(
            "withdrawn_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="no appearance is left: relabelled or deleted",
        ),
        sa.Column(
            "twin_id",
            sa.BigInteger(),
            nullable=True,
            comment="of a private one: the market's listing that is the same",
        ),
        sa.CheckConstraint("twin_id IS NULL OR company_id IS NOT NULL", name=op.f("ck_listings_twin_is_private")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_listings_company_id")),
        sa.ForeignKeyConstraint(["first_post_id"], ["posts.id"], name=op.f("fk_listings_first_post_id")),
        sa.ForeignKeyConstraint(["state_post_id"], ["posts.id"], name=op.f("fk_listings_state_post_id")),
        sa.ForeignKeyConstraint(["twin_id"], ["listings.id"], name=op.f("fk_listings_twin_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listings")),
    )
    op.create_index(
        "ix_listings_bands",
        "listings",
        ["bands"],
        unique=False,
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )
    op.create_index("ix_listings_kind_id", "listings", ["kind", sa.literal_column("id DESC")], unique=False)
    op.create_index("ix_listings_last_seen_at", "listings", ["last_seen_at"], unique=False)
    op.create_index(
        "ix_listings_open",
        "listings",
        ["kind", sa.literal_column("id DESC")],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_listings_private_bands",
        "listings",
        ["bands"],
        unique=False,
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
        postgresql_where=sa.text("company_id IS NOT NULL"),
    )
    op.create_index(
        "ix_listings_request_id",
        "listings",
        ["request_id"],
        unique=False,
        postgresql_where=sa.text("request_id IS NOT NULL"),
    )
    op.create_index(
        "ix_listings_state_post_id",
        "listings",
        ["state_post_id"],
        unique=False,
        postgresql_where=sa.text("state_post_id IS NOT NULL"),
    )
    op.create_index(
        "ix_listings_twin_id",
        "listings",
        ["twin_id"],
        unique=False,
        postgresql_where=sa.text("twin_id IS NOT NULL"),
    )
    op.create_index(
        "ix_listings_withdrawn",
        "listings",
        ["first_post_id"],
        unique=False,
        postgresql_where=sa.text("withdrawn_at IS NOT NULL"),
    )
    op.create_table(
        "post_revisions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=True),
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("entities", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_post_revisions_company_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_post_revisions_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_revisions")),
        sa.UniqueConstraint("post_id", "revision", name=op.f("uq_post_revisions_post_id_revision")),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("subscription_id", sa.BigInteger(), nullable=False),
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
        sa.Column("telling", sa.BigInteger(), nullable=False),
        sa.Column(
            "channel", sa.Enum("telegram", "email", name="channel", native_enum=False, length=20), nullable=False
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=True, comment="the subscriber; null for a recipient"),
        sa.Column("address_id", sa.BigInteger(), nullable=True, comment="set for e-mail"),
        sa.Column(
            "bundle",
            sa.Enum("alone", "digest", "morning", "recovered", name="bundle", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("is_silent", sa.Boolean(), nullable=False),
        sa.Column("is_unsure", sa.Boolean(), nullable=False),
        sa.Column(
            "reasons",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="why it matched: [{filter, value}]",
        ),
        sa.Column(
            "state",
            sa.Enum(
                "promised",
                "sending",
                "uncertain",
                "delivered",
                "failed",
                "withdrawn",
                name="alertstate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column(
            "retry_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="a try failed: the whole chat waits until then",
        ),
        sa.Column("message_id", sa.BigInteger(), nullable=True, comment="of the Telegram message that told it"),
        sa.Column("possible_double", sa.Boolean(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True, comment="delivered, failed or withdrawn"),
        sa.Column(
            "stale_since", sa.DateTime(timezone=True), nullable=True, comment="the told card no longer shows the truth"
        ),
        sa.ForeignKeyConstraint(["address_id"], ["addresses.id"], name=op.f("fk_alerts_address_id")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_alerts_company_id")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_alerts_listing_id")),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscriptions.id"], name=op.f("fk_alerts_subscription_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_alerts_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(
        "ix_alerts_due",
        "alerts",
        ["channel", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('promised','sending','uncertain')"),
    )
    op.create_index(
        "ix_alerts_held",
        "alerts",
        ["channel"],
        unique=False,
        postgresql_where=sa.text("state = 'sending' OR retry_at IS NOT NULL"),
    )
    op.create_index(
        "ix_alerts_stale", "alerts", ["id"], unique=False, postgresql_where=sa.text("stale_since IS NOT NULL")
    )
    op.create_index("ix_alerts_user_id_id", "alerts", ["user_id", sa.literal_column("id DESC")], unique=False)
    op.create_index(
        "uq_alerts_once",
        "alerts",
        [
            "listing_id",
            "telling",
            "channel",
            sa.literal_column("coalesce(user_id, 0)"),
            sa.literal_column("coalesce(address_id, 0)"),
        ],
        unique=True,
    )
    op.create_table(
        "appearances",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=True),
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.BigInteger(), nullable=False, comment="place of the item in the post, from 0"),
        sa.Column("item_text", sa.Text(), nullable=False),
        sa.Column(
            "said", postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment="the item in the guide's form"
        ),
        sa.Column(
            "engagement",
            sa.Enum("outstaff", "inhouse", "freelance", "unknown", name="engagement", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("is_unsure", sa.Boolean(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("request_key", sa.Text(), nullable=True, comment="by which other writings of the id are equal to it"),
        sa.Column("rate_min", sa.BigInteger(), nullable=True),
        sa.Column("rate_max", sa.BigInteger(), nullable=True),
        sa.Column("rate_currency", sa.Text(), nullable=True),
        sa.Column("rate_period", sa.Text(), nullable=True),
        sa.Column("hourly_max", sa.BigInteger(), nullable=True),
        sa.Column("direct_client", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_appearances_company_id")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_appearances_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_appearances_post_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_appearances_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appearances")),
        sa.UniqueConstraint("post_id", "item", name=op.f("uq_appearances_post_id_item")),
    )
    op.create_index("ix_appearances_listing_id", "appearances", ["listing_id"], unique=False)
    op.create_index(
        "ix_appearances_request_key",
        "appearances",
        ["request_key"],
        unique=False,
        postgresql_where=sa.text("request_key IS NOT NULL"),
    )
    op.create_index("ix_appearances_source_id_seen_at", "appearances", ["source_id", "seen_at"], unique=False)
    op.create_table(
        "dismissals",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_dismissals_company_id")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_dismissals_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_dismissals_user_id")),
        sa.PrimaryKeyConstraint("user_id", "listing_id", name=op.f("pk_dismissals")),
    )
    op.create_table(
        "leads",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_leads_company_id")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_leads_listing_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_leads_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leads")),
        sa.UniqueConstraint("company_id", "listing_id", name=op.f("uq_leads_company_id_listing_id")),
    )
    op.create_table(
        "listing_technologies",
        sa.Column("technology", sa.Text(), nullable=False),
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=True),
        sa.Column("is_core", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_listing_technologies_company_id")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_listing_technologies_listing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("technology", "listing_id", name=op.f("pk_listing_technologies")),
    )
    op.create_index("ix_listing_technologies_listing_id", "listing_technologies", ["listing_id"], unique=False)
    op.create_table(
        "alert_attempts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("alert_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.id"], name=op.f("fk_alert_attempts_alert_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_alert_attempts_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_attempts")),
    )
    op.create_index("ix_alert_attempts_alert_id", "alert_attempts", ["alert_id"], unique=False)

    script(install_sql())
    script(ROLES)
    script(SECURITY.read_text())


def downgrade() -> None:
    op.execute("DROP SCHEMA queue CASCADE")
    op.drop_index("ix_alert_attempts_alert_id", table_name="alert_attempts")
    op.drop_table("alert_attempts")
    op.drop_index("ix_listing_technologies_listing_id", table_name="listing_technologies")
    op.drop_table("listing_technologies")
    op.drop_table("leads")
    op.drop_table("dismissals")
    op.drop_index("ix_appearances_source_id_seen_at", table_name="appearances")
    op.drop_index(
        "ix_appearances_request_key", table_name="appearances", postgresql_where=sa.text("request_key IS NOT NULL")
    )
    op.drop_index("ix_appearances_listing_id", table_name="appearances")
    op.drop_table("appearances")
    op.drop_index("uq_alerts_once", table_name="alerts")
    op.drop_index("ix_alerts_user_id_id", table_name="alerts")
    op.drop_index("ix_alerts_stale", table_name="alerts", postgresql_where=sa.text("stale_since IS NOT NULL"))
    op.drop_index(
        "ix_alerts_held",
        table_name="alerts",
        postgresql_where=sa.text("state = 'sending' OR retry_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_alerts_due", table_name="alerts", postgresql_where=sa.text("state IN ('promised','sending','uncertain')")
    )
    op.drop_table("alerts")
    op.drop_table("post_revisions")
    op.drop_index("ix_listings_withdrawn", table_name="listings", postgresql_where=sa.text("withdrawn_at IS NOT NULL"))
    op.drop_index("ix_listings_twin_id", table_name="listings", postgresql_where=sa.text("twin_id IS NOT NULL"))
    op.drop_index(
        "ix_listings_state_post_id", table_name="listings", postgresql_where=sa.text("state_post_id IS NOT NULL")
    )
    op.drop_index(
        "ix_listings_bands", table_name="listings", postgresql_using="gin", postgresql_with={"fastupdate": "off"}
    )
    op.drop_index(
        "ix_listings_private_bands",
        table_name="listings",
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
        postgresql_where=sa.text("company_id IS NOT NULL"),
    )
    op.drop_index("ix_listings_request_id", table_name="listings", postgresql_where=sa.text("request_id IS NOT NULL"))
    op.drop_index("ix_listings_open", table_name="listings", postgresql_where=sa.text("state = 'open'"))
    op.drop_index("ix_listings_last_seen_at", table_name="listings")
    op.drop_index("ix_listings_kind_id", table_name="listings")
    op.drop_table("listings")
    op.drop_index("ix_labels_company_id_post_id", table_name="labels")
    op.drop_table("labels")
    op.drop_table("subscription_recipients")
    op.drop_index("ix_posts_unlabelled", table_name="posts", postgresql_where=sa.text("labelled_at IS NULL"))
    op.drop_index("ix_posts_source_id_message_id", table_name="posts")
    op.drop_index("ix_posts_review", table_name="posts", postgresql_where=sa.text("needs_review"))
    op.drop_index("ix_posts_changes", table_name="posts", postgresql_where=sa.text("prediction ? 'changes'"))
    op.drop_index("ix_posts_posted_at", table_name="posts")
    op.drop_table("posts")
    op.drop_index("ix_subscriptions_user_id", table_name="subscriptions")
    op.drop_index("ix_subscriptions_changed_xid", table_name="subscriptions")
    op.drop_table("subscriptions")
    op.drop_index(
        "uq_sources_company_id_username",
        table_name="sources",
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("username IS NOT NULL"),
    )
    op.drop_index(
        "uq_sources_company_id_channel_id",
        table_name="sources",
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("channel_id IS NOT NULL"),
    )
    op.drop_table("sources")
    op.drop_table("invitations")
    op.drop_index("uq_addresses_company_id_email", table_name="addresses")
    op.drop_index("ix_addresses_user_id", table_name="addresses", postgresql_where=sa.text("user_id IS NOT NULL"))
    op.drop_table("addresses")
    op.drop_index("uq_users_telegram_id", table_name="users", postgresql_where=sa.text("removed_at IS NULL"))
    op.drop_index("ix_users_company_id", table_name="users")
    op.drop_table("users")
    op.drop_table("telegram_update_states")
    op.drop_index("ix_telegram_entities_account_id_username", table_name="telegram_entities")
    op.drop_table("telegram_entities")
    op.drop_table("telegram_accounts")
    op.drop_index(
        "uq_model_versions_champion", table_name="model_versions", postgresql_where=sa.text("status = 'champion'")
    )
    op.drop_table("model_versions")
    op.drop_table("imports")
    op.drop_table("heartbeats")
    op.drop_table("dialog_states")
    op.drop_table("companies")
    op.execute("DROP FUNCTION stamp_transaction()")
