"""A letter as the sandbox's mailbox keeps and shows it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

_ENVELOPE = ("X-Sandbox-From", "X-Sandbox-To", "X-Sandbox-At")


@dataclass(frozen=True)
class Letter:
    """One mail for one or more recipients: the envelope, the moment it came, the bytes and what they say."""

    number: int
    sender: str
    recipients: tuple[str, ...]
    received_at: datetime
    source: bytes
    parsed: EmailMessage

    @classmethod
    def read(cls, number: int, sender: str, recipients: tuple[str, ...], at: datetime, source: bytes) -> Letter:
        """Parse the bytes of a mail."""
        parsed = message_from_bytes(source, policy=policy.default)
        return cls(number, sender, recipients, at, source, parsed)

    @property
    def subject(self) -> str:
        return str(self.parsed["Subject"] or "")

    @property
    def text(self) -> str:
        """The plain text part, empty if there is none."""
        return self._part("plain")

    @property
    def html(self) -> str:
        """The HTML part, empty if there is none."""
        return self._part("html")

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in self.parsed.items()]

    @property
    def unsubscribe_url(self) -> str | None:
        """Where a one-click unsubscription is posted (RFC 8058), if the mail offers one."""
        link = re.search(r"<(https?://[^>\s]+)>", str(self.parsed["List-Unsubscribe"] or ""))
        one_click = str(self.parsed["List-Unsubscribe-Post"] or "").replace(" ", "").lower()
        return link[1] if link and one_click == "list-unsubscribe=one-click" else None

    def _part(self, kind: str) -> str:
        part = self.parsed.get_body((kind,))
        return str(part.get_content()).replace("\r\n", "\n") if part else ""


def save(letter: Letter, directory: Path) -> None:
    """Write the letter as an .eml file, its envelope in headers of ours at the top."""
    directory.mkdir(parents=True, exist_ok=True)
    values = (letter.sender, ", ".join(letter.recipients), letter.received_at.isoformat())
    head = "".join(f"{name}: {value}\r\n" for name, value in zip(_ENVELOPE, values, strict=True))
    unfinished = directory / f"{letter.number:06d}.new"
    unfinished.write_bytes(head.encode() + letter.source)
    unfinished.rename(directory / f"{letter.number:06d}.eml")


def load(directory: Path) -> list[Letter]:
    """The letters of earlier runs, oldest first."""
    letters = []
    for path in sorted(directory.glob("*.eml")):
        *envelope, source = path.read_bytes().split(b"\r\n", len(_ENVELOPE))
        sender, recipients, at = (line.decode().partition(": ")[2] for line in envelope)
        moment = datetime.fromisoformat(at).astimezone(UTC)
        letters.append(Letter.read(int(path.stem), sender, tuple(recipients.split(", ")), moment, source))
    return letters
