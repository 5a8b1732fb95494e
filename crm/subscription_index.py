"""Every active subscription in memory: who wants a listing, in about a millisecond, as `crm.matching.wants` says.

Each subscription has a slot. For each value that a filter names, the slots of those who named it are kept as packed
bits (or, for words and places, of which there is no end, as a list), so that a filter is a few operations on bytes.
"""

import asyncio
from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, ColumnElement, Row, Select, Text, and_, cast, func, select

from crm.matching import ListingFacts, Reason, Wish, needle, reasons, wish_of
from db.models import Subscription, User
from db.session import SystemSession

Packed = NDArray[np.uint8]

DEAD_SLOTS_ALLOWED = 1000
"""beside as many as there are live ones"""


class Match(NamedTuple):
    """A subscription, as the index knows it and as it is given to whoever asks who wants a listing."""

    subscription_id: int
    user_id: int
    company_id: int
    wish: Wish

    def reasons(self, facts: ListingFacts) -> tuple[Reason, ...]:
        """Found when asked for: of thousands of matches only some are told."""
        return reasons(self.wish, facts)


class SubscriptionIndex:
    """`refresh` before `match`; until the first refresh it is empty."""

    def __init__(self) -> None:
        self._table = Table()
        self._since: int | None = None
        self._refreshing = asyncio.Lock()

    def __len__(self) -> int:
        """How many subscriptions are active."""
        return len(self._table)

    def match(self, facts: ListingFacts) -> list[Match]:
        """Those who want it, in no particular order. A private listing reaches its own company alone."""
        return self._table.match(facts)

    async def refresh(self, session: SystemSession) -> int:
        """Take over what was committed since the last time; returns how many rows were looked at.

        A row is stamped with its transaction's id. Transactions that were still open at the last snapshot have ids
        from that snapshot's xmin on, so whatever they commit later is read now, and nothing is missed.
        """
        async with self._refreshing:
            # Taken before the rows are: what commits in between is read twice, not never.
            xmin = await session.scalar(select(_snapshot_xid(func.pg_snapshot_xmin)))
            rows = (await session.execute(_changed(self._since))).all()
            self._since = xmin
            for row in rows:
                self._take_over(row)
            if self._table.dead_slots > len(self._table) + DEAD_SLOTS_ALLOWED:
                self._table = Table.of(self._table.live())
            return len(rows)

    def _take_over(self, row: Row[Any]) -> None:
        if row.is_active:
            self._table.put(Match(row.id, row.user_id, row.company_id, wish_of(row)))
        else:
            self._table.drop(row.id)


def _snapshot_xid(bound: Callable[..., Any]) -> ColumnElement[int]:
    return cast(cast(bound(func.pg_current_snapshot()), Text), BigInteger)


def _changed(since: int | None) -> Select[Any]:
    is_active = and_(Subscription.paused_at.is_(None), Subscription.deleted_at.is_(None), User.removed_at.is_(None))
    query = (
        select(
            Subscription.id,
            Subscription.user_id,
            Subscription.company_id,
            *(getattr(Subscription, name) for name in Wish.__dataclass_fields__),
            is_active.label("is_active"),
        )
        .join(User, User.id == Subscription.user_id)
        .order_by(Subscription.id)
    )
    if since is None:
        return query.where(is_active)
    # A restored backup carries the old server's ids, which may lie far ahead: they are no news.
    return query.where(
        Subscription.changed_xid >= since, Subscription.changed_xid < _snapshot_xid(func.pg_snapshot_xmax)
    )


class Table:
    """Slots are only ever added; a changed subscription takes a new one and its old one dies."""

    def __init__(self) -> None:
        self._slots: dict[int, int] = {}
        self._known: list[Match] = []
        self._alive = Bits()
        self._companies = array("q")
        self._min_rates = array("d")
        self._min_confidences = array("d")
        self._kinds = Choices()
        self._roles = Choices()
        self._any = Choices()
        self._all: list[Choices] = []
        self._none = Choices()
        self._grades = Choices()
        self._engagements = Choices()
        self._sources = Choices()
        self._strict = Choices()
        self._remote = Choices()
        self._vocabulary = Vocabulary()
        self._places = Words(self._vocabulary)
        self._words = Words(self._vocabulary)
        self._minus_words = Words(self._vocabulary)

    @classmethod
    def of(cls, matches: Iterable[Match]) -> "Table":
        table = cls()
        for match in matches:
            table.put(match)
        return table

    def __len__(self) -> int:
        return len(self._slots)

    @property
    def dead_slots(self) -> int:
        return len(self._known) - len(self._slots)

    def live(self) -> list[Match]:
        return [self._known[slot] for slot in self._slots.values()]

    def drop(self, subscription_id: int) -> None:
        slot = self._slots.pop(subscription_id, None)
        if slot is not None:
            self._alive.discard(slot)

    def put(self, match: Match) -> None:
        before = self._slots.get(match.subscription_id)
        if before is not None and self._known[before] == match:
            return
        self.drop(match.subscription_id)
        slot, wish = len(self._known), match.wish
        self._slots[match.subscription_id] = slot
        self._known.append(match)
        self._alive.add(slot)
        self._companies.append(match.company_id)
        self._min_rates.append(-inf if wish.min_rate is None else wish.min_rate)
        self._min_confidences.append(wish.min_confidence)
        self._kinds.add(slot, wish.kinds)
        self._roles.add(slot, wish.roles)
        self._any.add(slot, wish.technologies_any)
        self._put_all_of(slot, wish.technologies_all)
        self._none.add(slot, wish.technologies_none)
        self._grades.add(slot, wish.grades)
        self._engagements.add(slot, wish.engagements)
        self._sources.add(slot, wish.source_ids)
        self._strict.add(slot, wish.strict)
        self._remote.add(slot, wish.remote)
        self._places.add(slot, wish.places)
        self._words.add(slot, wish.words)
        self._minus_words.add(slot, wish.minus_words)

    def _put_all_of(self, slot: int, technologies: Sequence[str]) -> None:
        """All of several is a filter for the first, another for the second, …, each with one value to meet."""
        for place, technology in enumerate(technologies):
            if place == len(self._all):
                self._all.append(Choices())
            self._all[place].add(slot, (technology,))

    def match(self, facts: ListingFacts) -> list[Match]:
        if not self._slots:
            return []
        wanting = self._alive.packed(self._size).copy()
        wanting &= np.packbits(_column(self._min_confidences) <= facts.confidence, bitorder="little")
        if facts.company_id is not None:
            wanting &= np.packbits(_column(self._companies) == facts.company_id, bitorder="little")
        if facts.rate is not None:
            wanting &= np.packbits(_column(self._min_rates) <= facts.rate, bitorder="little")
        self._narrow_by_stated(wanting, facts)
        self._narrow_by_stack(wanting, facts)
        wanting &= self._where(facts)
        said = self._vocabulary.said(facts.words)
        wanting &= self._words.open_to(said, self._size)
        wanting &= ~self._minus_words.naming(said, self._size)
        wanting &= ~self._strict.naming(facts.unstated, self._size)
        slots = np.flatnonzero(np.unpackbits(wanting, bitorder="little"))
        return list(map(self._known.__getitem__, slots.tolist()))

    @property
    def _size(self) -> int:
        """In bytes."""
        return (len(self._known) + 7) // 8

    def _narrow_by_stated(self, wanting: Packed, facts: ListingFacts) -> None:
        wanting &= self._kinds.open_to((facts.kind,), self._size)
        wanting &= self._sources.open_to(facts.source_ids, self._size)
        if facts.role:
            wanting &= self._roles.open_to((facts.role,), self._size)
        if facts.grades:
            wanting &= self._grades.open_to(facts.grades, self._size)
        if "engagement" not in facts.unstated:
            wanting &= self._engagements.open_to((facts.engagement,), self._size)

    def _narrow_by_stack(self, wanting: Packed, facts: ListingFacts) -> None:
        stated = facts.technologies
        if stated:
            wanting &= self._any.open_to(stated, self._size)
            for choices in self._all:
                wanting &= choices.open_to(stated, self._size)
            wanting &= ~self._none.naming(stated, self._size)

    def _where(self, facts: ListingFacts) -> Packed:
        """Remote or place: where both are asked, either is enough."""
        by_remote, by_place = self._remote.asking(self._size), self._places.asking(self._size)
        indifferent = ~(by_remote | by_place)
        if facts.remote:
            by_remote = self._remote.naming((facts.remote,), self._size)
        if "places" not in facts.unstated:
            by_place = self._places.naming(self._vocabulary.said(facts.place), self._size)
        return indifferent | by_remote | by_place


def _column(numbers: "array[int] | array[float]") -> NDArray[Any]:
    return np.frombuffer(numbers, dtype=numbers.typecode)


class Bits:
    """A set of slots as packed bits."""

    __slots__ = ("_bytes",)

    def __init__(self) -> None:
        self._bytes = bytearray()

    def add(self, slot: int) -> None:
        missing = (slot >> 3) + 1 - len(self._bytes)
        if missing > 0:
            self._bytes.extend(bytes(missing))
        self._bytes[slot >> 3] |= 1 << (slot & 7)

    def discard(self, slot: int) -> None:
        """Of a slot that is in it."""
        self._bytes[slot >> 3] &= ~(1 << (slot & 7))

    def packed(self, size: int) -> Packed:
        """`size` bytes; may share memory with the set, so it must not outlive the moment."""
        if len(self._bytes) < size:
            self._bytes.extend(bytes(size - len(self._bytes)))
        return np.frombuffer(self._bytes, dtype=np.uint8)

    def join(self, packed: Packed) -> None:
        """Add this set to another."""
        packed[: len(self._bytes)] |= np.frombuffer(self._bytes, dtype=np.uint8)


class Choices:
    """One filter over a closed list of values: who asks for something, and who named which value."""

    def __init__(self) -> None:
        self._asking = Bits()
        self._naming: defaultdict[str | int, Bits] = defaultdict(Bits)

    def add(self, slot: int, values: Collection[str | int]) -> None:
        if values:
            self._asking.add(slot)
        for value in values:
            self._naming[value].add(slot)

    def asking(self, size: int) -> Packed:
        return self._asking.packed(size)

    def naming(self, values: Iterable[str | int], size: int) -> Packed:
        """Those who named any of the values."""
        union = np.zeros(size, dtype=np.uint8)
        for value in values:
            if value in self._naming:
                self._naming[value].join(union)
        return union

    def open_to(self, values: Iterable[str | int], size: int) -> Packed:
        """Those who named any of the values, or none at all."""
        return self.naming(values, size) | ~self.asking(size)


class Vocabulary:
    """All words that anybody asks about. A text is looked through once, however many there are."""

    def __init__(self) -> None:
        self._sought: set[str] = set()
        self._phrases: defaultdict[str, set[str]] = defaultdict(set)
        self._longest = 0

    def learn(self, sought: str) -> None:
        """A `crm.matching.needle`."""
        self._sought.add(sought)
        self._longest = max(self._longest, len(sought))
        first, _, rest = sought.strip().partition(" ")
        if rest:
            self._phrases[first].add(sought)

    def said(self, spaced_text: str) -> set[str]:
        """Those needles that are in the text."""
        starts: set[str] = set()
        phrases: list[str] = []
        for token in set(spaced_text.split()):
            starts.add(f" {token} ")
            starts.update([f" {token[:end]}" for end in range(1, min(len(token), self._longest) + 1)])
            phrases += self._phrases.get(token, ())
        return (starts & self._sought).union(phrase for phrase in phrases if phrase in spaced_text)


class Words:
    """One filter over whatever people type: as Choices, but short lists of slots, for there is no end of values."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._asking = Bits()
        self._naming: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))

    def add(self, slot: int, words: Collection[str]) -> None:
        if words:
            self._asking.add(slot)
        for word in words:
            sought = needle(word)
            if sought is not None:
                self._vocabulary.learn(sought)
                self._naming[sought].append(slot)

    def asking(self, size: int) -> Packed:
        return self._asking.packed(size)

    def naming(self, said: Iterable[str], size: int) -> Packed:
        """Those who named any of the needles."""
        union = np.zeros(size * 8, dtype=np.bool_)
        for sought in said:
            if sought in self._naming:
                union[np.frombuffer(self._naming[sought], dtype=np.uint32)] = True
        return np.packbits(union, bitorder="little")

    def open_to(self, said: Iterable[str], size: int) -> Packed:
        """Those who named any of the needles, or none at all."""
        return self.naming(said, size) | ~self.asking(size)
