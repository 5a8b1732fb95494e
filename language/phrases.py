"""Finds many phrases in one pass over the words of a text.

A phrase is words as typed: «spring boot», «ui/ux». `*` at a word's end stands for any Russian or English ending,
`?` at the phrase's end says that it counts only in company (see language.taxonomy).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from language.normalise import Folded, Token, fold, tokens

_JOINT = re.compile(r"[ \t\u00a0.\-–—_/:'’]{0,2}")
_LONGEST_ENDING = 7
_SHORTEST_STEM = 2
_STAR = re.compile(r"\*(?=\W|$)")
_STARRED = "звездочка"


@dataclass(frozen=True)
class Phrase:
    """What a table says of some words."""

    ids: tuple[str, ...]
    in_company_only: bool


@dataclass(frozen=True)
class Found:
    """`first` and `last` are numbers of words."""

    phrase: Phrase
    first: int
    last: int


@dataclass
class _Node:
    children: dict[str, "_Node"] = field(default_factory=dict)
    phrase: Phrase | None = None


class Phrases:
    """A tree of phrases by their words."""

    def __init__(self, table: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Rows of (phrase as typed, ids). The first row of a phrase wins."""
        self._root = _Node()
        for written, ids in table:
            self._add(written, tuple(ids))

    def _add(self, written: str, ids: tuple[str, ...]) -> None:
        node = self._root
        for word in _words(written):
            node = node.children.setdefault(word, _Node())
        if node is not self._root and node.phrase is None:
            node.phrase = Phrase(ids, written.rstrip().endswith("?"))

    def find(self, folded: Folded, words: Sequence[Token]) -> list[Found]:
        """Longest phrases first come, none over another, in the order of the text."""
        found: list[Found] = []
        place = 0
        while place < len(words):
            hit = self._longest(folded, words, place)
            if hit is None:
                place += 1
            else:
                found.append(hit)
                place = hit.last + 1
        return found

    def _longest(self, folded: Folded, words: Sequence[Token], first: int) -> Found | None:
        best: Found | None = None
        nodes = [self._root]
        place = first
        while nodes and place < len(words):
            if place > first and not _JOINT.fullmatch(
                folded.text, words[place - 1].folded_end, words[place].folded_start
            ):
                break
            keys = _keys(words[place].text)
            nodes = [child for node in nodes for key in keys if (child := node.children.get(key))]
            for node in nodes:
                if node.phrase is not None and (best is None or best.last < place):
                    best = Found(node.phrase, first, place)
            place += 1
        return best


def _words(written: str) -> list[str]:
    """The words of a phrase; a starred one keeps its star."""
    starred = _STAR.sub(_STARRED, fold(written.rstrip("? ")))
    return [word.replace(_STARRED, "*") for word in tokens(starred)]


@lru_cache(maxsize=50_000)
def _keys(word: str) -> tuple[str, ...]:
    """What a word of a text may be called in the tree: itself, without its version, its stems."""
    keys = [word]
    bare = word.rstrip("0123456789")
    if len(bare) > 1 and bare != word:  # «C1» is no C
        keys.append(bare)
    longest = max(_SHORTEST_STEM, len(word) - _LONGEST_ENDING)
    keys += [word[:length] + "*" for length in range(len(word), longest - 1, -1)]
    return tuple(keys)


def rows(path: Any) -> list[dict[str, str]]:
    """A table file: tab-separated, the first line names the columns."""
    lines = path.read_text(encoding="utf-8").splitlines()
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"), strict=False)) for line in lines[1:] if line.strip()]
