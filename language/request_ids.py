"""The numbers that posters give their requests and people: «ID 4410», «№ 305», «A-45 | …», "Ref INS-19", «Спец. 205»."""

import re

from language.normalise import fold

_VALUE = r"(?=[\w/-]*\d)(?:[A-Za-zА-Яа-я]{1,5}[-/]?)?\d{1,7}(?:[-/](?:[A-Za-zА-Яа-я]{1,2}[-/])?\d{1,4}|[-/][A-Za-zА-Яа-я]{1,2}\b|[A-Za-zА-Яа-я]\b)?"
_LABELLED = re.compile(
    r"(?i)(?:\b(?:id|ид|айди|запрос\w*|заявк\w+|потребност\w+|req(?:uest)?|ваканси\w+|позици\w+|кандидат\w*|номер\w*|job|код\w*|"
    r"ref(?:erence)?|position|vacancy|specialist|специалист\w*|спец|карточк\w+|candidate|кейс|слот)\s*\.?\s*"
    r"(?:id|ид|кандидата|партнер\w*|запроса|номер|no|код)?\s*[:#№.\[(-]{0,2}\s*|(?:^|(?<=[\s(\[]))(?:№|#)\s?)"
    rf"(?P<value>{_VALUE})"
    r"(?![\w%:]|[.,]\d|\s?(?:-|–|—|to|до)?\s?(?:человек|чел\b|шт|штук|места?\b|лет\b|год|месяц|час|недел|дн|₽|руб|р/ч|\$|€|к\b|тыс|%|eur|usd|rub|из\b)|\s?[-–—]\s?\d{3,})"
)
_AT_START = re.compile(
    r"(?m)^\W{0,6}(?P<value>[A-ZА-Я]{1,5}-\d{1,5}(?:-\d{1,4})?|\d{1,4}-\d{1,5}|\d{1,4}/[A-Za-zА-Яа-я]{1,2}|\d{3,6})"
    r"(?P<close>\s*[\])]?\s*(?:[|—–:(.]|-\s)|\s+(?=[A-ZА-Яa-zа-я]))"
)
_BRACKETED = re.compile(r"[\[(](?P<value>[A-ZА-Я]{1,5}-\d{1,5})[\])]|\((?:id|спец\.?)\s?(?P<other>\d{2,6})\)")
_ALONE = re.compile(r"(?<![\w@./-])(?P<value>[A-ZА-Я]{1,5}-\d{1,5})(?![\w-]|\.\d)")
_NOT_IDS = re.compile(
    r"(?i)^(?:utf|iso|utc|gmt|мск|msk|sha|md|tcp|ipv|covid|rs|usb|http|gost|гост|фз|h|cv|ca|win|ms|b|c|с|ec|eu|us|q|go|php|java|ios|"
    r"python|node|vue|net|sap|1с|it|ит|до|от|по|на|за|ot|do|топ|top|млн|тз|фаза|этап|level|grade|l)-?\d"
)


def find_request_id(text: str) -> str | None:
    """The first number given to what the text speaks of, as it is written; None where there is none."""
    for pattern in (_LABELLED, _BRACKETED, _AT_START, _ALONE):
        for found in pattern.finditer(text):
            value = found["value"] or found["other"]
            if _is_likely(pattern, text, found, value):
                return value.strip("-/")
    return None


def _is_likely(pattern: re.Pattern[str], text: str, found: re.Match[str], value: str) -> bool:
    if pattern is _LABELLED:
        return len(re.sub(r"\W", "", value)) >= 2
    if _NOT_IDS.match(value):
        return False
    if pattern is _AT_START and value.isdigit():
        after = text[found.end("value") : found.end("value") + 12]
        return not re.match(
            r"\s*(?:[-–—]\s*\d|₽|руб|р\b|к\b|тыс|\+|час|до\b|to\b|usd|eur|рос|человек|лет|в час|за час|в месяц|per|a month|an hour)",
            after,
            re.IGNORECASE,
        ) and (not found["close"].isspace() or len(value) >= 4)
    return True


def id_key(request_id: str) -> str:
    """By which two writings of one number are equal: «К-12», «k12» and «К 12»."""
    return "".join(letter for letter in fold(request_id).translate(_LATIN) if letter.isalnum())


_LATIN = str.maketrans("авекмнорстухз", "abekmhopctyx3")


def is_one_series(one: str, other: str) -> bool:
    """Whether one poster may have given both numbers: letters and length agree."""
    return _shape(one) == _shape(other)


def _shape(request_id: str) -> str:
    return re.sub(r"\d+", "9", re.sub(r"\d(?=\d{3})", "", id_key(request_id)))
