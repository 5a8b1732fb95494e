"""A company's own labelled posts as lines of the guide's form, in and out."""

import hashlib
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on

from crm import posts, sources, users
from crm.actors import Actor
from crm.errors import Invalid, NotFound
from crm.labels.giving import check, give
from crm.posts import RawPost
from db.base import Json
from db.models import Arrival, Label, LabelSource, Post, Role, Source, User
from db.session import Session, SystemSession
from language.kinds import Engagement, Kind

CHANNEL = 0
"""the channel id of what was read in no channel"""
TITLE = "import"
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
"""when a post was written of which nobody knows, so that it is nowhere taken for news"""

Place = tuple[int, int]
"""channel and message"""


class BadLabelLine(Invalid):
    """`line` is its number, `problem` says what is wrong with it, `value` shows it."""

    key = "error-label-line"

    def __init__(self, line: int, problem: str, value: object = "") -> None:
        super().__init__(line=str(line), problem=problem, value=str(value)[:100])


@dataclass(frozen=True)
class Line:
    """A labelled post of a file."""

    number: int
    text: str
    """empty where only the place is told"""
    place: Place | None
    date: datetime
    kind: Kind
    engagement: Engagement | None
    items: list[Json] | None
    """None where only the kind is said"""


@dataclass(frozen=True)
class Taken:
    """How many labels are new, were known, and how many posts had to be made for them."""

    new: int
    known: int
    posts: int
    refused: tuple[BadLabelLine, ...]
    """a place that is not ours, without a text"""


def read_line(number: int, line: str) -> Line:
    """A line of {"text", "kind", "engagement", "items", "channel_id", "message_id", "date"}.

    Only the kind must be there, and the text or the place. Raises BadLabelLine.
    """
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadLabelLine(number, "json", error.msg) from None
    if not isinstance(row, dict):
        raise BadLabelLine(number, "object")
    kind = _one_of(Kind, number, "kind", row.get("kind"))
    engagement = row.get("engagement")
    read = Line(
        number=number,
        text=_text(number, row.get("text", "")),
        place=_place(number, row),
        date=_date(number, row.get("date")),
        kind=kind,
        engagement=None if engagement is None else _one_of(Engagement, number, "engagement", engagement),
        items=_items(number, kind, row.get("items")),
    )
    if not read.text.strip() and read.place is None:
        raise BadLabelLine(number, "text")
    try:
        check(read.kind, read.engagement, read.items)
    except Invalid as error:
        raise BadLabelLine(number, str(error.params["field"]), error.params.get("value", "")) from error
    return read


async def take(session: SystemSession, company_id: int, lines: Sequence[Line]) -> Taken:
    """Give these labels in the name of the company's first admin. Idempotent.

    A post is found by its place or its text; one that is not ours is kept in the company's source of imports and told
    to nobody. Raises NotFound without an admin.
    """
    actor = await _first_admin(session, company_id)
    found = await _find(session, company_id, lines)
    refused = [line for line in lines if line.number not in found and not line.text.strip()]
    lines = [line for line in lines if line not in refused]
    missing = {line.text: line for line in lines if line.number not in found}
    made = await _make(session, company_id, list(missing.values())) if missing else {}
    post_ids = {line.number: found.get(line.number) or made[line.text] for line in lines}
    known = await _imported(session, company_id, list(post_ids.values()))
    new = 0
    for line in lines:
        said = (post_ids[line.number], *_said(line.kind, line.engagement, line.items))
        if said in known:
            continue
        known.add(said)
        await give(session, actor, said[0], line.kind, line.engagement, line.items, LabelSource.IMPORT)
        new += 1
    unknown = tuple(BadLabelLine(line.number, "place", line.place) for line in refused)
    return Taken(new, len(lines) - new, len(made), unknown)


async def export(session: Session, company_id: int) -> AsyncIterator[Json]:
    """The company's newest label of each post, oldest post first, as `read_line` reads it."""
    rows = await session.stream(
        select(Label, Post)
        .ext(distinct_on(Label.post_id))
        .join(Post, Post.id == Label.post_id)
        .where(Label.company_id == company_id, Label.withdrawn_at.is_(None), Post.text != "")
        .order_by(Label.post_id, Label.id.desc())
    )
    async for label, post in rows:
        shown: Json = {"id": str(post.id), "text": post.text, "kind": str(label.kind)}
        shown["engagement"] = None if label.engagement is None else str(label.engagement)
        if label.items is not None or label.kind in (Kind.JUNK, Kind.UPDATE):
            shown["items"] = label.items or []
        if post.channel_id != CHANNEL:
            shown |= {"channel_id": post.channel_id, "message_id": post.message_id}
            shown["date"] = post.posted_at.isoformat()
        yield shown


def _text(number: int, value: Any) -> str:
    if not isinstance(value, str):
        raise BadLabelLine(number, "text")
    text: str = posts.storable(value)
    return text


def _place(number: int, row: Json) -> Place | None:
    channel_id, message_id = row.get("channel_id"), row.get("message_id")
    if channel_id is None and message_id is None:
        return None
    for value in (channel_id, message_id):
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
            raise BadLabelLine(number, "place", f"{channel_id}, {message_id}")
    assert isinstance(channel_id, int) and isinstance(message_id, int)  # noqa: S101, PT018  the loop looked
    return channel_id, message_id


def _date(number: int, value: Any) -> datetime:
    if value is None:
        return UNDATED
    try:
        read = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadLabelLine(number, "date", value) from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _one_of(names: Any, number: int, problem: str, value: Any) -> Any:
    try:
        return names(value)
    except ValueError:
        raise BadLabelLine(number, problem, value) from None


def _items(number: int, kind: Kind, value: Any) -> list[Json] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise BadLabelLine(number, "items", value)
    return value or ([] if kind in (Kind.REQUEST, Kind.OFFER) else None)


def _said(kind: Kind, engagement: Engagement | None, items: list[Json] | None) -> tuple[str, str, str]:
    return str(kind), str(engagement), json.dumps(items, sort_keys=True)


async def _first_admin(session: SystemSession, company_id: int) -> Actor:
    admin: User | None = await session.scalar(
        select(User)
        .where(User.company_id == company_id, User.role == Role.ADMIN, User.removed_at.is_(None))
        .order_by(User.id)
        .limit(1)
    )
    if admin is None:
        raise NotFound(what="admin")
    return users.actor(admin)


async def _find(session: SystemSession, company_id: int, lines: Sequence[Line]) -> dict[int, int]:
    """Posts of the market and of the company by the lines' numbers: by place, else by text."""
    is_ours = Post.company_id.is_(None) | (Post.company_id == company_id)
    places = {line.place for line in lines if line.place is not None}
    texts = {line.text for line in lines if line.text}
    by_place = await session.execute(
        select(Post.channel_id, Post.message_id, Post.id)
        .where(tuple_(Post.channel_id, Post.message_id).in_(places), is_ours)
        .order_by(Post.company_id.nulls_first())
    )
    at: dict[Place, int] = {(channel_id, message_id): id_ for channel_id, message_id, id_ in by_place}
    # In one pass over the posts: their texts have no index.
    by_text = await session.execute(
        select(Post.text, Post.id).where(Post.text.in_(texts), is_ours).order_by(Post.id.desc())
    )
    saying: dict[str, int] = {row.text: row.id for row in by_text}
    found = {line.number: (at.get(line.place) if line.place else None) or saying.get(line.text) for line in lines}
    return {number: id_ for number, id_ in found.items() if id_ is not None}


async def _make(session: SystemSession, company_id: int, lines: Sequence[Line]) -> dict[str, int]:
    """Posts of the company's own for these texts, told to nobody."""
    source: Source = await sources.of_export(session, company_id, CHANNEL, TITLE)
    raws = [RawPost(CHANNEL, _message_id(line.text), line.date, line.text) for line in lines]
    stored = await posts.store(session, source, raws, Arrival.IMPORT)
    made = await session.execute(select(Post.text, Post.id).where(Post.id.in_(stored.new_ids)))
    return {row.text: row.id for row in made}


def _message_id(text: str) -> int:
    """The same text is the same message."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7])


async def _imported(session: SystemSession, company_id: int, post_ids: Sequence[int]) -> set[tuple[int, str, str, str]]:
    """What earlier imports of the company said of the posts."""
    given = await session.scalars(
        select(Label).where(
            Label.company_id == company_id,
            Label.post_id.in_(post_ids),
            Label.source == LabelSource.IMPORT,
            Label.withdrawn_at.is_(None),
        )
    )
    return {(label.post_id, *_said(label.kind, label.engagement, label.items)) for label in given}
