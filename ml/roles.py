"""The role of a position, by rules: the profession its title names, else the one its technologies belong to."""

from collections.abc import Sequence

from language import sections
from language.sections import Section
from ml.layout import Layout, title
from ml.reading import Named, Reading
from ml.segmentation import Segment, inside

OTHER = "other"
_DATABASES = "dba"
_AUTOMATION = frozenset(
    ["selenium", "selenide", "playwright", "cypress", "appium", "pytest", "junit", "testng", "cucumber", "allure"]
)
_GENERAL = frozenset(
    [
        "python",
        "java",
        "scala",
        "kotlin",
        "go",
        "typescript",
        "javascript",
        "csharp",
        "cpp",
        "c",
        "sql",
        "rust",
        "bash",
        "groovy",
    ]
)
"""languages of many professions: what stands beside them tells which"""
_TELLING = frozenset(
    [
        "data-scientist",
        "data-engineer",
        "qa-auto",
        "qa-load",
        "blockchain",
        "embedded",
        "gamedev",
        "desktop",
        "android",
        "ios",
        "mobile-cross",
        "devops",
        "crm-erp",
        "1c",
    ]
)
_COMMON = frozenset(
    [
        "docker",
        "kubernetes",
        "jenkins",
        "gitlab-ci",
        "github-actions",
        "teamcity",
        "elk",
        "prometheus",
        "grafana",
        "allure",
        "clickhouse",
        "aws",
        "azure",
        "gcp",
        "yandex-cloud",
        "vault",
        "llm",
        "ansible",
        "terraform",
    ]
)
"""told of by many professions"""


def role(reading: Reading, layout: Layout, segment: Segment) -> tuple[str, str]:
    """The role and the rule that found it, one of title, technology, text, hint, none."""
    start, end = title(reading, segment)
    in_title = [
        found
        for number in inside(reading.roles, [(start, end)])
        for found in [reading.roles[number]]
        if not _is_others(reading, layout, found)
    ]
    technologies = [reading.technologies[number] for number in inside(reading.technologies, segment.own)]
    if in_title:
        return _finished(in_title[0].id, reading, segment, technologies), "title"
    in_title_technology = [found for found in technologies if start <= found.start < end]
    by_technology = _of(reading, in_title_technology)
    if by_technology:
        return _finished(by_technology, reading, segment, technologies), "technology"
    anywhere = [
        reading.roles[number]
        for number in inside(reading.roles, segment.own)
        if not _is_others(reading, layout, reading.roles[number])
    ]
    if anywhere:
        return _finished(anywhere[0].id, reading, segment, technologies), "text"
    hinted = _of(reading, technologies)
    if hinted:
        return _finished(hinted, reading, segment, technologies), "hint"
    return OTHER, "none"


def _of(reading: Reading, technologies: Sequence[Named]) -> str | None:
    """The role that the technologies belong to: a telling one anywhere, else the first's that has one."""
    roles = [
        (found.id, role) for found in technologies if (role := reading.taxonomy.technologies[found.id].role) is not None
    ]
    if not roles:
        return None
    first_id, first_role = roles[0]
    if first_id in _GENERAL:
        for id_, role in roles[1:]:
            if role in _TELLING and id_ not in _COMMON:
                return role
    if first_role == _DATABASES:
        return next((role for _, role in roles if role != _DATABASES), _DATABASES)
    return first_role


def _finished(role: str, reading: Reading, segment: Segment, technologies: Sequence[Named]) -> str:
    ids = {found.id for found in technologies}
    text = "".join(reading.folded[start:end] for start, end in segment.own)
    is_automated = ids & _AUTOMATION or sections.AUTOMATED.search(text)
    if role == "qa-manual" and is_automated and sections.MANUAL.search(text) is None:
        return "qa-auto"
    return "backend" if role == "1c" and "bitrix" in ids and "1c" not in ids else role


def _is_others(reading: Reading, layout: Layout, found: Named) -> bool:
    """A profession of somebody else: the team, the interviewer, the contact."""
    section = layout.at(found.start).section
    if section in (Section.TEAM, Section.CONTACT):
        return True
    line_start = reading.folded.rfind("\n", 0, found.start) + 1
    before = reading.folded[line_start : found.start]
    return sections.OTHERS.search(before) is not None or sections.INTERVIEWER.search(before) is not None
