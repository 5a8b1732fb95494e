"""An item seen in a post, and the group of sightings that make one listing."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from crm.labelling.bands import bands
from db.models import Appearance, Listing, Post
from language.kinds import Engagement, Kind
from language.near_duplicates import shingle_text, shingles
from language.prediction import Item, Prediction, Rate, item_from_json, item_to_json
from language.rates import hourly_roubles
from language.request_ids import id_key
from language.sameness import Shown


@dataclass(eq=False)
class Sighting:
    """An appearance with what its post knows of it."""

    appearance: Appearance
    kind: Kind
    author: str | None
    post_deleted_at: datetime | None = None

    @cached_property
    def item(self) -> Item:
        return item_from_json(self.appearance.said)

    @cached_property
    def shingle_text(self) -> str:
        return shingle_text(self.appearance.item_text)

    @cached_property
    def shingles(self) -> frozenset[str]:
        return shingles(self.shingle_text)

    @cached_property
    def bands(self) -> list[int]:
        return bands(self.shingles)

    @cached_property
    def shown(self) -> Shown:
        said = replace(self.item, text=self.appearance.item_text, request_id=self.appearance.request_id)
        return Shown.of(said, self.kind)

    @cached_property
    def hourly(self) -> tuple[int | None, int | None]:
        """(min, max) in roubles an hour."""
        return (None, None) if self.item.rate is None else hourly_roubles(self.item.rate)

    @property
    def best_hourly(self) -> int | None:
        low, high = self.hourly
        return low if high is None else high


SHOWN = (
    "kind", "role", "core", "extra", "grades", "count", "engagement", "rate_min", "rate_max", "rate_currency",
    "rate_period", "location", "remote", "request_id", "direct_client", "is_unsure", "state", "withdrawn_at",
)  # fmt: skip


@dataclass(frozen=True)
class Look:
    """What a card of the listing shows, and what decides whether it is worth telling again."""

    fields: tuple[Any, ...]
    seen_in: frozenset[tuple[int, str | None, int | None]]
    stack: tuple[tuple[str, ...], tuple[str, ...]]
    direct_client: bool
    peak_hourly: int | None


@dataclass(eq=False)
class Group:
    """A listing with all its sightings. An empty one is a listing that went away."""

    listing: Listing
    sightings: list[Sighting] = field(default_factory=list)
    before: Look | None = None
    """as it was saved before this batch; None for a new one"""

    def look(self) -> Look:
        listing = self.listing
        return Look(
            fields=tuple(_frozen(getattr(listing, name)) for name in SHOWN),
            seen_in=frozenset(
                (sighting.appearance.post_id, sighting.appearance.contact, sighting.appearance.rate_max)
                for sighting in self.sightings
            ),
            stack=(tuple(listing.core), tuple(listing.extra)),
            direct_client=listing.direct_client,
            peak_hourly=listing.peak_hourly,
        )

    def without_post(self, post_id: int) -> list[Sighting]:
        return [sighting for sighting in self.sightings if sighting.appearance.post_id != post_id]


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def sightings_of(post: Post, prediction: Prediction, items: Sequence[Item], kind: Kind) -> list[Sighting]:
    """What the post shows now, item by item; not saved yet and of no listing yet."""
    return [Sighting(_appearance(post, prediction, place, item), kind, post.author) for place, item in enumerate(items)]


def _appearance(post: Post, prediction: Prediction, place: int, item: Item) -> Appearance:
    rate = item.rate or Rate("", "")
    return Appearance(
        company_id=post.company_id,
        post_id=post.id,
        source_id=post.source_id,
        item=place,
        item_text=item.text or post.text,
        said=item_to_json(item),
        engagement=prediction.engagement or Engagement.UNKNOWN,
        confidence=prediction.relevance,
        is_unsure=prediction.abstain,
        contact=item.contact,
        request_id=item.request_id,
        request_key=None if item.request_id is None else id_key(item.request_id),
        rate_min=rate.min,
        rate_max=rate.max,
        rate_currency=rate.currency or None,
        rate_period=rate.period or None,
        hourly_max=None if item.rate is None else hourly_roubles(item.rate)[1],
        direct_client=item.direct_client,
        seen_at=post.posted_at,
    )


SAID = (
    "item", "item_text", "said", "engagement", "confidence", "is_unsure", "contact", "request_id", "direct_client",
    "seen_at",
)  # fmt: skip


def says_the_same(one: Sighting, other: Sighting) -> bool:
    """Whether taking one for the other changes nothing."""
    return one.kind is other.kind and all(
        getattr(one.appearance, name) == getattr(other.appearance, name) for name in SAID
    )
