"""Particulars of a position: how many, grades, rate, place, remote, contact, number, whether the client is direct."""

import re
from collections.abc import Iterable
from dataclasses import replace

from language import lists, sections
from language.bare_rates import find_bare_rates, find_unit
from language.kinds import Engagement, Grade, Remote
from language.prediction import Rate
from language.request_ids import find_request_id
from language.sections import Section
from ml.layout import Layout, title
from ml.reading import Priced, Reading
from ml.segmentation import Segment, Span, count_in, inside

_ORDER = list(Grade)
_MOST_PEOPLE = 30
_IS_HEADING = 8
_SENTENCE_END = re.compile(r"[.!?](?=\s)")


def grades(reading: Reading, layout: Layout, segment: Segment) -> tuple[tuple[Grade, ...], str]:
    """Grades lowest first, and the rule that found them: title, text, shared or none."""
    spans: list[tuple[str, tuple[Span, ...]]] = [
        ("title", (title(reading, segment),)),
        ("text", segment.own),
        ("shared", segment.shared),
    ]
    for rule, places in spans:
        named = {
            grade
            for number in inside(reading.grades, places)
            if not _is_somebody_elses(reading, layout, reading.grades[number].start)
            for grade in reading.grades[number].grades
        }
        if named:
            return tuple(grade for grade in _ORDER if grade in named), rule
    return (), "none"


def count(reading: Reading, segment: Segment) -> int:
    """How many people, 1 if unsaid."""
    start, end = title(reading, segment)
    own = reading.folded[segment.own[0][0] : segment.own[-1][1]]
    for text in (reading.folded[start:end], own):
        said = count_in(text)
        if said is None and text is not own:
            dash = sections.COUNT_AFTER_DASH.search(text) or sections.COUNT_IN_BRACKETS.search(text)
            said = int(dash[1]) if dash else None
        if said is not None and 0 < said <= _MOST_PEOPLE:
            return said
    return 1


def rate(
    reading: Reading, segment: Segment, role: str, technologies: Iterable[str], engagement: Engagement | None
) -> Rate | None:
    """The position's own rate, else the one said for its role, else the one said for all."""
    own = _rates(reading, segment.own, segment.shared, engagement)
    if own:
        return _best(own).rate
    for_all = []
    known = set(technologies)
    for found in _rates(reading, segment.shared, segment.shared, engagement):
        clause_start = max(reading.folded.rfind(sign, 0, found.start) for sign in (",", ";", ".", "\n")) + 1
        span = [(clause_start, found.start)]
        roles = {reading.roles[number].id for number in inside(reading.roles, span)}
        named = {reading.technologies[number].id for number in inside(reading.technologies, span)}
        if role in roles or named & known:
            return found.rate
        if not roles and not named:
            for_all.append(found)
    return _best(for_all).rate if for_all else None


def _rates(
    reading: Reading, spans: tuple[Span, ...], shared: tuple[Span, ...], engagement: Engagement | None
) -> list[Priced]:
    """Rates said in full; where there are none, bare numbers that can only be rates."""
    found = [
        Priced(_by_engagement(reading, priced, engagement), priced.start, priced.end)
        for number in inside(reading.rates, spans)
        if (priced := reading.rates[number]).rate.period != "hour" or _is_likely(priced.rate)
    ]
    if found:
        return found
    unit = find_unit("\n".join(reading.folded[start:end] for start, end in shared))
    return [
        Priced(bare.rate, start + bare.start, start + bare.end)
        for start, end in spans
        for bare in find_bare_rates(reading.folded[start:end], engagement, unit)
    ]


def _is_likely(rate: Rate) -> bool:
    """«ДО 3.0 — 2200» is no range."""
    return rate.min is None or rate.max is None or rate.max < 5 * max(rate.min, 1)


def _by_engagement(reading: Reading, priced: Priced, engagement: Engagement | None) -> Rate:
    """The price of a one-off task is for the task, unless a month was said."""
    around = reading.folded[priced.start : priced.end + 8]
    if engagement is Engagement.FREELANCE and priced.rate.period == "month" and not sections.MONTH.search(around):
        return replace(priced.rate, period="project")
    return priced.rate


def _best(found: list[Priced]) -> Priced:
    """Of several rates of one position the first that is by the hour or the month."""
    return next((priced for priced in found if priced.rate.period in ("hour", "month")), found[0])


def remote(reading: Reading, segment: Segment) -> Remote | None:
    for spans in (segment.own, segment.shared):
        text = "\n".join(reading.folded[start:end] for start, end in spans)
        found = _remote(text)
        if found:
            return found
    return None


def _remote(text: str) -> Remote | None:
    if sections.HYBRID.search(text):
        return Remote.HYBRID
    if sections.REMOTE.search(sections.NOT_REMOTE.sub(" ", text)):
        return Remote.REMOTE
    if sections.OFFICE.search(sections.NOT_OFFICE.sub(" ", text)):
        return Remote.OFFICE
    return None


def location(reading: Reading, segment: Segment) -> str | None:
    """Where, as its author wrote it."""
    for spans in (segment.own, segment.shared):
        for start, end in spans:
            found = sections.LOCATION_LABEL.search(reading.folded[start:end])
            if found:
                said = reading.written(start + found.start(1), start + found.end(1))
                return lists.AFTER_LOCATION.split(said)[0].strip(" *_.,") or None
        for start, end in spans:
            found = sections.PLACE.search(reading.folded, start, end)
            if found:
                return reading.written(found.start(), found.end())
    return None


def contact(reading: Reading, segment: Segment) -> str | None:
    """Whom to write to: a name of Telegram, an address or a telephone, the last one said."""
    for spans in (segment.own, segment.shared, ((0, len(reading.folded)),)):
        found = [hit[0] for start, end in spans for hit in sections.CONTACT.finditer(reading.written(start, end))]
        if found:
            return found[-1]
    return None


def request_id(reading: Reading, segment: Segment) -> str | None:
    """The poster's own number of the request or of the person offered."""
    for start, end in (*segment.own, *(segment.shared if len(segment.shared) < 2 else ())):
        if found := find_request_id(reading.written(start, end)):
            return found
    return None


def is_direct_client(reading: Reading) -> bool:
    return sections.DIRECT_CLIENT.search(reading.folded) is not None


def _is_somebody_elses(reading: Reading, layout: Layout, place: int) -> bool:
    part = layout.at(place)
    section = part.section
    if place - part.start <= _IS_HEADING and section is Section.TEAM:
        return False  # «Team Lead (React)»
    if section in (Section.TEAM, Section.CONTACT, Section.DUTIES):
        return True
    line_start = reading.folded.rfind("\n", 0, place) + 1
    before = _SENTENCE_END.split(reading.folded[line_start:place])[-1]
    return (
        sections.OTHERS.search(before) is not None
        or sections.INTERVIEWER.search(before) is not None
        or sections.MENTORED.search(before) is not None
    )
