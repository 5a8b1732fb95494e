"""What happened in the sandbox Telegram, one JSON line a change, so that a second start shows everything again."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

Record = dict[str, Any]


class Journal:
    """An append-only file under a directory, or nothing at all when there is no directory."""

    def __init__(self, state_dir: Path | None) -> None:
        self.state_dir = state_dir
        self._file: TextIO | None = None

    @property
    def path(self) -> Path | None:
        """The journal's file, if it is kept on disk."""
        return self.state_dir / "bot_api.jsonl" if self.state_dir else None

    def read(self) -> list[Record]:
        """Every change of earlier runs; a line cut off by a crash is left out."""
        if self.path is None or not self.path.exists():
            return []
        records = []
        with self.path.open(encoding="utf-8") as lines:
            for line in lines:
                with contextlib.suppress(ValueError):
                    records.append(json.loads(line))
        return records

    def open(self, snapshot: Iterable[Record]) -> None:
        """Start a new file that begins with the snapshot in place of the changes that led to it."""
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in snapshot)
        fresh.replace(self.path)
        self._file = self.path.open("a", encoding="utf-8")

    def write(self, record: Record) -> None:
        """Append one change."""
        if self._file:
            self._file.write(json.dumps(record, ensure_ascii=False) + "\n")
            self._file.flush()

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()
            self._file = None
