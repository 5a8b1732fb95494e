"""Whether posts are still what the model learned from: strange words, doubts and kinds, week by week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

from sqlalchemy import Float, Integer, case, cast, func, literal, select

from db.base import now as clock
from db.models import Arrival, Post
from db.session import SystemSession
from language.kinds import Kind

WEEK = timedelta(days=7)
REFERENCE_WEEKS = 8
FEWEST_POSTS = 50
"""a week with fewer says nothing"""
LEAST = 0.05
"""a share that moved by less troubles nobody"""
ERRORS = 3.0
"""and so many standard errors are no chance"""


@dataclass(frozen=True)
class Week:
    """The labelled posts of seven days."""

    begins_at: datetime
    posts: int
    shares: dict[str, float]
    """unknown-words, abstained, and each kind"""


@dataclass(frozen=True)
class Drift:
    """`figure` is one of a week's shares; it moved from `before` to `now`."""

    figure: str
    before: float
    now: float


async def weeks(session: SystemSession, *, now: datetime | None = None) -> list[Week]:
    """The last seven days first, then those before, back to the reference's first; weeks without posts are left out."""
    now = now or clock()
    age = cast(func.floor(func.extract("epoch", literal(now) - Post.posted_at) / WEEK.total_seconds()), Integer)
    rows = await session.execute(
        select(
            age.label("age"),
            func.count(),
            func.avg(func.coalesce(cast(Post.prediction["unknown_words"].astext, Float), 0.0)),
            func.avg(case((Post.abstained, 1.0), else_=0.0)),
            *(func.avg(case((Post.kind == kind, 1.0), else_=0.0)) for kind in Kind),
        )
        .where(
            Post.posted_at > now - (REFERENCE_WEEKS + 1) * WEEK,
            Post.posted_at <= now,
            Post.labelled_at.is_not(None),
            Post.text != "",
            Post.arrival != Arrival.IMPORT,
        )
        .group_by("age")
        .order_by("age")
    )
    names = ("unknown-words", "abstained", *(str(kind) for kind in Kind))
    return [
        Week(now - (number + 1) * WEEK, count, {name: float(share) for name, share in zip(names, shares, strict=True)})
        for number, count, *shares in rows
    ]


async def found(session: SystemSession, *, now: datetime | None = None) -> list[Drift]:
    """What is other in the last seven days than in the weeks before."""
    now = now or clock()
    return compare(await weeks(session, now=now), now)


def compare(known: Sequence[Week], now: datetime) -> list[Drift]:
    """Pure: the week that ends now against all others, each post of them counting once."""
    this = [week for week in known if week.begins_at >= now - WEEK]
    before = [week for week in known if week.begins_at < now - WEEK]
    posts, reference = sum(week.posts for week in this), sum(week.posts for week in before)
    if posts < FEWEST_POSTS or reference < FEWEST_POSTS:
        return []
    drifts = []
    for figure, share in this[0].shares.items():
        usual = sum(week.shares[figure] * week.posts for week in before) / reference
        # The widest that a share can vary: unknown words, a mean of shares, vary less.
        error = sqrt(max(usual * (1 - usual), 0.25 / posts) * (1 / posts + 1 / reference))
        if abs(share - usual) > max(LEAST, ERRORS * error):
            drifts.append(Drift(figure, round(usual, 4), round(share, 4)))
    return drifts
