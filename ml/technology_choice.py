"""Core, extra or not meant: CatBoost over what is known of each technology of a position, the rules' word among it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from catboost import CatBoostClassifier, Pool
from numpy.typing import NDArray
from scipy import optimize, special

from language.sections import Section
from ml.mentions import CORE, EXTRA, NONE, Use, by_rules

CHOICES = (CORE, EXTRA, NONE)
_FOLDS = 4
_SUREST = 0.999
_WORDS = ("technology", "category", "role", "by rules", "word before")


def row(use: Use) -> list[str | float]:
    """What the trees see of a technology: words first, then numbers."""
    return [
        use.technology,
        use.category,
        use.role,
        by_rules(use),
        use.before.split()[-1] if use.before else "",
        float(use.in_title),
        float(use.in_hashtag),
        *(float(section in use.sections) for section in Section),
        float(use.is_plus),
        float(use.is_plus_somewhere),
        float(use.is_unwanted),
        float(use.is_others),
        float(use.is_routine),
        float(use.is_shared),
        float(use.times),
        float(use.order),
        float(use.of),
        float(use.words_in),
        float(use.words_in) / (use.length or 1),
        float(use.length),
        float(use.in_brackets),
        float(use.companions),
        float(use.post_has_requirements),
        float(use.title_has_technology),
    ]


@dataclass(frozen=True)
class Chosen:
    """A place among `CHOICES` for each technology of a position, and how sure it is that the core is right."""

    places: list[str]
    confidence: float


@dataclass(frozen=True)
class TechnologyChoice:
    """Trained trees; `slope` and `shift` turn the log-odds of all their answers together into a true share."""

    trees: CatBoostClassifier
    slope: float = 1.0
    shift: float = 0.0

    def choose(self, found: Sequence[Use]) -> Chosen:
        """For the technologies of one position."""
        if not found:
            return Chosen([], self._calibrated(1.0))
        probabilities = self.probabilities(found)
        return Chosen(
            [CHOICES[int(best)] for best in probabilities.argmax(axis=1)],
            self._calibrated(float(probabilities.max(axis=1).prod())),
        )

    def probabilities(self, found: Sequence[Use]) -> NDArray[np.float64]:
        """n × choices; n is at least one."""
        pool = Pool([row(use) for use in found], cat_features=list(range(len(_WORDS))))
        return np.asarray(self.trees.predict(pool, prediction_type="Probability", thread_count=1), dtype=np.float64)

    def _calibrated(self, together: float) -> float:
        return float(special.expit(self.slope * special.logit(min(together, _SUREST)) + self.shift))


@dataclass(frozen=True)
class Position:
    """A labelled position: what is known of its technologies and the right place of each."""

    post: int
    found: list[Use]
    places: list[str]


def train(positions: Sequence[Position], seed: int) -> tuple[TechnologyChoice | None, dict[str, float]]:
    """Trees trained on all positions where they beat the rules on positions held out, else None; and both shares
    of positions whose core was right."""
    filled = [position for position in positions if position.found]
    chosen: list[tuple[Position, Chosen]] = []
    for fold in range(_FOLDS):
        held_out = [position for position in filled if position.post % _FOLDS == fold]
        part = _fit([position for position in filled if position.post % _FOLDS != fold], seed)
        if part is None:
            return None, {}
        chosen += [(position, part.choose(position.found)) for position in held_out]
    right = np.array([_core(answer.places) == _core(position.places) for position, answer in chosen])
    by_rule = np.array(
        [_core([by_rules(use) for use in position.found]) == _core(position.places) for position in filled]
    )
    shares = {"by_trees": round(float(right.mean()), 4), "by_rules": round(float(by_rule.mean()), 4)}
    whole = _fit(filled, seed)
    if whole is None or shares["by_trees"] <= shares["by_rules"]:
        return None, shares
    slope, shift = _calibration(np.array([answer.confidence for _, answer in chosen]), right)
    return replace(whole, slope=slope, shift=shift), shares


def _core(places: Sequence[str]) -> list[bool]:
    return [place == CORE for place in places]


def _calibration(confidences: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[float, float]:
    """The slope and shift of log-odds that make the confidences likeliest (Platt)."""
    odds = special.logit(np.minimum(confidences, _SUREST))

    def loss(line: NDArray[np.float64]) -> float:
        scores = line[0] * odds + line[1]
        return float(np.logaddexp(0, np.where(right, -scores, scores)).mean())

    found = optimize.minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead")
    return float(found.x[0]), float(found.x[1])


def _fit(positions: Sequence[Position], seed: int) -> TechnologyChoice | None:
    """None where not every choice is met."""
    wanted = [CHOICES.index(place) for position in positions for place in position.places]
    if set(wanted) != set(range(len(CHOICES))):
        return None
    trees = CatBoostClassifier(
        loss_function="MultiClass",
        iterations=250,
        depth=5,
        learning_rate=0.08,
        l2_leaf_reg=6,
        boosting_type="Plain",
        bootstrap_type="Bernoulli",
        subsample=0.7,
        leaf_estimation_iterations=1,
        max_ctr_complexity=1,
        one_hot_max_size=4,
        border_count=32,
        thread_count=2,
        random_seed=seed,
        allow_writing_files=False,
        verbose=False,
    )
    rows = [row(use) for position in positions for use in position.found]
    trees.fit(Pool(rows, wanted, cat_features=list(range(len(_WORDS)))))
    return TechnologyChoice(trees)
