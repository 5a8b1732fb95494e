"""The labelled posts that models learn from: JSON Lines beside this module, one post a line in the guide's form."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from language.kinds import Engagement, Grade, Kind, Remote
from language.prediction import Item, Rate

_HARD = ("odd", "tricky")
_HARD_WEIGHT = 0.3
FOLDER = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class Example:
    """One labelled post."""

    id: str
    text: str
    kind: Kind
    engagement: Engagement | None
    items: tuple[Item, ...]
    group: str = ""
    """the file it stands in: posts of one manner, held out together where generalisation is measured"""

    @property
    def weight(self) -> float:
        """How much it counts in training: posts written to mislead are rarer in life than in the corpus."""
        return _HARD_WEIGHT if any(word in self.group for word in _HARD) else 1.0


class BadCorpus(ValueError):
    """A line that is no labelled post, with its file and number."""


def read(folder: Path = FOLDER) -> list[Example]:
    """Every example of every file, files in order of name. Raises BadCorpus; ids must be unique."""
    examples: list[Example] = []
    seen: set[str] = set()
    for path in sorted(folder.glob("*.jsonl")):
        for example in read_file(path):
            if example.id in seen:
                raise BadCorpus(f"{path.name}: the id {example.id} is used twice")
            seen.add(example.id)
            examples.append(example)
    return examples


def read_file(path: Path) -> Iterator[Example]:
    """The examples of one file, in order. Raises BadCorpus."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                yield example_from_json(json.loads(line), group=path.stem)
            except (KeyError, ValueError, TypeError, AttributeError) as error:
                raise BadCorpus(f"{path.name}, line {number}: {error!r}") from error


def example_from_json(row: dict[str, Any], group: str = "") -> Example:
    """One line of the guide's form. Raises KeyError, TypeError or ValueError where it is none."""
    engagement = row.get("engagement")
    return Example(
        id=str(row["id"]),
        text=str(row["text"]),
        kind=Kind(row["kind"]),
        engagement=None if engagement is None else Engagement(engagement),
        items=tuple(_item(item) for item in row.get("items") or ()),
        group=group,
    )


def _item(row: dict[str, Any]) -> Item:
    rate = row.get("rate")
    remote = row.get("remote")
    return Item(
        role=row["role"],
        core=tuple(row.get("core") or ()),
        extra=tuple(row.get("extra") or ()),
        grades=tuple(Grade(grade) for grade in row.get("grades") or ()),
        count=int(row.get("count") or 1),
        rate=None if not rate else _rate(rate),
        location=row.get("location") or None,
        remote=None if not remote else Remote(remote),
    )


def _rate(row: dict[str, Any]) -> Rate:
    return Rate(currency=row["currency"], period=row["period"], min=row.get("min"), max=row.get("max"))
