"""What becomes of listings: closed, paused, open again, by what later posts or marks in the own post say.

An event acts by when it was posted, not by when it was read, so back-filled history comes to the same end in any order:
a closing acts on what was last seen before it, and a later full repost opens again.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, or_, select

from db.base import Json
from db.models import Appearance, Listing, Post
from db.session import SystemSession
from language.kinds import Kind, ListingState
from language.prediction import StateChange, change_from_json
from language.state_marks import leading_state

REMEMBERED = timedelta(days=180)
"""Updates that name an id act on listings seen no longer ago."""
REMEMBERED_BY_WORDS = timedelta(days=45)
NEIGHBOURS = 1000
LETTERED = re.compile(r"(?=.*\d)(?=.*[^\W\d_])[\w/-]+")
"""An id that is found in words: a bare number may be money."""
STRUCK_SHARE = 0.9
STRIKE = ("strike", "strikethrough")


def happened_at(post: Post) -> datetime:
    """When the post said what it says now."""
    return max(post.posted_at, post.edited_at or post.posted_at)


def change_state(listing: Listing, state: ListingState, at: datetime, post_id: int | None) -> bool:
    """Unless something newer is known. Returns whether the state is another now."""
    if at < (listing.state_changed_at or at) or (state is not ListingState.OPEN and at < listing.last_seen_at):
        return False
    changed = listing.state is not state
    if changed or listing.state_changed_at is not None:
        listing.state, listing.state_changed_at, listing.state_post_id = state, at, post_id
    return changed


def marked_states(post: Post, item_texts: Mapping[int, str]) -> dict[int, ListingState]:
    """Items (by place) that the post itself shows as closed or paused: crossed out, or so marked at the head."""
    if not post.text.strip():
        return dict.fromkeys(item_texts, ListingState.CLOSED)
    is_edited, pieces = post.edited_at is not None, _struck_pieces(post)
    own = {
        place: _own_lines(text, [other for at, other in item_texts.items() if at != place])
        for place, text in item_texts.items()
    }
    if _is_struck(post.text, pieces):
        return dict.fromkeys(item_texts, ListingState.CLOSED)
    head = post.text.strip().split("\n", 1)[0].strip()
    if len(own) == 1 or not any(head in lines for lines in own.values()):
        whole = leading_state(head, is_edited=is_edited)
        if whole is not None:
            return dict.fromkeys(item_texts, whole)
    states = {place: _state_of_lines(lines, pieces, is_edited) for place, lines in own.items()}
    return {place: state for place, state in states.items() if state is not None}


def _state_of_lines(lines: Sequence[str], pieces: Sequence[str], is_edited: bool) -> ListingState | None:
    if not lines:
        return None
    if all(any(line in piece for piece in pieces) for line in lines):
        return ListingState.CLOSED
    return leading_state(lines[0], is_edited=is_edited)


def _own_lines(text: str, others: Iterable[str]) -> list[str]:
    """Lines that speak of this item alone."""
    shared = {line.strip() for other in others for line in other.splitlines()}
    return [line.strip() for line in text.splitlines() if line.strip() and line.strip() not in shared]


def _struck_pieces(post: Post) -> list[str]:
    encoded = post.text.encode("utf-16-le")
    return [
        encoded[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le", "ignore")
        for entity in post.entities
        if entity["type"] in STRIKE
    ]


def _is_struck(text: str, pieces: Sequence[str]) -> bool:
    struck = sum(len("".join(piece.split())) for piece in pieces)
    return bool(pieces) and struck >= STRUCK_SHARE * len("".join(text.split()))


def changes_of(post: Post) -> list[StateChange]:
    """As recorded with the post's prediction."""
    return [change_from_json(shown) for shown in (post.prediction or {}).get("changes", ())]


async def updates_since(session: SystemSession, sources: Mapping[int, datetime]) -> list[Post]:
    """Posts that change states, of each source since its time; oldest first.

    They were read before the listing that they close: another worker was faster, or history came in another order.
    """
    if not sources:
        return []
    wanted = or_(*((Post.source_id == source) & (Post.posted_at >= since) for source, since in sources.items()))
    found = await session.scalars(
        select(Post).where(Post.prediction.has_key("changes"), wanted).order_by(Post.posted_at, Post.id)
    )
    return list(found)


async def take_back(session: SystemSession, post_ids: Iterable[int]) -> list[Listing]:
    """These posts no longer say what they said: listings whose state comes from them are open again, for a start."""
    listings = (await session.scalars(select(Listing).where(Listing.state_post_id.in_(set(post_ids))))).all()
    for listing in listings:
        listing.state, listing.state_changed_at, listing.state_post_id = ListingState.OPEN, None, None
    return list(listings)


async def apply(session: SystemSession, posts: Iterable[Post]) -> set[Listing]:
    """Do what these posts say of earlier listings; oldest first. Returns the listings whose state is another now."""
    changed: set[Listing] = set()
    for post in sorted(posts, key=lambda post: (happened_at(post), post.id)):
        for change in changes_of(post):
            for listing, state in await _meant(session, post, change):
                if change_state(listing, state, happened_at(post), post.id):
                    changed.add(listing)
    return changed


async def _meant(session: SystemSession, post: Post, change: StateChange) -> list[tuple[Listing, ListingState]]:
    """The listings that a change is about, each with its state to be."""
    if change.is_whole_list:
        return await _whole_list(session, post, change)
    if change.request_ids and (named := await _named(session, post, change.request_ids)):
        return [(listing, change.state) for listing in named]
    if post.kind is not Kind.UPDATE:
        # A post that asks or offers itself may replace a numbered one, nothing else.
        return []
    found = await _shown_in(session, post, Post.id == post.id)
    if change.request_ids:
        # Its own listing bore no id that we read; of several it is not clear which.
        found = found if len(found) == 1 else []
    elif not found and post.reply_to is not None:
        found = await _replied_to(session, post)
    if len(found) > 1:
        found = _fitting(found, change)
    if not found and not change.request_ids and (change.role or change.core):
        found = await _described(session, post, change)
    return [(listing, change.state) for listing in found]


async def _named(session: SystemSession, post: Post, request_ids: Iterable[str]) -> list[Listing]:
    """By id: of the post's author where there are such, else of its source."""
    same_place = Appearance.source_id == post.source_id
    if post.author is not None:
        same_place = or_(same_place, Post.author == post.author)
    rows = (
        await session.execute(
            _listings(post, REMEMBERED)
            .add_columns(Appearance.request_id, Post.author)
            .where(Appearance.request_id.in_(set(request_ids)), same_place)
        )
    ).all()
    by_author = [row.Listing for row in rows if post.author is not None and row.author == post.author]
    found = by_author or [row.Listing for row in rows]
    known = {row.request_id for row in rows}
    for request_id in request_ids:
        if request_id not in known and LETTERED.fullmatch(request_id):
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
                Appearance.item_text.regexp_match(rf"\y{re.escape(request_id)}\y", "i"),
            )
        )
    ).all()
    times = Counter(row.post_id for row in rows)
    return [row.Listing for row in rows if times[row.post_id] == 1]


async def _whole_list(session: SystemSession, post: Post, change: StateChange) -> list[tuple[Listing, ListingState]]:
    """What the list names has its state; what it leaves out of the poster's numbered listings is closed.

    In a channel that copies several networks the poster's own are those of the same series of numbers that were
    forwarded from where the list was.
    """
    listed = {*change.request_ids, *_own_ids(post)}
    if not listed and change.state is ListingState.OPEN:
        return []
    rows = await session.execute(
        _listings(post, REMEMBERED)
        .add_columns(Appearance.request_id, Post.author, Post.forward)
        .where(Appearance.request_id.is_not(None), Appearance.source_id == post.source_id)
    )
    own = [
        (row.Listing, row.request_id)
        for row in rows
        if (post.author is None or row.author in (None, post.author)) and _origin(row.forward) == _origin(post.forward)
    ]
    named = {listing for listing, request_id in own if request_id in listed}
    kinds = {listing.kind for listing in named} or {Kind.REQUEST}
    left_out = {
        listing
        for listing, request_id in own
        if listing.kind in kinds and listing not in named and (not listed or _is_of_series(request_id, listed))
    }
    return [
        *((listing, change.state) for listing in named),
        *((listing, ListingState.CLOSED) for listing in left_out if listing.state is not ListingState.CLOSED),
    ]


def _own_ids(post: Post) -> set[str]:
    return {item["request_id"] for item in (post.prediction or {}).get("items", ()) if item.get("request_id")}


def _origin(forward: Json | None) -> object:
    return (forward or {}).get("channel_id") or (forward or {}).get("name")


def _is_of_series(request_id: str, listed: Iterable[str]) -> bool:
    """Whether one poster may have given these numbers: the same letters, and not far from one that is listed."""
    letters, number = _parts(request_id)
    return any(letters == other and abs(number - near) <= NEIGHBOURS for other, near in map(_parts, listed))


def _parts(request_id: str) -> tuple[str, int]:
    digits = "".join(character for character in request_id if character.isascii() and character.isdigit())
    letters = "".join(character for character in request_id if character.isalpha())
    return letters.casefold(), int(digits[:12] or 0)


async def _replied_to(session: SystemSession, post: Post) -> list[Listing]:
    """Of the message it answers, unless somebody else wrote that."""
    found = (Post.source_id == post.source_id) & (Post.message_id == post.reply_to)
    if post.author is not None:
        found &= or_(Post.author.is_(None), Post.author == post.author)
    return await _shown_in(session, post, found)


async def _shown_in(session: SystemSession, post: Post, which: ColumnElement[bool]) -> list[Listing]:
    return _unique(await session.scalars(_listings(post, REMEMBERED).where(which)))


async def _described(session: SystemSession, post: Post, change: StateChange) -> list[Listing]:
    """By words: only where exactly one listing of the source is meant."""
    query = _listings(post, REMEMBERED_BY_WORDS).where(
        Appearance.source_id == post.source_id, Listing.state != change.state
    )
    if change.state is not ListingState.OPEN:
        query = query.where(Listing.state != ListingState.CLOSED)
    if change.role is not None:
        query = query.where(Listing.role == change.role)
    if post.author is not None:
        query = query.where(or_(Post.author.is_(None), Post.author == post.author))
    found = _fitting(_unique(await session.scalars(query)), change)
    return found if len(found) == 1 else []


def _fitting(listings: Iterable[Listing], change: StateChange) -> list[Listing]:
    """Those that the change's words fit; all where it has none."""
    return [
        listing
        for listing in listings
        if (change.role is None or listing.role == change.role)
        and set(change.core) <= {*listing.core, *listing.extra}
        and (not change.grades or not listing.grades or not set(change.grades).isdisjoint(listing.grades))
    ]


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
