"""Rates that are bare numbers: «Java Middle, 2300», «15к, 4 дня», «Senior, 300 net», and units said once for a list."""

import re
from dataclasses import dataclass

from language.kinds import Engagement
from language.prediction import Rate

_NUMBER = re.compile(
    r"(?<![\w.,:#№@/+±=-])(?<!\d )(?:(?P<bound>до|от|from|up to|≤|≥)\s)?"
    r"(?P<low>\d{1,3}[ \u00a0]\d{3}|\d{2,6})(?:\s?[–—-]\s?(?P<high>\d{1,3}[ \u00a0]\d{3}|\d{2,6}))?"
    r"(?:\s?(?P<thousand>к|k|тыс\w*\.?|т\.?\s?р\.?)(?![a-zа-я]))?(?P<plus>\+)?(?![\w%:/°]|[.,]\d|-[a-zа-я]|\s?[–—]\s?\d)"
)
_OTHER_UNIT = re.compile(
    r"\s?(?:лет|год|дн|день|дня|час(?!\w)|часов|мес|недел|минут|человек|чел|шт|users|years?|months?|days?|hours|weeks|баз|отчет|филиал|"
    r"стран|город|магазин|точек|тыс\w* (?:стр|польз)|rps|запрос|кандидат|пользовател|сотрудник|проект|экран|сущност|°|am\b|pm\b|"
    r"server|года|г\.|bit|бит|мб|гб|тб|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)"
)
_NOT_MONEY_BEFORE = re.compile(
    r"(?<![a-zа-я])(?:id|ид|номер|№|#|server|windows|oracle|версии|c\+\+|java|sql|с|в|на|more than|более|около|dynamics|ms sql|1с|sap|office|"
    r"карточка|заявк\w|запрос\w?|req|r|взамен|вместо|замена|replaces|instead of)\s?[:.|-]?\s?$"
)
_NET = re.compile(r"\s?(?:net\b|gross|на руки|нетто|гросс|чистыми|до вычета)")
_ENDS = re.compile(
    r"\s*(?:$|[\n,;.)(|!?/]|—|–|-\s|\+|[x×]\s?\d|(?:с|без|вкл\w*|включая|плюс)\s?\.?\s?ндс|р\b|по|край|максимум|рейт|ставка|за|₽|в\s|и\s|без|с\s)"
)
_HOURLY = (700, 9_900)
_ROUND = 50
_LARGE = 10_000
_MONTHLY_FROM = 40_000
_UNIT = re.compile(
    r"(?P<currency>₽|руб\w*|р|rub|\$|usd|доллар\w*|€|eur|euro|евро)\.?\s?(?:/|в|за|per)\s?(?:an? )?"
    r"(?P<period>ч(?:ас)?\b|час\w*|h\b|hour|hr|мес\w*|month)"
)
_THOUSANDS_A_MONTH = re.compile(r"тыс\w*\.?\s?(?:руб\w*\.?)?\s?(?:/|в|за)\s?мес")
_CURRENCIES = {"₽": "RUB", "р": "RUB", "$": "USD", "u": "USD", "д": "USD", "€": "EUR", "e": "EUR", "е": "EUR"}


@dataclass(frozen=True)
class BareRate:
    """A rate and its place in the folded text."""

    rate: Rate
    start: int
    end: int


@dataclass(frozen=True)
class Unit:
    """Currency, period and multiplier said once for all numbers of a list."""

    currency: str
    period: str
    times: int = 1


def find_unit(folded: str) -> Unit | None:
    """What the words around a list say of its numbers: «Руб/ч», «цена в тыс. руб. за месяц»."""
    if _THOUSANDS_A_MONTH.search(folded):
        return Unit("RUB", "month", 1000)
    found = _UNIT.search(folded)
    if found is None:
        return None
    currency = "RUB" if found["currency"].startswith("r") else _CURRENCIES[found["currency"][0]]
    return Unit(currency, "month" if found["period"][0] == "м" or found["period"].startswith("mo") else "hour")


def find_bare_rates(folded: str, engagement: Engagement | None, unit: Unit | None = None) -> list[BareRate]:
    """Numbers of a folded text that can only be money, by their size, their company and the engagement."""
    found: list[BareRate] = []
    for hit in _NUMBER.finditer(folded):
        before = folded[max(0, hit.start() - 24) : hit.start()]
        after = folded[hit.end() : hit.end() + 24]
        if _OTHER_UNIT.match(after) or _NOT_MONEY_BEFORE.search(before):
            continue
        rate = _rate(hit, after, engagement, unit)
        if rate is not None:
            found.append(BareRate(rate, hit.start(), hit.end()))
    return found


def _rate(hit: re.Match[str], after: str, engagement: Engagement | None, unit: Unit | None) -> Rate | None:
    low, high = (int(re.sub(r"\D", "", hit[name])) if hit[name] else None for name in ("low", "high"))
    assert low is not None  # noqa: S101  the pattern has it
    top = high or low
    if high is not None and high <= low:
        return None
    if hit["thousand"]:
        period = "project" if engagement is Engagement.FREELANCE or top < 40 else "month"
        return _bounded(hit, low * 1000, high and high * 1000, "RUB", period)
    if top >= _LARGE and low % 500 == 0 and _ENDS.match(after) and unit is None:
        if engagement is Engagement.INHOUSE and top >= _MONTHLY_FROM:
            return _bounded(hit, low, high, "RUB", "month")
        if engagement is Engagement.FREELANCE:
            return _bounded(hit, low, high, "RUB", "project")
        return None
    if unit is not None and unit.currency == "RUB" and unit.period == "hour":
        unit = None
    if unit is not None and top >= 10:
        return _bounded(hit, low * unit.times, high and high * unit.times, unit.currency, unit.period)
    if (
        engagement is not Engagement.INHOUSE
        and _HOURLY[0] <= top <= _HOURLY[1]
        and top % _ROUND == 0
        and _ENDS.match(after)
    ):
        return _bounded(hit, low, high, "RUB", "hour")
    is_monthly = _NET.match(after) or (engagement is Engagement.INHOUSE and _ENDS.match(after) and top % 5 == 0)
    if is_monthly and 40 <= top <= 990:
        return _bounded(hit, low * 1000, high and high * 1000, "RUB", "month")
    return None


def _bounded(hit: re.Match[str], low: int, high: int | None, currency: str, period: str) -> Rate:
    if high is not None:
        return Rate(currency, period, low, high)
    if hit["bound"] in ("до", "up to", "≤"):
        return Rate(currency, period, None, low)
    if hit["bound"] or hit["plus"]:
        return Rate(currency, period, low, None)
    return Rate(currency, period, low, low)
