"""Deliveries as the worker hands them over, made up without a database."""

import dataclasses
from datetime import timedelta
from typing import Any

from crm.alerts import Delivery, Told
from crm.listings import ListingCard, SeenIn
from db.models import Address, Alert, Appearance, Bundle, Channel, Label, Listing, Post, Role, Source, User
from language.kinds import Engagement, Kind, ListingState
from tests.make import NOON

TEXT = """🔥 Ищем Senior Java-разработчика на аутстафф, 2 человека
Стек: Java 17, Spring, Kafka. Будет плюсом Kubernetes
Ставка до 3500 ₽/ч, удалённо, Москва
Старт — сразу после одного собеседования. Писать: @anna_partner"""


def seen(number: int = 1, **fields: Any) -> SeenIn:
    """Posted so many hours after noon."""
    at = NOON + timedelta(hours=number - 1)
    source = Source(id=number, channel_id=5000 + number, username=f"channel_{number}", title=f"Канал № {number}")
    for name in ("username", "title"):
        if name in fields:
            setattr(source, name, fields.pop(name))
    filled = {
        "item_text": TEXT, "contact": "@anna_partner", "seen_at": at, "rate_min": None, "rate_max": 3500,
        "rate_currency": "RUB", "rate_period": "hour",
    } | fields  # fmt: skip
    return SeenIn(Appearance(**filled), source, Post(id=number, channel_id=5000 + number, message_id=100 + number))


def listing(**fields: Any) -> Listing:
    filled = {
        "id": 7, "kind": Kind.REQUEST, "role": "backend", "core": ["java", "spring", "kafka"], "extra": ["kubernetes"],
        "grades": ["senior"], "count": 2, "engagement": Engagement.OUTSTAFF, "rate_min": None, "rate_max": 3500,
        "rate_currency": "RUB", "rate_period": "hour", "hourly_min": None, "hourly_max": 3500, "location": "Москва",
        "remote": "remote", "request_id": None, "direct_client": False, "confidence": 0.93, "is_unsure": False,
        "state": ListingState.OPEN, "state_changed_at": None, "first_seen_at": NOON,
    } | fields  # fmt: skip
    return Listing(**filled)


def told(of: Listing | None = None, *appearances: SeenIn, subscription: str = "Java senior", **fields: Any) -> Told:
    of = of or listing()
    filled = {
        "id": 1, "listing_id": of.id, "telling": 1, "is_unsure": False, "possible_double": False, "promised_at": NOON,
        "bundle": Bundle.ALONE, "channel": Channel.EMAIL,
        "reasons": [
            {"filter": "kind", "value": "request"}, {"filter": "core", "value": "java"},
            {"filter": "grade", "value": "senior"}, {"filter": "rate", "value": 3000},
            {"filter": "word", "value": "собеседовани"},
        ],
    } | fields  # fmt: skip
    card = ListingCard(listing=of, appearances=list(appearances or (seen(),)), lead=None, owner=None, reasons=[])
    return Told(Alert(**filled), card, subscription)


def anna(**fields: Any) -> User:
    filled = {
        "id": 3,
        "name": "Анна",
        "role": Role.MANAGER,
        "language": "ru",
        "timezone": "Asia/Yekaterinburg",
    } | fields
    return User(**filled)


def address(**fields: Any) -> Address:
    return Address(**{"id": 11, "email": "anna@example.org", "user_id": 3, "language": "ru"} | fields)


def delivery(*tellings: Told, user: User | None = None, to: Address | None = None) -> Delivery:
    """To Anna, unless an address of a recipient is given."""
    return Delivery(list(tellings or (told(),)), user if user or to else anna(), to or address())


def rich() -> Told:
    """With everything that a card can show."""
    of = listing(
        rate_min=3000, rate_max=4500, rate_currency="USD", rate_period="month", hourly_min=1450, hourly_max=2180,
        direct_client=True, request_id="10482", state=ListingState.PAUSED, state_changed_at=NOON + timedelta(days=1),
    )  # fmt: skip
    appearances = [
        seen(1),
        seen(2, contact="hr@partner.example", rate_max=3200, title="Java & <b>друзья</b>"),
        seen(3, contact="https://t.me/boris_hr", rate_max=None),
        seen(4, contact="+7 900 123-45-67", username=None, title=None),
        *(seen(number) for number in range(5, 14)),
    ]
    return told(of, *appearances, is_unsure=True, possible_double=True, telling=2, id=2)


def labelled(card: ListingCard) -> ListingCard:
    """Somebody of the company said what it is."""
    return dataclasses.replace(card, label=Label(kind=Kind.REQUEST))
