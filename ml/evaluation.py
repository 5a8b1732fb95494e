"""How right predictions are, in the terms of the project's scoring: kinds, items and their fields, calibration."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from language.kinds import Kind
from language.prediction import Item
from ml import extraction
from ml.corpus_files import Example
from ml.figures import confusion
from ml.reading import Reading

_BINS = 10
_SUREST = 0.85
_LISTINGS = (Kind.REQUEST, Kind.OFFER)


def figures(
    examples: Sequence[Example],
    kinds: Sequence[str],
    engagements: Mapping[int, str],
    confidences: NDArray[np.float64],
    items: Sequence[Sequence[Item]],
) -> dict[str, Any]:
    """Shares of posts right, F1 over a post's items, calibration; kinds, engagements and items as predicted, by row."""
    right = np.array([example.kind == kind for example, kind in zip(examples, kinds, strict=True)])
    relevant = [
        (example.kind is not Kind.JUNK) == (kind != Kind.JUNK) for example, kind in zip(examples, kinds, strict=True)
    ]
    listings = [row for row, example in enumerate(examples) if example.kind in _LISTINGS]
    engaged = [examples[row].engagement == engagement for row, engagement in engagements.items()]
    exact = [
        bool(right[row])
        and _united(example.items, "core") == _united(items[row], "core")
        and _united(example.items, "grades") == _united(items[row], "grades")
        for row, example in enumerate(examples)
    ]
    return {
        "posts": len(examples),
        "relevance": _share(relevant),
        "kind": _share(right),
        "engagement": _share(engaged),
        "items": _share([len(items[row]) == len(examples[row].items) for row in listings]),
        **{
            name: _f1(
                [
                    (_united(example.items, *fields), _united(items[row], *fields))
                    for row, example in enumerate(examples)
                ]
            )
            for name, fields in {
                "stack": ("core", "extra"),
                "core": ("core",),
                "grade": ("grades",),
                "role": ("role",),
            }.items()
        },
        "exact": _share(exact),
        "calibration_error": round(calibration_error(confidences, right), 4),
        "kind_on_surest": _share(
            right[np.argsort(confidences, kind="stable")[len(right) - round(_SUREST * len(right)) :]]
        ),
        "confusion": confusion(examples, kinds),
    }


def found_items(
    examples: Sequence[Example], kinds: Sequence[str], readings: Sequence[Reading]
) -> list[tuple[Item, ...]]:
    """What the rules find in posts that were taken for requests and offers, by row."""
    return [
        tuple(decided.item for decided in extraction.items(reading, example.engagement)) if kind in _LISTINGS else ()
        for example, reading, kind in zip(examples, readings, kinds, strict=True)
    ]


def calibration_error(confidences: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Expected calibration error over ten bins of equal size."""
    order = np.argsort(confidences, kind="stable")
    parts = np.array_split(order, min(_BINS, len(order)) or 1)
    return float(sum(abs(confidences[part].sum() - right[part].sum()) for part in parts) / (len(order) or 1))


def _surest(confidences: NDArray[np.float64]) -> NDArray[np.intp]:
    order = np.argsort(confidences, kind="stable")
    return order[len(order) - round(_SUREST * len(order)) :]


def _united(items: Sequence[Item], *fields: str) -> set[str]:
    found: set[str] = set()
    for item in items:
        for name in fields:
            value = getattr(item, name)
            found.update([value] if isinstance(value, str) else map(str, value))
    return found


def _f1(pairs: Sequence[tuple[set[str], set[str]]]) -> float:
    common = sum(len(gold & predicted) for gold, predicted in pairs)
    total = sum(len(gold) + len(predicted) for gold, predicted in pairs)
    return round(2 * common / total, 4) if total else 1.0


def _share(right: Sequence[bool] | NDArray[np.bool_]) -> float:
    return round(float(np.mean(right)), 4) if len(right) else 1.0
