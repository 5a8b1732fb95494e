"""What survives a restart: one JSON line for each thing that happened, appended as it happens."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any


class Journal:
    """An append-only file of records; a line that a crash cut in the middle is dropped at the next start."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

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
        if self._file is None:
            self._path.touch(mode=0o600)
            self._file = self._path.open("ab", buffering=0)
        self._file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
