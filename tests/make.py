"""Small things to test with. A factory flushes what it made, so ids are there; the opener of the session commits.

Each fills in what a test does not care about; `**fields` are columns of the row.
"""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from crm.actors import Actor
from db.models import (
    Appearance,
    Arrival,
    Company,
    Listing,
    Post,
    Role,
    Source,
    SourceReader,
    SourceState,
    Subscription,
    User,
)
from language.kinds import Engagement, Grade, Kind
from language.prediction import Item, Prediction, Rate, StateChange

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
"""A fixed weekday noon, for tests that tell the time themselves."""

_numbers = itertools.count(1)
Row = TypeVar("Row")


async def _saved(session: AsyncSession, row: Row) -> Row:
    session.add(row)
    await session.flush()
    return row


async def company(session: AsyncSession, name: str | None = None) -> Company:
    return await _saved(session, Company(name=name or f"Company {next(_numbers)}"))


async def user(session: AsyncSession, of: Company, **fields: Any) -> User:
    """A manager, unless `role` says another."""
    number = next(_numbers)
    filled = {"telegram_id": 1000 + number, "name": f"Person {number}", "role": Role.MANAGER, "language": "ru"} | fields
    return await _saved(session, User(company_id=of.id, **filled))


def actor(person: User) -> Actor:
    return Actor(
        user_id=person.id,
        company_id=person.company_id,
        role=person.role,
        is_operator=person.is_operator,
        language=person.language,
        timezone=person.timezone,
    )


async def source(session: AsyncSession, of: Company | None = None, **fields: Any) -> Source:
    """A public channel that is being read; a company's private one with `of`."""
    number = next(_numbers)
    filled = {
        "channel_id": 5_000_000 + number,
        "username": f"channel_{number}",
        "title": f"Channel {number}",
        "reader": SourceReader.USERBOT,
        "state": SourceState.READING,
    } | fields
    return await _saved(session, Source(company_id=of.id if of else None, **filled))


async def post(session: AsyncSession, within: Source, text: str, **fields: Any) -> Post:
    """A live post of now; `ago=timedelta(…)` makes it older."""
    posted_at = fields.pop("posted_at", datetime.now(UTC)) - fields.pop("ago", timedelta(0))
    filled = {
        "message_id": next(_numbers),
        "posted_at": posted_at,
        "stored_at": posted_at,
        "arrival": Arrival.LIVE,
        "entities": [],
    } | fields
    return await _saved(
        session,
        Post(company_id=within.company_id, source_id=within.id, channel_id=within.channel_id, text=text, **filled),
    )


async def listing(session: AsyncSession, of: Company | None = None, **fields: Any) -> Listing:
    """An open request for a middle backend developer, seen in one post of now; a company's private one with `of`."""
    within = await source(session, of)
    seen_in = await post(session, within, fields.pop("text", "Нужен backend-разработчик"))
    filled = {
        "kind": Kind.REQUEST,
        "role": "backend",
        "core": [],
        "extra": [],
        "grades": ["middle"],
        "engagement": Engagement.OUTSTAFF,
        "confidence": 0.97,
        "first_post_id": seen_in.id,
        "first_seen_at": seen_in.posted_at,
        "last_seen_at": seen_in.posted_at,
        "shingle_text": seen_in.text,
    } | fields
    made = await _saved(session, Listing(company_id=seen_in.company_id, **filled))
    stack = {"core": made.core, "extra": made.extra, "grades": made.grades}
    await _saved(
        session,
        Appearance(
            company_id=made.company_id,
            listing_id=made.id,
            post_id=seen_in.id,
            source_id=within.id,
            item=0,
            item_text=seen_in.text,
            said={"role": made.role, "count": 1} | stack,
            engagement=made.engagement,
            confidence=made.confidence,
            seen_at=seen_in.posted_at,
        ),
    )
    return made


async def subscription(session: AsyncSession, of: User, **fields: Any) -> Subscription:
    """Wants every request, at once and by Telegram, unless told otherwise."""
    filled = {"name": f"Subscription {next(_numbers)}", "kinds": ["request"]} | fields
    return await _saved(session, Subscription(company_id=of.company_id, user_id=of.id, **filled))


def item(role: str = "backend", *core: str, grades: tuple[Grade, ...] = (Grade.MIDDLE,), **fields: Any) -> Item:
    """One position. `max_rate` is roubles an hour."""
    max_rate = fields.pop("max_rate", None)
    rate = Rate("RUB", "hour", max=max_rate) if max_rate else None
    return Item(role=role, core=core, grades=grades, **{"rate": rate} | fields)


def request(*items: Item, confidence: float = 0.97, **fields: Any) -> Prediction:
    """A post that asks for people."""
    filled: dict[str, Any] = {"engagement": Engagement.OUTSTAFF, "relevance": confidence} | fields
    return Prediction(kind=Kind.REQUEST, kind_confidence=confidence, items=items, **filled)


def offer(*items: Item, confidence: float = 0.97) -> Prediction:
    """A post that offers people."""
    return Prediction(
        kind=Kind.OFFER,
        kind_confidence=confidence,
        engagement=Engagement.OUTSTAFF,
        relevance=confidence,
        items=items,
    )


def update(*changes: StateChange) -> Prediction:
    """A post that says what became of earlier ones."""
    return Prediction(kind=Kind.UPDATE, kind_confidence=0.97, engagement=None, relevance=0.05, changes=changes)


def junk() -> Prediction:
    return Prediction(kind=Kind.JUNK, kind_confidence=0.97, engagement=None, relevance=0.02)
