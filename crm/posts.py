"""Posts as read. One message of a channel is one post, whichever way and however often it is read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from crm import jobs
from crm.errors import NotFound
from crm.jobs import LabelPost
from db.base import Json
from db.models import Arrival, Post, PostRevision, Source
from db.session import Session, SystemSession

_UNSTORABLE = {0: "\ufffd"} | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
"""What PostgreSQL refuses: NUL and halves of surrogate pairs. The stand-in is one UTF-16 unit, so offsets stay."""


@dataclass(frozen=True)
class RawPost:
    """A message as a source gave it."""

    channel_id: int
    """positive, without the -100 prefix"""
    message_id: int
    posted_at: datetime
    text: str = ""
    entities: Sequence[Json] = ()
    """{"type", "offset", "length", "url"?}, offsets in UTF-16 units"""
    author: str | None = None
    forward: Json | None = None
    """{"name"?, "url"?, "channel_id"?, "message_id"?} of where it was forwarded from"""
    reply_to: int | None = None
    album_id: int | None = None
    media: str | None = None
    """photo, video, document, …; None for text alone"""
    edited_at: datetime | None = None


@dataclass(frozen=True)
class Stored:
    new_ids: tuple[int, ...] = ()
    edited_ids: tuple[int, ...] = ()
    known: int = 0
    """how many were ours already and said nothing new"""


async def store(
    session: SystemSession, source: Source, raws: Sequence[RawPost], arrival: Arrival, *, cursor: int | None = None
) -> Stored:
    """Keep what is new, take over newer texts, move the source's cursor up to `cursor` (never down).

    Idempotent. A post with text is to be labelled when it is new and each time its text changes.
    """
    # One reader of a source at a time: two would lock its posts and its cursor in different orders.
    await session.execute(select(Source.id).where(Source.id == source.id).with_for_update(key_share=True))
    unique = _by_message_id(raws)
    rows = [_row(source, raw, arrival) for raw in unique.values()]
    new: dict[int, Post] = {}
    if rows:
        # PostgreSQL would deadlock two readers that insert the same messages in different orders: they are sorted.
        statement = insert(Post).on_conflict_do_nothing().returning(Post)
        new = {post.message_id: post for post in (await session.scalars(statement, rows)).all()}
    met_before = [raw for message_id, raw in unique.items() if message_id not in new]
    edited = await _take_over_edits(session, source, met_before)
    await _note_progress(session, source, unique.values(), cursor)
    await _label(session, sorted(new.values(), key=lambda post: post.message_id))
    return Stored(
        tuple(sorted(post.id for post in new.values())),
        tuple(post.id for post in edited),
        len(met_before) - len(edited),
    )


async def revise(session: SystemSession, source: Source, raws: Sequence[RawPost]) -> Stored:
    """Take over newer texts of posts that are ours; what we never stored is left alone."""
    edited = await _take_over_edits(session, source, list(_by_message_id(raws).values()))
    return Stored(edited_ids=tuple(post.id for post in edited), known=len(raws) - len(edited))


async def mark_deleted(session: SystemSession, channel_id: int, message_ids: Sequence[int]) -> list[int]:
    """The posts that are gone now, of every company that reads the channel. Their listings follow."""
    sources = select(Source.id).where(Source.channel_id == channel_id)
    gone = await session.scalars(
        update(Post)
        .where(Post.source_id.in_(sources), Post.message_id.in_(message_ids), Post.deleted_at.is_(None))
        .values(deleted_at=datetime.now(UTC))
        .returning(Post)
        .execution_options(populate_existing=True)
    )
    posts = sorted(gone.all(), key=lambda post: post.id)
    await _label(session, posts, why=":deleted")
    return [post.id for post in posts]


async def find(session: Session, post_id: int) -> Post:
    """Raises NotFound, also for another company's."""
    post = await session.get(Post, post_id)
    if post is None:
        raise NotFound(what="post", id=post_id)
    return post


def link(source: Source, post: Post) -> str:
    """t.me's address of the original; of a closed chat it opens for members alone."""
    return f"https://t.me/{source.username or f'c/{post.channel_id}'}/{post.message_id}"


async def to_label(session: SystemSession, ids: Sequence[int]) -> list[Post]:
    """Those of these that have or had text, in the order they came: listings follow deleted and wiped ones too."""
    found = await session.scalars(
        select(Post).where(Post.id.in_(ids), or_(Post.text != "", Post.revision > 0)).order_by(Post.id)
    )
    return list(found)


async def labelled_by_others(session: SystemSession, version_id: int, *, after: int, limit: int) -> list[int]:
    """The next ids of posts with text that another model version labelled, oldest first."""
    found = await session.scalars(
        select(Post.id)
        .where(
            Post.id > after,
            Post.text != "",
            Post.labelled_at.is_not(None),
            Post.model_version_id.is_distinct_from(version_id),
        )
        .order_by(Post.id)
        .limit(limit)
    )
    return list(found)


async def message_ids(session: SystemSession, source: Source, first: int, last: int) -> set[int]:
    """The messages from `first` to `last` that we hold and that are not deleted."""
    found = await session.scalars(
        select(Post.message_id).where(
            Post.source_id == source.id, Post.message_id.between(first, last), Post.deleted_at.is_(None)
        )
    )
    return set(found)


async def revisions(session: Session, post_id: int) -> list[PostRevision]:
    """The texts it had before its edits, oldest first."""
    found = await session.scalars(
        select(PostRevision).where(PostRevision.post_id == post_id).order_by(PostRevision.revision)
    )
    return list(found)


async def _take_over_edits(session: SystemSession, source: Source, raws: Sequence[RawPost]) -> list[Post]:
    edits = {raw.message_id: raw for raw in raws if raw.edited_at is not None}
    if not edits:
        return []
    found = await session.scalars(
        select(Post)
        .where(
            Post.company_id == source.company_id,
            Post.channel_id == source.channel_id,
            Post.message_id.in_(edits),
        )
        .order_by(Post.message_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    changed = [post for post in found.all() if _revise(session, post, edits[post.message_id])]
    await session.flush()
    await _label(session, changed)
    return changed


def _revise(session: SystemSession, post: Post, raw: RawPost) -> bool:
    """Whether the text changed by an edit no older than the one we know: Telegram tells whole seconds."""
    if raw.edited_at is None or (post.edited_at is not None and raw.edited_at < post.edited_at):
        return False
    text = storable(raw.text)
    if text == post.text:
        post.edited_at = post.edited_at or raw.edited_at
        return False
    session.add(
        PostRevision(
            company_id=post.company_id,
            post_id=post.id,
            revision=post.revision,
            text=post.text,
            entities=post.entities,
            replaced_at=datetime.now(UTC),
        )
    )
    post.text, post.entities, post.edited_at = text, storable(list(raw.entities)), raw.edited_at
    post.revision += 1
    return True


async def _note_progress(session: SystemSession, source: Source, raws: Iterable[RawPost], cursor: int | None) -> None:
    newest = max((raw.posted_at for raw in raws), default=None)
    if newest is None and cursor is None:
        return
    moved = (
        await session.execute(
            update(Source)
            .where(Source.id == source.id)
            .values(
                cursor=func.greatest(Source.cursor, cursor or 0),
                last_post_at=func.greatest(Source.last_post_at, newest),
            )
            .returning(Source.cursor, Source.last_post_at)
            .execution_options(synchronize_session=False)
        )
    ).one()
    source.cursor, source.last_post_at = moved.cursor, moved.last_post_at


async def _label(session: SystemSession, posts: Iterable[Post], why: str = "") -> None:
    told = [post for post in posts if post.text.strip() or post.revision]
    keys = [f"label:{post.id}:{post.revision}{why}" for post in told]
    await jobs.enqueue_all(session, [LabelPost(post.id) for post in told], keys=keys)


def _by_message_id(raws: Iterable[RawPost]) -> dict[int, RawPost]:
    """Each message once, its last telling, in order."""
    return {raw.message_id: raw for raw in sorted(raws, key=lambda raw: raw.message_id)}


def _row(source: Source, raw: RawPost, arrival: Arrival) -> dict[str, Any]:
    return {
        "company_id": source.company_id,
        "source_id": source.id,
        "channel_id": raw.channel_id,
        "message_id": raw.message_id,
        "posted_at": raw.posted_at,
        "stored_at": datetime.now(UTC),
        "edited_at": raw.edited_at,
        "arrival": arrival,
        "text": storable(raw.text),
        "entities": storable(list(raw.entities)),
        "author": storable(raw.author),
        "forward": storable(raw.forward),
        "reply_to": raw.reply_to,
        "album_id": raw.album_id,
        "media": raw.media,
    }


def storable(value: Any) -> Any:
    """A text, or what holds texts, as the database takes it."""
    if isinstance(value, str):
        return value.translate(_UNSTORABLE)
    if isinstance(value, list):
        return [storable(part) for part in value]
    if isinstance(value, dict):
        return {name: storable(part) for name, part in value.items()}
    return value
