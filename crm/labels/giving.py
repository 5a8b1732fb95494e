"""Saying what a post is, and taking that back."""

from collections.abc import Sequence

from sqlalchemy import select

from crm import alerts
from crm.actors import Actor
from crm.errors import Invalid, NotFound
from crm.permissions import Permission, require
from db.base import Json
from db.base import now as clock
from db.models import Appearance, Label, LabelSource, Post
from db.session import Session
from language.kinds import Engagement, Kind
from language.prediction import item_from_json
from language.taxonomy import Taxonomy


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
    check(kind, engagement, items)
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


def check(kind: Kind, engagement: Engagement | None, items: Sequence[Json] | None) -> None:
    """Raises Invalid(field=…) for what makes no sense."""
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
