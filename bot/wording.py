"""How the values of listings and subscriptions are said. Everything returned is plain text, not HTML."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location

from crm.matching import Reason
from i18n.translator import Translate
from language.taxonomy import Taxonomy

HOURLY_ROUBLES = ("RUB", "hour")
NAME_CHARACTERS = 40


def role_name(role: str | None, t: Translate) -> str:
    """A role of the taxonomy in the language of `t`; an unknown one as it is."""
    if role is None:
        return t("card-somebody")
    known = Taxonomy.default().roles.get(role)
    if known is None:
        return role
    return known.name_ru if t("language-code") == "ru" else known.name_en


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


def moment(at: datetime, timezone: str, t: Translate) -> str:
    """«24 ноября, 14:05» on the person's clock."""
    local = at.astimezone(ZoneInfo(timezone))
    return t("moment", day=str(local.day), month=local.month, time=f"{local:%H:%M}")


def zone_name(timezone: str, t: Translate) -> str:
    """«Белград», «UTC+5»"""
    if timezone.startswith("Etc/"):
        offset = datetime.now(ZoneInfo(timezone)).strftime("%z")
        return "UTC" if offset == "+0000" else f"UTC{offset[0]}{int(offset[1:3])}"
    return get_timezone_location(timezone, locale=t("language-code"), return_city=True)


def clock(at: datetime, timezone: str) -> str:
    """«14:05» where the person is."""
    return f"{at.astimezone(ZoneInfo(timezone)):%H:%M}"


def percent(probability: float) -> int:
    return round(probability * 100)


def reason_words(reason: Reason, t: Translate) -> str | None:
    """One reason why a listing matched; None for a reason that tells a person nothing (the source's number)."""
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
