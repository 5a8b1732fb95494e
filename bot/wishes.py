"""What a subscription wants, said in words. A draft in a dialog is plain JSON of the same fields."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from aiogram.types import InlineKeyboardMarkup

from bot.answers import escape
from bot.callbacks import OnSubscription, Subscriptions
from bot.cards import button, cut, rows
from crm.matching import Filters, Wish, wish_of
from db.base import Json
from db.models import Rhythm, Subscription
from i18n import wording
from i18n.translator import Translate

NAME_CHARACTERS = 60
VALUE_CHARACTERS = 300


def to_json(filters: Filters) -> Json:
    """The filters as lists and numbers."""
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in asdict(wish_of(filters)).items()
    }


def from_json(draft: Json) -> Wish:
    """The filters of `to_json`."""
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in draft.items()}
    return Wish(**values)


def empty() -> Json:
    """Requests of any sort."""
    return to_json(Wish(kinds=("request",)))


def nothing() -> Json:
    """No filter at all."""
    return to_json(Wish())


def describe(filters: Filters, t: Translate) -> str:
    """HTML, a line for each filter that filters; `min_confidence` is said with the ways of telling."""
    kinds = _named(filters.kinds, "kinds", t) or t("wish-kinds-all")
    return "\n".join(filter(None, [f"{t('wish-kinds')} <b>{kinds}</b>", describe_only(filters, t)]))


def describe_only(filters: Filters, t: Translate) -> str:
    """The same without the kinds; empty where nothing filters."""
    lines = [
        ("roles", ", ".join(wording.role_name(role, t) for role in filters.roles)),
        ("any", wording.technology_names(filters.technologies_any, 20)),
        ("all", wording.technology_names(filters.technologies_all, 20)),
        ("none", wording.technology_names(filters.technologies_none, 20)),
        ("grades", wording.grade_names(filters.grades, t)),
        ("engagements", _named(filters.engagements, "engagement", t)),
        ("rate", wording.rate_words(filters.min_rate, None, *wording.HOURLY_ROUBLES, t) if filters.min_rate else ""),
        ("remote", _named(filters.remote, "remote", t)),
        ("places", ", ".join(filters.places)),
        ("words", ", ".join(filters.words)),
        ("minus-words", ", ".join(filters.minus_words)),
        ("sources", t("wish-sources-chosen", count=len(sources)) if (sources := wish_of(filters).source_ids) else ""),
        ("strict", ", ".join(t(f"wish-strict-{field.replace('_', '-')}") for field in filters.strict)),
    ]
    # Fluent takes no value of over 1,000 characters, so values stand beside their texts.
    said = [(key, escape(cut(value, VALUE_CHARACTERS))) for key, value in lines if value]
    return "\n".join(f"{t(f'wish-{key}')} <b>{value}</b>" for key, value in said)


def short_name(filters: Filters, t: Translate) -> str:
    """A name made of the filters that say most: «React, Vue · Middle · от 2 000 ₽/ч»."""
    parts = [
        wording.technology_names([*filters.technologies_all, *filters.technologies_any], 3),
        ", ".join(wording.role_name(role, t) for role in filters.roles[:2]),
        wording.grade_names(filters.grades, t),
        wording.rate_words(filters.min_rate, None, *wording.HOURLY_ROUBLES, t) if filters.min_rate else "",
        ", ".join([*filters.words[:2], *filters.places[:1]]),
    ]
    name = " · ".join(part for part in parts if part)
    kinds = _named(filters.kinds, "kinds", t) or t("wish-kinds-all")
    return cut(name or t("wish-name-all", kinds=kinds), NAME_CHARACTERS)


def describe_telling(how: "dict[str, Any]", t: Translate) -> str:
    """HTML: over which channels, when, how loud, from which confidence."""
    channels = [t(f"how-{channel}") for channel in ("telegram", "email") if how[f"by_{channel}"]]
    digest = how["rhythm"] == Rhythm.DIGEST
    when = t("how-digest-at", hour=hour(how["digest_hour"])) if digest else t("how-at-once")
    return t(
        "wish-how",
        channels=t("how-both") if len(channels) == 2 else "".join(channels) or t("how-nowhere"),
        when=when,
        sound=t("how-silent") if how["is_silent"] else t("how-loud"),
        percent=wording.percent(how["min_confidence"]),
    )


def made(subscription: Subscription, key: str, t: Translate) -> tuple[str, InlineKeyboardMarkup | None]:
    """What was just made or changed, and the ways on. `key` says which."""
    text = f"{describe(subscription, t)}\n{describe_telling(telling_of(subscription), t)}"
    return f"{t(key, name=escape(subscription.name))}\n\n{text}", rows(
        [button(t("subscription-button-how"), OnSubscription(act="how", subscription_id=subscription.id).pack())],
        [button(t("subscription-button-list"), Subscriptions().pack())],
    )


def telling_of(subscription: Subscription) -> Json:
    """How a subscription tells, as a dialog keeps it."""
    return {
        "by_telegram": subscription.by_telegram,
        "by_email": subscription.by_email,
        "rhythm": str(subscription.rhythm),
        "digest_hour": subscription.digest_hour,
        "is_silent": subscription.is_silent,
        "min_confidence": subscription.min_confidence,
    }


def usual_telling() -> Json:
    """At once, in Telegram, with sound."""
    return {
        "by_telegram": True,
        "by_email": False,
        "rhythm": str(Rhythm.AT_ONCE),
        "digest_hour": None,
        "is_silent": False,
        "min_confidence": 0.3,
    }


def hour(number: int | None) -> str:
    """«09:00»"""
    return f"{9 if number is None else number:02}:00"


def _named(values: Iterable[str], prefix: str, t: Translate) -> str:
    return ", ".join(t(f"{prefix}-{value}") for value in values)
