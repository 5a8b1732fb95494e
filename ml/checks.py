"""Laws that every model must pass before it is used, whatever its figures."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from language.prediction import Prediction
from ml.labeller import Labeller, load

_HUGE = 200_000
_FORWARDED = "Forwarded from Channel\n"
_LOOK_ALIKES = {0x430: "a", 0x435: "e", 0x43E: "o", 0x440: "p", 0x441: "c", 0x445: "x"}
"""Cyrillic letters to Latin ones of the same look"""


@dataclass(frozen=True)
class Broken:
    """A law that a model breaks, and a text that shows it."""

    law: str
    text: str


def broken(labeller: Labeller, texts: Sequence[str]) -> list[Broken]:
    """The laws that the labeller breaks on these texts; none where it may be used."""
    return [found for law in LAWS for found in law(labeller, texts)]


def is_deterministic(labeller: Labeller, texts: Sequence[str]) -> list[Broken]:
    """Asked twice it answers the same."""
    return _differing("deterministic", texts, labeller.label(texts), labeller.label(texts))


def batch_equals_single(labeller: Labeller, texts: Sequence[str]) -> list[Broken]:
    """A text alone is labelled as in a batch."""
    alone = [labeller.label([text])[0] for text in texts]
    return _differing("batch equals single", texts, labeller.label(texts), alone)


def order_does_not_matter(labeller: Labeller, texts: Sequence[str]) -> list[Broken]:
    """A batch in another order is labelled the same."""
    order = list(range(len(texts)))
    random.Random(1).shuffle(order)
    shuffled = labeller.label([texts[number] for number in order])
    back = [prediction for _, prediction in sorted(zip(order, shuffled, strict=True), key=lambda pair: pair[0])]
    return _differing("order does not matter", texts, labeller.label(texts), back)


def any_text_is_labelled(labeller: Labeller, texts: Sequence[str]) -> list[Broken]:
    """Empty, blank, binary-looking and huge texts are labelled, and nothing is asked or offered by an empty one."""
    long_one = max(texts, key=len, default="x") or "x"
    odd = ["", " \n\t", "\x00\x01", "?" * 500, "(" * 3000, (long_one + "\n") * (_HUGE // (len(long_one) + 1) + 1)]
    labelled = labeller.label(odd)
    return [
        Broken("an empty text asks and offers nothing", text)
        for text, prediction in zip(odd[:2], labelled[:2], strict=True)
        if prediction.items and not prediction.abstain
    ]


def saved_equals_loaded(labeller: Labeller, texts: Sequence[str]) -> list[Broken]:
    """A labeller that went through bytes labels the same."""
    loaded = load(labeller.to_bytes(), labeller.taxonomy)
    return _differing("saved equals loaded", texts, labeller.label(texts), loaded.label(texts))


def look_does_not_matter(labeller: Labeller, texts: Sequence[str]) -> list[Broken]:
    """Letter case, trailing spaces, a forward's header and one look-alike letter a word leave the kind.

    A kind that is answered with doubt may change: «go» is a language or a verb by its capital letter.
    """
    changed: dict[str, Callable[[str], str]] = {
        "capitals": str.upper,
        "small letters": str.lower,
        "trailing spaces": lambda text: text.replace("\n", "   \n") + "  \n\n",
        "a forward's header": lambda text: _FORWARDED + text,
        "look-alike letters": _with_look_alikes,
    }
    plain = labeller.label(texts)
    found: list[Broken] = []
    for name, change in changed.items():
        for text, one, other in zip(texts, plain, labeller.label([change(text) for text in texts]), strict=True):
            if one.kind is not other.kind and not (one.abstain or other.abstain):
                found.append(Broken(f"{name} leave the kind", text))
    return found


def _with_look_alikes(text: str) -> str:
    """The second letter of each long word as its look-alike."""
    words = text.split(" ")
    return " ".join(
        word[0] + word[1].translate(_LOOK_ALIKES) + word[2:] if len(word) > 5 and word.isalpha() else word
        for word in words
    )


def _differing(law: str, texts: Sequence[str], one: list[Prediction], other: list[Prediction]) -> list[Broken]:
    return [
        Broken(law, text)
        for text, left, right in zip(texts, one, other, strict=True)
        if _rounded(left) != _rounded(right)
    ]


def _rounded(prediction: Prediction) -> Prediction:
    """Probabilities to a billionth: sums in another order may differ beyond that."""
    return replace(
        prediction,
        kind_confidence=round(prediction.kind_confidence, 9),
        engagement_confidence=round(prediction.engagement_confidence, 9),
        relevance=round(prediction.relevance, 9),
    )


LAWS: tuple[Callable[[Labeller, Sequence[str]], list[Broken]], ...] = (
    is_deterministic,
    batch_equals_single,
    order_does_not_matter,
    any_text_is_labelled,
    saved_equals_loaded,
    look_does_not_matter,
)
