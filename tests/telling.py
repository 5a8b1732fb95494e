"""A small world in which alerts are promised and told: listings of one source, people who want them."""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from crm import alerts
from crm.matching import ListingFacts
from crm.subscription_index import SubscriptionIndex
from db.base import now as clock
from db.models import Address, Alert, AlertAttempt, Appearance, Listing, Source, SubscriptionRecipient, User
from db.session import Sessions, SystemSession
from language.kinds import Engagement, Kind
from language.prediction import item_to_json
from tests import make

_numbers = itertools.count(1)


async def listing(
    session: SystemSession, within: Source, text: str = "Нужен Java-разработчик", **fields: Any
) -> Listing:
    """One position seen in one post of the source."""
    post = await make.post(session, within, text)
    filled = {
        "kind": Kind.REQUEST,
        "role": "backend",
        "core": ["java"],
        "extra": [],
        "grades": ["senior"],
        "engagement": Engagement.OUTSTAFF,
        "confidence": 0.9,
        "shingle_text": f"{text} {next(_numbers)}",
        "first_seen_at": post.posted_at,
        "last_seen_at": post.posted_at,
    } | fields
    made = Listing(company_id=within.company_id, first_post_id=post.id, **filled)
    session.add(made)
    await session.flush()
    session.add(
        Appearance(
            company_id=within.company_id, listing_id=made.id, post_id=post.id, source_id=within.id, item=0,
            item_text=text, said=item_to_json(make.item(made.role, *made.core)), engagement=made.engagement,
            confidence=made.confidence, seen_at=post.posted_at,
        )
    )  # fmt: skip
    await session.flush()
    return made


async def address(session: SystemSession, of: User, *, is_own: bool = True, **fields: Any) -> Address:
    """A confirmed one; of a recipient without Telegram where it is not the user's own."""
    filled = {"email": f"person{next(_numbers)}@example.org", "confirmed_at": clock()} | fields
    made = Address(company_id=of.company_id, user_id=of.id if is_own else None, added_by_id=of.id, **filled)
    session.add(made)
    await session.flush()
    return made


async def recipient(session: SystemSession, subscription: Any, address: Address) -> None:
    session.add(
        SubscriptionRecipient(
            subscription_id=subscription.id, address_id=address.id, company_id=subscription.company_id
        )
    )
    await session.flush()


def facts(of: Listing, **fields: Any) -> ListingFacts:
    filled = {
        "kind": str(of.kind),
        "role": of.role,
        "core": tuple(of.core),
        "grades": tuple(of.grades),
        "engagement": str(of.engagement),
        "confidence": of.confidence,
    } | fields
    return ListingFacts(listing_id=of.id, company_id=of.company_id, **filled)


async def promise(session: SystemSession, of: Listing, *, now: datetime = make.NOON, **how: Any) -> int:
    """As labelling does, with an index read in the same transaction; `is_unsure` goes into the facts."""
    index = SubscriptionIndex()
    await index.refresh(session)
    shown = facts(of, is_unsure=how.pop("is_unsure", False))
    return await alerts.promise(session, of, shown, index, now=now, **how)


async def ledger(sessions: Sessions) -> list[Alert]:
    """Every alert as committed, in the order they were made."""
    async with sessions.of_system() as session:
        return list(await session.scalars(select(Alert).order_by(Alert.id)))


async def history(sessions: Sessions, alert_id: int) -> Sequence[str]:
    """The outcomes written of an alert, oldest first."""
    async with sessions.of_system() as session:
        query = select(AlertAttempt.outcome).where(AlertAttempt.alert_id == alert_id).order_by(AlertAttempt.id)
        return (await session.scalars(query)).all()


def later(**by: float) -> datetime:
    return make.NOON + timedelta(**by)
