"""Whether two posts speak of one and the same need or person: the guide's ruling on «one listing or two».

What a repost may change (contact, agency, money, dates, seats, urgency, labels, order, language) is left out. What is
left tells one need from another: the project, the customer, the duties. A form filled anew keeps most words and
exchanges some; a retelling only leaves words out. So what counts is what was exchanged: what each has and the other not.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from language.kinds import Grade, Kind
from language.near_duplicates import jaccard, shingle_text, shingles
from language.neutral_words import content_words, professions
from language.prediction import Item, Rate
from language.request_ids import id_key, is_one_series

VERBATIM = 0.55
"""Likeness of wording from which one text was made of the other; then hardly a word may be exchanged."""
RETOLD = 0.3
"""Up to here the one is told in other words; in between, the more is verbatim the less may be exchanged."""
KEPT_VERBATIM = 0.95
KEPT_RETOLD = 0.75
"""Share of the words of the one with fewer that the other must have too, where it was retold."""
KEPT_BY_POSTER = 0.66
RETELLING = 0.7
"""Share of the longer one's words below which the shorter one is its retelling."""
CARD = 0.45
"""Likeness of wording below which the line of a list and a card of the same person or need may be one."""
SHARED_STACK = 0.5
FEW = 3
"""A retelling with words fewer than these tells no need from another: poster or rate has to agree too."""
_CYRILLIC = re.compile(r"[а-я]")


@dataclass(frozen=True)
class Shown:
    """A position or person as one post shows it."""

    kind: Kind | None
    """None: a request or an offer, it is not sure which"""
    text: str
    """the part of the post that speaks of it, headers included"""
    role: str = ""
    core: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    grades: tuple[Grade, ...] = ()
    rate: Rate | None = None
    request_id: str | None = None

    @classmethod
    def of(cls, item: Item, kind: Kind | None) -> "Shown":
        """An item of a labelled post."""
        return cls(kind, item.text, item.role, item.core, item.extra, item.grades, item.rate, item.request_id)

    @cached_property
    def words(self) -> frozenset[str]:
        return content_words(self.text)

    @cached_property
    def shingles(self) -> frozenset[str]:
        return shingles(shingle_text(self.text))

    @cached_property
    def is_russian(self) -> bool:
        """By a quarter of its letters: names of technologies are Latin anyway."""
        letters = [letter for letter in self.text.casefold() if letter.isalpha()]
        return sum(_CYRILLIC.match(letter) is not None for letter in letters) * 4 > len(letters)


def sameness(one: Shown, other: Shown, *, by_one_poster: bool | None) -> float:
    """0 where they are two listings, up to 1 where they are one; an equal number of one poster is 2.

    `by_one_poster` is None where nobody knows who posted them.
    """
    if one.kind is not None and other.kind is not None and one.kind is not other.kind:
        return 0.0
    if one.request_id is not None and other.request_id is not None:
        if id_key(one.request_id) == id_key(other.request_id):
            if by_one_poster is not False:
                return 2.0 if may_bear_one_number(one, other) else 0.0
        elif by_one_poster is not False or is_one_series(one.request_id, other.request_id):
            return 0.0
    if not _agree(one, other):
        return 0.0
    alike = jaccard(one.shingles, other.shingles)
    is_same = _is_same_text(one, other, alike, by_one_poster)
    return max(alike, 0.01) if is_same else 0.0


def may_bear_one_number(one: Shown, other: Shown) -> bool:
    """Guards against another network's numbers in a shared chat."""
    return one.role == other.role or not set(one.core + one.extra).isdisjoint(other.core + other.extra)


def _agree(one: Shown, other: Shown) -> bool:
    """Another role, profession, stack or grade is another listing; what one of them does not say is no difference."""
    if one.role != other.role:
        return False
    if one.grades and other.grades and set(one.grades).isdisjoint(other.grades):
        return False
    a, b = professions(one.text), professions(other.text)
    return not (a and b and a.isdisjoint(b)) and stacks_agree(one, other)


def stacks_agree(one: Shown, other: Shown) -> bool:
    """Nothing is exchanged, or most of the core is shared."""
    a, b = set(one.core), set(other.core)
    own_a, own_b = a - b - set(other.extra), b - a - set(one.extra)
    if not own_a or not own_b:
        return True
    return len(a & b) / len(a | b) >= SHARED_STACK


def _is_same_text(one: Shown, other: Shown, alike: float, by_one_poster: bool | None) -> bool:
    if by_one_poster and one.is_russian is not other.is_russian:
        return _says_as_much(one, other)
    common, fewer = len(one.words & other.words), min(len(one.words), len(other.words))
    rates_agree = one.rate is not None and one.rate == other.rate
    if alike >= VERBATIM:
        is_vouched_for = fewer > 0 or rates_agree or by_one_poster is not False
        a, b = one.words.union(one.core, one.extra), other.words.union(other.core, other.extra)
        return is_vouched_for and len(a & b) >= KEPT_VERBATIM * min(len(a), len(b))
    stack = len(set(one.core) & set(other.core))
    if fewer < FEW and not (by_one_poster or rates_agree or (0 < fewer == common and stack >= FEW)):
        return False
    kept = common / fewer if fewer else 1.0
    if by_one_poster:
        is_card = fewer - common <= 1 and alike < CARD and rates_agree and _says_as_much(one, other)
        is_short = fewer <= RETELLING * max(len(one.words), len(other.words))
        if is_card or (is_short and kept >= (KEPT_BY_POSTER if fewer > FEW else 1.0)):
            return True
    return kept >= KEPT_RETOLD + (KEPT_VERBATIM - KEPT_RETOLD) * max(alike - RETOLD, 0.0) / (VERBATIM - RETOLD)


def _says_as_much(one: Shown, other: Shown) -> bool:
    """Role, stack, grades and money, where no words can be compared."""
    return (
        bool(one.core)
        and set(one.core) == set(other.core)
        and set(one.grades) == set(other.grades)
        and (one.rate is None or other.rate is None or one.rate == other.rate)
    )
