"""Every table as the application's role sees it: a company's rows are its own, the installation's secrets nobody's."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Table, delete, func, insert, null, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.elements import ColumnElement

from crm import signing
from db.base import Base
from db.models import (
    Address,
    Alert,
    AlertAttempt,
    Channel,
    Company,
    Dismissal,
    Invitation,
    Label,
    LabelSource,
    Lead,
    ListingTechnology,
    PostRevision,
    Role,
    SubscriptionRecipient,
)
from db.session import Session, Sessions
from language.kinds import Kind
from tests import make

TABLES = Base.metadata.tables
OWNED = [*sorted(name for name, table in TABLES.items() if "company_id" in table.c), "companies"]
"""where each row is a company's (or, with null, the market's)"""
HIDDEN_COLUMNS = {
    "imports": "*",
    "telegram_entities": "*",
    "telegram_update_states": "*",
    "telegram_accounts": {"dc_id", "server_address", "port", "auth_key", "takeout_id"},
    "model_versions": {"artifact", "understudy"},
    "dialog_states": set(),
    "heartbeats": set(),
}
"""of the installation's own tables, what the application's role may not read"""
READ_ONLY = {"companies", "posts", "post_revisions", "listings", "listing_technologies", "appearances"}
DENIED = "42501"


async def rows_of_a_company(session: Session) -> Company:
    """A company with a row in every table of OWNED."""
    company = await make.company(session)
    user = await make.user(session, company)
    subscription = await make.subscription(session, user)
    listing = await make.listing(session, company)
    of = {"company_id": company.id}
    address = Address(**of, email="anna@example.com", added_by_id=user.id)
    moment = datetime.now(UTC)
    alert = Alert(
        **of,
        subscription_id=subscription.id,
        listing_id=listing.id,
        telling=1,
        channel=Channel.TELEGRAM,
        user_id=user.id,
        reasons=[],
        promised_at=moment,
        due_at=moment,
    )
    session.add_all([address, alert])
    await session.flush()
    post_id = listing.first_post_id
    session.add_all(
        [
            Invitation(**of, token_hash=signing.digest(signing.new_token()), role=Role.VIEWER, expires_at=moment),
            SubscriptionRecipient(**of, subscription_id=subscription.id, address_id=address.id),
            AlertAttempt(**of, alert_id=alert.id, at=moment, outcome="failed"),
            Label(**of, post_id=post_id, user_id=user.id, source=LabelSource.BUTTON, kind=Kind.JUNK),
            Dismissal(**of, user_id=user.id, listing_id=listing.id),
            Lead(**of, listing_id=listing.id),
            ListingTechnology(**of, listing_id=listing.id, technology="go", is_core=True),
            PostRevision(**of, post_id=post_id, revision=0, text="before", entities=[], replaced_at=moment),
        ]
    )
    await session.flush()
    return company


@pytest.fixture
async def companies(sessions: Sessions) -> tuple[int, int]:
    """Ids of ours and theirs, both with a row in every table."""
    async with sessions.of_system() as session:
        return (await rows_of_a_company(session)).id, (await rows_of_a_company(session)).id


def owner(table: Table) -> ColumnElement[Any]:
    return table.c.id if table.name == "companies" else table.c.company_id


async def count(session: Session, table: Table, company_id: int) -> int:
    return await session.scalar(select(func.count()).select_from(table).where(owner(table) == company_id)) or 0


async def row_of(sessions: Sessions, table: Table, company_id: int) -> dict[str, Any]:
    async with sessions.of_system() as session:
        found = await session.execute(select(table).where(owner(table) == company_id).limit(1))
        return dict(found.mappings().one())


def is_denial(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) == DENIED


async def is_refused(sessions: Sessions, company_id: int, statement: Any) -> bool:
    """Whether PostgreSQL denies it, or lets it through to no row at all."""
    try:
        async with sessions.of_company(company_id) as session:
            touched = await session.execute(statement)
            return touched.first() is None
    except DBAPIError as error:
        if not is_denial(error):
            raise
        return True


class TestOwnedTables:
    async def test_every_table_is_looked_at(self) -> None:
        assert set(OWNED) | set(HIDDEN_COLUMNS) == set(TABLES)
        assert not set(OWNED) & set(HIDDEN_COLUMNS)

    async def test_another_companys_rows_are_not_read(self, sessions: Sessions, companies: tuple[int, int]) -> None:
        ours, theirs = companies
        for name in OWNED:
            async with sessions.of_system() as session:
                assert await count(session, TABLES[name], theirs) == 1, name
            async with sessions.of_company(ours) as session:
                assert await count(session, TABLES[name], ours) == 1, name
                assert await count(session, TABLES[name], theirs) == 0, name

    async def test_nor_changed(self, sessions: Sessions, companies: tuple[int, int]) -> None:
        ours, theirs = companies
        for name in OWNED:
            table = TABLES[name]
            taken = update(table).where(owner(table) == theirs).values({owner(table): ours}).returning(null())
            assert await is_refused(sessions, ours, taken), name

    async def test_nor_deleted(self, sessions: Sessions, companies: tuple[int, int]) -> None:
        ours, theirs = companies
        for name in OWNED:
            table = TABLES[name]
            assert await is_refused(sessions, ours, delete(table).where(owner(table) == theirs).returning(null())), name
            async with sessions.of_system() as session:
                assert await count(session, table, theirs) == 1, name

    async def test_nor_written(self, sessions: Sessions, companies: tuple[int, int]) -> None:
        ours, theirs = companies
        for name in OWNED:
            row = await row_of(sessions, TABLES[name], theirs)
            assert await is_refused(sessions, ours, insert(TABLES[name]).values(row).returning(null())), name

    async def test_ones_own_rows_are_not_given_away(self, sessions: Sessions, companies: tuple[int, int]) -> None:
        ours, theirs = companies
        for name in OWNED:
            table = TABLES[name]
            given = update(table).where(owner(table) == ours).values({owner(table): theirs}).returning(null())
            assert await is_refused(sessions, ours, given), name

    async def test_without_a_company_only_the_market_is_seen(
        self, sessions: Sessions, companies: tuple[int, int]
    ) -> None:
        async with sessions.of_system() as session:
            await make.listing(session)
        for name in OWNED:
            table = TABLES[name]
            async with sessions.of_market() as session:
                owned = select(func.count()).select_from(table).where(owner(table).is_not(None))
                assert await session.scalar(owned) == 0, name
        async with sessions.of_market() as session:
            assert await session.scalar(select(func.count()).select_from(TABLES["listings"])) == 1

    async def test_what_readers_and_workers_write_the_application_only_reads(
        self, sessions: Sessions, companies: tuple[int, int]
    ) -> None:
        ours, _ = companies
        for name in READ_ONLY:
            table = TABLES[name]
            mine = owner(table) == ours
            for statement in (
                update(table).where(mine).values({owner(table): ours}).returning(null()),
                delete(table).where(mine).returning(null()),
                insert(table).values(await row_of(sessions, table, ours)).returning(null()),
            ):
                assert await is_refused(sessions, ours, statement), name


class TestInstallationsTables:
    @pytest.mark.parametrize("name", HIDDEN_COLUMNS)
    async def test_secrets_are_the_systems(self, sessions: Sessions, companies: tuple[int, int], name: str) -> None:
        ours, _ = companies
        columns = set(TABLES[name].c.keys())
        hidden = columns if HIDDEN_COLUMNS[name] == "*" else HIDDEN_COLUMNS[name]
        unreadable = set()
        for column in columns:
            try:
                async with sessions.of_company(ours) as session:
                    await session.execute(select(TABLES[name].c[column]))
            except DBAPIError as error:
                if not is_denial(error):
                    raise
                unreadable.add(column)
        assert unreadable == hidden

    @pytest.mark.parametrize("name", sorted(set(HIDDEN_COLUMNS) - {"dialog_states", "heartbeats"}))
    async def test_the_application_writes_none_of_them(
        self, sessions: Sessions, companies: tuple[int, int], name: str
    ) -> None:
        ours, _ = companies
        for privilege in ("INSERT", "UPDATE", "DELETE", "TRUNCATE"):
            async with sessions.of_company(ours) as session:
                may = text("SELECT has_table_privilege('platon_app', :name, :privilege)")
                assert not await session.scalar(may, {"name": name, "privilege": privilege}), privilege


class TestQueue:
    async def test_the_application_takes_no_job_away(self, sessions: Sessions, companies: tuple[int, int]) -> None:
        ours, _ = companies
        for statement in ("DELETE FROM queue.pgqueuer", "UPDATE queue.pgqueuer SET priority = 1"):
            with pytest.raises(DBAPIError, match="permission denied"):
                async with sessions.of_company(ours) as session:
                    await session.execute(text(statement))
