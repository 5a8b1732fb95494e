"""What models learn from people: every labelled post with what they agree on."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from db.base import Json
from db.models import Company, Label, LabelSource, Post, User
from db.session import SystemSession
from language.kinds import Engagement, Kind
from language.prediction import Item, item_from_json

HAVE_ITEMS = (Kind.REQUEST, Kind.OFFER)


@dataclass(frozen=True)
class LabelledPost:
    """A post with what people agree on, as the newest who said so did."""

    id: str
    text: str
    kind: Kind
    engagement: Engagement | None
    items: tuple[Item, ...]
    """the model's own where people said only the kind"""
    has_items: bool
    """people said the items too, or there are none to say"""
    author: str
    """«name, company»"""
    source: LabelSource


async def examples(session: SystemSession) -> list[LabelledPost]:
    """Every labelled post, one vote a company: the majority wins, the newest of equals. Oldest label first."""
    rows = await session.execute(
        select(Label, Post, User.name, Company.name)
        .join(Post, Post.id == Label.post_id)
        .join(User, User.id == Label.user_id)
        .join(Company, Company.id == Label.company_id)
        .where(Label.withdrawn_at.is_(None), Post.text != "")
        .order_by(Label.id)
    )
    votes: defaultdict[Post, dict[int, Label]] = defaultdict(dict)
    authors: dict[int, str] = {}
    for label, post, name, company in rows:
        votes[post].pop(label.company_id, None)
        votes[post][label.company_id] = label
        authors[label.id] = f"{name}, {company}"
    agreed = [(_winners(list(of_post.values())), post) for post, of_post in votes.items()]
    agreed.sort(key=lambda pair: pair[0][0].id)
    return [_example(post, winners, authors[winners[0].id]) for winners, post in agreed]


async def changed_at(session: SystemSession) -> datetime | None:
    """When people last gave a label or took one back; None where nobody ever did."""
    newest = func.greatest(func.max(Label.created_at), func.max(Label.withdrawn_at))
    found: datetime | None = await session.scalar(select(newest))
    return found


def _winners(votes: Sequence[Label]) -> list[Label]:
    """Those of the majority, newest first, of votes from the oldest to the newest."""
    counted = Counter(label.kind for label in votes)
    most = max(counted.values())
    kind = next(label.kind for label in reversed(votes) if counted[label.kind] == most)
    return [label for label in reversed(votes) if label.kind is kind]


def _example(post: Post, winners: Sequence[Label], author: str) -> LabelledPost:
    kind = winners[0].kind
    said = next((label.items for label in winners if label.items is not None), None)
    guessed: list[Json] = (post.prediction or {}).get("items", []) if kind in HAVE_ITEMS else []
    engagement = None if kind is Kind.JUNK else post.engagement
    return LabelledPost(
        id=f"label-{post.id}",
        text=post.text,
        kind=kind,
        engagement=next((label.engagement for label in winners if label.engagement is not None), engagement),
        items=tuple(item_from_json(item) for item in (guessed if said is None else said)),
        has_items=said is not None or kind not in HAVE_ITEMS,
        author=author,
        source=winners[0].source,
    )
