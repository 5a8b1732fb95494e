"""A post cut into the positions it speaks of, and what it says for all of them.

Positions are found in this order: lines of a list, of a table or of blocks that each look like a position; else parts
of one line («2 Java Middle, 1 React Senior»); else the whole post is one position.
"""

import itertools
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from language import sections
from ml.reading import Placed, Reading

Span = tuple[int, int]

_MARKER = re.compile(
    r"\s*(?P<mark>\d{1,2}[.)](?=\s|[^\d\s])|\d\ufe0f?\u20e3|[-–—•·*▪▫◾◽►▶→+](?=\s)|[^\w\s#@(\[\"'«„“|/\\<>=.,:;!?&%$€£₽~`^*_+-]+)\s*"
)
_CELL = re.compile(r"\s\|\s|\|")
_TITLE_SCORE = 3.0
_LONGEST_TITLE = 260
_NEAR_START = 22
_SEPARATOR = re.compile(r"^\W*(?:[-—–=_*•~⸻]\s?){3,}\W*$")


@dataclass(frozen=True)
class Segment:
    """One position: its own parts of the text, and those that it shares with the others. Places of the folded text."""

    own: tuple[Span, ...]
    shared: tuple[Span, ...] = ()

    @property
    def start(self) -> int:
        return self.own[0][0]


@dataclass(frozen=True)
class _Line:
    start: int
    end: int
    marker: str
    """what its marker is: '' none, 'number', 'cells', or the sign itself"""
    content: int
    """where the words begin"""
    is_blank: bool
    score: float
    key: tuple[object, ...]
    """what it names; two titles of one position name the same"""


def segments(reading: Reading) -> list[Segment]:
    """At least one; several where the post speaks of several positions."""
    whole = (0, len(reading.folded))
    lines = _lines(reading)
    return _from_list(reading, lines) or _from_one_line(reading, lines) or [Segment((whole,))]


def inside(found: Sequence[Placed], spans: Iterable[Span]) -> list[int]:
    """Numbers of what was found (in order of place) inside the spans."""
    starts = [placed.start for placed in found]
    return [
        number
        for start, end in spans
        for number in range(bisect_left(starts, start), bisect_right(starts, end))
        if found[number].end <= end
    ]


def _lines(reading: Reading) -> list[_Line]:
    lines: list[_Line] = []
    start = 0
    for written in reading.folded.split("\n"):
        end = start + len(written)
        found = _MARKER.match(written)
        marker, content = "", start + len(written) - len(written.lstrip(" \t*_"))
        if written.count("|") >= 2:
            marker = "cells"
        elif found:
            marker = "number" if found["mark"][0].isdigit() else found["mark"][0]
            content = start + found.end()
        score, key = _title_score(reading, content, end) if written.strip() else (0.0, ())
        lines.append(_Line(start, end, marker, content, not written.strip(), score, key))
        start = end + 1
    return lines


def _title_score(reading: Reading, start: int, end: int) -> tuple[float, tuple[object, ...]]:
    """How much a line looks like the title of a position, and what it names."""
    line = reading.folded[start:end]
    if end - start > _LONGEST_TITLE or sections.OTHERS.search(line[:40]):
        return 0.0, ()
    span = [(start, end)]
    roles = [reading.roles[number] for number in inside(reading.roles, span)]
    technologies = [reading.technologies[number] for number in inside(reading.technologies, span)]
    grades = [reading.grades[number] for number in inside(reading.grades, span)]
    profession = sections.PROFESSION.search(line)
    people = [found for found in technologies if sections.PERSON_ENDING.search(found.words)]
    if not (roles or people or (technologies and (grades or profession or len(line) < 40))):
        return 0.0, ()
    first = min((found.start for found in (*roles, *people)), default=end)
    id_at_start = sections.ID_AT_START.match(line) or sections.REQUEST_ID.match(line)
    near = start + _NEAR_START + (id_at_start.end() if id_at_start else 0)
    score = 0.0
    if roles or people:
        score += 2.0 if first < near else 1.0
    elif profession:
        score += 1.5 if profession.start() < near - start + 12 else 0.5
    if technologies and technologies[0].start < near:
        score += 1.0
    score += 2.0 if grades and grades[0].start < near + 45 else 0.5 if grades else 0.0
    score += 1.5 if inside(reading.rates, span) else 0.0
    score += 1.0 if id_at_start else 0.0
    score += 1.0 if count_in(line) is not None else 0.0
    opened = sections.heading(line)
    if opened and opened[0] not in (sections.Section.BODY, sections.Section.PROJECT) and not grades and not roles:
        score -= 2.0
    named = (
        tuple(sorted({found.id for found in roles})),
        tuple(sorted({grade for found in grades for grade in found.grades})),
        tuple(sorted({found.id for found in technologies})),
    )
    return score, named


def count_in(line: str) -> int | None:
    """How many people a folded line asks for or offers, where it says."""
    for pattern in (sections.COUNT_WITH_UNIT, sections.COUNT_TIMES, sections.COUNT_AT_START, sections.COUNT_LABEL):
        found = pattern.search(line)
        if found:
            said = next(group for group in found.groups() if group)
            return int(said) if said.isdigit() else sections.COUNT_WORDS[said]
    return None


def _from_list(reading: Reading, lines: list[_Line]) -> list[Segment]:
    titles = _titles(lines)
    if len(titles) < 2:
        return []
    ends = [_item_end(lines, titles, place) for place in range(len(titles))]
    own_lines = {number for place, title in enumerate(titles) for number in range(title, ends[place])}
    marker = lines[titles[0]].marker
    shared = tuple(
        (line.start, line.end)
        for number, line in enumerate(lines)
        if number not in own_lines
        and not line.is_blank
        and not (titles[0] < number < titles[-1] and line.marker == marker and marker)
    )
    return [Segment(((lines[title].start, lines[ends[place] - 1].end),), shared) for place, title in enumerate(titles)]


def _titles(lines: list[_Line]) -> list[int]:
    """Numbers of the lines that each begin a position: of the marker that has the most of them."""
    candidates = [number for number, line in enumerate(lines) if line.score >= _TITLE_SCORE]
    if len(candidates) < 2:
        return []
    by_marker = Counter(lines[number].marker for number in candidates)
    marker, _ = max(by_marker.items(), key=lambda pair: (pair[1], pair[0] != ""))
    chosen = [number for number in candidates if lines[number].marker == marker]
    if marker == "":
        chosen = _in_a_row(lines, chosen)
    elif marker not in ("number", "cells"):
        of_marker = [number for number, line in enumerate(lines) if line.marker == marker and line.end - line.start > 3]
        strong = sum(lines[number].score >= _TITLE_SCORE for number in of_marker)
        if strong < 0.34 * len(of_marker):
            return []
        chosen = [number for number in of_marker if lines[number].score >= _TITLE_SCORE - 1.0]
    if marker in ("number", "cells"):
        chosen = [
            number for number, line in enumerate(lines) if line.marker == marker and line.score >= _TITLE_SCORE - 1.0
        ]
    if len({lines[number].key for number in chosen}) < 2:
        return []
    return chosen


def _in_a_row(lines: list[_Line], candidates: list[int]) -> list[int]:
    """Lines without markers begin positions where they stand together, or where each opens a block."""
    adjacent = [number for number in candidates if number - 1 in candidates or number + 1 in candidates]
    if len(adjacent) >= 2:
        return adjacent
    opening = [
        number
        for number in candidates
        if number == 0
        or lines[number - 1].is_blank
        or _is_separator(lines[number - 1])
        or (number >= 2 and lines[number - 2].is_blank)
    ]
    return opening if len(opening) >= 2 else []


def _is_separator(line: _Line) -> bool:
    return False if line.score else line.end - line.start > 2 and line.marker != "" and line.content >= line.end


def _item_end(lines: list[_Line], titles: list[int], place: int) -> int:
    """The number of the line after an item's last."""
    title = titles[place]
    if place + 1 < len(titles):
        end = titles[place + 1]
        between = list(range(title + 1, end))
        stranger = next(
            (n for n in between if lines[n].marker == lines[title].marker and lines[n].marker not in ("", "cells")), end
        )
        return _without_blanks(lines, title, min(end, stranger))
    longest = max((_without_blanks(lines, one, other) - one for one, other in itertools.pairwise(titles)), default=1)
    end = title + 1
    while end < len(lines) and end - title < longest and not (lines[end].is_blank and longest <= 2):
        if lines[end].is_blank and not _blank_inside(lines, titles):
            break
        end += 1
    return _without_blanks(lines, title, end)


def _blank_inside(lines: list[_Line], titles: list[int]) -> bool:
    return any(
        any(line.is_blank for line in lines[one : _without_blanks(lines, one, other)])
        for one, other in itertools.pairwise(titles)
    )


def _without_blanks(lines: list[_Line], start: int, end: int) -> int:
    while end > start + 1 and lines[end - 1].is_blank:
        end -= 1
    return end


_SPLIT = re.compile(r"[,;+\n]|\s(?:и|and|&|плюс)\s|[.!?](?=\s)|\s/\s")
_OPENING, _CLOSING = "([", ")]"


def _from_one_line(reading: Reading, lines: list[_Line]) -> list[Segment]:
    """Positions named one after another: each part that begins one takes what follows up to the next."""
    folded = reading.folded
    starts: list[tuple[int, tuple[object, ...]]] = []
    counted = 0
    for start, end in _parts(folded):
        opened, is_counted, key = _opens_position(reading, start, end)
        if opened:
            starts.append((start, key))
            counted += is_counted
    if len(starts) < 2 or counted < 2 or len({key for _, key in starts}) < 2:
        return []
    sentence_ends = [found.start() for found in re.finditer(r"[.!?](?=\s|$)|\n\s*\n|$", folded)]
    bounds = [start for start, _ in starts]
    last_end = next(end for end in sentence_ends if end >= bounds[-1])
    ends = [*bounds[1:], last_end]
    own = list(zip(bounds, ends, strict=True))
    shared = tuple(span for span in ((0, bounds[0]), (last_end, len(folded))) if folded[slice(*span)].strip())
    return [Segment((span,), shared) for span in own]


def _parts(folded: str) -> list[Span]:
    """The text between commas, «и» and full stops that stand outside brackets."""
    parts: list[Span] = []
    start = depth = place = 0
    while place < len(folded):
        character = folded[place]
        depth += (character in _OPENING) - (character in _CLOSING and depth > 0)
        found = _SPLIT.match(folded, place) if depth == 0 else None
        if found:
            parts.append((start, place))
            place = start = found.end()
            continue
        if character == "\n":
            depth = 0
        place += 1
    parts.append((start, len(folded)))
    return parts


def _opens_position(reading: Reading, start: int, end: int) -> tuple[bool, bool, tuple[object, ...]]:
    """Whether a part of a line begins a position, whether it says how many or of which grade, and what it names."""
    part = reading.folded[start:end]
    span = [(start, end)]
    roles = [reading.roles[number] for number in inside(reading.roles, span)]
    technologies = [reading.technologies[number] for number in inside(reading.technologies, span)]
    grades = [reading.grades[number] for number in inside(reading.grades, span)]
    people = [found for found in technologies if sections.PERSON_ENDING.search(found.words)]
    count = count_in(part) is not None
    key = (
        tuple(sorted({found.id for found in roles})),
        tuple(sorted({grade for found in grades for grade in found.grades})),
        tuple(sorted({found.id for found in technologies})),
    )
    is_person = bool(roles or people)
    if sections.OTHERS.search(part):
        return False, False, key
    is_opened = is_person or bool(technologies and grades and technologies[0].start - start < 30)
    return is_opened, count or bool(grades), key
