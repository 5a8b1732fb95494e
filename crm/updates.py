"""What becomes of listings: closed, paused, open again, by what later posts or marks in the own post say.

An event acts by when it was posted, not by when it was read, so back-filled history comes to the same end in any order:
a closing acts on what was last seen before it, and a later full repost opens again.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import or_, select

from crm.meaning import happened_at, meant
from db.models import Listing, Post
from db.session import SystemSession
from language.kinds import ListingState
from language.prediction import StateChange, change_from_json
from language.states import is_wiped, leading_state, trailing_state

STRUCK_SHARE = 0.9
STRIKE = ("strike", "strikethrough")


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
    if is_wiped(post.text):
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
    return leading_state(lines[0], is_edited=is_edited) or trailing_state(lines[0])


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
            for listing, state in await meant(session, post, change):
                if change_state(listing, state, happened_at(post), post.id):
                    changed.add(listing)
    return changed
