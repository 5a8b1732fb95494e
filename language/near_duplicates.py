"""Whether two texts speak of one and the same need or person: what a repost changes is left out, the rest compared."""

import re
from itertools import pairwise

from language.normalise import fold

SAME_FROM = 0.55
"""Jaccard similarity of shingles from which two texts are taken for one."""

_NOISE = re.compile(
    r"https?://\S+|www\.\S+|\bt\.me/\S+|\S+@\S+\.\S+|@\w+|#\w+|\+?\d[\d\-() ]{8,}\d|\bid[ :№#-]*[\w-]*\d[\w-]*|№ ?\d+"
)
_MONEY = re.compile(r"\d[\d .,]*(?:[кk]\b|тыс\w*|₽|руб\w*|р\b|\$|€|usd|eur)?(?:\s?/\s?(?:час|ч|мес|h|hour|month)\b)?")
_GREETINGS = frozenset(
    "всем привет добрый день вечер утро доброе здравствуйте коллеги друзья партнеры господа ребята внимание срочно горит "
    "актуально актуальный новый новая запрос повтор повторно репост пишите писать лс личку личные личные_сообщения cv резюме "
    "присылайте шлите кидайте ставка рейт до от hi hello all everyone dear partners urgent please send pm dm".split()
)
_WORD = re.compile(r"[a-zа-я0-9+#]{2,}|[cr]\b")


def shingle_text(text: str) -> str:
    """The words that tell one need from another: no contacts, links, numbers of requests, money, greetings, emoji."""
    lines = []
    for line in _NOISE.sub(" ", fold(text)).splitlines():
        words = [word for word in _WORD.findall(_MONEY.sub(" ", line)) if word not in _GREETINGS]
        if words:
            lines.append(" ".join(words))
    return "\n".join(lines)


def shingles(shingled: str) -> frozenset[str]:
    """Words and pairs of neighbours, line by line, so that another order of lines changes little."""
    found: set[str] = set()
    for line in shingled.splitlines():
        words = line.split()
        found.update(words)
        found.update(f"{one} {other}" for one, other in pairwise(words))
    return frozenset(found)


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared part of both, 0 to 1; two empty sets are alike in nothing."""
    return len(one & other) / len(one | other) if one or other else 0.0


def is_same(one: str, other: str) -> bool:
    """For two results of shingle_text."""
    return jaccard(shingles(one), shingles(other)) >= SAME_FROM
