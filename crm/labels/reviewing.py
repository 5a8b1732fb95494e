"""What people should look at: posts that teach the model most, and posts that people see differently."""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from sqlalchemy import ColumnElement, ColumnExpressionArgument, exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from crm.actors import Actor
from crm.permissions import Permission, require
from db.models import Label, Post, User
from db.session import Session
from language.kinds import Kind
from language.near_duplicates import SAME_FROM, jaccard, shingle_text, shingles

REVIEW = 10
CONSIDERED = 3
"""so many doubtful posts are looked at for each that is shown"""
RANDOM_OF = 10
"""one of so many in the queue is a random post that the model is sure of"""
SAMPLED = 29
"""one of so many posts may be such a one"""


@dataclass(frozen=True)
class Said:
    name: str
    kind: Kind


@dataclass(frozen=True)
class Disagreement:
    """A post of which people of one company last said different things, oldest first."""

    post: Post
    said: tuple[tuple[User, Label], ...]


async def review_queue(session: Session, actor: Actor, limit: int = REVIEW) -> list[Post]:
    """Posts for this person to judge: what colleagues disagree on, then what the model doubts.

    What nobody of the company has judged comes newest first, mixed by kind and source, one of near-duplicates; each
    tenth is a random one that the model is sure of, so that its unknown errors are found too.
    """
    require(actor, Permission.LABEL_WRITE)
    disputed = await _disputed(session, actor, limit)
    doubtful = await _newest(session, actor, Post.needs_review, CONSIDERED * limit)
    chosen = _different(_mixed(doubtful), limit)
    is_sampled = (func.abs(func.hashint8(Post.id)) % SAMPLED) == actor.company_id % SAMPLED
    wanted = -(-len(chosen) // (RANDOM_OF - 1))
    sure = await _newest(session, actor, ~Post.needs_review & Post.kind.is_not(None) & is_sampled, wanted)
    return [*disputed, *_each_tenth(chosen, sure)][:limit]


async def said_by_others(session: Session, actor: Actor, post_id: int) -> list[Said]:
    """What each colleague last said of the post."""
    rows = await session.execute(
        select(User.name, Label.kind)
        .ext(distinct_on(Label.user_id))
        .join(User, User.id == Label.user_id)
        .where(
            Label.post_id == post_id,
            Label.company_id == actor.company_id,
            Label.user_id != actor.user_id,
            Label.withdrawn_at.is_(None),
        )
        .order_by(Label.user_id, Label.id.desc())
    )
    return [Said(name, kind) for name, kind in rows]


async def disagreements(session: Session, company_id: int, limit: int = 100) -> list[Disagreement]:
    """Posts of which the company's people last said different things: kind, engagement, roles, core or grades."""
    rows = await session.execute(
        select(Label, User, Post)
        .ext(distinct_on(Label.post_id, Label.user_id))
        .join(User, User.id == Label.user_id)
        .join(Post, Post.id == Label.post_id)
        .where(Label.company_id == company_id, Label.withdrawn_at.is_(None))
        .order_by(Label.post_id.desc(), Label.user_id, Label.id.desc())
    )
    said: defaultdict[Post, list[tuple[User, Label]]] = defaultdict(list)
    for label, user, post in rows:
        said[post].append((user, label))
    differing = [
        Disagreement(post, tuple(sorted(voices, key=lambda voice: voice[1].id)))
        for post, voices in said.items()
        if _differ([label for _, label in voices])
    ]
    return differing[:limit]


def _differ(labels: Sequence[Label]) -> bool:
    """What one left unsaid contradicts nobody."""
    kinds = {label.kind for label in labels}
    engagements = {label.engagement for label in labels if label.engagement is not None}
    items = {_main(label) for label in labels if label.items is not None}
    return len(kinds) > 1 or len(engagements) > 1 or len(items) > 1


def _main(label: Label) -> tuple[tuple[str, ...], ...]:
    return tuple(
        sorted(
            (item["role"], *sorted(item.get("core", ())), *sorted(item.get("grades", ()))) for item in label.items or ()
        )
    )


async def _disputed(session: Session, actor: Actor, limit: int) -> list[Post]:
    """Posts that two colleagues see differently and this person has not judged."""
    one, other = aliased(Label), aliased(Label)
    ours = [label.company_id == actor.company_id for label in (one, other)] + [
        label.withdrawn_at.is_(None) for label in (one, other)
    ]
    found = await session.scalars(
        select(Post)
        .where(
            exists().where(
                one.post_id == Post.id,
                other.post_id == Post.id,
                one.user_id < other.user_id,
                one.kind != other.kind,
                *ours,
                *(_is_newest_of_its_author(label) for label in (one, other)),
            ),
            ~exists().where(
                Label.post_id == Post.id,
                Label.company_id == actor.company_id,
                Label.user_id == actor.user_id,
                Label.withdrawn_at.is_(None),
            ),
        )
        .order_by(Post.id.desc())
        .limit(limit)
    )
    return list(found)


def _is_newest_of_its_author(label: type[Label]) -> ColumnElement[bool]:
    later = aliased(Label)
    return ~exists().where(
        later.post_id == label.post_id,
        later.user_id == label.user_id,
        later.id > label.id,
        later.withdrawn_at.is_(None),
    )


async def _newest(session: Session, actor: Actor, wanted: ColumnExpressionArgument[bool], limit: int) -> list[Post]:
    """That nobody of the company has judged."""
    is_judged = exists().where(
        Label.post_id == Post.id, Label.company_id == actor.company_id, Label.withdrawn_at.is_(None)
    )
    found = await session.scalars(
        select(Post)
        .where(
            wanted,
            Post.text != "",
            Post.deleted_at.is_(None),
            Post.company_id.is_(None) | (Post.company_id == actor.company_id),
            ~is_judged,
        )
        .order_by(Post.id.desc())
        .limit(limit)
    )
    return list(found)


def _mixed(posts: Iterable[Post]) -> list[Post]:
    """In turns from each kind of each source, the newest first."""
    by_sort: defaultdict[tuple[object, int], list[Post]] = defaultdict(list)
    for post in posts:
        by_sort[post.kind, post.source_id].append(post)
    return [post for turn in zip_longest(*by_sort.values()) for post in turn if post is not None]


def _different(posts: Iterable[Post], limit: int) -> list[Post]:
    """The first so many of which none is a near-duplicate of one before it."""
    chosen: list[Post] = []
    known: list[frozenset[str]] = []
    for post in posts:
        if len(chosen) == limit:
            break
        mine = shingles(shingle_text(post.text))
        if all(jaccard(mine, other) < SAME_FROM for other in known):
            chosen.append(post)
            known.append(mine)
    return chosen


def _each_tenth(doubtful: Sequence[Post], sure: Sequence[Post]) -> list[Post]:
    waiting, queue = deque(sure), list[Post]()
    for number, post in enumerate(doubtful, start=1):
        queue.append(post)
        if waiting and (number % (RANDOM_OF - 1) == 0 or number == len(doubtful)):
            queue.append(waiting.popleft())
    return queue
