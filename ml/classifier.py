"""One decision about a text with calibrated probabilities: a linear stage and CatBoost over its scores, added up.

The linear stage sees TF-IDF and the facts of the text that do not grow with its length; CatBoost sees its scores of
posts it had not seen, all facts and a few dimensions of meaning (SVD). CatBoost alone is ahead on posts of a manner it
knows, the linear stage on others: their sum loses nothing on the first and gains on the second (files of the corpus
held out in turn). Answers are scaled by a temperature found on posts held out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from catboost import CatBoostClassifier
from numpy.typing import NDArray
from scipy import optimize, sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from ml import facts

Floats = NDArray[np.float32]
_FOLDS = 4
_HELD_OUT_FOLDS = 3
_C = 0.15
_DIMENSIONS = 16
_FACTS_WEIGHT = 0.1
"""of a fact one deviation from the mean, beside words of length one"""
_LEAST_DEVIATION = 1e-3
_FARTHEST = 3.0
"""deviations from the mean"""
_LINEAR_SHARE = 1.5
"""of the linear scores, added to the log-odds of the trees"""


@dataclass(frozen=True)
class Texts:
    """What is known of n texts: TF-IDF (n × words) and facts (n × facts)."""

    words: sparse.csr_matrix
    facts: Floats

    def take(self, rows: NDArray[np.int64]) -> "Texts":
        return Texts(self.words[rows], self.facts[rows])

    def __len__(self) -> int:
        return int(self.facts.shape[0])


@dataclass(frozen=True)
class Linear:
    """The linear stage."""

    weights: Floats
    """columns of TF-IDF × labels"""
    fact_weights: Floats
    """facts × labels"""
    fact_bounds: Floats
    """the lowest and the highest that a fact counts for: 2 × facts"""
    bias: Floats

    def scores(self, texts: Texts) -> NDArray[np.float64]:
        """n × labels: distances from the planes."""
        known = np.clip(texts.facts, *self.fact_bounds).astype(np.float64)
        return np.asarray(texts.words @ self.weights + known @ self.fact_weights + self.bias, dtype=np.float64)


@dataclass(frozen=True)
class Decision:
    """A trained decision among `labels`."""

    labels: tuple[str, ...]
    linear: Linear
    meaning: Floats
    """columns of TF-IDF × dimensions"""
    trees: CatBoostClassifier
    temperature: float

    def probabilities(self, texts: Texts) -> NDArray[np.float64]:
        """n × labels, rows sum to one."""
        return softmax(self.scores(texts) / self.temperature)

    def scores(self, texts: Texts) -> NDArray[np.float64]:
        """n × labels: log-probabilities before calibration."""
        linear = self.linear.scores(texts)
        table = np.hstack([linear, texts.facts, texts.words @ self.meaning]).astype(np.float32)
        raw = np.asarray(self.trees.predict(table, prediction_type="RawFormulaVal", thread_count=1), dtype=np.float64)
        return _log_softmax(_log_softmax(raw) + _LINEAR_SHARE * linear)


def train(
    texts: Texts, answers: Sequence[str], seed: int, weights: Sequence[float] | None = None
) -> tuple[Decision, NDArray[np.float64]]:
    """A decision trained on all texts, and the calibrated probabilities of each text by decisions that had not seen it.

    The order of the second's columns is that of the first's labels. `weights`: how much each text counts, 1 if unsaid.
    """
    labels = tuple(sorted(set(answers)))
    wanted = np.array([labels.index(answer) for answer in answers])
    counts = np.ones(len(texts)) if weights is None else np.array(weights)
    meaning = _meaning(texts.words, seed)
    unseen = np.zeros((len(texts), len(labels)))
    for fold, (known, held_out) in enumerate(_folds(wanted, seed, _HELD_OUT_FOLDS)):
        part = _fit(texts.take(known), wanted[known], counts[known], labels, meaning, seed + fold)
        unseen[held_out] = part.scores(texts.take(held_out))
    temperature = _temperature(unseen, wanted)
    whole = _fit(texts, wanted, counts, labels, meaning, seed, temperature)
    return whole, softmax(unseen / temperature)


def _fit(
    texts: Texts,
    wanted: NDArray[np.int64],
    counts: NDArray[np.float64],
    labels: tuple[str, ...],
    meaning: Floats,
    seed: int,
    temperature: float = 1.0,
) -> Decision:
    unseen = np.zeros((len(texts), len(labels)), np.float32)
    for known, held_out in _folds(wanted, seed + 100, _FOLDS):
        part = _linear(texts.take(known), wanted[known], counts[known], len(labels), seed)
        unseen[held_out] = part.scores(texts.take(held_out))
    linear = _linear(texts, wanted, counts, len(labels), seed)
    trees = CatBoostClassifier(
        loss_function="MultiClass",
        iterations=400,
        depth=4,
        learning_rate=0.08,
        l2_leaf_reg=6,
        boosting_type="Plain",
        bootstrap_type="Bernoulli",
        subsample=0.7,
        rsm=0.4,
        leaf_estimation_iterations=1,
        border_count=32,
        thread_count=2,
        random_seed=seed,
        allow_writing_files=False,
        verbose=False,
    )
    table = np.hstack([unseen, texts.facts, texts.words @ meaning]).astype(np.float32)
    trees.fit(table, wanted, sample_weight=counts)
    return Decision(labels, linear, meaning, trees, temperature)


def _meaning(words: sparse.csr_matrix, seed: int) -> Floats:
    """Columns of TF-IDF × dimensions, from the texts alone."""
    dimensions = min(_DIMENSIONS, words.shape[1] - 1, words.shape[0] - 1)
    components = TruncatedSVD(dimensions, random_state=seed, n_iter=3).fit(words).components_
    return np.asarray(components.T, dtype=np.float32)


def _folds(wanted: NDArray[np.int64], seed: int, folds: int) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    rarest = int(np.bincount(wanted).min())
    splitter = StratifiedKFold(max(2, min(folds, rarest)), shuffle=True, random_state=seed)
    return list(splitter.split(np.zeros(len(wanted)), wanted))


def _linear(texts: Texts, wanted: NDArray[np.int64], counts: NDArray[np.float64], labels: int, seed: int) -> Linear:
    mean, deviation = texts.facts.mean(axis=0), texts.facts.std(axis=0) + _LEAST_DEVIATION
    bounds = np.array([mean - _FARTHEST * deviation, mean + _FARTHEST * deviation], np.float32)
    scale = _FACTS_WEIGHT / deviation
    scale[[facts.NAMES.index(name) for name in facts.OF_LENGTH]] = 0.0
    table = sparse.csr_matrix((np.clip(texts.facts, *bounds) - mean) * scale)
    model = LinearSVC(C=_C, class_weight="balanced", random_state=seed)
    model.fit(sparse.hstack([texts.words, table], format="csr"), wanted, sample_weight=counts)
    planes, bias = model.coef_.T, model.intercept_
    if labels == 2:
        planes, bias = np.hstack([-planes, planes]), np.array([-bias[0], bias[0]])
    width = texts.words.shape[1]
    fact_planes = planes[width:] * scale[:, None]
    return Linear(
        planes[:width].astype(np.float32),
        fact_planes.astype(np.float32),
        bounds,
        (bias - mean @ fact_planes).astype(np.float32),
    )


def _temperature(scores: NDArray[np.float64], wanted: NDArray[np.int64]) -> float:
    """The divisor of the scores that makes their softmax likeliest."""

    def loss(log_temperature: float) -> float:
        likelihood = _log_softmax(scores / np.exp(log_temperature))[np.arange(len(wanted)), wanted]
        return -float(likelihood.mean())

    found = optimize.minimize_scalar(loss, bounds=(-4.0, 4.0), method="bounded")
    return float(np.exp(found.x))


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.exp(_log_softmax(scores))


def _log_softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
