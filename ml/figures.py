"""The figures of a model in detail: precision and recall by kind and by technology with intervals; calibration."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from language.kinds import Kind
from language.prediction import Item
from ml.corpus_files import Example

Json = dict[str, Any]

_BINS = 10
_Z = 1.96
"""95 %"""


def figures(
    examples: Sequence[Example],
    kinds: Sequence[str],
    confidences: NDArray[np.float64],
    items: Sequence[Sequence[Item]],
) -> Json:
    """JSON for people: `kinds`, `technologies` (precision and recall), `confusion`, `calibration`; posts by row.

    A share is {"value", "low", "high", "of"}: Wilson's interval of 95 %, of how many. Nothing of none is 0 to 1.
    """
    right = [example.kind == kind for example, kind in zip(examples, kinds, strict=True)]
    return {
        "posts": len(examples),
        "kinds": _by_name([({str(example.kind)}, {str(kind)}) for example, kind in zip(examples, kinds, strict=True)]),
        "technologies": _by_name(
            [(_stack(example.items), _stack(found)) for example, found in zip(examples, items, strict=True)]
        ),
        "confusion": confusion(examples, kinds),
        "calibration": _calibration(confidences, np.array(right, dtype=bool)),
    }


def confusion(examples: Sequence[Example], kinds: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many posts of each kind were taken for which."""
    met = Counter((str(example.kind), str(kind)) for example, kind in zip(examples, kinds, strict=True))
    return {str(gold): {str(taken): met[str(gold), str(taken)] for taken in Kind} for gold in Kind}


def share(right: int, of: int) -> Json:
    """With Wilson's interval."""
    low, high = wilson(right, of)
    value = round(right / of, 4) if of else 0.0
    return {"value": value, "low": round(low, 4), "high": round(high, 4), "of": of}


def wilson(right: int, of: int) -> tuple[float, float]:
    """Between which the true share lies, with 95 % certainty."""
    if not of:
        return 0.0, 1.0
    middle = (right + _Z**2 / 2) / (of + _Z**2)
    reach = _Z / (of + _Z**2) * sqrt(right * (of - right) / of + _Z**2 / 4)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _by_name(pairs: Iterable[tuple[set[str], set[str]]]) -> dict[str, Json]:
    """Precision and recall of each name, of what is and what was found; the most frequent first."""
    is_, found, both = Counter[str](), Counter[str](), Counter[str]()
    for gold, predicted in pairs:
        is_.update(gold)
        found.update(predicted)
        both.update(gold & predicted)
    names = sorted({*is_, *found}, key=lambda name: (-is_[name], name))
    return {
        name: {"precision": share(both[name], found[name]), "recall": share(both[name], is_[name])} for name in names
    }


def _calibration(confidences: NDArray[np.float64], right: NDArray[np.bool_]) -> list[Json]:
    """Ten bins of equal size, from the least sure: how sure the answers were, and how many were right."""
    order = np.argsort(confidences, kind="stable")
    return [
        {"confidence": round(float(confidences[part].mean()), 4), "right": share(int(right[part].sum()), len(part))}
        for part in np.array_split(order, min(_BINS, len(order)) or 1)
        if len(part)
    ]


def _stack(items: Sequence[Item]) -> set[str]:
    return {technology for item in items for technology in (*item.core, *item.extra)}
