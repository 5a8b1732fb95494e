"""A batch of labelled posts becomes listings, in the caller's one transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, text

from crm.labelling.following import follow
from crm.labelling.pairing import pair
from crm.labelling.seeing import MAY_BE_FROM, listing_kind, save, see
from crm.labelling.telling import correct_what_was_told, tell
from crm.subscription_index import SubscriptionIndex
from db.base import Json
from db.base import now as clock
from db.models import Label, Post
from db.session import SystemSession
from language.kinds import ListingState
from language.prediction import Prediction, StateChange, change_to_json, prediction_to_json
from language.state_changes import replaced_ids

LOCK = 7_105_633
"""First half of our advisory locks; the second is the company, 0 for the market."""
UNSURE_BELOW = 0.5
"""A listing that is less surely one is looked at by a person."""


async def record(
    session: SystemSession,
    predictions: Mapping[int, Prediction],
    *,
    model_version_id: int | None,
    index: SubscriptionIndex | None,
    quiet: bool = False,
    now: datetime | None = None,
    revisions: Mapping[int, int] | None = None,
) -> None:
    """Write what posts were found to say, and let listings, their states and alerts follow.

    Idempotent. `quiet` or no `index` tells nobody. A post whose text has changed since the revision that was labelled
    (`revisions`, by post id) is left to the job of its edit.
    """
    now = now or clock()
    await _one_at_a_time(session, predictions)
    posts = await _posts(session, predictions, revisions or {})
    taken_back = await _note(session, posts, predictions, model_version_id, now)
    seen = await see(session, posts, predictions)
    await save(session, seen, now)
    pairs = await pair(session, seen)
    changed = await follow(session, posts, seen, taken_back)
    await session.flush()
    await correct_what_was_told(session, seen, changed, pairs)
    if index is not None and not quiet:
        await tell(session, {post.id: post for post in posts}, seen, pairs, index, now)


async def _one_at_a_time(session: SystemSession, post_ids: Collection[int]) -> None:
    """One recorder in the market, and one in each company's own world while none is in the market.

    Two workers that saw the same new request at once would each find no listing to join, and two that saw a request
    and its closing would each miss the other's. What such posts are sure to share is their world alone, so that is
    what is locked: for the tens of milliseconds of a batch, while labelling goes on beside it. Posts are locked after
    it, so that no two recorders wait for each other.
    """
    rows = await session.scalars(select(func.coalesce(Post.company_id, 0)).where(Post.id.in_(post_ids)).distinct())
    companies = sorted(rows)
    if 0 not in companies:
        # Twins are found on both sides of the fence; companies do not wait for each other.
        await session.execute(text("SELECT pg_advisory_xact_lock_shared(:lock, 0)"), {"lock": LOCK})
    for company_id in companies:
        await session.execute(
            text("SELECT pg_advisory_xact_lock(:lock, :company)"), {"lock": LOCK, "company": company_id}
        )


async def _posts(session: SystemSession, post_ids: Collection[int], revisions: Mapping[int, int]) -> list[Post]:
    """Oldest first, and held until the end of the transaction."""
    found = await session.scalars(
        select(Post)
        .where(Post.id.in_(post_ids))
        .order_by(Post.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    current = [post for post in found if revisions.get(post.id, post.revision) == post.revision]
    return sorted(current, key=lambda post: (post.posted_at, post.id))


async def _note(
    session: SystemSession,
    posts: Sequence[Post],
    predictions: Mapping[int, Prediction],
    model_version_id: int | None,
    now: datetime,
) -> list[Post]:
    """On the posts themselves. Returns those that said something else of other listings before."""
    ids = [post.id for post in posts]
    judged = set(
        await session.scalars(select(Label.post_id).where(Label.post_id.in_(ids), Label.withdrawn_at.is_(None)))
    )
    taken_back: list[Post] = []
    for post in posts:
        prediction = predictions[post.id]
        shown, before = _as_json(prediction, post.text), post.prediction or {}
        if before.get("changes") and _news(before) != _news(shown):
            taken_back.append(post)
        post.kind, post.kind_confidence = prediction.kind, prediction.kind_confidence
        post.engagement, post.abstained = prediction.engagement, prediction.abstain
        post.needs_review = _needs_review(prediction) and post.id not in judged
        post.prediction, post.model_version_id, post.labelled_at = shown, model_version_id, now
    return taken_back


def _needs_review(prediction: Prediction) -> bool:
    if prediction.abstain:
        return prediction.relevance >= MAY_BE_FROM
    return listing_kind(prediction) is not None and prediction.relevance < UNSURE_BELOW


def _news(shown: Json) -> tuple[object, object]:
    return shown["kind"], shown.get("changes")


def _as_json(prediction: Prediction, post_text: str) -> Json:
    """The guide's form, with the ids of requests and changes of states."""
    shown = prediction_to_json(prediction)
    for item, of in zip(shown["items"], prediction.items, strict=True):
        if of.request_id is not None:
            item["request_id"] = of.request_id
    changes = list(prediction.changes)
    if listing_kind(prediction) is not None and (replaced := replaced_ids(post_text)):
        changes.append(StateChange(ListingState.CLOSED, replaced))
    if changes:
        shown["changes"] = [change_to_json(change) for change in changes]
    return shown
