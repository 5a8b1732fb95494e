"""How the values of listings and subscriptions are said, in chats and letters alike. All of it is plain text."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location

from i18n.translator import Translate
from language import time_zones
from language.taxonomy import Taxonomy

HOURLY_ROUBLES = ("RUB", "hour")
NAME_CHARACTERS = 40
OTHER_ROLE = "other"


def role_name(role: str | None, t: Translate) -> str:
    """A role of the taxonomy in the language of `t`; an unknown one as it is."""
    if role is None:
        return t("card-somebody")
    known = Taxonomy.default().roles.get(role)
    if known is None:
        return role
    return known.name_ru if t("language-code") == "ru" else known.name_en


def person_name(role: str | None, t: Translate) -> str:
    """Who is sought or offered, for a title: a role outside of the known ones says less than nothing."""
    return role_name(None if role == OTHER_ROLE else role, t)


def technology_name(technology: str) -> str:
    """A technology of the taxonomy; an unknown one as it is."""
    known = Taxonomy.default().technologies.get(technology)
    return known.name if known else technology


def technology_names(technologies: Iterable[str], at_most: int = 12) -> str:
    """«React, TypeScript, …»"""
    names = [technology_name(technology)[:NAME_CHARACTERS] for technology in technologies]
    return ", ".join(names[:at_most]) + (", …" if len(names) > at_most else "")


def grade_names(grades: Iterable[str], t: Translate) -> str:
    return ", ".join(t(f"grade-{grade}") for grade in grades)


def rate_words(low: int | None, high: int | None, currency: str | None, period: str | None, t: Translate) -> str | None:
    """«2 000–2 500 ₽/ч»; None where no amount is stated."""
    sign = currency or "RUB"
    if low is not None and high is not None and low != high:
        amount = t("rate-range", low=low, high=high, currency=sign)
    elif high is not None:
        amount = t("rate-exact" if low == high else "rate-up-to", amount=high, currency=sign)
    elif low is not None:
        amount = t("rate-from", amount=low, currency=sign)
    else:
        return None
    return t("rate-per", amount=amount, period=period or "hour")


def rate_and_hourly(
    low: int | None,
    high: int | None,
    currency: str | None,
    period: str | None,
    hourly: tuple[int | None, int | None],
    t: Translate,
) -> str | None:
    """As written, and in roubles an hour (`hourly`: min, max) where that is not how it was written."""
    written = rate_words(low, high, currency, period, t)
    if written is None or (currency, period) == HOURLY_ROUBLES:
        return written
    roubles = rate_words(*hourly, *HOURLY_ROUBLES, t)
    return f"{written} {t('card-roughly', rate=roubles)}" if roubles else written


def moment(at: datetime, timezone: str, t: Translate) -> str:
    """«24 ноября, 14:05» on the person's clock."""
    local = at.astimezone(ZoneInfo(timezone))
    return t("moment", day=str(local.day), month=local.month, time=f"{local:%H:%M}")


def zone_name(timezone: str, t: Translate) -> str:
    """«Белград», "New York", «UTC+5»"""
    region, _, city = timezone.rpartition("/")
    if region in ("", "Etc"):
        return time_zones.label(timezone)
    return get_timezone_location(timezone, locale=t("language-code"), return_city=True) or city


def clock(at: datetime, timezone: str) -> str:
    """«14:05» where the person is."""
    return f"{at.astimezone(ZoneInfo(timezone)):%H:%M}"


def percent(probability: float) -> int:
    return round(probability * 100)


def reason_words(reason: Mapping[str, Any], t: Translate) -> str | None:
    """One reason ({filter, value}) why a listing matched; None for one that tells a person nothing."""
    match reason["filter"], reason["value"]:
        case "kind", value:
            return t(f"kind-{value}")
        case "role", value:
            return role_name(value, t)
        case "core" | "extra", value:
            return technology_name(value)
        case "grade", value:
            return t(f"grade-{value}")
        case "engagement", value:
            return t(f"engagement-{value}")
        case "remote", value:
            return t(f"remote-{value}")
        case "rate", value:
            return rate_words(int(value), None, *HOURLY_ROUBLES, t)
        case "place" | "word", value:
            return t("card-reason-word", word=str(value)[:NAME_CHARACTERS])
        case "source", _:
            return t("card-reason-source")
    return None
