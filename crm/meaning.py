"""Which listings an update means: by their numbers, by what it answers, by the poster's whole list, by its words."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, or_, select

from db.base import Json
from db.models import Appearance, Listing, Post
from db.session import SystemSession
from language.kinds import Kind, ListingState
from language.normalise import fold
from language.prediction import StateChange
from language.request_ids import any_writing, id_key

REMEMBERED = timedelta(days=180)
"""Updates that name an id act on listings seen no longer ago."""
REMEMBERED_BY_WORDS = timedelta(days=45)
NEIGHBOURS = 1000
LETTERED = re.compile(r"(?=.*\d)(?=.*[^\W\d_])[\w/-]+")
"""An id that is found in words: a bare number may be money."""
WORDS_MET = 0.5
"""Share of an update's words that a listing must have where no position is named."""
ANSWERS = 3
"""So far up a chain of answers the message is looked for that shows something."""

KIN = (
    {"qa-manual", "qa-auto", "qa-load"},
    {"system-analyst", "business-analyst", "data-analyst", "1c"},
    {"ios", "android", "mobile-cross"},
    {"sysadmin", "devops", "dba"},
    {"project-manager", "product-manager", "team-lead"},
    {"backend", "frontend", "fullstack", "desktop", "data-engineer"},
)
"""Roles that a word or two of an update do not tell apart; the stack named still has to agree."""

Meant = list[tuple[Listing, ListingState]]


def happened_at(post: Post) -> datetime:
    """When the post said what it says now."""
    return max(post.posted_at, post.edited_at or post.posted_at)


async def meant(session: SystemSession, post: Post, change: StateChange) -> Meant:
    """The listings that a change is about, each with its state to be."""
    if change.is_whole_list:
        return await _whole_list(session, post, change)
    if change.request_ids and (named := await _named(session, post, change.request_ids)):
        return [(listing, change.state) for listing in named]
    if post.kind in (Kind.REQUEST, Kind.OFFER):
        # A post that asks or offers itself may replace a numbered one, nothing else.
        return []
    found = await _shown_in(session, post, Post.id == post.id)
    if not found and post.reply_to is not None:
        found = await _answered(session, post)
    if change.request_ids:
        # Its own listing bore no id that we read; of several it is not clear which.
        found = found if len(found) == 1 else []
    elif len(found) > 1:
        found = await _named_in_words(session, found, change)
    elif not found:
        found = await _described(session, post, change)
    return [(listing, change.state) for listing in found]


async def _named(session: SystemSession, post: Post, request_ids: Iterable[str]) -> list[Listing]:
    """By id: of the post's author where there are such, else of its source."""
    same_place = Appearance.source_id == post.source_id
    if post.author is not None:
        same_place = or_(same_place, Post.author == post.author)
    keys = {id_key(request_id) for request_id in request_ids}
    rows = (
        await session.execute(
            _listings(post, REMEMBERED)
            .add_columns(Appearance.request_key, Post.author)
            .where(Appearance.request_key.in_(keys), same_place)
        )
    ).all()
    by_author = [row.Listing for row in rows if post.author is not None and row.author == post.author]
    found = by_author or [row.Listing for row in rows]
    known = {row.request_key for row in rows}
    for request_id in request_ids:
        if id_key(request_id) not in known and LETTERED.fullmatch(request_id):
            found += await _written(session, post, request_id)
    return _unique(found)


async def _written(session: SystemSession, post: Post, request_id: str) -> list[Listing]:
    """By an id that stands in the words of one item of its post, though it was not taken for the item's id."""
    rows = (
        await session.execute(
            _listings(post, REMEMBERED)
            .add_columns(Appearance.post_id)
            .where(
                Appearance.source_id == post.source_id,
                Appearance.request_id.is_(None),
                Appearance.item_text.regexp_match(rf"\y{any_writing(request_id)}\y", "i"),
            )
        )
    ).all()
    times = Counter(row.post_id for row in rows)
    return [row.Listing for row in rows if times[row.post_id] == 1]


async def _whole_list(session: SystemSession, post: Post, change: StateChange) -> Meant:
    """What the list names has its state; what it leaves out of the poster's numbered listings is closed.

    In a channel that copies several networks the poster's own are those of the same series of numbers that were
    forwarded from where the list was.
    """
    listed = {id_key(request_id) for request_id in (*change.request_ids, *_own_ids(post))}
    if not listed and change.state is ListingState.OPEN:
        return []
    rows = await session.execute(
        _listings(post, REMEMBERED)
        .add_columns(Appearance.request_key, Post.author, Post.forward)
        .where(Appearance.request_key.is_not(None), Appearance.source_id == post.source_id)
    )
    own = [
        (row.Listing, row.request_key)
        for row in rows
        if (post.author is None or row.author in (None, post.author)) and _origin(row.forward) == _origin(post.forward)
    ]
    named = {listing for listing, key in own if key in listed}
    kinds = {listing.kind for listing in named} or {Kind.REQUEST}
    left_out = {
        listing
        for listing, key in own
        if listing.kind in kinds and listing not in named and (not listed or _is_of_series(key, listed))
    }
    return [
        *((listing, change.state) for listing in named),
        *((listing, ListingState.CLOSED) for listing in left_out if listing.state is not ListingState.CLOSED),
    ]


def _own_ids(post: Post) -> set[str]:
    return {item["request_id"] for item in (post.prediction or {}).get("items", ()) if item.get("request_id")}


def _origin(forward: Json | None) -> object:
    return (forward or {}).get("channel_id") or (forward or {}).get("name")


def _is_of_series(key: str, listed: Iterable[str]) -> bool:
    """Whether one poster may have given these numbers: the same letters, and not far from one that is listed."""
    letters, number = _parts(key)
    return any(letters == other and abs(number - near) <= NEIGHBOURS for other, near in map(_parts, listed))


def _parts(key: str) -> tuple[str, int]:
    digits = "".join(character for character in key if character.isascii() and character.isdigit())
    return "".join(character for character in key if character.isalpha()), int(digits[:12] or 0)


async def _answered(session: SystemSession, post: Post) -> list[Listing]:
    """Of the message it answers, unless somebody else wrote that; or of the one that that answers."""
    message_id = post.reply_to
    for _ in range(ANSWERS):
        which = (Post.source_id == post.source_id) & (Post.message_id == message_id)
        if post.author is not None:
            which &= or_(Post.author.is_(None), Post.author == post.author)
        if found := await _shown_in(session, post, which):
            return found
        message_id = await session.scalar(select(Post.reply_to).where(which))
        if message_id is None:
            break
    return []


async def _shown_in(session: SystemSession, post: Post, which: ColumnElement[bool]) -> list[Listing]:
    return _unique(await session.scalars(_listings(post, REMEMBERED).where(which)))


async def _described(session: SystemSession, post: Post, change: StateChange) -> list[Listing]:
    """By words: only where exactly one listing of the source is meant, or all of them."""
    if not (change.role or change.core or change.words):
        return []
    query = _listings(post, REMEMBERED_BY_WORDS).where(
        Appearance.source_id == post.source_id, Listing.state != change.state
    )
    if change.state is not ListingState.OPEN:
        query = query.where(Listing.state != ListingState.CLOSED)
    if post.author is not None:
        query = query.where(or_(Post.author.is_(None), Post.author == post.author))
    found = await _named_in_words(session, _unique(await session.scalars(query)), change)
    return found if len(found) == 1 or change.is_all else []


async def _named_in_words(session: SystemSession, listings: Sequence[Listing], change: StateChange) -> list[Listing]:
    """Those that the change's words fit best; all where it has none."""
    fitting = [
        listing
        for listing in _of_role(listings, change.role)
        if set(change.core) <= {*listing.core, *listing.extra}
        and (not change.grades or not listing.grades or not set(change.grades).isdisjoint(listing.grades))
    ]
    if not change.words or not fitting:
        return fitting
    met = _words_met(change.words, await _texts(session, fitting))
    most = max(met.values())
    if not (change.role or change.core) and most < WORDS_MET * len(change.words):
        return []
    return [listing for listing in fitting if met[listing.id] == most]


def _of_role(listings: Sequence[Listing], role: str | None) -> Sequence[Listing]:
    """Where no listing has the very role, those of its kin: who says "QA" may mean an automation engineer."""
    if role is None:
        return listings
    kin = next((family for family in KIN if role in family), {role})
    exact = [listing for listing in listings if listing.role == role]
    return exact or [listing for listing in listings if listing.role in kin]


def _words_met(words: Iterable[str], texts: Mapping[int, str]) -> dict[int, int]:
    """By listing, how many of the words (stems) its texts have."""
    patterns = [re.compile(rf"\b{re.escape(word)}") for word in words]
    return {id_: sum(pattern.search(text) is not None for pattern in patterns) for id_, text in texts.items()}


async def _texts(session: SystemSession, listings: Iterable[Listing]) -> dict[int, str]:
    rows = await session.execute(
        select(Appearance.listing_id, Appearance.item_text).where(
            Appearance.listing_id.in_([listing.id for listing in listings])
        )
    )
    texts: defaultdict[int, list[str]] = defaultdict(list)
    for listing_id, text in rows:
        texts[listing_id].append(fold(text))
    return {listing_id: "\n".join(said) for listing_id, said in texts.items()}


def _listings(post: Post, remembered: timedelta) -> Select[Listing]:
    """Listings seen before the post, in the same company's world."""
    at = happened_at(post)
    return (
        select(Listing)
        .join(Appearance, Appearance.listing_id == Listing.id)
        .join(Post, Post.id == Appearance.post_id)
        .where(
            Listing.withdrawn_at.is_(None),
            Listing.company_id.is_not_distinct_from(post.company_id),
            Appearance.seen_at.between(at - remembered, at),
        )
        .order_by(Listing.id)
    )


def _unique(listings: Iterable[Listing]) -> list[Listing]:
    return list(dict.fromkeys(listings))
