"""What a post asks or offers: an item for each position, by the guide's rules, each decision with its confidence."""

from collections.abc import Sequence
from dataclasses import dataclass

from language.kinds import Engagement
from language.prediction import Item
from ml import details, roles
from ml.layout import Layout, layout
from ml.mentions import CORE, EXTRA, NONE, Use, by_rules, uses
from ml.reading import Reading
from ml.segmentation import Segment, segments
from ml.technology_choice import Position, TechnologyChoice


@dataclass(frozen=True)
class Decided:
    """An item and the rules that decided it, by which its confidences are known."""

    item: Item
    role_rule: str
    core_rule: str
    grades_rule: str
    core_confidence: float | None
    """where trees decided the core"""


def items(reading: Reading, engagement: Engagement | None, choice: TechnologyChoice | None = None) -> list[Decided]:
    """The items of a request or an offer of this engagement, in the order of the text; at least one."""
    parts = layout(reading)
    return [_decided(reading, parts, segment, engagement, choice) for segment in segments(reading)]


def _decided(
    reading: Reading, parts: Layout, segment: Segment, engagement: Engagement | None, choice: TechnologyChoice | None
) -> Decided:
    role, role_rule = roles.role(reading, parts, segment)
    technologies = uses(reading, parts, segment, role)
    chosen = choice.choose(technologies) if choice else None
    places = chosen.places if chosen else [by_rules(use) for use in technologies]
    core = tuple(use.technology for use, place in zip(technologies, places, strict=True) if place == CORE)
    extra = tuple(use.technology for use, place in zip(technologies, places, strict=True) if place == EXTRA)
    grades, grades_rule = details.grades(reading, parts, segment)
    item = Item(
        role=role,
        core=core,
        extra=extra,
        grades=grades,
        count=details.count(reading, segment),
        rate=details.rate(reading, segment, role, core, engagement),
        location=details.location(reading, segment),
        remote=details.remote(reading, segment),
        text="\n".join(reading.written(start, end).strip() for start, end in sorted((*segment.own, *segment.shared))),
        contact=details.contact(reading, segment),
        request_id=details.request_id(reading, segment),
        direct_client=details.is_direct_client(reading),
    )
    return Decided(
        item, role_rule, _core_rule(technologies, segment), grades_rule, chosen.confidence if chosen else None
    )


def _core_rule(technologies: list[Use], segment: Segment) -> str:
    """What sort of decision the core was: short and plain posts are decided more surely than long ones."""
    size = "one" if len(technologies) <= 1 else "few" if len(technologies) <= 5 else "many"
    pluses = any(use.is_plus_somewhere for use in technologies)
    return f"{size}{' with pluses' if pluses else ''}{' of list' if segment.shared else ''}"


def positions(reading: Reading, items: Sequence[Item], post: int) -> list[Position]:
    """What the technologies' choice learns from: the positions found, where they are as many as the labelled items."""
    parts = layout(reading)
    found = segments(reading)
    if len(found) != len(items):
        return []
    learned = []
    for segment, item in zip(found, items, strict=True):
        role, _ = roles.role(reading, parts, segment)
        technologies = uses(reading, parts, segment, role)
        places = [
            CORE if use.technology in item.core else EXTRA if use.technology in item.extra else NONE
            for use in technologies
        ]
        learned.append(Position(post, technologies, places))
    return learned
