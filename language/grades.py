"""Grades in words: «мидл+», «от джуна до сеньора», «Senior», «техлид», «ведущий»."""

import re
from dataclasses import dataclass
from itertools import pairwise

from language.kinds import Grade
from language.normalise import fold_with_places

_WORDS = {
    Grade.JUNIOR: r"juniors?|jun|jr|джун\w{0,4}|джуниор\w*|младш\w{2,7}|стажер\w*|стажировк\w*|intern|trainee",
    Grade.MIDDLE: r"middles?|mids?(?![- ]?20\d\d)|mid-level|мид(?:л|дл|ла|лы|лов|лу|ле|лом|дла|длы|длов|дл)\w{0,2}|миддл\w{0,3}|мидл\w{0,3}|mi[dt]l|"
    r"средн(?:ий|его|ему|им|яя|ей) (?:уров\w+|специалист\w*|разработчик\w*)|(?<=уровень )[«\"]?средний|(?<=[,—–-] )средний(?=[,.;\n])|"
    r"ср\.? уровня",
    Grade.SENIOR: r"seniors?|seni?or|sr|сень?[ое]р\w{0,3}|синь[ое]р\w{0,3}|сен[её]р\w{0,3}|сеньер\w{0,3}|"
    r"старш(?:ий|его|ему|им|ая|ей|ие|их|ую)|ведущ(?:ий|его|ему|им|ая|ей|ие|их|ую)",
    Grade.LEAD: r"lead|(?:тим|тех)-?лид(?:а|у|е|ом|ы|ов|ам)?|teamlead|techlead|лид(?:а|у|ом|ы|ов)?",
}
_ANY = re.compile(
    r"(?<![\w@])(?:" + "|".join(f"(?P<{grade}>{words})" for grade, words in _WORDS.items()) + r")(?![\w@])(?P<plus>\+*)"
)
_NOT_LEAD_AFTER = re.compile(r"[ -]?(?:generation|time|magnet|gen\b|генерац|магнит)")
_NOT_LEAD_BEFORE = re.compile(
    r"(?:новы[йхе]|горячи[йхе]|тепл\w+|холодн\w+|квалифиц\w+|много|\d+|hot|new|sales|to|will|the) $"
)
_NEGATED_BEFORE = re.compile(
    r"(?:\bне (?:рассматрива\w+|предлага\w+|присыла\w+|шлите|слать|нуж\w+|интерес\w+|ниже|бер\w+)|\bбез|\bкроме|\bno|\bнет|"
    r"\bnot|\bне|\bexcept)[ :]{1,2}(?:(?:запрос\w* на|нам|мне|нужны) )?$"
)
_NOT_BELOW = re.compile(r"\bне ниже $")
_NEGATED_AFTER = re.compile(
    r"[^\n.;,]{0,12}?\b(?:не надо|не нуж\w+|не предлага\w+|не рассматрива\w+|не подойд\w+|не шлите|не присыла\w+|не интерес\w+|"
    r"мимо|не беспоко\w+|не подход\w+|no thanks|need not apply|не требуются)"
)
_RANGE = re.compile(r"\s*(?:-|–|—|до|to|\.\.|…)\s*")
_ORDER = list(Grade)


@dataclass(frozen=True)
class GradeMention:
    """A grade, or each grade of a range, said at one place."""

    grades: tuple[Grade, ...]
    start: int
    end: int
    words: str


def find_grades(text: str) -> list[GradeMention]:
    """Grades asked or offered, in the order of the text; those said not to be wanted are left out."""
    folded = fold_with_places(text)
    found: list[GradeMention] = []
    hits = [hit for hit in _ANY.finditer(folded.text) if not _is_something_else(folded.text, hit)]
    for hit in hits:
        start, end = folded.places[hit.start()], folded.places[hit.end() - 1] + 1
        found.append(GradeMention((_grade(hit),), start, end, text[start:end]))
    return _ranges(text, found)


def grades_of(text: str) -> tuple[Grade, ...]:
    """All grades that the text names, lowest first."""
    named = {grade for mention in find_grades(text) for grade in mention.grades}
    return tuple(grade for grade in _ORDER if grade in named)


def _grade(hit: re.Match[str]) -> Grade:
    return next(grade for grade in _ORDER if hit[str(grade)] is not None)


def _is_something_else(folded: str, hit: re.Match[str]) -> bool:
    before, after = folded[max(0, hit.start() - 40) : hit.start()], folded[hit.end() : hit.end() + 40]
    if hit["lead"] in ("lead", "лид", "лида", "лиды", "лидов", "лиду", "лидом") and (
        _NOT_LEAD_AFTER.match(after) or _NOT_LEAD_BEFORE.search(before)
    ):
        return True
    if _NOT_BELOW.search(before):
        return False
    return bool(_NEGATED_BEFORE.search(before) or _NEGATED_AFTER.match(after))


def _ranges(text: str, found: list[GradeMention]) -> list[GradeMention]:
    """«от джуна до сеньора» names the middle too."""
    for one, other in pairwise(found):
        low, high = _ORDER.index(one.grades[0]), _ORDER.index(other.grades[0])
        between = text[one.end : other.start].lower()
        if (
            high - low > 1
            and _RANGE.fullmatch(between)
            and text[max(0, one.start - 4) : one.start].lower().strip()
            in (
                "от",
                "from",
            )
        ):
            found[found.index(one)] = GradeMention(tuple(_ORDER[low:high]), one.start, one.end, one.words)
    return found
