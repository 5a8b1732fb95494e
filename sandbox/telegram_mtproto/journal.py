"""What survives a restart: one JSON line for each thing that happened, appended as it happens."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Journal:
    """An append-only file of records; a line that a crash cut in the middle is dropped at the next start."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def records(self) -> Iterator[dict[str, Any]]:
        """All records written so far, oldest first; truncates the file after the last whole one."""
        if not self._path.exists():
            return
        whole = 0
        with self._path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    break
                yield json.loads(line)
                whole += len(line)
        with self._path.open("rb+") as file:
            file.truncate(whole)

    def write(self, record: dict[str, Any]) -> None:
        with open(self._path, "ab", opener=_private) as file:
            file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
