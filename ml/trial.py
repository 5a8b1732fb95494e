"""A challenger against the champion: trained on what people said, compared on posts that neither has seen.

A model that works is trained on everything, so it cannot be measured fairly. Each version therefore has an
*understudy*, trained the same way without two sets of posts, and understudies are what is compared:

- the *fixed* set, a tenth of the corpus by the hash of its posts' ids, which no understudy ever sees;
- the *newest* set, the last fifth of what people labelled. It only moves forward, so no older understudy has seen it.

The winner is trained once more on everything and put to work. Imports that contradict what the champion is sure of are
left out beforehand, of training and of measuring: so a batch of false labels is caught whatever it would teach.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from ml import checks, labeller, training
from ml.comparison import Measured, compare, measure
from ml.corpus_files import Example
from ml.figures import wilson
from ml.labeller import Labeller
from ml.lessons import Labelled, Tried
from ml.training import SEED, Progress

Json = dict[str, Any]

NEWEST = 0.2
FEWEST_SURE = 20
"""of a batch, to be judged by them"""
CONTRADICTED = 0.05
"""so many more of the sure kinds than on clean posts are contradicted by a batch that is left out"""
LAWS_TRIED_ON = 20
CURVE = (4, 2)
"""parts of the training posts that the learning curve is drawn from, beside the whole"""


def try_challenger(
    corpus: Sequence[Example],
    labelled: Sequence[Labelled],
    champion_understudy: bytes | None,
    *,
    with_curve: bool = False,
    progress: Progress | None = None,
    seed: int = SEED,
) -> Tried:
    """Train a challenger and compare it with the champion. `labelled` comes oldest first.

    Without an understudy of the champion one is trained from the corpus alone, as the first model of an installation
    was. A refused challenger is as it was measured; a better one is trained on everything. Raises NotEnoughExamples.
    """
    tell = progress or (lambda share, words: None)
    learnt, fixed = split(corpus)
    if champion_understudy is None:
        champion_understudy = training.train(learnt, progress=_part(tell, 0.0, 0.3), seed=seed).artifact
    champion = labeller.load(champion_understudy)
    kept, left_out = _without_contradicting(labelled, champion, fixed)
    older, newest = _by_time(kept)
    known = [*learnt, *(one.example for one in older)]
    understudy = training.train(known, progress=_part(tell, 0.3, 0.6), seed=seed)
    challenger = labeller.load(understudy.artifact)
    sets = {"fixed": [Labelled(example, True, None) for example in fixed], "newest": newest}
    compared = compare(
        {name: (_measured(champion, posts), _measured(challenger, posts)) for name, posts in sets.items() if posts},
        seed,
    )
    broken = checks.broken(challenger, [example.text for example in fixed[:LAWS_TRIED_ON]])
    refused = [*compared.refused_because, *({"reason": "law", "law": law} for law in sorted({b.law for b in broken}))]
    best = understudy
    if not refused:
        everything = [*corpus, *(one.example for one in kept)]
        best = training.train(everything, progress=_part(tell, 0.6, 1.0), seed=seed)
    report = best.report | {
        "labels": len(labelled),
        "left_out": left_out,
        "trial": compared.as_json(),
        "refused_because": refused,
    }
    if with_curve:
        report["curve"] = _curve(known, fixed, report["trial"]["sets"]["fixed"]["challenger"], seed)
    return Tried(best.artifact, understudy.artifact, report)


def first(corpus: Sequence[Example], labelled: Sequence[Labelled], *, progress: Progress | None = None) -> Tried:
    """A model where there is none to compare with. Raises NotEnoughExamples."""
    trained = training.train([*corpus, *(one.example for one in labelled)], progress=progress)
    return Tried(trained.artifact, None, trained.report | {"labels": len(labelled), "refused_because": []})


def split(corpus: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """What understudies learn from, and the fixed set."""
    learnt: list[Example] = []
    fixed: list[Example] = []
    for example in corpus:
        (fixed if hashlib.sha256(example.id.encode()).digest()[0] % 10 == 0 else learnt).append(example)
    return learnt, fixed


def _by_time(labelled: Sequence[Labelled]) -> tuple[Sequence[Labelled], Sequence[Labelled]]:
    older = len(labelled) - round(NEWEST * len(labelled))
    return labelled[:older], labelled[older:]


def _measured(model: Labeller, posts: Sequence[Labelled]) -> Measured:
    predictions = model.label([one.example.text for one in posts])
    return measure([one.example for one in posts], predictions, [one.has_items for one in posts])


def _without_contradicting(
    labelled: Sequence[Labelled], champion: Labeller, fixed: Sequence[Example]
) -> tuple[list[Labelled], list[Json]]:
    """Those of batches that agree with the champion where it is sure, and what was left out."""
    contradicted, sure = _contradictions(fixed, champion)
    at_most = CONTRADICTED + (contradicted / sure if sure else 0.0)
    batches: defaultdict[str, list[Example]] = defaultdict(list)
    for one in labelled:
        if one.batch is not None:
            batches[one.batch].append(one.example)
    left_out: list[Json] = []
    for name, examples in sorted(batches.items()):
        contradicted, sure = _contradictions(examples, champion)
        if sure >= FEWEST_SURE and wilson(contradicted, sure)[0] > at_most:
            left_out.append({"batch": name, "labels": len(examples), "contradicted": contradicted, "sure": sure})
    names = {one["batch"] for one in left_out}
    return [one for one in labelled if one.batch not in names], left_out


def _contradictions(examples: Sequence[Example], champion: Labeller) -> tuple[int, int]:
    """Of the posts on whose kind the champion does not abstain, how many are labelled otherwise, and how many it is."""
    predictions = champion.label([example.text for example in examples])
    sure = [
        (example, prediction)
        for example, prediction in zip(examples, predictions, strict=True)
        if not prediction.abstain
    ]
    return sum(example.kind != prediction.kind for example, prediction in sure), len(sure)


def _curve(known: Sequence[Example], fixed: Sequence[Example], whole: Json, seed: int) -> list[Json]:
    """Figures on the fixed set by the number of posts learnt from."""
    points = []
    for part in CURVE:
        few = known[::part]
        model = labeller.load(training.train(few, seed=seed).artifact)
        measured = _measured(model, [Labelled(example, True, None) for example in fixed])
        points.append({"posts": len(few), **measured.figures()})
    return [*points, {"posts": len(known), **whole}]


def _part(tell: Progress, start: float, end: float) -> Callable[[float, str], None]:
    return lambda share, words: tell(start + (end - start) * share, words)
