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
from weakref import WeakKeyDictionary

from language import lists, sections
from language.bare_rates import find_bare_rates
from ml.reading import Placed, Reading

Span = tuple[int, int]

_TITLE_SCORE = 3.0
_WEAK_TITLE_SCORE = 2.0
_BESIDE_SCORE = 2.0
_FEWEST_TITLES = 0.34
"""share of the lines of one marker"""
_LONGEST_TITLE = 260
_SHORT_HEADING = 16
_SHORT_TITLE = 40
_LONGEST_LINE_OF_POSITIONS = 900
_NEAR_START = 22
_FAR = 60
_AT_START = 2
_NEAR_PART_START = 30


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
    is_counted: bool
    """says how many or for how much"""
    has_grade: bool
    is_labelled: bool
    """«Роль: …»: a field of a form"""
    key: tuple[object, ...]
    """what it names; two titles of one position name the same"""


_known: WeakKeyDictionary[Reading, list[Segment]] = WeakKeyDictionary()
"""of readings still in use: facts, extraction and training ask for the same"""


def segments(reading: Reading) -> list[Segment]:
    """At least one; several where the post speaks of several positions."""
    found = _known.get(reading)
    if found is None:
        lines = _lines(reading)
        whole = Segment(((0, len(reading.folded)),))
        found = _known[reading] = _from_list(reading, lines) or _from_one_line(reading, lines) or [whole]
    return found


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
        found = lists.MARKER.match(written)
        marker, content = "", start + len(written) - len(written.lstrip(" \t*_"))
        if written.count("|") >= 2:
            marker = "cells"
        elif found:
            marker = lists.sort_of(found["mark"])
            content = start + found.end()
        score, key = _title_score(reading, content, end) if written.strip() else (0.0, ())
        lines.append(
            _Line(
                start,
                end,
                marker,
                content,
                not written.strip(),
                score,
                bool(score) and _is_priced_or_counted(reading, (content, end)),
                bool(inside(reading.grades, [(content, end)])),
                lists.LABEL.match(reading.folded, content, end) is not None,
                key,
            )
        )
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
    priced = bool(inside(reading.rates, span) or find_bare_rates(line, None))
    named_otherwise = technologies and (grades or profession or len(line) < _SHORT_TITLE)
    if not (roles or people or named_otherwise or (profession and grades and priced)):
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
        score += 1.5 if technologies[0].start - start <= _AT_START else 1.0
    score += 2.0 if grades and grades[0].start < near + 45 else 0.5 if grades else 0.0
    score += 1.5 if priced else 0.0
    score += 1.0 if id_at_start else 0.0
    score += 1.0 if count_in(line) is not None else 0.0
    opened = sections.heading(line)
    if opened and opened[0] not in (sections.Section.BODY, sections.Section.PROJECT) and not grades and not roles:
        score -= 2.0
    return score, _names(reading, start, end)


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
        chosen = _with_neighbours(lines, _in_a_row(lines, chosen))
        if len(chosen) == 2 and not all(lines[number].is_counted for number in chosen):
            return []
    else:
        of_marker = [number for number, line in enumerate(lines) if line.marker == marker and line.end - line.start > 3]
        strong = sum(lines[number].score >= _TITLE_SCORE for number in of_marker)
        if marker not in ("number", "cells") and strong < _FEWEST_TITLES * len(of_marker):
            return []
        if marker != "cells" and sum(lines[number].is_labelled for number in of_marker) > len(of_marker) / 2:
            return []
        chosen = [number for number in of_marker if lines[number].score >= _WEAK_TITLE_SCORE]
    if len({lines[number].key for number in chosen}) < 2:
        return []
    return chosen


def _with_neighbours(lines: list[_Line], chosen: list[int]) -> list[int]:
    """The lines right beside the chosen that look a little like titles too."""
    found = set(chosen)
    for step in (-1, 1):
        for number in chosen:
            beside = number + step
            while 0 <= beside < len(lines) and _is_beside(lines[beside]):
                found.add(beside)
                beside += step
    return sorted(found)


def _is_beside(line: _Line) -> bool:
    return line.marker == "" and line.score >= _BESIDE_SCORE and (line.is_counted or line.has_grade)


def _in_a_row(lines: list[_Line], candidates: list[int]) -> list[int]:
    """Lines without markers begin positions where they stand together, or where each opens a block."""
    together = [
        number
        for number, before, after in zip(candidates, [None, *candidates[:-1]], [*candidates[1:], None], strict=True)
        if _are_together(lines, before, number) or _are_together(lines, number, after)
    ]
    if len(together) >= 2:
        return together
    opening = [
        number
        for number in candidates
        if number == 0
        or lines[number - 1].is_blank
        or _is_separator(lines[number - 1])
        or (number >= 2 and lines[number - 2].is_blank)
    ]
    return opening if len(opening) >= 2 else []


def _are_together(lines: list[_Line], one: int | None, other: int | None) -> bool:
    """Nothing but blank lines and short headings («BACK») between."""
    if one is None or other is None or other - one > 3:
        return False
    return all(line.is_blank or line.end - line.start <= _SHORT_HEADING for line in lines[one + 1 : other])


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


_OPENING, _CLOSING = "([", ")]"


def _from_one_line(reading: Reading, lines: list[_Line]) -> list[Segment]:
    """Positions named one after another: each part that begins one takes what follows up to the next."""
    folded = reading.folded
    starts: list[tuple[int, tuple[object, ...]]] = []
    has_grade = True
    for start, end in _parts(folded):
        opened, named = _opens_position(reading, start, end)
        grades = bool(inside(reading.grades, [(start, end)]))
        if opened and (named or has_grade):
            starts.append((start, _names(reading, start, end)))
            has_grade = grades
        else:
            has_grade = has_grade or grades
    if len(starts) < 2 or len({key for _, key in starts}) < 2:
        return []
    if starts[-1][0] - starts[0][0] > _LONGEST_LINE_OF_POSITIONS or "\n\n" in folded[starts[0][0] : starts[-1][0]]:
        return []
    sentence_ends = [found.start() for found in re.finditer(r"[.!?](?=\s|$)|\n\s*\n|$", folded)]
    bounds = [start for start, _ in starts]
    last_end = next(end for end in sentence_ends if end >= bounds[-1])
    ends = [*bounds[1:], last_end]
    own = list(zip(bounds, ends, strict=True))
    if sum(_is_counted(reading, span) for span in own) < len(own) - len(own) // 3:
        return []
    in_one_sentence = re.search(r"[.!?]\s|\n", folded[bounds[0] : bounds[-1]]) is None
    if len(own) == 2 and not in_one_sentence and not all(_is_priced_or_counted(reading, span) for span in own):
        return []
    shared = tuple(span for span in ((0, bounds[0]), (last_end, len(folded))) if folded[slice(*span)].strip())
    return [Segment((span,), shared) for span in own]


def _parts(folded: str) -> list[Span]:
    """The text between commas, «и» and full stops that stand outside brackets."""
    parts: list[Span] = []
    start = depth = place = 0
    while place < len(folded):
        character = folded[place]
        depth += (character in _OPENING) - (character in _CLOSING and depth > 0)
        found = lists.BETWEEN_POSITIONS.match(folded, place) if depth == 0 else None
        if found:
            parts.append((start, place))
            place = start = found.end()
            continue
        if character == "\n":
            depth = 0
        place += 1
    parts.append((start, len(folded)))
    return parts


def _opens_position(reading: Reading, start: int, end: int) -> tuple[bool, bool]:
    """Whether a part of a line begins a position, and whether by naming a profession."""
    part = reading.folded[start:end]
    line = reading.folded[reading.folded.rfind("\n", 0, start) + 1 : end]
    if sections.OTHERS.search(part) or sections.INTERVIEWER.search(part) or sections.NOT_OPEN_LINE.match(line):
        return False, False
    span = [(start, end)]
    roles = [reading.roles[number] for number in inside(reading.roles, span)]
    technologies = [reading.technologies[number] for number in inside(reading.technologies, span)]
    people = [found for found in technologies if sections.PERSON_ENDING.search(found.words)]
    near = min((found.start - start for found in (*roles, *people)), default=_FAR)
    if near < _FAR:
        return True, True
    is_named = bool(technologies) and technologies[0].start - start < _NEAR_PART_START
    return is_named and (bool(inside(reading.grades, span)) or bool(inside(reading.rates, span))), False


def _names(reading: Reading, start: int, end: int) -> tuple[object, ...]:
    """Roles, grades and technologies named there; two titles of one position name the same."""
    span = [(start, end)]
    return (
        tuple(sorted({reading.roles[number].id for number in inside(reading.roles, span)})),
        tuple(sorted({grade for number in inside(reading.grades, span) for grade in reading.grades[number].grades})),
        tuple(sorted({reading.technologies[number].id for number in inside(reading.technologies, span)})),
    )


def _is_counted(reading: Reading, span: Span) -> bool:
    """Whether how many, a grade or a rate is said there."""
    return bool(inside(reading.grades, [span])) or _is_priced_or_counted(reading, span)


def _is_priced_or_counted(reading: Reading, span: Span) -> bool:
    text = reading.folded[span[0] : span[1]]
    return bool(inside(reading.rates, [span]) or count_in(text) is not None or find_bare_rates(text, None))
