"""The numbers that posters give their requests and people: «ID 4410», «№ 305», «A-45 | …», "Ref INS-19", «Спец. 205»."""

import re

from language.normalise import fold

_VALUE = r"(?=[\w/-]*\d)(?:[A-Za-zА-Яа-я]{1,5}[-/]?)?\d{1,7}(?:[-/](?:[A-Za-zА-Яа-я]{1,2}[-/])?\d{1,4}|[-/][A-Za-zА-Яа-я]{1,2}\b|(?![кКkK])[A-Za-zА-Яа-я]\b)?"
_LABELLED = re.compile(
    r"(?i)(?:\b(?:id|ид|айди|запрос\w*|заявк\w+|потребност\w+|req(?:uest)?|ваканси\w+|позици\w+|кандидат\w*|номер\w*|job|код\w*|"
    r"ref(?:erence)?|position|vacancy|specialist|специалист\w*|спец|карточк\w+|candidate|кейс|слот)\s*\.?\s*"
    r"(?:id|ид|кандидата|партн[её]р\w*|запроса|номер|no|код)?\s*[:#№.\[(-]{0,2}\s*|(?:^|(?<=[\s(\[]))(?:№|#|🆔)\s?)"
    rf"(?P<value>{_VALUE})"
    r"(?![\w%/]|[:.,–-]\d|\s?(?:-|–|—|to|до)?\s?(?:человек|чел\b|шт|штук|места?\b|лет\b|год|месяц|час|недел|дн|₽|руб|р/ч|\$|€|к\b|тыс|%|(?:eur|usd|rub)\b|из\b)|\s?[-–—]\s?\d{3,})"
)
_AT_START = re.compile(
    r"(?m)^\W{0,6}(?P<value>[A-ZА-Я]{1,5}-\d{1,5}(?:-\d{1,4})?|\d{1,4}-\d{1,5}|\d{1,4}/[A-Za-zА-Яа-я]{1,2}|\d{3,6})"
    r"(?:\s*[\])]?\s*(?:[|—–:(.]|-\s)|\s+(?=[A-ZА-Яa-zа-я]))"
)
_BRACKETED = re.compile(r"[\[(](?P<value>[A-ZА-Я]{1,5}-\d{1,5})[\])]")
_ALONE = re.compile(r"(?<![\w@./-])(?P<value>[A-ZА-Я]{1,5}-\d{1,5})(?![\w-]|\.\d)")
_NOT_IDS = re.compile(
    r"(?i)^(?:id|ид|no|utf|iso|utc|gmt|мск|msk|sha|md|tcp|ipv|covid|rs|usb|http|gost|гост|фз|cv|ca|win|ms|ec|eu|us|gpt|as|ут|ерп|erp|зуп|бп|ка|унф|go|php|java|ios|"
    r"python|node|vue|net|sap|1с|it|ит|до|от|по|на|за|ot|do|топ|top|млн|тз|фаза|этап|level|grade)-?\d"
)

_PATTERNS = (_LABELLED, _BRACKETED, _AT_START, _ALONE)


def find_request_id(text: str) -> str | None:
    """The first number given to what the text speaks of, as it is written; None where there is none."""
    likely = [
        (found.start("value"), -len(value), value)
        for pattern in _PATTERNS
        for found in pattern.finditer(text)
        if _is_likely(pattern, text, found, value := found["value"])
    ]
    return min(likely)[2].strip("-/") if likely else None


def _is_likely(pattern: re.Pattern[str], text: str, found: re.Match[str], value: str) -> bool:
    if pattern is _LABELLED:
        return len(re.sub(r"\W", "", value)) >= 2 or re.match(r"(?i)\s*(?:id|ид|айди)\b", found[0]) is not None
    if _NOT_IDS.match(value):
        return False
    if pattern is _AT_START and value.isdigit():
        after = text[found.end("value") : found.end("value") + 12]
        return not re.match(
            r"\s*(?:[-–—]\s*\d|₽|руб|р\b|к\b|тыс|\+|час|до\b|to\b|usd|eur|рос|человек|лет|в час|за час|в месяц|per|a month|an hour)",
            after,
            re.IGNORECASE,
        ) and (not found[0][-1:].isspace() or len(value) >= 4)
    return True


def id_key(request_id: str) -> str:
    """By which two writings of one number are equal: «К-12», «k12» and «К 12»."""
    key = "".join(letter for letter in fold(request_id).translate(_LATIN) if letter.isalnum())
    return _LABEL.sub("", key)


def any_writing(request_id: str) -> str:
    """A pattern of PostgreSQL for the number in whichever of the two alphabets its letters were typed."""
    written = ""
    for letter in request_id.casefold():
        alike = _LOOKALIKES.get(letter, letter)
        written += f"[{alike}]" if len(alike) > 1 else re.escape(letter)
    return written


_LABEL = re.compile(r"^(?:id|ид|no)(?=\d)")
_LOOKALIKES = {
    letter: pair for pair in ("аa", "вb", "еe", "кk", "мm", "нh", "оo", "рp", "сc", "тt", "уy", "хx") for letter in pair
}
_LATIN = str.maketrans("авекмнорстухз", "abekmhopctyx3")


def is_one_series(one: str, other: str) -> bool:
    """Whether one poster may have given both numbers: letters and length agree."""
    return _shape(one) == _shape(other)


def _shape(request_id: str) -> str:
    return re.sub(r"\d", "9", id_key(request_id))
