"""A post read once: what the classifier and the extraction both look at."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from language import grades, normalise, rates
from language.kinds import Grade
from language.prediction import Rate
from language.signs import FORWARDED
from language.taxonomy import Mention, Taxonomy

LONGEST = 12_000
"""characters read of a post; Telegram's own limit is 4,096"""

_NUMBER = re.compile(r"\d+")
_LINK = re.compile(r"(?:https?://|www\.|t\.me/)\S+")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_NAME = re.compile(r"@\w{3,}")
_TOKEN = re.compile(r"[^\W_]+[+#]*|[?!❌⛔🚫⏸]|[\u2190-\u2bff\U0001f000-\U0001faff]")


class Placed(Protocol):
    """Something found in a text."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


@dataclass(frozen=True)
class Named:
    """A technology, role or grade by its id, at a place of the folded text."""

    id: str
    start: int
    end: int
    words: str
    """folded"""


@dataclass(frozen=True)
class Graded:
    """Grades said at one place of the folded text."""

    grades: tuple[Grade, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Priced:
    """A rate at a place of the folded text."""

    rate: Rate
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """The text without a forwarded header, with everything known that is named in it; places are of `folded`."""

    text: str
    taxonomy: Taxonomy

    @cached_property
    def _with_places(self) -> normalise.Folded:
        return normalise.fold_with_places(self.text)

    @property
    def folded(self) -> str:
        return self._with_places.text

    @cached_property
    def technologies(self) -> list[Named]:
        return self._named(self.taxonomy.find(self.text))

    @cached_property
    def roles(self) -> list[Named]:
        return self._named(self.taxonomy.find_roles(self.text))

    @cached_property
    def grades(self) -> list[Graded]:
        return [Graded(found.grades, *self._place(found)) for found in grades.find_grades(self.text)]

    @cached_property
    def rates(self) -> list[Priced]:
        return [Priced(found.rate, *self._place(found)) for found in rates.find_rates(self.text)]

    def written(self, start: int, end: int) -> str:
        """The part of the text as its author wrote it, from places of the folded text."""
        places = self._with_places.places
        return self.text[places[start] : places[end]] if start < end else ""

    def _named(self, mentions: Iterable[Mention]) -> list[Named]:
        found = []
        for mention in mentions:
            start, end = self._place(mention)
            found.append(Named(mention.id, start, end, self.folded[start:end]))
        return found

    def _place(self, found: Placed) -> tuple[int, int]:
        places = self._with_places.places
        return bisect_left(places, found.start), bisect_left(places, found.end)

    @cached_property
    def tokens(self) -> list[str]:
        """Folded words with numbers, links and names masked, then the same with what is named put by its sort."""
        return [*_words(self.folded), *(f"1:{word}" for word in _words(self._first_line)), *_words(self._by_sort)]

    @property
    def _first_line(self) -> str:
        return self.folded.lstrip().split("\n", 1)[0][:200]

    @property
    def _by_sort(self) -> str:
        """The text with technologies, roles and grades replaced by the names of those sorts."""
        sorts = (("xrole", self.roles), ("xtech", self.technologies), ("xgrade", self.grades))
        named: list[tuple[Placed, str]] = [(mention, sort) for sort, found in sorts for mention in found]
        parts: list[str] = []
        end = 0
        for mention, sort in sorted(named, key=lambda pair: (pair[0].start, -pair[0].end)):
            if mention.start < end:
                continue
            parts += [self.folded[end : mention.start], f" {sort} "]
            end = mention.end
        parts.append(self.folded[end:])
        return "".join(parts)


def read(text: str, taxonomy: Taxonomy) -> Reading:
    """The post as it is read: its first `LONGEST` characters, without trailing spaces and the header of a forward."""
    kept = FORWARDED.sub("", text[:LONGEST])
    return Reading("\n".join(line.rstrip() for line in kept.strip().split("\n")), taxonomy)


def _words(folded: str) -> list[str]:
    masked = _EMAIL.sub(" xmail ", folded)
    masked = _LINK.sub(" xlink ", masked)
    masked = _NAME.sub(" xname ", masked)
    masked = _NUMBER.sub(lambda number: f"n{min(len(number[0]), 7)}", masked)
    return _TOKEN.findall(masked)
