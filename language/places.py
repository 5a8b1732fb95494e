"""Cities and countries by the beginnings of their names, so that «в Москве» and "Moscow" are one place."""

from functools import cache
from pathlib import Path

from language.normalise import tokens
from language.phrases import rows

_TABLE = Path(__file__).parent / "tables" / "places.tsv"
_NOT_PLACES = frozenset({"russian", "russians", "georgian", "polish", "turkish"})
_LONGEST_ENDING = 3
_WHOLE_WORD_UP_TO = 3
"""Stems so short stand for a whole word («рф»)."""


def find_places(text: str) -> tuple[str, ...]:
    """Russian names of the places that a text names, in its order."""
    found = (_place(word) for word in tokens(text))
    return tuple(dict.fromkeys(place for place in found if place is not None))


def place_name(place: str, language: str) -> str:
    """The place's name in `ru` or `en`; one that no table knows is shown as it is."""
    row = next((row for row in rows(_TABLE) if row["name_ru"] == place), None)
    return row[f"name_{language}"] if row else place


@cache
def _stems() -> dict[str, str]:
    return {stem: row["name_ru"] for row in rows(_TABLE) for stem in row["stems"].split()}


def _place(word: str) -> str | None:
    if word in _NOT_PLACES:
        return None
    for length in range(len(word), max(1, len(word) - _LONGEST_ENDING) - 1, -1):
        place = _stems().get(word[:length])
        if place is not None and (length > _WHOLE_WORD_UP_TO or length == len(word)):
            return place
    return None
