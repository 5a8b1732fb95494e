"""Trains a labeller from labelled posts, reproducibly: same posts, same seed and same libraries, same bytes."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from language.kinds import Kind
from language.prediction import item_to_json
from language.taxonomy import Taxonomy
from ml import classifier, evaluation, extraction, facts, figures, technology_choice, vectors
from ml.classifier import Texts
from ml.corpus_files import Example
from ml.labeller import Labeller, with_kinds
from ml.reading import Reading, read

Progress = Callable[[float, str], None]
"""Told the share that is done, 0 to 1, and the key of the words for what is being done."""

SEED = 20261124
SURE_ENOUGH = 0.95
"""the share of posts right among those answered without doubt that the threshold of abstention is chosen for"""
_FEWEST = 2
_LIBRARIES = ("catboost", "numpy", "scipy", "scikit-learn")


@dataclass(frozen=True)
class Trained:
    """A model as bytes for `ml.labeller.load`, and what was measured of it on posts that it had not seen."""

    artifact: bytes
    report: dict[str, Any]


class NotEnoughExamples(ValueError):
    """A kind or an engagement has too few posts to learn from."""


def train(
    examples: Sequence[Example],
    *,
    progress: Progress | None = None,
    seed: int = SEED,
    taxonomy: Taxonomy | None = None,
) -> Trained:
    """Trains on all the examples; the report's figures are of posts held out in turn. Raises NotEnoughExamples."""
    tell = progress or (lambda share, words: None)
    _require_enough(examples)
    tell(0.0, "training-reading")
    known = taxonomy or Taxonomy.default()
    readings = [read(example.text, known) for example in examples]
    tokens = [reading.tokens for reading in readings]
    tell(0.15, "training-words")
    vectoriser = vectors.fit(tokens)
    seen = Texts(vectoriser.transform(tokens), facts.table(readings))
    tell(0.25, "training-kinds")
    kind_answers = [str(example.kind) for example in examples]
    kind, kinds = classifier.train(seen, kind_answers, seed, [example.weight for example in examples])
    tell(0.5, "training-engagements")
    relevant = np.array([row for row, example in enumerate(examples) if example.engagement is not None])
    engagement, engagements = classifier.train(
        with_kinds(seen, kinds).take(relevant), [str(examples[row].engagement) for row in relevant], seed
    )
    tell(0.8, "training-technologies")
    choice, shares = technology_choice.train(
        [
            position
            for row, example in enumerate(examples)
            for position in extraction.positions(readings[row], example.items, row)
        ],
        seed,
    )
    tell(0.95, "training-measuring")
    abstain_below = _threshold(kinds, kind.labels, kind_answers)
    best_kinds = _best(kinds, kind.labels)
    items = evaluation.found_items(examples, best_kinds, readings)
    held_out = evaluation.figures(
        examples,
        best_kinds,
        {
            int(row): engagement.labels[int(best)]
            for row, best in zip(relevant, engagements.argmax(axis=1), strict=True)
        },
        kinds.max(axis=1),
        items,
    )
    manifest = {
        "seed": seed,
        "examples": len(examples),
        "data_sha256": data_hash(examples),
        "libraries": {name: version(name) for name in _LIBRARIES},
        "held_out": held_out | {"core_of_positions": shares},
    }
    labeller = Labeller(
        vectoriser, kind, engagement, choice, abstain_below, _rule_shares(examples, readings), manifest, known
    )
    data = labeller.to_bytes()
    tell(1.0, "training-done")
    details = figures.figures(examples, best_kinds, kinds.max(axis=1), items)
    return Trained(data, manifest | {"abstain_below": abstain_below, "bytes": len(data), "figures": details})


def data_hash(examples: Sequence[Example]) -> str:
    """Of the examples' texts and labels in their order."""
    digest = hashlib.sha256()
    for example in examples:
        labels = [str(example.kind), example.engagement and str(example.engagement)]
        row = [example.text, *labels, [item_to_json(item) for item in example.items]]
        digest.update(json.dumps(row, ensure_ascii=False, sort_keys=True).encode())
    return digest.hexdigest()


def _require_enough(examples: Sequence[Example]) -> None:
    for kind in Kind:
        count = sum(example.kind is kind for example in examples)
        if count < _FEWEST:
            raise NotEnoughExamples(f"{count} posts of the kind {kind}: at least {_FEWEST} are needed")
    engagements = [example.engagement for example in examples if example.engagement is not None]
    rarest = min((engagements.count(engagement) for engagement in set(engagements)), default=0)
    if len(set(engagements)) < 2 or rarest < _FEWEST:
        raise NotEnoughExamples(f"engagements need two sorts and {_FEWEST} posts of each")


def _threshold(kinds: NDArray[np.float64], labels: tuple[str, ...], answers: Sequence[str]) -> float:
    """The lowest confidence above which `SURE_ENOUGH` of the posts held out are right."""
    confidence = kinds.max(axis=1)
    right = np.array([best == answer for best, answer in zip(_best(kinds, labels), answers, strict=True)])
    order = np.argsort(-confidence, kind="stable")
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(shares >= SURE_ENOUGH)
    return float(confidence[order[enough[-1]]]) if len(enough) else 1.0


def _best(probabilities: NDArray[np.float64], labels: tuple[str, ...]) -> list[str]:
    return [labels[int(best)] for best in probabilities.argmax(axis=1)]


def _rule_shares(examples: Sequence[Example], readings: Sequence[Reading]) -> dict[str, float]:
    """How often each rule's decision was right, with two imagined posts of which one was."""
    right: dict[str, int] = {"role": 0, "core": 0, "grades": 0}
    met: dict[str, int] = dict.fromkeys(right, 0)
    for example, reading in zip(examples, readings, strict=True):
        if not example.items:
            continue
        found = extraction.items(reading, example.engagement)
        if len(found) != len(example.items):
            continue
        for decided, item in zip(found, example.items, strict=True):
            for name, is_right in (
                (f"role {decided.role_rule}", decided.item.role == item.role),
                (f"core {decided.core_rule}", set(decided.item.core) == set(item.core)),
                (f"grades {decided.grades_rule}", set(decided.item.grades) == set(item.grades)),
            ):
                for counted in (name, name.split(" ", 1)[0]):
                    right[counted] = right.get(counted, 0) + is_right
                    met[counted] = met.get(counted, 0) + 1
    return {name: (right[name] + 1) / (met[name] + 2) for name in sorted(met)}
