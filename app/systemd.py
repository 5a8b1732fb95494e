"""systemd units for this folder and this interpreter, from the templates in deploy/systemd."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

from app.settings import PROJECT

TEMPLATES = PROJECT / "deploy" / "systemd"
UNITS = Path("/etc/systemd/system")


def rendered() -> dict[str, str]:
    """Each unit's file name and text, for whoever owns the project's folder."""
    user = pwd.getpwuid(PROJECT.stat().st_uid).pw_name
    words = {"@PROJECT@": str(PROJECT), "@PYTHON@": sys.executable, "@USER@": user}
    units = {}
    for template in sorted(TEMPLATES.iterdir()):
        text = template.read_text(encoding="utf-8")
        for mark, value in words.items():
            text = text.replace(mark, value)
        units[template.name] = text
    return units


def install() -> list[str]:
    """Returns what to tell the person."""
    if os.geteuid() != 0 or not UNITS.is_dir():
        return [
            "Installing services needs root and systemd. As root: make services.",
            f"Or copy the units from {TEMPLATES} by hand and replace @PROJECT@, @PYTHON@ and @USER@.",
        ]
    for name, text in rendered().items():
        (UNITS / name).write_text(text, encoding="utf-8")
    reloaded = subprocess.run(["/usr/bin/systemctl", "daemon-reload"], check=False, capture_output=True)
    return [
        f"Written: {', '.join(rendered())} into {UNITS}.",
        *([] if reloaded.returncode == 0 else ["systemd did not answer: run `systemctl daemon-reload` yourself."]),
        "Start now and at every boot: systemctl enable --now platon.target",
        "Logs: journalctl -u 'platon-*' -f",
    ]
