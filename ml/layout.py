"""Which part of a post is about what: its title, requirements, pluses, duties, terms."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from language.sections import Section, heading
from ml.reading import Reading
from ml.segmentation import Segment, inside

_SENTENCE = re.compile(r"(?<=[.;!?])\s+|\s\|\s|\n")
_BULLET = re.compile(r"\s*(?:[-–—•·*▪▫◾+➕✅✔☑🔹🔸]|\d{1,2}[.)])")
_TITLE_REACH = 400
_OF_ONE_SENTENCE = (Section.PROJECT, Section.TERMS, Section.CONTACT, Section.TEAM)
"""sections that a heading inside a line opens for its sentence alone"""


@dataclass(frozen=True)
class Part:
    """Part of the folded text."""

    start: int
    end: int
    section: Section


@dataclass(frozen=True)
class Layout:
    """The parts of a post, one after another."""

    parts: list[Part]

    @cached_property
    def _starts(self) -> list[int]:
        return [part.start for part in self.parts]

    def at(self, place: int) -> Part:
        """The part that holds the place."""
        return self.parts[max(0, bisect_right(self._starts, place) - 1)]

    @cached_property
    def has_requirements(self) -> bool:
        return any(part.section is Section.CORE for part in self.parts)


def layout(reading: Reading) -> Layout:
    """A heading counts for its line where it has content there, else for the block below it."""
    parts: list[Part] = []
    block, block_lines, after_blank, start = Section.BODY, 0, False, 0
    for line in reading.folded.split("\n"):
        if not line.strip():
            after_blank = True
        else:
            if after_blank and block_lines and not _BULLET.match(line):
                block = Section.BODY
            opened = heading(line)
            if opened and opened[1] >= len(line):
                block, block_lines = opened[0], 0
                parts.append(Part(start, start + len(line), block))
            else:
                parts += _sentences(line, start, block)
                block_lines += 1
            after_blank = False
        start += len(line) + 1
    return Layout(parts or [Part(0, len(reading.folded), Section.BODY)])


def _sentences(line: str, start: int, block: Section) -> list[Part]:
    section = block
    parts: list[Part] = []
    place = 0
    for end in [*(found.start() for found in _SENTENCE.finditer(line)), len(line)]:
        sentence = line[place:end]
        opened = heading(sentence.lstrip())
        if opened and opened[1] < len(sentence.lstrip()):
            section = opened[0]
        if sentence:
            parts.append(Part(start + place, start + end, section))
        if section in _OF_ONE_SENTENCE:
            section = block
        place = end
    return parts


def title(reading: Reading, segment: Segment) -> tuple[int, int]:
    """The place of the line that names the position: the first of its lines with a role, else with a technology."""
    start, end = segment.own[0]
    reach = min(end, start + _TITLE_REACH)
    for found in (reading.roles, reading.technologies):
        numbers = inside(found, [(start, reach)])
        if numbers:
            at = found[numbers[0]].start
            line_start = max(start, reading.folded.rfind("\n", 0, at) + 1)
            line_end = reading.folded.find("\n", at)
            return line_start, min(end, line_end if line_end >= 0 else end)
    line_end = reading.folded.find("\n", start)
    return start, min(end, line_end if line_end >= 0 else end)
