"""Subscriptions: what a person wants to be told of, and how. Everybody changes their own ones only."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, TypedDict, Unpack

from sqlalchemy import func, select

from crm import alerts, listings
from crm.actors import Actor
from crm.errors import Invalid, NotFound, TooManySubscriptions
from crm.matching import STRICT_FIELDS, Filters, Wish, needle, passes, wish_of
from crm.permissions import Permission, require
from db.base import now
from db.models import Rhythm, Source, Subscription, User
from db.session import Session
from language.kinds import Engagement, Grade, Kind, Remote
from language.places import find_places
from language.taxonomy import Taxonomy

MOST_OF_A_USER = 50
MOST_VALUES = 100
"""that one filter may name"""
LONGEST_WORD, LONGEST_NAME = 50, 100
HIGHEST_RATE = 1_000_000
USUAL_DIGEST_HOUR = 9
REPLAY_DAYS = 30
PORTION = 100
"""listings matched in a replay before others get their turn"""


class How(TypedDict, total=False):
    """The ways of telling. A digest without an hour comes at nine."""

    by_telegram: bool
    by_email: bool
    rhythm: Rhythm
    digest_hour: int | None
    is_silent: bool
    min_confidence: float


async def add(
    session: Session, actor: Actor, filters: Filters, name: str | None = None, **how: Unpack[How]
) -> Subscription:
    """Without a name it is called by what it asks for. Raises Invalid (`field` says which), TooManySubscriptions."""
    require(actor, Permission.SUBSCRIPTION_WRITE)
    await _room_for_one_more(session, actor)
    subscription = Subscription(company_id=actor.company_id, user_id=actor.user_id)
    await _write(session, subscription, filters, name or _name_of(wish_of(filters)), how)
    session.add(subscription)
    await session.flush()
    return subscription


async def change(
    session: Session,
    actor: Actor,
    subscription_id: int,
    filters: Filters | None = None,
    name: str | None = None,
    **how: Unpack[How],
) -> Subscription:
    """What is not given stays. Raises NotFound, Invalid."""
    require(actor, Permission.SUBSCRIPTION_WRITE)
    subscription = await get(session, actor, subscription_id)
    await _write(session, subscription, filters, name, how)
    await session.flush()
    return subscription


async def pause(session: Session, actor: Actor, subscription_id: int) -> Subscription:
    """Tells nothing until it is resumed, not even what it promised already. Raises NotFound."""
    paused = await _set_paused(session, actor, subscription_id, now())
    await alerts.end(session, paused)
    return paused


async def resume(session: Session, actor: Actor, subscription_id: int) -> Subscription:
    """Raises NotFound."""
    return await _set_paused(session, actor, subscription_id, None)


async def _set_paused(session: Session, actor: Actor, subscription_id: int, paused_at: datetime | None) -> Subscription:
    require(actor, Permission.SUBSCRIPTION_WRITE)
    subscription = await get(session, actor, subscription_id)
    subscription.paused_at = paused_at
    await session.flush()
    return subscription


async def delete(session: Session, actor: Actor, subscription_id: int) -> Subscription:
    """`restore` undoes it, but what was promised and not told yet is not told any more. Raises NotFound."""
    require(actor, Permission.SUBSCRIPTION_WRITE)
    subscription = await get(session, actor, subscription_id)
    subscription.deleted_at = now()
    await session.flush()
    await alerts.end(session, subscription)
    return subscription


async def restore(session: Session, actor: Actor, subscription_id: int) -> Subscription:
    """Of a deleted one. Raises NotFound, TooManySubscriptions where others took its place."""
    require(actor, Permission.SUBSCRIPTION_WRITE)
    subscription = await _own(session, actor, subscription_id)
    if subscription.deleted_at is not None:
        await _room_for_one_more(session, actor)
        subscription.deleted_at = None
        await session.flush()
    return subscription


async def get(session: Session, actor: Actor, subscription_id: int) -> Subscription:
    """One of the actor's own. Raises NotFound, also for a deleted one."""
    subscription = await _own(session, actor, subscription_id)
    if subscription.deleted_at is not None:
        raise NotFound
    return subscription


async def of_user(session: Session, actor: Actor) -> list[Subscription]:
    """The actor's own, paused ones too, oldest first."""
    return list(
        await session.scalars(
            select(Subscription)
            .where(Subscription.user_id == actor.user_id, Subscription.deleted_at.is_(None))
            .order_by(Subscription.id)
        )
    )


async def replay(session: Session, actor: Actor, filters: Filters, days: int = REPLAY_DAYS) -> int:
    """How many listings first seen in the last days such a subscription would have told of; twins are one."""
    return (await replay_all(session, actor, [filters], days))[0]


async def replay_all(session: Session, actor: Actor, wanted: Sequence[Filters], days: int = REPLAY_DAYS) -> list[int]:
    """The same for several at once, in their order, reading the listings once."""
    require(actor, Permission.LISTING_SEE)
    wishes = [wish_of(filters) for filters in wanted]
    seen = await listings.recent(session, now() - timedelta(days=days), actor.company_id) if wishes else []
    passed: list[set[int]] = [set() for _ in wishes]
    for start in range(0, len(seen), PORTION):
        for place, wish in enumerate(wishes):
            passing = (facts for facts in seen[start : start + PORTION] if passes(wish, facts))
            passed[place].update(facts.twin_id or facts.listing_id for facts in passing)
        await asyncio.sleep(0)
    return [len(ids) for ids in passed]


async def _own(session: Session, actor: Actor, subscription_id: int) -> Subscription:
    found: Subscription | None = await session.get(Subscription, subscription_id)
    if found is None or found.user_id != actor.user_id:
        raise NotFound
    return found


async def _room_for_one_more(session: Session, actor: Actor) -> None:
    # Locked, or two at once would both find room, and one could slip in while its owner is being removed.
    user = await session.scalar(
        select(User.id).where(User.id == actor.user_id, User.removed_at.is_(None)).with_for_update(key_share=True)
    )
    if user is None:
        raise NotFound
    count = await session.scalar(
        select(func.count())
        .select_from(Subscription)
        .where(Subscription.user_id == actor.user_id, Subscription.deleted_at.is_(None))
    )
    if (count or 0) >= MOST_OF_A_USER:
        raise TooManySubscriptions(most=MOST_OF_A_USER)


async def _write(
    session: Session, subscription: Subscription, filters: Filters | None, name: str | None, how: How
) -> None:
    """All is checked before anything is written."""
    fields: dict[str, Any] = _checked_how(how)
    if filters is not None:
        wish = _checked(wish_of(filters, min_confidence=how.get("min_confidence")))
        await _check_sources(session, wish.source_ids)
        fields |= {field: _as_column(getattr(wish, field)) for field in Wish.__dataclass_fields__}
    if name is not None:
        fields["name"] = _checked_name(name)
    for field, value in fields.items():
        setattr(subscription, field, value)
    if subscription.rhythm is Rhythm.DIGEST and subscription.digest_hour is None:
        subscription.digest_hour = USUAL_DIGEST_HOUR


def _as_column(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _checked_how(how: How) -> dict[str, Any]:
    hour = how.get("digest_hour")
    if hour is not None and hour not in range(24):
        raise Invalid(field="digest_hour", value=hour)
    if "min_confidence" in how:
        _check_confidence(how["min_confidence"])
    return dict(how)


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid(field="name", value=name[:LONGEST_NAME])
    return name


def _check_confidence(confidence: float) -> None:
    if not 0 <= confidence <= 1:
        raise Invalid(field="min_confidence", value=confidence)


def _checked(wish: Wish) -> Wish:
    """The same, each value once and places by their usual names. Raises Invalid."""
    taxonomy = Taxonomy.default()
    if wish.min_rate is not None and not 0 < wish.min_rate <= HIGHEST_RATE:
        raise Invalid(field="min_rate", value=wish.min_rate)
    _check_confidence(wish.min_confidence)
    wanted = {*wish.technologies_any, *wish.technologies_all}
    if contradiction := wanted.intersection(wish.technologies_none):
        raise Invalid(field="technologies_none", value=min(contradiction))
    return Wish(
        kinds=_known("kinds", wish.kinds, (Kind.REQUEST, Kind.OFFER)),
        roles=_known("roles", wish.roles, taxonomy.roles),
        technologies_any=_known("technologies_any", wish.technologies_any, taxonomy.technologies),
        technologies_all=_known("technologies_all", wish.technologies_all, taxonomy.technologies),
        technologies_none=_known("technologies_none", wish.technologies_none, taxonomy.technologies),
        grades=_known("grades", wish.grades, tuple(Grade)),
        engagements=_known("engagements", wish.engagements, set(Engagement) - {Engagement.UNKNOWN}),
        min_rate=wish.min_rate,
        remote=_known("remote", wish.remote, tuple(Remote)),
        places=tuple(dict.fromkeys(_place_name(place) for place in _words("places", wish.places))),
        words=_words("words", wish.words),
        minus_words=_words("minus_words", wish.minus_words),
        source_ids=tuple(dict.fromkeys(wish.source_ids)),
        min_confidence=wish.min_confidence,
        strict=_known("strict", wish.strict, STRICT_FIELDS),
    )


def _known(field: str, values: tuple[str, ...], known: Collection[str]) -> tuple[str, ...]:
    for value in values:
        if value not in known:
            raise Invalid(field=field, value=value[:LONGEST_WORD])
    return tuple(dict.fromkeys(str(value) for value in values))


def _words(field: str, typed: tuple[str, ...]) -> tuple[str, ...]:
    words = [" ".join(word.split()) for word in typed]
    for word in words:
        if len(word) > LONGEST_WORD or needle(word) is None:
            raise Invalid(field=field, value=word[:LONGEST_WORD])
    if len(words) > MOST_VALUES:
        raise Invalid(field=field, value=len(words))
    return tuple(dict.fromkeys(words))


def _place_name(typed: str) -> str:
    places = find_places(typed)
    return places[0] if len(places) == 1 else typed


async def _check_sources(session: Session, source_ids: tuple[int, ...]) -> None:
    """The session sees the market's sources and the company's own."""
    known = set(await session.scalars(select(Source.id).where(Source.id.in_(source_ids))))
    unknown = set(source_ids) - known
    if unknown:
        raise Invalid(field="source_ids", value=min(unknown))


def _name_of(wish: Wish) -> str:
    asked = [*wish.technologies_all, *wish.technologies_any, *wish.roles, *wish.grades, *wish.words, *wish.kinds]
    return ", ".join(asked)[:LONGEST_NAME] or "*"
