"""Two models on the same posts: figures of each, whether the second is better, and if not, why.

Better is a gain: the mean over the sets of the mean difference in relevance, kind, core, grade and exact must be at
least `MARGIN`, and above zero in `CERTAIN` of the bootstrapped sets of posts; a set of fewer than a hundred posts has
less of a say. Never worse: in none of relevance, kind,
core and grade, on none of the sets, may it lose more than `TOLERANCE`, or than one and a half posts of a small set.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from language.kinds import Kind
from language.prediction import Item, Prediction
from ml.corpus_files import Example

Json = dict[str, Any]

FIGURES = ("relevance", "kind", "core", "grade", "exact")
NEVER_WORSE = ("relevance", "kind", "core", "grade")
MARGIN = 0.002
CERTAIN = 0.9
TOLERANCE = 0.01
_POSTS = 1.5
_FULL_SAY = 100
_RESAMPLES = 1000


@dataclass(frozen=True)
class Measured:
    """How a model did on n posts: for each figure what it got right of what, by post (n × figures)."""

    right: NDArray[np.float64]
    of: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.right)

    def figures(self) -> Json:
        return {name: round(float(value), 4) for name, value in zip(FIGURES, self.means(), strict=True)}

    def means(self, times: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Each figure; `times` says how often each post counts (resamples × n), and gives a row for each resample."""
        counts = np.ones((1, len(self))) if times is None else times
        of = counts @ self.of
        found = np.divide(counts @ self.right, of, out=np.ones_like(of), where=of > 0)
        return found[0] if times is None else found


@dataclass(frozen=True)
class Compared:
    sets: Mapping[str, tuple[Measured, Measured]]
    """champion's and challenger's"""
    gain: float
    certainty: float
    """of the gain being one"""
    refused_because: tuple[Json, ...]
    """{"reason": "worse", "set", "figure", "champion", "challenger"} or {"reason": "not-better", "gain"}"""

    def as_json(self) -> Json:
        return {
            "gain": round(self.gain, 4),
            "certainty": round(self.certainty, 3),
            "sets": {
                name: {"posts": len(champion), "champion": champion.figures(), "challenger": challenger.figures()}
                for name, (champion, challenger) in self.sets.items()
            },
        }


def measure(examples: Sequence[Example], predictions: Sequence[Prediction], has_items: Sequence[bool]) -> Measured:
    """A post whose items nobody said counts for its kind alone."""
    right = np.zeros((len(examples), len(FIGURES)))
    of = np.zeros_like(right)
    for row, (example, prediction, says_items) in enumerate(zip(examples, predictions, has_items, strict=True)):
        is_right = example.kind == prediction.kind
        is_relevant = (example.kind is not Kind.JUNK) == (prediction.kind is not Kind.JUNK)
        right[row, :2], of[row, :2] = (is_relevant, is_right), 1
        if not says_items:
            continue
        items = prediction.items if prediction.kind in (Kind.REQUEST, Kind.OFFER) else ()
        core = _core(example.items), _core(items)
        grades = _grades(example.items), _grades(items)
        for column, (gold, found) in ((2, core), (3, grades)):
            right[row, column], of[row, column] = 2 * len(gold & found), len(gold) + len(found)
        right[row, 4], of[row, 4] = is_right and core[0] == core[1] and grades[0] == grades[1], 1
    return Measured(right, of)


def compare(sets: Mapping[str, tuple[Measured, Measured]], seed: int) -> Compared:
    """Champion's and challenger's measures on each set of posts."""
    random = np.random.default_rng(seed)
    gains = np.zeros(_RESAMPLES)
    gain = 0.0
    refused: list[Json] = []
    says = sum(min(len(champion), _FULL_SAY) for champion, _ in sets.values())
    for name, (champion, challenger) in sets.items():
        size = len(champion)
        say = min(size, _FULL_SAY) / says
        times = random.multinomial(size, np.full(size, 1 / size), size=_RESAMPLES).astype(np.float64)
        gains += say * (challenger.means(times) - champion.means(times)).mean(axis=1)
        gain += say * float((challenger.means() - champion.means()).mean())
        refused += _losses(name, champion, challenger)
    certainty = float((gains > 0).mean())
    if gain < MARGIN or certainty < CERTAIN:
        refused.append({"reason": "not-better", "gain": round(gain, 4)})
    return Compared(sets, gain, certainty, tuple(refused))


def _losses(name: str, champion: Measured, challenger: Measured) -> list[Json]:
    allowed = max(TOLERANCE, _POSTS / len(champion))
    before, now = champion.figures(), challenger.figures()
    return [
        {"reason": "worse", "set": name, "figure": figure, "champion": before[figure], "challenger": now[figure]}
        for figure in NEVER_WORSE
        if before[figure] - now[figure] > allowed
    ]


def _core(items: Sequence[Item]) -> set[str]:
    return {technology for item in items for technology in item.core}


def _grades(items: Sequence[Item]) -> set[str]:
    return {str(grade) for item in items for grade in item.grades}
