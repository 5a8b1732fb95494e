"""One spelling for what people type: case, ё, look-alike letters, invisible characters, fancy alphabets."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

_TO_LATIN = dict(zip("аеорсхукмтвні", "aeopcxykmtbhi", strict=True))
_TO_CYRILLIC = {latin: cyrillic for cyrillic, latin in _TO_LATIN.items() if cyrillic != "і"}
_LETTERS = re.compile(r"[a-zа-яіїєґ]+")
_CYRILLIC = re.compile(r"[а-яіїєґ]")
_INVISIBLE = dict.fromkeys(
    [0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0xFE00, 0xFE10), *range(0x202A, 0x202F)]
)
_C_SIGN = re.compile(r"(?<!\w)с(?=#|\+\+)")
_TWO_ALPHABETS = re.compile(r"[a-z][а-яіїєґ]|[а-яіїєґ][a-z]")
_UNUSUAL = re.compile(r"[^\x00-\xac\xae-\u012f\u0131-\u02ff\u0400-\u0482\u048a-\u052f]")
"""all but characters that lower() alone makes plain, one for one"""
_REMEMBERED = 128
NUMERO = ord("№")
_BREVE = "\u0306"
"""й may be written in two characters"""
_ONE_C = re.compile(r"(?<!\w)1c(?![a-z0-9])")
_TOKEN = re.compile(r"c\+\+|[cf]#|(?<!\w)\.net(?!\w)|(?<=asp)\.net(?!\w)|[0-9]*[a-zа-яіїєґ][0-9a-zа-яіїєґ]*|[0-9]+")


@dataclass(frozen=True)
class Folded:
    """Folded text with the place in the original of each of its characters (one more for the end)."""

    text: str
    places: Sequence[int]

    @cached_property
    def words(self) -> list["Token"]:
        return [
            Token(found[0], self.places[found.start()], self.places[found.end() - 1] + 1, found.start(), found.end())
            for found in _TOKEN.finditer(self.text)
        ]


class Token(NamedTuple):
    """A word of folded text; `start` and `end` are places in the original."""

    text: str
    start: int
    end: int
    folded_start: int
    folded_end: int


def fold(text: str) -> str:
    """Lower case, ё as е, look-alike letters of a word in one alphabet, no invisible characters."""
    if text.isascii():
        return _conventional(text.lower())
    if "\u0306" in text or "\u0308" in text:
        return fold_with_places(text).text
    # The same as there, many times faster, because nobody asks for places.
    folded = _UNUSUAL.sub(lambda character: _plain(character[0]), text).lower().replace("ё", "е")
    if _TWO_ALPHABETS.search(folded):
        folded = _LETTERS.sub(lambda word: _one_alphabet(word[0]), folded)
    return _conventional(folded)


@lru_cache(maxsize=_REMEMBERED)
def fold_with_places(text: str) -> Folded:
    """fold, keeping where each character came from. The last texts are remembered: many rules ask for the same one."""
    if text.isascii():
        return Folded(_conventional(text.lower()), range(len(text) + 1))
    parts: list[str] = []
    places: list[int] = []
    end = 0
    for hit in _UNUSUAL.finditer(text):
        start = hit.start()
        parts.append(text[end:start].lower())
        places.extend(range(end, start))
        end = start + 1
        if hit[0] == _BREVE and parts[-1].endswith("и"):
            parts[-1] = parts[-1][:-1] + "й"
            continue
        plain = _plain(hit[0])
        parts.append(plain)
        places.extend([start] * len(plain))
    parts.append(text[end:].lower())
    places.extend(range(end, len(text) + 1))
    folded = "".join(parts).replace("ё", "е")
    if _TWO_ALPHABETS.search(folded):
        folded = _LETTERS.sub(lambda word: _one_alphabet(word[0]), folded)
    return Folded(_conventional(folded), places)


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """A character in its usual form, lower case; nothing for one that is not seen or sits upon another."""
    code = ord(character)
    if code in _INVISIBLE or unicodedata.combining(character):
        return ""
    usual = character if code < 0x2000 or code == NUMERO else unicodedata.normalize("NFKC", character)
    return usual.lower()


def _conventional(folded: str) -> str:
    """«с#» and «с++» have a Latin letter, «1с» a Cyrillic one, however they were typed."""
    return _ONE_C.sub("1с", _C_SIGN.sub("c", folded))


def tokens(text: str) -> list[str]:
    """The words of a text, folded: «C++», «C#», «.NET», «1с» and «k8s» are words too."""
    return _TOKEN.findall(fold(text))


def _one_alphabet(word: str) -> str:
    """A word of two alphabets becomes a word of the one that only it can have been typed in."""
    if word.isascii() or not any("a" <= letter <= "z" for letter in word):
        return word
    cyrillic = [letter for letter in word if _CYRILLIC.match(letter)]
    latin = [letter for letter in word if "a" <= letter <= "z"]
    looks_latin = all(letter in _TO_LATIN for letter in cyrillic)
    looks_cyrillic = all(letter in _TO_CYRILLIC for letter in latin)
    if looks_latin and (not looks_cyrillic or len(latin) >= len(cyrillic)):
        return "".join(_TO_LATIN.get(letter, letter) for letter in word)
    if looks_cyrillic:
        return "".join(_TO_CYRILLIC.get(letter, letter) for letter in word)
    return word
