"""Money in words: «до 2300 ₽/ч», «от 180к на руки», "$4,000–5,500 per month". What makes two rates comparable."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from language.normalise import fold_with_places
from language.phrases import rows
from language.prediction import Rate

HOURS_A_MONTH = 168
HOURS_A_DAY = 8
HOURLY_ROUBLES = (300, 9_999)
"""A bare number between these is roubles an hour, unless something else is said."""
DAILY_ROUBLES = (3_000, 100_000)
MONTHLY_ROUBLES_FROM = 40_000
HOURLY_FOREIGN_BELOW = 250

RateTable = Mapping[str, float]
"""Roubles for one unit of a currency."""

_NUMBER = r"\d{1,2}(?:,\d{2})+,\d{3}(?!\d)|\d{1,3}(?:[ \u00a0\u202f.,'’]\d{3})+(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)"
_THOUSAND = r"[кk](?![a-zа-я])|тыс(?:яч\w*|\.)?|т\.? ?р\.?(?![a-zа-я])|т(?=[ .,;/)\n]|$)"
_MILLION = r"млн\.?|миллион\w*"
_CURRENCIES = {
    "USDT": r"usdt|тезер\w*",
    "BYN": r"byn|бел\.? ?руб\w*",
    "RUB": r"₽|руб(?:л\w+|\.)?|р\.(?!\w)|р(?![a-zа-я])|rub(?:les?)?|rur|деревянн\w+",
    "USD": r"\$|usd|долл?\w*|бакс\w*|у\.?е\.?",
    "EUR": r"€|eur(?:o|os)?|евро",
    "GBP": r"£|gbp|фунт\w*",
    "KZT": r"₸|kzt|тенге|тг(?![a-zа-я])",
    "UAH": r"₴|uah|грн|гривен\w*",
    "GEL": r"₾|gel(?![a-z])|лари",
    "AMD": r"amd|драм\w*",
    "INR": r"₹|inr|rupees?",
    "SAR": r"sar(?![a-z])|риал\w*",
    "QAR": r"qar(?![a-z])",
    "CHF": r"chf(?![a-z])",
    "SEK": r"sek(?![a-z])",
    "NOK": r"nok(?![a-z])",
    "CAD": r"cad(?![a-z])",
    "CZK": r"czk(?![a-z])",
    "MKD": r"mkd(?![a-z])",
    "MDL": r"mdl(?![a-z])",
    "AZN": r"azn(?![a-z])|манат\w*",
    "KGS": r"kgs(?![a-z])",
    "BGN": r"bgn(?![a-z])",
    "RON": r"ron(?![a-z])",
    "UZS": r"uzs|сум(?![a-zа-я])",
    "TRY": r"₺|try(?![a-z])|лир(?:а|ы)?(?![a-zа-я])",
    "RSD": r"rsd|динар\w*",
    "PLN": r"zł|pln|злот\w*",
    "AED": r"aed|дирхам\w*",
    "ILS": r"₪|ils(?![a-z])|nis(?![a-z])|шекел\w*",
    "CNY": r"¥|cny|юан\w*",
}
_ANY_CURRENCY = "|".join(f"(?:{words})" for words in _CURRENCIES.values())
_PERIODS = {
    "hour": r"(?:/|в|за|per|an|a|p)? ?\.?(?:час(?![а-я])|часа(?!\w)|часов(?:ая|ой|ую)|h(?![a-z])|hr|hour(?:ly)?|ч(?![a-zа-я]))\.?",
    "day": r"(?:/|в|за|per|a) ?(?:рабоч\w+ )?(?:день|сутки|смену|day|дн\.?|md(?![a-z]))|смена|daily|man-?day",
    "month": r"(?:/|в|за|per|a) ?(?:месяц|мес\.?|month|mo(?![a-z])|mth|m(?![a-z]))|месячн\w+|monthly|ежемесячно|p\.?m\.?(?![a-z])",
    "project": r"(?:/|за) ?(?:проект|всё|все|задачу|работу|project|весь объем|макет|task)|(?:per|for the) (?:project|task)|fix(?:ed)?\b|фикс\w*",
    "year": r"(?:/|в|per|a) ?(?:год|year|yr|annum)|annual\w*|p\.?a\.?(?![a-z])|годовых",
}
_LOW = r"(?:от|с|from|min(?:imum)?|минимум|не менее|не ниже|хотя бы|at least|starting at|>=|≥)"
_HIGH = r"(?:до|up to|max(?:imum)?|максимум|не более|не выше|потолок|to|under|<=?|≤|в пределах)"

_CODES = r"(?:eur|usd|gbp|rub|aed|inr|chf|sar|qar|pln|sek|nok|cad|czk|kzt|byn|nis|ils)"


CEILING_AFTER = re.compile(r"[ \u00a0]?\(?(?:max\b|макс\w*|потолок|предел|(?:и )?не (?:больше|выше|более))")
"""«$26/h max»"""


def _amount(n: int) -> str:
    return (
        rf"(?:(?P<pre{n}>[$€£₽₹]|{_CODES}(?= ?\d)) ?)?[ \u00a0]?(?P<num{n}>{_NUMBER})[ \u00a0]{{0,2}}(?P<mul{n}>{_THOUSAND}|{_MILLION})?(?P<plus{n}>\+(?!\d))?"
        rf"(?:[ \u00a0]{{0,2}}(?P<cur{n}>{_ANY_CURRENCY}))?"
    )


_RATE = re.compile(
    rf"(?<![\w.,:+@#/\-])(?:(?P<low>{_LOW})[ \u00a0]{{0,2}}|(?P<high>{_HIGH})[ \u00a0]{{0,2}}|(?P<about>~|≈|около|порядка|примерно)[ \u00a0]?)?"
    + _amount(1)
    + r"(?:[ \u00a0]{0,2}(?:-|–|—|до|to|\.\.|…|(?<=\d{3})/)[ \u00a0]{0,2}(?=[$€£₽\d])"
    + _amount(2)
    + ")?"
    + r"(?![-–]?[\d*])(?:[ \u00a0]{0,2}(?:\(?(?:net|gross|на руки|нетто|гросс|без ндс|с ндс|ндс|до вычета|чистыми)\)?,?[ \u00a0]{0,2})*"
    + r"(?P<period>"
    + "|".join(f"(?P<{name}>{words})" for name, words in _PERIODS.items())
    + r"))?"
)
_MONEY_BEFORE = re.compile(
    r"(?:ставк\w*|рейт\w*|rate|зп|з/п|з\.п\.?|вилк\w*|бюджет\w*|оплат\w*|salary|зарплат\w*|оклад\w*|доход\w*|компенсац\w*|стоимост\w*|"
    r"цен[аыуе]\w*|budget|pay|payment|compensation|деньг\w*|денег|ожидани\w*|плат(?:им|ят|ит)|зарп\w*|price|прайс|money|💰|💵|💸|fork|₽|\$|€|"
    r"руб\w*|часов\w* ставк\w*|за час|в час|в месяц|\bза)[^\n\d]{0,28}$"
)
_PROJECT_BEFORE = re.compile(
    r"(?:бюджет\w*|budget|за (?:все|всё|работу|задачу|проект)|стоимост\w*|fix\w*|фикс\w*|цена)[^\n\d]{0,20}$"
)
_DAY_BEFORE = re.compile(
    r"(?:за (?:рабочий )?день|в день|дневн\w+ (?:ставк\w+|рейт\w*)|day rate|daily(?: rate)?|per diem)[^\n\d]{0,20}$"
)
_MONTH_NEAR = re.compile(
    r"на руки|gross|net\b|гросс|нетто|оклад|зп\b|з/п|salary|зарплат|вилк|в штат|в месяц|monthly|тк рф|до вычета"
)
_HOUR_NEAR = re.compile(
    r"в час|за час|/ ?час|/ч\b|hourly|per hour|часов\w+ ставк|ставк\w+ (?:в|за) час|rate/h|₽/ч|рейт|ставк|\brate\b"
)
_OTHER_UNIT = re.compile(
    r"\s?(?:лет|год\w*|years?|yrs?|чел\w*|человек|специалист\w*|разработчик\w*|сотрудник\w*|%|мин\w*|час(?:а|ов)?(?! *ставк)(?=[^а-я]*(?:в нед|в сутки|разниц))|"
    r"дн(?:я|ей)|days?|недел\w*|weeks?|мес(?:яц\w*)?\b|months?|раз\w*|позици\w*|штук\w*|шт\b|км|гб|тб|gb|tb|rps|k8s|x\b|людей|people|"
    r"проект(?:а|ов)|запрос\w*|утра|вечера|мск|msk|gmt|utc|:\d\d|подписч\w*|пользовател\w*|users|млн пользов|клиент\w*|уровн\w*|этап\w*|ч/нед|ч в нед)"
)


@dataclass(frozen=True)
class FoundRate:
    """A rate and where it stands. `guessed`: currency or period was not said."""

    rate: Rate
    start: int
    end: int
    guessed: bool


def find_rates(text: str) -> list[FoundRate]:
    """Rates in the order of the text: numbers with a currency, a period, or a word of money before them."""
    folded = fold_with_places(text)
    found = []
    for hit in _RATE.finditer(folded.text):
        read = _read(folded.text, hit)
        if read is not None:
            start, end = folded.places[hit.start()], folded.places[hit.end() - 1] + 1
            found.append(FoundRate(read[0], start, end, read[1]))
    return found


def parse_amount(number: str, multiplier: str | None = None) -> float:
    """«2 300», «1,5» with «млн», «180» with «к»."""
    plain = re.sub(r"[ \u00a0\u202f'’]", "", number)
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}", plain):
        plain = re.sub(r"[.,]", "", plain)
    value = float(plain.replace(",", "."))
    if multiplier is None:
        return value
    return value * (1_000_000 if re.fullmatch(_MILLION, multiplier) else 1_000)


def _read(folded: str, hit: re.Match[str]) -> tuple[Rate, bool] | None:
    line_start = folded.rfind("\n", 0, hit.start()) + 1
    before = folded[max(line_start, hit.start() - 60) : hit.start()]
    line_end = folded.find("\n", hit.end())
    line = folded[line_start : line_end if line_end != -1 else len(folded)]
    after = folded[hit.end() : hit.end() + 30]
    currency = _currency(hit)
    period = next((name for name in _PERIODS if hit[name] is not None), None) if hit["period"] else None
    has_word = _MONEY_BEFORE.search(before) is not None
    multiplied = hit["mul1"] is not None or hit["mul2"] is not None
    if not (currency or has_word or (multiplied and (hit["low"] or hit["high"] or hit["num2"] or period))):
        return _bare(hit, line, after, before)
    if currency is None and _OTHER_UNIT.match(after) and not period:
        return None
    low, high = _bounds(hit)
    if low == high and CEILING_AFTER.match(after):
        low = None
    return _complete(low, high, currency, period, line, before)


def _bare(hit: re.Match[str], line: str, after: str, before: str) -> tuple[Rate, bool] | None:
    """A number with a bound and nothing else: «до 2300», «от 200 до 260 на руки»."""
    low, high = _bounds(hit)
    top = high or low or 0
    if hit["hour"] is not None and not _OTHER_UNIT.match(after) and HOURLY_ROUBLES[0] <= top <= HOURLY_ROUBLES[1]:
        return _complete(low, high, None, "hour", line, before)
    if hit["day"] is not None and DAILY_ROUBLES[0] <= top <= DAILY_ROUBLES[1]:
        return _complete(low, high, None, "day", line, before)
    if not (hit["low"] or hit["high"] or hit["num2"]) or _OTHER_UNIT.match(after) or hit["plus1"] or hit["period"]:
        return None
    if hit["low"] in ("с", "to") or hit["high"] == "to":
        return None
    if 2000 <= top <= 2099 and not (low and high) and not _HOUR_NEAR.search(line):
        return None if hit["low"] in ("с",) else _complete(low, high, None, None, line, before)
    if 900 <= top <= 9_000 or 40_000 <= top <= 2_000_000:
        return _complete(low, high, None, None, line, before)
    if 70 <= top <= 990 and (_MONTH_NEAR.search(line) or (hit["high"] or (hit["low"] and hit["num2"]))):
        return _complete(low, high, None, None, line, before)
    return None


def _bounds(hit: re.Match[str]) -> tuple[float | None, float | None]:
    first = parse_amount(hit["num1"], hit["mul1"])
    if hit["num2"] is None:
        if hit["high"]:
            return None, first
        return (first, None) if hit["low"] or hit["plus1"] else (first, first)
    second = parse_amount(hit["num2"], hit["mul2"])
    if hit["mul1"] is None and hit["mul2"] is not None and first < second:
        first = parse_amount(hit["num1"], hit["mul2"]) if first < 1000 else first
    if first > second and hit["mul2"] is None and hit["mul1"] is not None and second < 1000:
        second = parse_amount(hit["num2"], hit["mul1"])
    return first, second


def _currency(hit: re.Match[str]) -> str | None:
    for group in ("pre1", "cur1", "pre2", "cur2"):
        if hit[group]:
            return next(name for name, words in _CURRENCIES.items() if re.fullmatch(words, hit[group]))
    return None


def _complete(
    low: float | None, high: float | None, currency: str | None, period: str | None, line: str, before: str
) -> tuple[Rate, bool] | None:
    """Fill in what was not said, by the size of the number (ruling 1 of the guide)."""
    guessed = currency is None or period is None
    is_said = currency is not None
    currency = currency or "RUB"
    top = high if high is not None else low
    assert top is not None  # noqa: S101  a match has at least one number
    if (
        period is None
        and currency == "RUB"
        and top < 1000
        and (_MONTH_NEAR.search(line) or (top >= 70 and not (is_said and top >= HOURLY_ROUBLES[0])))
        and not (_HOUR_NEAR.search(line) and top >= 300)
    ):
        low, high, top = (None if bound is None else bound * 1000 for bound in (low, high, top))  # «до 280» is 280к
        assert top is not None  # noqa: S101
    if period is None:
        period = _period(top, currency, line, before)
    if period == "year":
        low, high, period = low and low / 12, high and high / 12, "month"
    if top <= 0 or top > 100_000_000 or (currency == "RUB" and top < 100):
        return None
    return Rate(currency, period, _whole(low), _whole(high)), guessed


def _period(top: float, currency: str, line: str, before: str) -> str:
    if _DAY_BEFORE.search(before):
        return "day"
    if _PROJECT_BEFORE.search(before) and not (currency == "RUB" and HOURLY_ROUBLES[0] <= top <= HOURLY_ROUBLES[1]):
        return "project"
    if currency in ("RUB", "KZT", "UAH", "UZS", "AMD", "RSD", "TRY"):
        if top <= HOURLY_ROUBLES[1] and currency == "RUB":
            return "hour"
        return "month" if top >= MONTHLY_ROUBLES_FROM else "project"
    return "hour" if top < HOURLY_FOREIGN_BELOW else "month"


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


@cache
def default_table() -> RateTable:
    """The dated table that ships; an installation may keep its own."""
    table = rows(Path(__file__).parent / "tables" / "exchange_rates.tsv")
    return {row["currency"]: float(row["roubles"]) for row in table}


def hourly_roubles(rate: Rate, table: RateTable | None = None) -> tuple[int | None, int | None]:
    """(min, max) in roubles an hour; (None, None) for the price of a task or an unknown currency."""
    worth = (table or default_table()).get(rate.currency)
    hours = {"hour": 1, "day": HOURS_A_DAY, "month": HOURS_A_MONTH}.get(rate.period)
    if worth is None or hours is None:
        return None, None
    low, high = (None if bound is None else round(bound * worth / hours) for bound in (rate.min, rate.max))
    return low, high
