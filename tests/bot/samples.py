"""Cards and listings to look at without a database."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from crm.alerts import Delivery, Told
from crm.listings import ListingCard, SeenIn
from db.models import (
    Alert,
    Appearance,
    Arrival,
    Bundle,
    Channel,
    Listing,
    Post,
    Role,
    Source,
    SourceReader,
    User,
)
from language.kinds import Engagement, Kind, ListingState

AT = datetime(2026, 3, 10, 11, 5, tzinfo=UTC)
_numbers = count(1)


def user(language: str = "ru", **fields: Any) -> User:
    filled = {
        "id": 1,
        "company_id": 1,
        "telegram_id": 1001,
        "name": "Анна",
        "role": Role.MANAGER,
        "is_operator": False,
        "language": language,
        "timezone": "Europe/Moscow",
    }
    return User(**(filled | fields))


def listing(**fields: Any) -> Listing:
    filled = {
        "id": 7,
        "kind": Kind.REQUEST,
        "role": "frontend",
        "core": ["react", "typescript"],
        "extra": ["graphql"],
        "grades": ["middle", "senior"],
        "count": 2,
        "engagement": Engagement.OUTSTAFF,
        "rate_min": 2000,
        "rate_max": 2500,
        "rate_currency": "RUB",
        "rate_period": "hour",
        "hourly_min": 2000,
        "hourly_max": 2500,
        "location": "Москва",
        "remote": "remote",
        "direct_client": False,
        "confidence": 0.93,
        "state": ListingState.OPEN,
    }
    return Listing(**(filled | fields))


def seen(title: str = "Северный мост", username: str | None = "northbridge", **fields: Any) -> SeenIn:
    number = next(_numbers)
    source = Source(id=number, channel_id=1234567890, username=username, title=title, reader=SourceReader.PREVIEW)
    post = Post(id=number, channel_id=1234567890, message_id=40 + number, text="", arrival=Arrival.LIVE)
    filled = {
        "id": number,
        "item": 0,
        "item_text": "Ищем React-разработчика <middle+> в команду банка & не только.\nСтавка 2000-2500 руб/ч.",
        "contact": "@hr_anna",
        "rate_min": 2000,
        "rate_max": 2500,
        "rate_currency": "RUB",
        "rate_period": "hour",
        "seen_at": AT + timedelta(hours=number % 5),
    }
    return SeenIn(Appearance(**(filled | fields)), source, post)


def told(
    of: Listing | None = None,
    appearances: list[SeenIn] | None = None,
    *,
    bundle: Bundle = Bundle.ALONE,
    owner: User | None = None,
    is_dismissed: bool = False,
    is_hidden: bool = False,
    subscription: str = "React <средний>",
    **fields: Any,
) -> Told:
    number = next(_numbers)
    filled = {
        "id": number,
        "channel": Channel.TELEGRAM,
        "user_id": 1,
        "bundle": bundle,
        "is_unsure": False,
        "possible_double": False,
        "is_silent": False,
        "reasons": [
            {"filter": "kind", "value": "request"},
            {"filter": "core", "value": "react"},
            {"filter": "grade", "value": "middle"},
            {"filter": "rate", "value": 2000},
        ],
    }
    card = ListingCard(
        listing=of or listing(),
        appearances=[seen()] if appearances is None else appearances,
        lead=None,
        owner=owner,
        reasons=[{"words": "ищем", "weight": 1.0}, {"words": "курс", "weight": -0.5}],
        is_hidden=is_hidden,
    )
    return Told(Alert(**(filled | fields)), card, subscription, is_dismissed)


def delivery(*of: Told, language: str = "ru", **fields: Any) -> Delivery:
    return Delivery(list(of) or [told()], user(language, **fields), None)
