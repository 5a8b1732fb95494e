"""The classifier beside plain ways to do the same: kinds right on posts held out, time of one post and of many.

    python -m benchmarks.classifier [--short]

Platon's own row is text to items; the others answer the kind alone. `--short`: every third post of the corpus.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import fasttext
import numpy as np
from catboost import CatBoostClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from benchmarks.report import percentile, show
from language.normalise import tokens
from ml import corpus_files
from ml.corpus_files import Example
from ml.labeller import load
from ml.training import train

Predict = Callable[[Sequence[str]], list[str]]
HELD_OUT = 5
"""one post of so many is kept for the test"""
ONE_BY_ONE = 150
P50_MS, P99_MS = 10, 30


def platon(examples: Sequence[Example]) -> Predict:
    labeller = load(train(examples).artifact)
    return lambda texts: [str(prediction.kind) for prediction in labeller.label(texts)]


def linear(examples: Sequence[Example]) -> Predict:
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    model = LinearSVC(class_weight="balanced", random_state=1)
    model.fit(words.fit_transform([example.text for example in examples]), kinds(examples))
    return lambda texts: list(map(str, model.predict(words.transform(texts))))


def trees(examples: Sequence[Example]) -> Predict:
    words = TfidfVectorizer(max_features=1500, sublinear_tf=True)
    model = CatBoostClassifier(
        iterations=150, depth=4, learning_rate=0.15, thread_count=2, random_seed=1, allow_writing_files=False, verbose=0
    )
    model.fit(words.fit_transform([example.text for example in examples]), kinds(examples))
    return lambda texts: [str(kind) for (kind,) in model.predict(words.transform(texts), thread_count=1)]


def fast_text(examples: Sequence[Example]) -> Predict:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "posts.txt"
        lines = [f"__label__{example.kind} {' '.join(tokens(example.text))}\n" for example in examples]
        path.write_text("".join(lines), encoding="utf-8")
        model = fasttext.train_supervised(
            str(path), epoch=25, lr=0.5, wordNgrams=2, dim=50, bucket=200_000, minn=3, maxn=5, thread=1, verbose=0
        )
    return lambda texts: [
        labels[0].removeprefix("__label__") for labels in model.predict([" ".join(tokens(text)) for text in texts])[0]
    ]


WAYS: dict[str, Callable[[Sequence[Example]], Predict]] = {
    "Platon, to items": platon,
    "TF-IDF + LinearSVC": linear,
    "fastText": fast_text,
    "CatBoost on TF-IDF": trees,
}


def kinds(examples: Sequence[Example]) -> list[str]:
    return [str(example.kind) for example in examples]


def row(way: str, known: Sequence[Example], held_out: Sequence[Example]) -> dict[str, Any]:
    """Trains a way and measures it: shares right, milliseconds of one post, posts a second of all at once."""
    started = time.perf_counter()
    predict = WAYS[way](known)
    trained = time.perf_counter() - started
    texts, wanted = [example.text for example in held_out], kinds(held_out)
    predict(texts[:ONE_BY_ONE])
    started = time.perf_counter()
    answers = predict(texts)
    batch = time.perf_counter() - started
    spent = [_milliseconds(predict, text) for text in texts[:ONE_BY_ONE]]
    return {
        "way": way,
        "kind right": float(np.mean([answer == kind for answer, kind in zip(answers, wanted, strict=True)])),
        "relevance right": float(
            np.mean([(answer == "junk") == (kind == "junk") for answer, kind in zip(answers, wanted, strict=True)])
        ),
        "one post p50, ms": percentile(spent, 0.5),
        "p99, ms": percentile(spent, 0.99),
        "posts a second": len(texts) / batch,
        "training, s": trained,
    }


def _milliseconds(predict: Predict, text: str) -> float:
    """The best of three tries, for the machine has other things to do as well."""
    spent = []
    for _ in range(3):
        started = time.perf_counter()
        predict([text])
        spent.append((time.perf_counter() - started) * 1000)
    return min(spent)


def main(*, short: bool) -> bool:
    examples = corpus_files.read()[:: 3 if short else 1]
    known = [example for number, example in enumerate(examples) if number % HELD_OUT]
    held_out = [example for number, example in enumerate(examples) if not number % HELD_OUT]
    rows = [row(way, known, held_out) for way in WAYS]
    ours = rows[0]
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return show(
        "classifier",
        rows,
        facts={"posts to learn from": len(known), "posts held out": len(held_out), "most memory, MB": megabytes},
        promises={
            "no plain way has more kinds right": all(ours["kind right"] >= other["kind right"] for other in rows),
            f"one post p50 under {P50_MS} ms": ours["one post p50, ms"] < P50_MS,
            f"one post p99 under {P99_MS} ms": ours["p99, ms"] < P99_MS,
        },
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="every third post of the corpus")
    sys.exit(0 if main(short=parser.parse_args().short) else 1)
