"""Facts of a text for the second stage of the classifier: counts of what is named, of signs and of the text's form."""

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from language.rates import hourly_roubles
from language.sections import Section
from language.signs import SIGNS
from ml.layout import layout
from ml.reading import Reading
from ml.segmentation import segments

_FIRST = 240
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LETTER = re.compile(r"[^\W\d_]")
_HASHTAG = re.compile(r"#\w+")
_LINK = re.compile(r"https?://|t\.me/")

NAMES: tuple[str, ...] = (
    "words",
    "lines",
    "paragraphs",
    "cyrillic share",
    "hashtags",
    "links",
    "numbers",
    "technologies",
    "different technologies",
    "technologies a word",
    "first technology at",
    "roles",
    "different roles",
    "role in the first line",
    "grades",
    "grade in the first line",
    "technology in the first line",
    "rates",
    "rates by the hour",
    "rates by the month",
    "rates by the project",
    "highest hourly rate",
    "rates with a ceiling alone",
    "rates with a floor alone",
    "exact rates",
    "ranges of rates",
    "positions",
    *(f"parts about {section}" for section in Section),
    *(f"{name}: times" for name in SIGNS),
    *(f"{name}: at once" for name in SIGNS),
)

OF_LENGTH = ("words", "lines", "paragraphs", "cyrillic share", "numbers")
"""Facts that are of the text's form alone: a short request is no less one than a long one, nor in another language."""


def facts(reading: Reading) -> list[float]:
    """Numbers in the order of `NAMES`; nothing in them depends on letter case or on spaces at line ends."""
    folded = reading.folded
    words = len(folded.split())
    lines = [line for line in folded.split("\n") if line.strip()]
    letters = len(_LETTER.findall(folded)) or 1
    first_line = len(folded.split("\n", 1)[0])
    periods = [found.rate.period for found in reading.rates]
    signs = [[found.start() for found in pattern.finditer(folded)] for pattern in SIGNS.values()]
    technologies = [mention.id for mention in reading.technologies]
    return [
        math.log1p(words),
        math.log1p(len(lines)),
        math.log1p(folded.count("\n\n")),
        len(_CYRILLIC.findall(folded)) / letters,
        float(len(_HASHTAG.findall(folded))),
        float(len(_LINK.findall(folded))),
        math.log1p(sum(character.isdigit() for character in folded)),
        math.log1p(len(technologies)),
        math.log1p(len(set(technologies))),
        len(technologies) / (words or 1),
        math.log1p(reading.technologies[0].start) if technologies else 9.0,
        math.log1p(len(reading.roles)),
        math.log1p(len({mention.id for mention in reading.roles})),
        float(any(mention.start < first_line for mention in reading.roles)),
        math.log1p(len(reading.grades)),
        float(any(mention.start < first_line for mention in reading.grades)),
        float(any(mention.start < first_line for mention in reading.technologies)),
        math.log1p(len(periods)),
        float(periods.count("hour")),
        float(periods.count("month")),
        float(periods.count("project")),
        _highest_hourly(reading),
        *_bounds(reading),
        math.log1p(len(segments(reading))),
        *(math.log1p(count) for count in _sections(reading)),
        *(math.log1p(len(found)) for found in signs),
        *(float(bool(found) and found[0] < _FIRST) for found in signs),
    ]


def _highest_hourly(reading: Reading) -> float:
    """Logarithm of roubles an hour; 0 where no rate is said."""
    bounds = [bound for found in reading.rates for bound in hourly_roubles(found.rate) if bound]
    return math.log(max(bounds)) if bounds else 0.0


def _bounds(reading: Reading) -> list[float]:
    """How many rates are a ceiling, a floor, exact, a range: who asks says «до», who is offered an exact one."""
    rates = [found.rate for found in reading.rates]
    ceilings = sum(rate.min is None for rate in rates)
    floors = sum(rate.max is None for rate in rates)
    exact = sum(rate.min is not None and rate.min == rate.max for rate in rates)
    return [math.log1p(count) for count in (ceilings, floors, exact, len(rates) - ceilings - floors - exact)]


def _sections(reading: Reading) -> list[int]:
    """How many parts of the text each section has."""
    parts = layout(reading).parts
    return [sum(part.section is section for part in parts) for section in Section]


def table(readings: Sequence[Reading]) -> NDArray[np.float32]:
    """One row of facts a reading."""
    return np.array([facts(reading) for reading in readings], dtype=np.float32).reshape(len(readings), len(NAMES))
