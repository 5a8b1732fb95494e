"""When a short or everyday name is meant as a technology: Go, C, R, Swift, Spring, React, Vault and their like."""

import re
from collections.abc import Callable, Sequence

from language.normalise import Folded, Token
from language.phrases import Found

_WORKING = re.compile(
    r"разраб\w*|девелопер\w*|программист\w*|инженер\w*|кодер\w*|developers?|engineers?|devs?|programmers?|stack|стек\w*|"
    r"стэк\w*|технологи\w*|опыт\w*|знани\w*|skills?|навык\w*|бек\w*|бэк\w*|backend|фронт\w*|frontend|fullstack|"
    r"junior|middle|senior|lead|младш\w*|старш\w*|ведущ\w*|джун\w*|мид\w*|мидл\w*|миддл\w*|сень?[ое]р\w*|синь[ое]р\w*|лид|лида|лидов|mid|"
    r"architects?|архитектор\w*|специалист\w*|язык\w*|language|framework\w*|фреймворк\w*|experience|тестиров\w*|аналитик\w*"
)
_NOT_GO_BEFORE = {"to", "let", "lets", "will", "we", "can", "must", "the", "should", "ll", "good", "i", "you", "they"}
_NOT_GO_AFTER = {
    "to", "for", "live", "ahead", "back", "through", "into", "with", "on", "in", "out", "over", "beyond", "global",
    "в", "на", "за", "ко", "к", "уже", "вместе", "сюда", "туда", "же", "пить", "кофе",
}  # fmt: skip
_SWIFT_MONEY = re.compile(
    r"банк\w*|bank\w*|код\w*|codes?|перевод\w*|плат[её]ж\w*|payments?|transfers?|сообщени\w*|bic|mt\d*"
)
_SEASON = {"this", "early", "late", "last", "next", "in", "of", "the"}
_C_BEFORE = {
    "язык",
    "языке",
    "языка",
    "на",
    "language",
    "ansi",
    "embedded",
    "pure",
    "чистый",
    "чистом",
    "linux",
    "plain",
}
_C_AFTER = re.compile(r"developers?|programmers?|language|разраб\w*|программист\w*|embedded|engineers?")
_ONE_C = "1c"
_VERB_REACT = {"to", "quickly", "fast", "on", "with"}


def is_working_word(word: str) -> bool:
    """A word that speaks of developers' work: a profession, a grade, «стек», «опыт»."""
    return _WORKING.fullmatch(word) is not None


def is_meant(
    id_: str, text: str, folded: Folded, words: Sequence[Token], first: int, last: int, sure: Sequence[Found]
) -> bool:
    """Whether the words from `first` to `last` mean the technology."""
    rule = _RULES.get((id_, words[first].text)) if first == last else None
    return rule is None or rule(_Place(text, folded, words, first, sure))


class _Place:
    """One word among its neighbours."""

    def __init__(self, text: str, folded: Folded, words: Sequence[Token], here: int, sure: Sequence[Found]) -> None:
        self.written = text[words[here].start : words[here].end]
        self.before = words[here - 1].text if here else ""
        self.after = words[here + 1].text if here + 1 < len(words) else ""
        self.gap_before = folded.text[words[here - 1].folded_end if here else 0 : words[here].folded_start]
        end = words[here + 1].folded_start if here + 1 < len(words) else len(folded.text)
        self.gap_after = folded.text[words[here].folded_end : end]
        named = {place for hit in sure for place in range(hit.first, hit.last + 1)} - {here}
        self.speaks_of_1c = any(_ONE_C in hit.phrase.ids for hit in sure)
        self.beside_technology = here - 1 in named or here + 1 in named
        self.beside_work = is_working_word(self.before) or is_working_word(self.after)

    @property
    def is_listed(self) -> bool:
        """Beside a technology or a working word, or in a list of them."""
        marks = set(self.gap_before + self.gap_after) & set("/|,+•#")
        return self.beside_work or (self.beside_technology and bool(marks)) or self.gap_before.endswith("#")


def _go(place: _Place) -> bool:
    if place.before == "to" and place.written == "Go" and place.after not in _NOT_GO_AFTER:
        return True  # «rewrite it to Go»
    if place.before in _NOT_GO_BEFORE or place.after in _NOT_GO_AFTER:
        return place.is_listed and place.before not in _NOT_GO_BEFORE and place.beside_technology
    return place.is_listed or place.beside_technology or place.written in ("Go", "GO")


def _c(place: _Place) -> bool:
    if place.written not in ("C", "c"):  # a Cyrillic «с» is the preposition
        return False
    if "&" in place.gap_after[:1] or (place.gap_after[:1] == "." and place.gap_after[1:2].strip()):
        return False
    listed = bool(set(place.gap_before[-2:] + place.gap_after[:2]) & set("/|,")) and place.beside_technology
    after = _C_AFTER.fullmatch(place.after) is not None and place.gap_after.strip() in ("", "-", "–")
    before = place.before in _C_BEFORE and place.written == "C" and not place.gap_before.strip(" -–")
    return listed or (place.written == "C" and (after or before)) or "c++" in (place.before, place.after)


def _r(place: _Place) -> bool:
    if place.written != "R" or "&" in place.gap_after[:2] + place.gap_before[-2:]:
        return False
    named_before = place.before in ("язык", "языке", "на", "или", "or") and not place.gap_before.strip(" -")
    return place.is_listed or named_before or place.after in ("script", "scripts", "shiny", "studio")


def _swift(place: _Place) -> bool:
    return not (_SWIFT_MONEY.fullmatch(place.after) or _SWIFT_MONEY.fullmatch(place.before) or place.before == "через")


def _spring(place: _Place) -> bool:
    return not (re.fullmatch(r"20\d\d", place.after) or (place.before in _SEASON and not place.is_listed))


def _react(place: _Place) -> bool:
    return place.after not in _VERB_REACT or place.written[:1].isupper()


def _cyrillic_go(place: _Place) -> bool:
    return place.after not in _NOT_GO_AFTER and (place.is_listed or place.before in ("на", "под"))


def _cyrillic_c(place: _Place) -> bool:
    return place.written == "Си" or place.is_listed


def _cyrillic_letter_c(place: _Place) -> bool:
    """«embedded, С, STM32», «STM32 на С», not the preposition."""
    if place.written != "С" or not (place.gap_after.strip(" \n") or place.after == ""):
        return False
    return place.before == "на" or (place.beside_technology and place.gap_before.strip() in (",", "/", "|", "("))


def _one_c_configuration(place: _Place) -> bool:
    return place.speaks_of_1c


def _one_c_in_capitals(place: _Place) -> bool:
    return place.speaks_of_1c and place.written.isupper()


def _computer_vision(place: _Place) -> bool:
    """A summary is asked for and sent, computer vision stands among technologies."""
    is_among = place.gap_after[:1] in (",", "/", "|", ")") or place.after in ("на", "engineer", "инженер")
    return place.written == "CV" and place.beside_technology and is_among


def _next(place: _Place) -> bool:
    return not place.gap_after.startswith(":")


def _ts(place: _Place) -> bool:
    return not place.gap_before.endswith(("'", "’"))  # don'ts


_RULES: dict[tuple[str, str], Callable[[_Place], bool]] = {
    ("go", "go"): _go,
    ("go", "го"): _cyrillic_go,
    ("c", "c"): _c,
    ("c", "си"): _cyrillic_c,
    ("c", "с"): _cyrillic_letter_c,
    ("1c-erp", "erp"): _one_c_configuration,
    ("1c-erp", "ерп"): _one_c_configuration,
    ("1c-ut", "ут"): _one_c_in_capitals,
    ("1c-do", "до"): _one_c_in_capitals,
    ("1c-do", "документооборот"): _one_c_configuration,
    ("computer-vision", "cv"): _computer_vision,
    ("nextjs", "next"): _next,
    ("r", "r"): _r,
    ("swift", "swift"): _swift,
    ("spring", "spring"): _spring,
    ("react", "react"): _react,
    ("typescript", "ts"): _ts,
}
