"""Labels: what people say posts are. A company's newest label wins for that company; all of them teach the model."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import exists, select

from crm import alerts
from crm.actors import Actor
from crm.errors import Invalid, NotFound
from crm.permissions import Permission, require
from db.base import Json
from db.base import now as clock
from db.models import Appearance, Label, LabelSource, Post
from db.session import Session, SystemSession
from language.kinds import Engagement, Kind
from language.prediction import Item, item_from_json
from language.taxonomy import Taxonomy

REVIEW = 10


class LabelledPost(NamedTuple):
    """A post with what people agree on: an example to train with, field by field as `ml` reads its corpus."""

    id: str
    text: str
    kind: Kind
    engagement: Engagement | None
    items: tuple[Item, ...]
    """the model's own where people said only the kind"""
    group: str = "labels"


async def give(
    session: Session,
    actor: Actor,
    post_id: int,
    kind: Kind,
    engagement: Engagement | None = None,
    items: Sequence[Json] | None = None,
    source: LabelSource = LabelSource.BUTTON,
) -> Label:
    """Say what a post is. `items` are the guide's; left out, only the kind is said.

    Raises NotFound, Invalid(field=…).
    """
    require(actor, Permission.LABEL_WRITE)
    post = await session.get(Post, post_id)
    if post is None or post.company_id not in (None, actor.company_id):
        raise NotFound(what="post", id=post_id)
    _check(kind, engagement, items)
    label = Label(
        company_id=actor.company_id,
        post_id=post_id,
        user_id=actor.user_id,
        source=source,
        kind=kind,
        engagement=engagement,
        items=None if items is None else list(items),
    )
    session.add(label)
    await session.flush()
    await _correct_cards(session, post_id)
    return label


async def withdraw(session: Session, actor: Actor, post_id: int) -> Label | None:
    """Undo the company's newest label of the post: what was said before it counts again. None where none is left."""
    require(actor, Permission.LABEL_WRITE)
    label: Label | None = await session.scalar(
        select(Label)
        .where(Label.post_id == post_id, Label.company_id == actor.company_id, Label.withdrawn_at.is_(None))
        .order_by(Label.id.desc())
        .limit(1)
        .with_for_update()
    )
    if label is not None:
        label.withdrawn_at = clock()
        await session.flush()
        await _correct_cards(session, post_id)
    return label


async def review_queue(session: Session, actor: Actor, limit: int = REVIEW) -> list[Post]:
    """Posts that the model doubts and nobody of the company has judged, newest first."""
    require(actor, Permission.LABEL_WRITE)
    is_judged = exists().where(
        Label.post_id == Post.id, Label.company_id == actor.company_id, Label.withdrawn_at.is_(None)
    )
    found = await session.scalars(
        select(Post)
        .where(
            Post.needs_review,
            Post.deleted_at.is_(None),
            Post.company_id.is_(None) | (Post.company_id == actor.company_id),
            ~is_judged,
        )
        .order_by(Post.id.desc())
        .limit(limit)
    )
    return list(found)


async def examples(session: SystemSession) -> list[LabelledPost]:
    """Every labelled post, one vote a company: the majority wins, the newest of equals."""
    rows = await session.execute(
        select(Label, Post)
        .join(Post, Post.id == Label.post_id)
        .where(Label.withdrawn_at.is_(None), Post.text != "")
        .order_by(Label.id)
    )
    votes: defaultdict[Post, dict[int, Label]] = defaultdict(dict)
    for label, post in rows:
        votes[post].pop(label.company_id, None)
        votes[post][label.company_id] = label
    return [_agreed(post, list(of_post.values())) for post, of_post in votes.items()]


def _agreed(post: Post, votes: Sequence[Label]) -> LabelledPost:
    """Of votes from the oldest to the newest."""
    counted = Counter(label.kind for label in votes)
    most = max(counted.values())
    kind = next(label.kind for label in reversed(votes) if counted[label.kind] == most)
    winners = [label for label in reversed(votes) if label.kind is kind]
    guessed = (post.prediction or {}).get("items", []) if kind in (Kind.REQUEST, Kind.OFFER) else []
    items: list[Json] = next((label.items for label in winners if label.items is not None), guessed)
    engagement = None if kind is Kind.JUNK else post.engagement
    return LabelledPost(
        id=f"label-{post.id}",
        text=post.text,
        kind=kind,
        engagement=next((label.engagement for label in winners if label.engagement is not None), engagement),
        items=tuple(item_from_json(item) for item in items),
    )


def _check(kind: Kind, engagement: Engagement | None, items: Sequence[Json] | None) -> None:
    if kind in (Kind.JUNK, Kind.UPDATE) and items:
        raise Invalid(field="items")
    if kind is Kind.JUNK and engagement is not None:
        raise Invalid(field="engagement")
    for item in items or ():
        _check_item(item)


def _check_item(shown: Json) -> None:
    taxonomy = Taxonomy.default()
    try:
        item = item_from_json(shown)
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid(field="items") from error
    if item.role not in taxonomy.roles:
        raise Invalid(field="role", value=item.role)
    unknown = {*item.core, *item.extra} - taxonomy.technologies.keys()
    if unknown:
        raise Invalid(field="technologies", value=sorted(unknown)[0])
    if item.count < 1:
        raise Invalid(field="count")


async def _correct_cards(session: Session, post_id: int) -> None:
    """The company's told cards of what the post shows."""
    listing_ids = await session.scalars(select(Appearance.listing_id).where(Appearance.post_id == post_id).distinct())
    for listing_id in sorted(listing_ids):
        await alerts.mark_stale(session, listing_id)
