"""Whether the corpus is fit to learn from: labels by the guide's form, no copies, no template behind many posts."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from language.grades import find_grades
from language.kinds import Kind
from language.near_duplicates import jaccard, shingle_text, shingles
from language.normalise import fold
from language.prediction import Item
from language.taxonomy import Mention, Taxonomy
from ml.corpus_files import Example

MOST_OF_ONE_SKELETON = 0.03
"""share of posts that may have their skeleton in common with another post"""
SAME_FROM = 0.8
"""Jaccard similarity from which two posts are copies: a model would be measured on what it has learned by heart"""
_FEW_SHINGLES = 12
_RARE = 40
_PERIODS = {"hour", "day", "month", "project"}
_NAME = re.compile(r"@\w+|«[^»\n]{1,60}»|\"[^\"\n]{1,60}\"|\bhttps?://\S+")
_WORD = re.compile(r"\b\w[\w-]+")
_NUMBER = re.compile(r"\d[\d .,:/-]*")
_NOT_A_WORD = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class Mistake:
    """`about` names the post, or the whole corpus."""

    about: str
    what: str


def check(examples: Sequence[Example], taxonomy: Taxonomy | None = None) -> list[Mistake]:
    """All mistakes; empty for a corpus that may be used."""
    known = taxonomy or Taxonomy.default()
    counts = Counter(example.id for example in examples)
    mistakes = [Mistake(id_, f"stands {count} times") for id_, count in counts.items() if count > 1]
    for example in examples:
        mistakes += [Mistake(example.id, what) for what in _label_mistakes(example, known)]
    return mistakes + _copies(examples) + _templates(examples, known)


def skeleton(text: str, taxonomy: Taxonomy) -> str:
    """The text with technologies, professions, grades, numbers and names masked."""
    masks: list[tuple[int, int, str]] = [
        *((mention.start, mention.end, " T ") for mention in _mentions(text, taxonomy)),
        *((grade.start, grade.end, " G ") for grade in find_grades(text)),
    ]
    masked, last = "", 0
    for start, end, mask in sorted(masks):
        if start >= last:
            masked += text[last:start] + mask
            last = end
    masked += text[last:]
    named = _WORD.sub(lambda word: " N " if word[0][0].isupper() else word[0], _NAME.sub(" N ", masked))
    masked = _NUMBER.sub(" 9 ", named)
    return _NOT_A_WORD.sub(" ", fold(masked)).strip()


def _mentions(text: str, taxonomy: Taxonomy) -> list[Mention]:
    return taxonomy.find(text) + taxonomy.find_roles(text)


def _label_mistakes(example: Example, taxonomy: Taxonomy) -> list[str]:
    mistakes = []
    if not example.text.strip():
        mistakes.append("has no text")
    if (example.engagement is None) != (example.kind is Kind.JUNK):
        mistakes.append("junk has no engagement, every other kind has one")
    if bool(example.items) != (example.kind in (Kind.REQUEST, Kind.OFFER)):
        mistakes.append("requests and offers have items, updates and junk have none")
    return mistakes + [mistake for item in example.items for mistake in _item_mistakes(item, taxonomy)]


def _item_mistakes(item: Item, taxonomy: Taxonomy) -> list[str]:
    mistakes = []
    if item.role not in taxonomy.roles:
        mistakes.append(f"no role {item.role}")
    mistakes += [f"no technology {id_}" for id_ in (*item.core, *item.extra) if id_ not in taxonomy.technologies]
    mistakes += [f"{id_} is both core and extra" for id_ in set(item.core) & set(item.extra)]
    if item.count < 1:
        mistakes.append(f"count {item.count}")
    rate = item.rate
    if rate is not None:
        if rate.period not in _PERIODS:
            mistakes.append(f"no period {rate.period}")
        if rate.min is None and rate.max is None:
            mistakes.append("a rate without a number")
        if rate.min is not None and rate.max is not None and rate.min > rate.max:
            mistakes.append(f"rate from {rate.min} to {rate.max}")
    return mistakes


def _copies(examples: Sequence[Example]) -> list[Mistake]:
    """Pairs that say nearly the same; found by their rare shingles, so that not all pairs are compared."""
    sets = [shingles(shingle_text(example.text)) for example in examples]
    places: dict[str, list[int]] = defaultdict(list)
    for place, of_one in enumerate(sets):
        for shingle in of_one:
            places[shingle].append(place)
    pairs = {
        (one, other)
        for found in places.values()
        if 1 < len(found) <= _RARE
        for number, one in enumerate(found)
        for other in found[number + 1 :]
    }
    return [
        Mistake(examples[other].id, f"says the same as {examples[one].id}")
        for one, other in sorted(pairs)
        if min(len(sets[one]), len(sets[other])) >= _FEW_SHINGLES and jaccard(sets[one], sets[other]) >= SAME_FROM
    ]


def _templates(examples: Sequence[Example], taxonomy: Taxonomy) -> list[Mistake]:
    by_skeleton: dict[str, list[str]] = defaultdict(list)
    for example in examples:
        by_skeleton[skeleton(example.text, taxonomy)].append(example.id)
    shared = [ids for ids in by_skeleton.values() if len(ids) > 1]
    share = sum(map(len, shared)) / max(1, len(examples))
    if share <= MOST_OF_ONE_SKELETON:
        return []
    examples_of = "; ".join(", ".join(ids[:4]) for ids in sorted(shared, key=len, reverse=True)[:5])
    return [Mistake("the corpus", f"{share:.1%} of posts share a skeleton with another ({examples_of})")]
