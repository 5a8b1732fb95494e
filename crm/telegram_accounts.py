"""Telegram accounts that read for us, and what their MTProto sessions need to go on after a restart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from crm import encryption
from crm.errors import NotFound
from db.models import Source, SourceReader, TelegramAccount, TelegramEntity, TelegramUpdateState
from db.session import SystemSession


@dataclass(frozen=True)
class MtprotoSession:
    """Where an account is at home, and the key that proves who it is."""

    dc_id: int = 0
    server_address: str | None = None
    port: int | None = None
    auth_key: bytes | None = None
    takeout_id: int | None = None


@dataclass(frozen=True)
class UpdateState:
    """How far the account's updates were received; `entity_id` 0 is the account itself, else a channel."""

    entity_id: int
    pts: int
    qts: int
    date: datetime
    seq: int


@dataclass(frozen=True)
class KnownEntity:
    """A user or chat by its marked id, with the hash that lets this account ask for it."""

    entity_id: int
    access_hash: int
    username: str | None = None
    phone: int | None = None
    name: str | None = None


async def find_or_add(session: SystemSession, name: str) -> TelegramAccount:
    """The account of this name, made where there is none."""
    await session.execute(insert(TelegramAccount).values(name=name).on_conflict_do_nothing())
    return (await session.scalars(select(TelegramAccount).where(TelegramAccount.name == name))).one()


async def find(session: SystemSession, account_id: int) -> TelegramAccount:
    """Raises NotFound."""
    account = await session.get(TelegramAccount, account_id, populate_existing=True)
    if account is None:
        raise NotFound(what="telegram-account", id=account_id)
    return account


async def list_all(session: SystemSession) -> list[TelegramAccount]:
    return list(await session.scalars(select(TelegramAccount).order_by(TelegramAccount.id)))


async def signed_in(session: SystemSession) -> list[TelegramAccount]:
    """Those that somebody has signed in; whether Telegram still lets them in, only trying shows."""
    return list(
        await session.scalars(
            select(TelegramAccount).where(TelegramAccount.telegram_id.is_not(None)).order_by(TelegramAccount.id)
        )
    )


async def least_busy(session: SystemSession) -> TelegramAccount | None:
    """The signed-in account that reads the fewest sources; one with a problem only where all have one."""
    sources = (
        select(func.count())
        .where(Source.account_id == TelegramAccount.id, Source.reader == SourceReader.USERBOT)
        .scalar_subquery()
    )
    return (
        await session.scalars(
            select(TelegramAccount)
            .where(TelegramAccount.telegram_id.is_not(None))
            .order_by(TelegramAccount.problem.is_not(None), sources, TelegramAccount.id)
            .limit(1)
        )
    ).first()


async def note_signed_in(session: SystemSession, account_id: int, telegram_id: int) -> None:
    """A person let it in; its problems are over."""
    await _set(session, account_id, telegram_id=telegram_id, problem=None, problem_detail=None)


async def note_problem(session: SystemSession, account_id: int, problem: str, detail: str | None = None) -> None:
    """It cannot read now; `problem` is the key of a text that says what to do."""
    await _set(session, account_id, problem=problem, problem_detail=detail)


async def note_seen(session: SystemSession, account_id: int) -> None:
    """It is connected and let in."""
    await _set(session, account_id, seen_at=datetime.now(UTC), problem=None, problem_detail=None)


async def load_session(session: SystemSession, account_id: int, key: bytes) -> MtprotoSession:
    """Raises NotFound; WrongEncryptionKey where it was encrypted with another key."""
    account = await find(session, account_id)
    auth_key = encryption.decrypt(account.auth_key, key) if account.auth_key else None
    return MtprotoSession(account.dc_id, account.server_address, account.port, auth_key, account.takeout_id)


async def save_session(session: SystemSession, account_id: int, kept: MtprotoSession, key: bytes) -> None:
    await _set(
        session,
        account_id,
        dc_id=kept.dc_id,
        server_address=kept.server_address,
        port=kept.port,
        auth_key=encryption.encrypt(kept.auth_key, key) if kept.auth_key else None,
        takeout_id=kept.takeout_id,
    )


async def forget_session(session: SystemSession, account_id: int) -> None:
    """Nothing of what it had signed in with is kept."""
    await session.execute(delete(TelegramUpdateState).where(TelegramUpdateState.account_id == account_id))
    await session.execute(delete(TelegramEntity).where(TelegramEntity.account_id == account_id))
    await _set(session, account_id, auth_key=None, telegram_id=None)


async def save_update_states(session: SystemSession, account_id: int, states: Iterable[UpdateState]) -> None:
    rows = [{"account_id": account_id, **vars(state)} for state in states]
    if rows:
        new = insert(TelegramUpdateState)
        fresh = {name: new.excluded[name] for name in ("pts", "qts", "date", "seq")}
        await session.execute(new.on_conflict_do_update(index_elements=["account_id", "entity_id"], set_=fresh), rows)


async def update_states(session: SystemSession, account_id: int) -> list[UpdateState]:
    rows = await session.scalars(select(TelegramUpdateState).where(TelegramUpdateState.account_id == account_id))
    return [UpdateState(row.entity_id, row.pts, row.qts, row.date, row.seq) for row in rows]


async def remember_entities(session: SystemSession, account_id: int, entities: Mapping[int, KnownEntity]) -> None:
    """By entity id. What is not said anew (a name, a username) is kept."""
    rows = [{"account_id": account_id, **vars(entities[entity_id])} for entity_id in sorted(entities)]
    if rows:
        new = insert(TelegramEntity)
        fresh = {
            name: func.coalesce(new.excluded[name], getattr(TelegramEntity, name))
            for name in ("username", "phone", "name")
        }
        await session.execute(
            new.on_conflict_do_update(
                index_elements=["account_id", "entity_id"], set_={"access_hash": new.excluded.access_hash} | fresh
            ),
            rows,
        )


async def find_entities(
    session: SystemSession, account_id: int, *, ids: Iterable[int] = (), name: str | None = None
) -> list[KnownEntity]:
    """Those with one of these marked ids, or with `name` as username, phone or display name."""
    known_as: ColumnElement[bool] = TelegramEntity.entity_id.in_(list(ids))
    if name is not None:
        digits = name.lstrip("+")
        known_as = or_(
            known_as,
            TelegramEntity.username == name.lower().removeprefix("@"),
            TelegramEntity.name == name,
            *([TelegramEntity.phone == int(digits)] if digits.isdecimal() and len(digits) < 19 else []),
        )
    rows = await session.scalars(select(TelegramEntity).where(TelegramEntity.account_id == account_id, known_as))
    return [KnownEntity(row.entity_id, row.access_hash, row.username, row.phone, row.name) for row in rows]


async def _set(session: SystemSession, account_id: int, **values: object) -> None:
    await session.execute(
        update(TelegramAccount)
        .where(TelegramAccount.id == account_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
