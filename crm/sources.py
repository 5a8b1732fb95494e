"""Channels and chats we read: who added them, how far we are, what stops us."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import any_, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from crm.actors import Actor
from crm.errors import ClosedNeedsAccount, NotALink, NotFound, SourceKnown
from crm.permissions import Permission, require
from db.models import Source, SourceReader, SourceState, Subscription, TelegramAccount
from db.session import Session, SystemSession

CHANGED = "platon_sources"
"""NOTIFY channel; the payload is the source's id."""

_USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
_INVITE = re.compile(r"[A-Za-z0-9_-]{6,64}")
_HOSTS = {"t.me", "www.t.me", "telegram.me", "telegram.dog"}
_NOT_NAMES = {"joinchat", "addstickers", "addlist", "share", "proxy", "socks", "login", "invoice", "setlanguage"}


@dataclass(frozen=True)
class SourceLink:
    """A public channel by name, or a closed one by its invitation."""

    username: str | None = None
    invite_hash: str | None = None


def parse_link(link: str) -> SourceLink:
    """Reads @name, name, t.me/name, t.me/s/name/123, t.me/+hash, t.me/joinchat/hash, tg:// links. Raises NotALink."""
    written = link.strip()
    if written.startswith("@") or _USERNAME.fullmatch(written):
        return _by_name(written.removeprefix("@"), link)
    try:
        address = urlsplit(written if "://" in written else f"https://{written}")
    except ValueError:
        raise NotALink(link=link) from None
    if address.scheme == "tg":
        asked = parse_qs(address.query)
        if address.netloc == "join":
            return _by_invite("".join(asked.get("invite", [])), link)
        return _by_name("".join(asked.get("domain", [])) if address.netloc == "resolve" else "", link)
    parts = [part for part in address.path.split("/") if part]
    if address.scheme not in ("http", "https") or address.netloc.lower() not in _HOSTS or not parts:
        raise NotALink(link=link)
    if parts[0].startswith("+"):
        return _by_invite(parts[0][1:], link)
    if parts[0] == "joinchat":
        return _by_invite(parts[1] if len(parts) > 1 else "", link)
    return _by_name(parts[1] if parts[0] == "s" and len(parts) > 1 else parts[0], link)


def _by_name(name: str, link: str) -> SourceLink:
    if not _USERNAME.fullmatch(name) or name.lower() in _NOT_NAMES:
        raise NotALink(link=link)
    return SourceLink(username=name)


def _by_invite(invite: str, link: str) -> SourceLink:
    if not _INVITE.fullmatch(invite):
        raise NotALink(link=link)
    return SourceLink(invite_hash=invite)


async def add(
    session: Session,
    actor: Actor | None,
    link: str,
    reader: SourceReader | None = None,
    *,
    company_id: int | None = None,
    backfill_days: int = 30,
) -> Source:
    """Public channels are every company's; a closed one is the actor's company's own.

    Without an actor the installation itself adds, a closed one for `company_id` (None: for all).
    Without a reader an account reads, where there is one, else the public preview.
    Raises NotALink, ClosedNeedsAccount (no preview of a closed channel), SourceKnown.
    """
    if actor is not None:
        require(actor, Permission.SOURCE_WRITE)
        company_id = actor.company_id
    parsed = parse_link(link)
    if parsed.invite_hash and reader not in (None, SourceReader.USERBOT):
        raise ClosedNeedsAccount(link=link)
    owner = company_id if parsed.invite_hash else None
    # Two people may add the same invitation at once, and no unique key guards it.
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:link))"), {"link": f"source {parsed}"})
    known = await _known(session, parsed, owner)
    if known is not None:
        raise SourceKnown(title=title(known))
    source = (
        await session.scalars(
            insert(Source)
            .values(
                company_id=owner,
                username=parsed.username,
                invite_hash=parsed.invite_hash,
                reader=reader or await _usual_reader(session, parsed),
                backfill_days=backfill_days,
                added_by_id=actor.user_id if actor else None,
            )
            .returning(Source)
        )
    ).one()
    await _tell(session, source.id)
    return source


async def list_all(session: Session, actor: Actor | None = None) -> list[Source]:
    """All that the session may see, by title; `actor` is None at the installation's own command line."""
    if actor is not None:
        require(actor, Permission.SOURCE_SEE)
    return list(await session.scalars(select(Source).order_by(func.lower(Source.title), Source.id)))


async def find(session: Session, source_id: int) -> Source:
    """Raises NotFound."""
    source = await session.get(Source, source_id, populate_existing=True)
    if source is None:
        raise NotFound(what="source", id=source_id)
    return source


async def retry(session: Session, actor: Actor | None, source_id: int) -> Source:
    """Forget its problem and look at once."""
    return await read_by(session, actor, source_id, (await find(session, source_id)).reader)


async def read_by(session: Session, actor: Actor | None, source_id: int, reader: SourceReader) -> Source:
    """Go on reading it another way, from where we are. Raises ClosedNeedsAccount."""
    if actor is not None:
        require(actor, Permission.SOURCE_WRITE)
    source = await find(session, source_id)
    if source.username is None and reader is SourceReader.PREVIEW:
        raise ClosedNeedsAccount(link=title(source))
    source.reader, source.problem, source.problem_detail = reader, None, None
    if source.state is not SourceState.READING:
        source.state = SourceState.WAITING
    await session.flush()
    await _tell(session, source.id)
    return source


def title(source: Source) -> str:
    """How people call it."""
    return source.title or (f"@{source.username}" if source.username else f"#{source.id}")


async def to_read(session: SystemSession) -> list[Source]:
    """Every company's sources that are read over the network, in the order they were added."""
    return list(await session.scalars(select(Source).where(Source.reader != SourceReader.EXPORT).order_by(Source.id)))


async def by_channel(session: SystemSession, channel_id: int, account_id: int) -> list[Source]:
    """The sources that this account reads of that channel: each company's own, and the market's."""
    return list(
        await session.scalars(
            select(Source)
            .where(
                Source.channel_id == channel_id,
                Source.account_id == account_id,
                Source.reader == SourceReader.USERBOT,
            )
            .order_by(Source.id)
        )
    )


async def assign(session: SystemSession, source_id: int, account_id: int) -> None:
    """This account reads it from now on."""
    await _set(session, source_id, account_id=account_id)


async def settle(
    session: SystemSession, source_id: int, *, channel_id: int, title: str | None, username: str | None
) -> Source:
    """The source was found to be this channel; returns the row to go on with.

    Posts of it that came from an export are taken over. Raises SourceKnown where the company reads it already.
    """
    source = await find(session, source_id)
    other = (
        await session.scalars(
            select(Source).where(
                Source.company_id == source.company_id, Source.channel_id == channel_id, Source.id != source.id
            )
        )
    ).one_or_none()
    if other is not None:
        if other.reader is not SourceReader.EXPORT:
            raise SourceKnown(title=other.title or username or channel_id)
        source = await _take_over(session, source, other)
    source.channel_id, source.title = channel_id, title or source.title
    source.username = username or source.username
    source.state, source.problem, source.problem_detail = SourceState.READING, None, None
    await session.flush()
    return source


async def of_export(session: SystemSession, company_id: int | None, channel_id: int, title: str | None) -> Source:
    """The source that an exported chat belongs to, made where it is not known."""
    await session.execute(
        insert(Source)
        .values(
            company_id=company_id,
            channel_id=channel_id,
            title=title,
            reader=SourceReader.EXPORT,
            state=SourceState.READING,
        )
        .on_conflict_do_nothing()
    )
    return (
        await session.scalars(select(Source).where(Source.company_id == company_id, Source.channel_id == channel_id))
    ).one()


async def note_problem(
    session: SystemSession,
    source_id: int,
    problem: str,
    detail: str | None = None,
    state: SourceState = SourceState.UNREADABLE,
) -> None:
    """It cannot be read now; `problem` is the key of a text that says what to do."""
    await _set(session, source_id, state=state, problem=problem, problem_detail=detail)


async def note_read(session: SystemSession, source_id: int) -> None:
    """It was read to its end just now, so nothing stops us."""
    await _set(session, source_id, state=SourceState.READING, problem=None, problem_detail=None)


async def begin_backfill(session: SystemSession, source_id: int, *, after: int, newest: int) -> None:
    """Start at the message after `after`; what is older is left alone. `newest` is where the history ends now."""
    await _set(session, source_id, cursor=after, backfill_total=max(newest - after, 0), newest_on_server=newest)


async def note_backfill(session: SystemSession, source_id: int, *, stored: int) -> None:
    """So many more posts of the history are ours."""
    await session.execute(
        update(Source).where(Source.id == source_id).values(backfill_stored=Source.backfill_stored + stored)
    )


async def end_backfill(session: SystemSession, source_id: int) -> None:
    await _set(session, source_id, backfilled_at=datetime.now(UTC), backfill_total=Source.backfill_stored)


async def note_compared(session: SystemSession, source_id: int, newest: int) -> None:
    """The newest message on the server was just this one."""
    await _set(session, source_id, newest_on_server=newest, compared_at=datetime.now(UTC))


async def note_unreadable(session: SystemSession, source_id: int, blocks: int) -> None:
    """So many more blocks of its pages or file said nothing we understand."""
    await session.execute(
        update(Source).where(Source.id == source_id).values(unreadable_blocks=Source.unreadable_blocks + blocks)
    )


async def silent(session: SystemSession) -> Sequence[Source]:
    """Sources whose server holds newer messages than ours."""
    found = await session.scalars(
        select(Source)
        .where(Source.reader != SourceReader.EXPORT, Source.newest_on_server > Source.cursor)
        .order_by(Source.id)
    )
    return found.all()


async def _known(session: Session, link: SourceLink, company_id: int | None) -> Source | None:
    wanted = select(Source).where(Source.company_id == company_id)
    if link.username:
        wanted = wanted.where(func.lower(Source.username) == link.username.lower())
    else:
        wanted = wanted.where(Source.invite_hash == link.invite_hash)
    return (await session.scalars(wanted)).first()


async def _usual_reader(session: Session, link: SourceLink) -> SourceReader:
    signed_in = select(TelegramAccount.id).where(TelegramAccount.telegram_id.is_not(None)).limit(1)
    if link.invite_hash or await session.scalar(signed_in) is not None:
        return SourceReader.USERBOT
    return SourceReader.PREVIEW


async def _take_over(session: SystemSession, new: Source, imported: Source) -> Source:
    """The row that holds an export's posts becomes the source that is read; the new row goes."""
    kept = ("username", "invite_hash", "reader", "account_id", "backfill_days", "added_by_id")
    for name in kept:
        setattr(imported, name, getattr(new, name) or getattr(imported, name))
    with session.no_autoflush:
        await session.execute(
            update(Subscription)
            .where(any_(Subscription.source_ids) == new.id)
            .values(source_ids=func.array_replace(Subscription.source_ids, new.id, imported.id))
            .execution_options(synchronize_session=False)
        )
        await session.execute(delete(Source).where(Source.id == new.id))
    await session.flush()
    return imported


async def _set(session: SystemSession, source_id: int, **values: object) -> None:
    await session.execute(
        update(Source).where(Source.id == source_id).values(**values).execution_options(synchronize_session=False)
    )


async def _tell(session: Session, source_id: int) -> None:
    await session.execute(text("SELECT pg_notify(:channel, :id)"), {"channel": CHANGED, "id": str(source_id)})
