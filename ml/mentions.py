"""What is known of a technology named for a position, and the rules' word on it: core, extra or not meant at all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from language import sections
from language.sections import Section
from ml.layout import Layout, title
from ml.reading import Named, Reading
from ml.segmentation import Segment, inside

CORE, EXTRA, NONE = "core", "extra", "none"

_ROUTINE = {"git", "jira", "confluence", "maven", "gradle"}
_ROUTINE_UNLESS = {
    "docker": {"devops", "sysadmin"},
    "gitlab-ci": {"devops", "sysadmin"},
    "github-actions": {"devops", "sysadmin"},
    "jenkins": {"devops", "sysadmin"},
    "teamcity": {"devops", "sysadmin"},
    "argocd": {"devops", "sysadmin"},
    "swagger": {"qa-manual", "qa-auto", "qa-load", "system-analyst", "business-analyst", "data-analyst"},
    "postman": {"qa-manual", "qa-auto", "qa-load", "system-analyst", "business-analyst", "data-analyst"},
    "figma": {"designer"},
}
_SENTENCE_END = re.compile(r"[.;!?](?=\s|$)|\n")
_CHUNK_END = re.compile(r"[,.;!?](?=\s|$)|\n|\s[—–-]\s")
_REACH = 80
_AT_MENTION = 8


@dataclass(frozen=True)
class Use:
    """One technology of one position, all its mentions together."""

    technology: str
    category: str
    role: str
    in_title: bool
    in_hashtag: bool
    sections: frozenset[Section]
    is_plus: bool
    """each mention stands beside words that make it a plus"""
    is_plus_somewhere: bool
    is_unwanted: bool
    is_others: bool
    is_routine: bool
    is_shared: bool
    """named only where the post speaks of all its positions"""
    times: int
    order: int
    """how many other technologies are named before it"""
    of: int
    """how many technologies the position names"""
    words_in: int
    """characters from the position's beginning"""
    length: int
    """characters of the position's own text"""
    in_brackets: bool
    companions: int
    """other technologies on its line"""
    post_has_requirements: bool
    title_has_technology: bool
    before: str
    """the two words before its first mention"""


def uses(reading: Reading, layout: Layout, segment: Segment, role: str) -> list[Use]:
    """The technologies of one position in the order of the text."""
    named = [reading.technologies[number] for number in inside(reading.technologies, segment.own)]
    shared = [
        reading.technologies[number]
        for number in inside(reading.technologies, segment.shared)
        if _is_for_all(reading, layout, reading.technologies[number])
    ]
    start, end = title(reading, segment)
    ids = list(dict.fromkeys(found.id for found in (*named, *shared)))
    place = _Place(segment, role, start, end, any(start <= found.start < end for found in named), len(ids))
    return [
        _use(reading, layout, place, [found for found in (*named, *shared) if found.id == id_], order)
        for order, id_ in enumerate(ids)
    ]


@dataclass(frozen=True)
class _Place:
    """A position: its text, its role, where its title stands and how many technologies it names."""

    segment: Segment
    role: str
    title_start: int
    title_end: int
    title_has_technology: bool
    technologies: int


def _use(reading: Reading, layout: Layout, place: _Place, found: Sequence[Named], order: int) -> Use:
    folded, first, id_ = reading.folded, found[0], found[0].id
    pluses = [_is_plus(folded, mention) for mention in found]
    line_start = folded.rfind("\n", 0, first.start) + 1
    line_end = folded.find("\n", first.end)
    line = (line_start, line_end if line_end >= 0 else len(folded))
    return Use(
        technology=id_,
        category=reading.taxonomy.technologies[id_].category,
        role=place.role,
        in_title=any(place.title_start <= mention.start < place.title_end for mention in found),
        in_hashtag=any(folded[max(0, mention.start - 1)] == "#" for mention in found),
        sections=frozenset(layout.at(mention.start).section for mention in found),
        is_plus=all(pluses),
        is_plus_somewhere=any(pluses),
        is_unwanted=all(_is_unwanted(folded, mention) for mention in found),
        is_others=all(_is_others(folded, mention) for mention in found),
        is_routine=id_ in _ROUTINE or (id_ in _ROUTINE_UNLESS and place.role not in _ROUTINE_UNLESS[id_]),
        is_shared=not inside([first], place.segment.own),
        times=len(found),
        order=order,
        of=place.technologies,
        words_in=first.start - place.segment.start,
        length=sum(end - start for start, end in place.segment.own),
        in_brackets=_is_in_brackets(folded, first.start),
        companions=len({reading.technologies[number].id for number in inside(reading.technologies, [line])}) - 1,
        post_has_requirements=layout.has_requirements,
        title_has_technology=place.title_has_technology,
        before=" ".join(folded[max(0, first.start - 40) : first.start].split()[-2:]),
    )


def by_rules(use: Use) -> str:
    """The guide's rulings 2 and 3 as far as wording and place show them."""
    if use.is_unwanted or use.is_others or use.sections <= {Section.TEAM, Section.UNWANTED}:
        return NONE
    if use.is_routine or use.is_plus:
        return EXTRA
    if use.in_title or (use.in_hashtag and not use.is_shared) or Section.CORE in use.sections:
        return CORE
    if Section.BODY not in use.sections:
        return EXTRA
    return EXTRA if use.is_shared or (use.post_has_requirements and use.length > 500) else CORE


def _is_for_all(reading: Reading, layout: Layout, mention: Named) -> bool:
    """Outside the positions only a stack named as such, or a hashtag, is everybody's."""
    return (
        layout.at(mention.start).section in (Section.CORE, Section.EXTRA)
        or reading.folded[max(0, mention.start - 1)] == "#"
    )


def _is_plus(folded: str, mention: Named) -> bool:
    before = folded[max(0, mention.start - _REACH) : mention.start]
    sentence = _after_last(_SENTENCE_END, before)
    chunk = _after_last(_CHUNK_END, before)
    after = folded[mention.end : mention.end + _REACH]
    rest = _before_first(_SENTENCE_END, after)
    return (
        sections.EXTRA_BEFORE.search(chunk) is not None
        or sections.EXTRA_OPENS.search(sentence) is not None
        or sections.EXTRA_AFTER.match(rest) is not None
        or sections.EXTRA_AFTER_ALL.search(rest) is not None
    )


def _is_unwanted(folded: str, mention: Named) -> bool:
    before = _after_last(_SENTENCE_END, folded[max(0, mention.start - _REACH) : mention.start])
    after = _before_first(_SENTENCE_END, folded[mention.end : mention.end + _REACH])
    return (
        sections.NOT_WANTED_BEFORE.search(before) is not None
        or sections.NOT_WANTED_AFTER.match(after) is not None
        or sections.NOT_MEANT.match(folded[mention.start : mention.end + _AT_MENTION]) is not None
    )


def _is_others(folded: str, mention: Named) -> bool:
    before = _after_last(_SENTENCE_END, folded[max(0, mention.start - _REACH) : mention.start])
    return sections.OTHERS.search(before) is not None


def _is_in_brackets(folded: str, place: int) -> bool:
    before = folded[max(0, place - _REACH) : place]
    return before.rfind("(") > before.rfind(")")


def _after_last(pattern: re.Pattern[str], text: str) -> str:
    end = 0
    for found in pattern.finditer(text):
        end = found.end()
    return text[end:]


def _before_first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return text[: found.start()] if found else text
