"""Which subscriptions want a listing: the definition. Pure; `crm.subscription_index` gives the same answers faster.

A field that a post does not state passes every filter on it, unless the wish is strict about that field.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Protocol

from language.kinds import Engagement
from language.normalise import tokens
from language.places import find_places

Reason = dict[str, Any]
"""{"filter": one of REASONS, "value": an id, a number or a word}"""

REASONS = ("kind", "role", "core", "extra", "grade", "engagement", "rate", "remote", "place", "word", "source")
STRICT_FIELDS = ("roles", "technologies", "grades", "engagement", "min_rate", "remote", "places")
MIN_CONFIDENCE = 0.3
WHOLE_WORD_UP_TO = 3
"""letters: «go» must not find «google», while «банк» finds «банка»"""


@dataclass(frozen=True, kw_only=True)
class ListingFacts:
    """What filters look at. Empty or None is "not stated"; `engagement` unknown too."""

    listing_id: int
    company_id: int | None
    """whose private source it comes from; None for the market's"""
    twin_id: int | None = None
    """the market's listing that is the same as this private one"""
    kind: str
    role: str | None = None
    core: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    engagement: str = Engagement.UNKNOWN
    hourly_min: int | None = None
    """roubles an hour"""
    hourly_max: int | None = None
    remote: str | None = None
    location: str | None = None
    text: str = ""
    """of the part of the post that speaks of the listing"""
    source_ids: tuple[int, ...] = ()
    confidence: float = 1.0
    is_unsure: bool = False

    @cached_property
    def technologies(self) -> frozenset[str]:
        return frozenset(self.core) | frozenset(self.extra)

    @cached_property
    def rate(self) -> int | None:
        """The best hourly rate it states."""
        return self.hourly_min if self.hourly_max is None else self.hourly_max

    @cached_property
    def words(self) -> str:
        return spaced(self.text)

    @cached_property
    def place(self) -> str:
        """The location's words and the usual names of what they mean: «в Moscow» is Москва too."""
        location = self.location or ""
        return spaced(" ".join((location, *find_places(location))))

    @cached_property
    def unstated(self) -> frozenset[str]:
        """Those of STRICT_FIELDS that the post is silent about."""
        stated = {
            "roles": self.role,
            "technologies": self.technologies,
            "grades": self.grades,
            "engagement": self.engagement != Engagement.UNKNOWN,
            "min_rate": self.rate is not None,
            "remote": self.remote,
            "places": self.place.strip(),
        }
        return frozenset(field for field, value in stated.items() if not value)


class Filters(Protocol):
    """A subscription's row, a draft understood from a typed line, or a Wish."""

    @property
    def kinds(self) -> Sequence[str]: ...
    @property
    def roles(self) -> Sequence[str]: ...
    @property
    def technologies_any(self) -> Sequence[str]: ...
    @property
    def technologies_all(self) -> Sequence[str]: ...
    @property
    def technologies_none(self) -> Sequence[str]: ...
    @property
    def grades(self) -> Sequence[str]: ...
    @property
    def engagements(self) -> Sequence[str]: ...
    @property
    def min_rate(self) -> int | None: ...
    @property
    def remote(self) -> Sequence[str]: ...
    @property
    def places(self) -> Sequence[str]: ...
    @property
    def words(self) -> Sequence[str]: ...
    @property
    def minus_words(self) -> Sequence[str]: ...
    @property
    def strict(self) -> Sequence[str]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """The filters of one subscription. An empty filter lets everything through; all filters must be passed."""

    kinds: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    technologies_any: tuple[str, ...] = ()
    """core and extra stack both count, here and in the next two"""
    technologies_all: tuple[str, ...] = ()
    technologies_none: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    engagements: tuple[str, ...] = ()
    min_rate: int | None = None
    """roubles an hour that the listing's best rate must reach; a floor for offers as well as for requests"""
    remote: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    """with `remote` given too, either is enough: «remote, or in Moscow»"""
    words: tuple[str, ...] = ()
    """any of them; see `occurs`"""
    minus_words: tuple[str, ...] = ()
    """none of them"""
    source_ids: tuple[int, ...] = ()
    min_confidence: float = MIN_CONFIDENCE
    strict: tuple[str, ...] = ()
    """those of STRICT_FIELDS that a post must state, whatever else is asked"""


def wish_of(filters: Filters, *, source_ids: Iterable[int] | None = None, min_confidence: float | None = None) -> Wish:
    """Sources and confidence are taken from `filters` where they are not given and it has them."""
    if source_ids is None:
        source_ids = getattr(filters, "source_ids", ())
    if min_confidence is None:
        min_confidence = getattr(filters, "min_confidence", MIN_CONFIDENCE)
    return Wish(
        kinds=tuple(filters.kinds),
        roles=tuple(filters.roles),
        technologies_any=tuple(filters.technologies_any),
        technologies_all=tuple(filters.technologies_all),
        technologies_none=tuple(filters.technologies_none),
        grades=tuple(filters.grades),
        engagements=tuple(filters.engagements),
        min_rate=filters.min_rate,
        remote=tuple(filters.remote),
        places=tuple(filters.places),
        words=tuple(filters.words),
        minus_words=tuple(filters.minus_words),
        source_ids=tuple(source_ids),
        min_confidence=min_confidence,
        strict=tuple(filters.strict),
    )


def wants(wish: Wish, facts: ListingFacts) -> tuple[Reason, ...] | None:
    """Why it matches, in the order of REASONS; None where it does not. A wish without filters gives no reasons."""
    return reasons(wish, facts) if passes(wish, facts) else None


def passes(wish: Wish, facts: ListingFacts) -> bool:
    return (
        facts.confidence >= wish.min_confidence
        and (not wish.kinds or facts.kind in wish.kinds)
        and (not wish.roles or not facts.role or facts.role in wish.roles)
        and _stack_passes(wish, facts)
        and (not wish.grades or not facts.grades or not set(wish.grades).isdisjoint(facts.grades))
        and (not wish.engagements or "engagement" in facts.unstated or facts.engagement in wish.engagements)
        and (wish.min_rate is None or facts.rate is None or facts.rate >= wish.min_rate)
        and _where_passes(wish, facts)
        and (not wish.source_ids or not set(wish.source_ids).isdisjoint(facts.source_ids))
        and (not wish.words or any(occurs(word, facts.words) for word in wish.words))
        and not any(occurs(word, facts.words) for word in wish.minus_words)
        and (not wish.strict or facts.unstated.isdisjoint(wish.strict))
    )


def _stack_passes(wish: Wish, facts: ListingFacts) -> bool:
    stated = facts.technologies
    return not stated or (
        (not wish.technologies_any or not stated.isdisjoint(wish.technologies_any))
        and stated.issuperset(wish.technologies_all)
        and stated.isdisjoint(wish.technologies_none)
    )


def _where_passes(wish: Wish, facts: ListingFacts) -> bool:
    if not wish.remote and not wish.places:
        return True
    remote_passes = bool(wish.remote) and (not facts.remote or facts.remote in wish.remote)
    return remote_passes or (
        bool(wish.places) and ("places" in facts.unstated or any(occurs(place, facts.place) for place in wish.places))
    )


def reasons(wish: Wish, facts: ListingFacts) -> tuple[Reason, ...]:
    """Of a wish that passes: each filter's values that the listing states."""
    asked = {*wish.technologies_any, *wish.technologies_all}
    found: list[tuple[str, Any]] = []
    if facts.kind in wish.kinds:
        found.append(("kind", str(facts.kind)))
    if facts.role in wish.roles:
        found.append(("role", facts.role))
    if asked:
        found += [("core", technology) for technology in facts.core if technology in asked]
        found += [("extra", technology) for technology in facts.extra if technology in asked]
    if wish.grades:
        found += [("grade", str(grade)) for grade in facts.grades if grade in wish.grades]
    if facts.engagement in wish.engagements:
        found.append(("engagement", str(facts.engagement)))
    if wish.min_rate is not None and facts.rate is not None:
        found.append(("rate", wish.min_rate))
    if facts.remote in wish.remote:
        found.append(("remote", str(facts.remote)))
    if wish.places:
        found += [("place", place) for place in wish.places if occurs(place, facts.place)]
    if wish.words:
        found += [("word", word) for word in wish.words if occurs(word, facts.words)]
    if wish.source_ids:
        found += [("source", source) for source in facts.source_ids if source in wish.source_ids]
    return tuple({"filter": name, "value": value} for name, value in found)


def spaced(text: str) -> str:
    """The text's folded words, each between single spaces; a single space where there is none."""
    return f" {' '.join(words)} " if (words := tokens(text)) else " "


def occurs(word: str, spaced_text: str) -> bool:
    """Whether a word (or words in a row) is said, or begins one that is said. Short words must be there whole.

    A word of signs alone never occurs.
    """
    sought = needle(word)
    return sought is not None and sought in spaced_text


@lru_cache(maxsize=1 << 17)
def needle(word: str) -> str | None:
    """What to look for in a spaced text."""
    words = tokens(word)
    if not words:
        return None
    end = " " if len(words[-1]) <= WHOLE_WORD_UP_TO else ""
    return f" {' '.join(words)}{end}"
