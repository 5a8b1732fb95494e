"""What a trial is given and what it gives: light, so that whoever hands them over need not load a model."""

from dataclasses import dataclass
from typing import Any

from ml.corpus_files import Example


@dataclass(frozen=True)
class Labelled:
    """A post as people labelled it."""

    example: Example
    has_items: bool
    """they said what it asks or offers, not only its kind"""
    batch: str | None
    """who gave it, among posts that were not chosen because the model was wrong there; None for a correction"""


@dataclass(frozen=True)
class Tried:
    """A challenger with its understudy and a report: where `refused_because` is not empty, the champion stays."""

    artifact: bytes
    understudy: bytes | None
    """None of a first model, which was compared with nobody"""
    report: dict[str, Any]
