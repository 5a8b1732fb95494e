import shutil
import subprocess
from pathlib import Path

import pytest

from app import systemd

MARKS = ("@PROJECT@", "@PYTHON@", "@USER@")


class TestRendered:
    def test_names_this_folder_and_interpreter_and_leaves_no_mark(self) -> None:
        units = systemd.rendered()
        assert {"platon.target", "platon-worker.service", "platon-migrate.service"} <= set(units)
        assert not [name for name, text in units.items() if any(mark in text for mark in MARKS)]

    @pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
    def test_units_are_accepted_by_systemd(self, tmp_path: Path) -> None:
        paths = []
        for name, text in systemd.rendered().items():
            path = tmp_path / name
            path.write_text(text, encoding="utf-8")
            paths.append(str(path))
        done = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
