"""The words of a text that weighed most in its kind, as its author wrote them: the linear stage's contributions."""

import re

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from language.prediction import Reason
from ml.reading import Reading
from ml.vectors import Vectoriser

_MOST = 6
_SHORTEST = 3
"""letters; «в» and «как» decide nothing that a person could follow"""
_BETWEEN = r"[\W_]{1,4}"
_SORTS = {"xrole": "roles", "xtech": "technologies", "xgrade": "grades"}
_MASKED = re.compile(r"n\d$|^x(?:link|mail|name)$")


def reasons(
    reading: Reading, row: sparse.csr_matrix, weights: NDArray[np.float32], label: int, vectoriser: Vectoriser
) -> list[Reason]:
    """Up to six, weightiest first; positive speaks for the label against the mean of the others."""
    others = [column for column in range(weights.shape[1]) if column != label]
    against = weights[row.indices][:, others].mean(axis=1)
    contributions = row.data * (weights[row.indices, label] - against)
    found: list[Reason] = []
    shown: set[str] = set()
    for place in np.argsort(-np.abs(contributions), kind="stable"):
        name = vectoriser.name(int(row.indices[place]))
        words = _as_written(reading, name) if name else None
        if words is None or any(words.lower() in other or other in words.lower() for other in shown):
            continue
        shown.add(words.lower())
        found.append(Reason(words, float(contributions[place])))
        if len(found) == _MOST:
            break
    return found


def _as_written(reading: Reading, name: str) -> str | None:
    """Where the words of a feature stand in the text; None where they are no words of it."""
    words = name.removeprefix("1:").replace(" 1:", " ").split(" ")
    if any(_MASKED.search(word) for word in words):
        return None
    if any(word in _SORTS for word in words):
        return _sort_as_written(reading, words) if len(words) == 1 else None
    if len(words) == 1 and len(name) < _SHORTEST:
        return None
    pattern = _BETWEEN.join(re.escape(word) for word in words)
    hit = re.search(rf"(?<![^\W_]){pattern}(?![^\W_])", reading.folded)
    return reading.written(hit.start(), hit.end()) if hit else None


def _sort_as_written(reading: Reading, words: list[str]) -> str | None:
    found = getattr(reading, _SORTS[words[0]])
    return reading.written(found[0].start, found[0].end) if found else None
