"""Accounts that read for us: who may be used, what is kept of them, and that their keys stay secret."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from crm import encryption, telegram_accounts
from crm.errors import NotFound, WrongEncryptionKey
from crm.telegram_accounts import KnownEntity, MtprotoSession
from db.models import TelegramAccount
from db.session import Sessions, SystemSession
from tests import make

KEY = encryption.new_key()


async def account(session: SystemSession, name: str, telegram_id: int | None = 1) -> TelegramAccount:
    made = await telegram_accounts.find_or_add(session, name)
    if telegram_id is not None:
        await telegram_accounts.note_signed_in(session, made.id, telegram_id)
    return await telegram_accounts.find(session, made.id)


class TestFindOrAdd:
    async def test_a_name_is_one_account(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            first = await telegram_accounts.find_or_add(session, "main")
            assert (await telegram_accounts.find_or_add(session, "main")).id == first.id
            assert [known.name for known in await telegram_accounts.list_all(session)] == ["main"]

    async def test_an_unknown_id_is_not_found(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            with pytest.raises(NotFound):
                await telegram_accounts.find(session, 404)


class TestSignedIn:
    async def test_an_account_counts_once_somebody_let_it_in(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            await account(session, "half-way", telegram_id=None)
            ready = await account(session, "ready")
            assert [known.id for known in await telegram_accounts.signed_in(session)] == [ready.id]

    async def test_problems_are_over_when_it_is_let_in_or_seen(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            made = await account(session, "main")
            await telegram_accounts.note_problem(session, made.id, "source-account-signed-out", "x")
            assert (await telegram_accounts.find(session, made.id)).problem == "source-account-signed-out"
            await telegram_accounts.note_signed_in(session, made.id, 5)
            assert (await telegram_accounts.find(session, made.id)).problem is None
            await telegram_accounts.note_problem(session, made.id, "source-account-network", "x")
            await telegram_accounts.note_seen(session, made.id)
            seen = await telegram_accounts.find(session, made.id)
            assert (seen.problem, seen.problem_detail) == (None, None)
            assert seen.seen_at is not None


class TestLeastBusy:
    async def test_it_is_the_one_with_the_fewest_sources_and_no_problem(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            assert await telegram_accounts.least_busy(session) is None
            busy, idle, ill = [await account(session, name) for name in ("busy", "idle", "ill")]
            await telegram_accounts.note_problem(session, ill.id, "source-account-flood")
            await make.source(session, account_id=busy.id)
            chosen = await telegram_accounts.least_busy(session)
            assert chosen is not None
            assert chosen.id == idle.id

    async def test_where_all_have_a_problem_one_is_used_still(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            only = await account(session, "ill")
            await telegram_accounts.note_problem(session, only.id, "source-account-flood")
            chosen = await telegram_accounts.least_busy(session)
            assert chosen is not None
            assert chosen.id == only.id


class TestSession:
    async def test_the_auth_key_is_kept_encrypted(self, sessions: Sessions) -> None:
        kept = MtprotoSession(2, "127.0.0.1", 443, b"k" * 256, None)
        async with sessions.of_system() as session:
            made = await account(session, "main")
            await telegram_accounts.save_session(session, made.id, kept, KEY)
        async with sessions.of_system() as session:
            stored = (await telegram_accounts.find(session, made.id)).auth_key
            assert stored is not None
            assert b"k" * 16 not in stored
            assert await telegram_accounts.load_session(session, made.id, KEY) == kept
            with pytest.raises(WrongEncryptionKey):
                await telegram_accounts.load_session(session, made.id, encryption.new_key())

    async def test_forgotten_nothing_is_left(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            made = await account(session, "main")
            await telegram_accounts.save_session(session, made.id, MtprotoSession(2, auth_key=b"k"), KEY)
            await telegram_accounts.remember_entities(session, made.id, {7: KnownEntity(7, 70, "most")})
            await telegram_accounts.forget_session(session, made.id)
            assert (await telegram_accounts.load_session(session, made.id, KEY)).auth_key is None
            assert await telegram_accounts.find_entities(session, made.id, name="most") == []
            assert await telegram_accounts.signed_in(session) == []

    async def test_a_company_s_session_never_sees_keys(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            company = await make.company(session)
            await account(session, "main")
        async with sessions.of_company(company.id) as session:
            names = await session.scalars(text("SELECT name FROM telegram_accounts"))
            assert list(names) == ["main"]
        with pytest.raises(DBAPIError, match="permission denied"):
            async with sessions.of_company(company.id) as session:
                await session.execute(text("SELECT auth_key FROM telegram_accounts"))
