"""The files of sample channels: one JSON line for the channel, then one for each thing that happens in it."""

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parent / "channels"

_AGO = re.compile(r"\s*(\d+)\s*([dhms])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


@dataclass(frozen=True)
class SampleLine:
    """A post, an edit (`edit_of`) or a deletion (`delete_of`); posts are named by channel and `n`.

    `ago` says how long before the first start it happened; None for a live line, which happens when its turn comes.
    """

    channel_id: int
    n: int
    text: str
    ago: timedelta | None
    reply_to: int | None
    forward_from: tuple[int, int] | None
    author: str | None
    album: int | None
    links: tuple[tuple[str, str], ...]
    edit_of: int | None
    delete_of: tuple[int, ...]

    @property
    def is_post(self) -> bool:
        return self.edit_of is None and not self.delete_of


@dataclass(frozen=True)
class SampleChannel:
    """One file."""

    id: int
    title: str
    username: str | None
    invite: str | None
    about: str
    megagroup: bool
    lines: tuple[SampleLine, ...]


def read_channels(directory: Path = SAMPLES) -> list[SampleChannel]:
    """All channels of the directory by file name; raises ValueError that names the file and line of a mistake."""
    return [_read(path) for path in sorted(directory.glob("*.jsonl"))]


def _read(path: Path) -> SampleChannel:
    number = 0
    try:
        records = []
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if line.strip():
                records.append((number, json.loads(line)))
        number, head = records[0]
        lines = []
        for number, record in records[1:]:
            lines.append(_line(head["channel"], number, record))
        return SampleChannel(
            head["channel"],
            head["title"],
            head.get("username"),
            head.get("invite"),
            head.get("about", ""),
            head.get("megagroup", False),
            tuple(lines),
        )
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise ValueError(f"{path.name}, line {number}: {error!r}") from error


def _line(channel_id: int, number: int, record: dict[str, Any]) -> SampleLine:
    forward = record.get("forward_from")
    edit_of, delete_of = record.get("edit_of"), tuple(record.get("delete_of") or ())
    return SampleLine(
        channel_id,
        record.get("n", -number),
        record.get("text", "") if delete_of else record["text"],
        None if record.get("live") else parse_ago(record["ago"]),
        record.get("reply_to"),
        (forward["channel"], forward["n"]) if forward else None,
        record.get("author"),
        record.get("album"),
        tuple((visible, address) for visible, address in record.get("links") or ()),
        edit_of,
        delete_of,
    )


def parse_ago(text: str) -> timedelta:
    """A duration such as "12d 4h 10m"; raises ValueError for anything else."""
    parts = _AGO.findall(text)
    if not parts or _AGO.sub("", text).strip():
        raise ValueError(f"not a duration: {text!r}")
    return sum((timedelta(**{_UNITS[unit]: int(count)}) for count, unit in parts), timedelta())
