"""Listings as a company sees them: cards, pages, and the facts that subscriptions are matched with."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, any_, func, inspect, literal, or_, select

from crm import posts
from crm.errors import NotFound
from crm.matching import ListingFacts
from db.base import Json
from db.models import Appearance, Label, Lead, Listing, ListingTechnology, Post, Source, User
from db.session import Session
from language.kinds import Grade, Kind
from language.prediction import Item, item_from_json
from language.rates import hourly_roubles

PAGE = 20
NO_LISTINGS = (Kind.JUNK, Kind.UPDATE)
PORTION = 250
"""rows between which others get their turn"""
FACTS = (
    Listing.id,
    Listing.company_id,
    Listing.kind,
    Listing.role,
    Listing.core,
    Listing.extra,
    Listing.grades,
    Listing.engagement,
    Listing.hourly_min,
    Listing.hourly_max,
    Listing.remote,
    Listing.location,
    Listing.confidence,
    Listing.is_unsure,
)
SEEN = (
    Appearance.listing_id,
    Appearance.post_id,
    Appearance.source_id,
    Appearance.seen_at,
    Appearance.item,
    Appearance.item_text,
)
"""what facts are made of"""


@dataclass(frozen=True)
class SeenIn:
    appearance: Appearance
    source: Source
    post: Post

    @property
    def link(self) -> str:
        """To the original post."""
        return posts.link(self.source, self.post)


@dataclass(frozen=True)
class ListingCard:
    """All that a card of a listing may show to one company."""

    listing: Listing
    """with the company's own corrections, where its people fixed labels: then a copy that no session saves"""
    appearances: list[SeenIn]
    """oldest first"""
    lead: Lead | None
    owner: User | None
    """who took it, in this company"""
    reasons: list[Json]
    """of the first post's prediction: [{words, weight}]"""
    label: Label | None = None
    """the company's newest one on any of its posts"""
    is_hidden: bool = False
    """the company's people said that this is no listing"""


async def card(session: Session, listing_id: int, company_id: int) -> ListingCard:
    """Raises NotFound, also for another company's private listing. One that went away has a card still."""
    found = await cards(session, [listing_id], company_id)
    if not found:
        raise NotFound(what="listing", id=listing_id)
    return found[0]


async def cards(session: Session, listing_ids: Collection[int], company_id: int) -> list[ListingCard]:
    """In the order asked; those that the company may not see are left out."""
    rows = await session.scalars(
        select(Listing).where(Listing.id.in_(listing_ids), _is_visible(Listing.company_id, company_id))
    )
    listings = {listing.id: listing for listing in rows}
    seen = await _seen_in(session, listings)
    leads = await _leads(session, listings, company_id)
    labels = await _labels(session, Appearance.listing_id.in_(listings), company_id)
    return [_card(listings[id_], seen[id_], leads.get(id_), labels.get(id_)) for id_ in listing_ids if id_ in listings]


async def page(
    session: Session,
    company_id: int,
    *,
    kind: Kind | None = None,
    technology: str | None = None,
    grade: Grade | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> list[ListingCard]:
    """Newest first, older than the listing `before`. What the company labelled as junk is left out of the page.

    Filters look at what everybody sees; a company's corrections show on the cards.
    """
    query = select(Listing.id).where(
        Listing.withdrawn_at.is_(None), _is_visible(Listing.company_id, company_id), ~_is_labelled_away(company_id)
    )
    if kind is not None:
        query = query.where(Listing.kind == kind)
    if grade is not None:
        query = query.where(literal(grade.value) == any_(Listing.grades))
    if technology is not None:
        query = query.join(ListingTechnology, ListingTechnology.listing_id == Listing.id).where(
            ListingTechnology.technology == technology
        )
    if before is not None:
        query = query.where(Listing.id < before)
    ids = (await session.scalars(query.order_by(Listing.id.desc()).limit(limit))).all()
    return await cards(session, ids, company_id)


async def recent(session: Session, since: datetime, company_id: int) -> list[ListingFacts]:
    """Of all listings first seen since then that the company sees, oldest first: as each would be matched now.

    They may be ten thousand: columns are read instead of rows of the ORM, and others get their turn on the way.
    """
    wanted = and_(
        Listing.first_seen_at >= since,
        Listing.last_seen_at >= since,  # follows from the line above, but has an index
        Listing.withdrawn_at.is_(None),
        _is_visible(Listing.company_id, company_id),
    )
    is_of_wanted = Appearance.listing_id.in_(select(Listing.id).where(wanted))
    labels = await _labels(session, is_of_wanted, company_id)
    labelled = {listing.id: listing for listing in await session.scalars(select(Listing).where(Listing.id.in_(labels)))}
    appearances: defaultdict[int, list[Any]] = defaultdict(list)
    async for seen in _in_portions(session, select(*SEEN).where(is_of_wanted).order_by(Appearance.seen_at)):
        appearances[seen.listing_id].append(seen)
    found = []
    async for row in _in_portions(session, select(*FACTS).where(wanted).order_by(Listing.first_seen_at, Listing.id)):
        label, seen = labels.get(row.id), appearances[row.id]
        if label is None:
            found.append(facts(row, seen))
        elif not _hides(label, seen):
            found.append(facts(_as_labelled(labelled[row.id], label, seen), seen))
    return found


async def _in_portions(session: Session, query: Select[*tuple[Any, ...]]) -> AsyncIterator[Any]:
    for portion in (await session.execute(query)).partitions(PORTION):
        for row in portion:
            yield row
        await asyncio.sleep(0)


def facts(listing: "Listing | Row[Any]", appearances: "Iterable[Appearance | Row[Any]]") -> ListingFacts:
    """What filters look at, of rows that have FACTS and SEEN. The text is that of every post it was seen in."""
    seen = sorted(appearances, key=lambda appearance: (appearance.seen_at, appearance.post_id))
    return ListingFacts(
        listing_id=listing.id,
        company_id=listing.company_id,
        kind=listing.kind.value,
        role=listing.role,
        core=tuple(listing.core),
        extra=tuple(listing.extra),
        grades=tuple(listing.grades),
        engagement=listing.engagement.value,
        hourly_min=listing.hourly_min,
        hourly_max=listing.hourly_max,
        remote=listing.remote,
        location=listing.location,
        text="\n".join(dict.fromkeys(appearance.item_text for appearance in seen)),
        source_ids=tuple(dict.fromkeys(appearance.source_id for appearance in seen)),
        confidence=listing.confidence,
        is_unsure=listing.is_unsure,
    )


def _is_visible(owner: Any, company_id: int) -> ColumnElement[bool]:
    return or_(owner.is_(None), owner == company_id)


async def _seen_in(session: Session, listing_ids: Collection[int]) -> defaultdict[int, list[SeenIn]]:
    query = (
        select(Appearance, Source, Post)
        .join(Source, Source.id == Appearance.source_id)
        .join(Post, Post.id == Appearance.post_id)
        .where(Appearance.listing_id.in_(listing_ids))
        .order_by(Appearance.seen_at, Appearance.post_id)
    )
    seen: defaultdict[int, list[SeenIn]] = defaultdict(list)
    for appearance, source, post in await session.execute(query):
        seen[appearance.listing_id].append(SeenIn(appearance, source, post))
    return seen


async def _leads(
    session: Session, listing_ids: Collection[int], company_id: int
) -> dict[int, tuple[Lead, User | None]]:
    rows = await session.execute(
        select(Lead, User)
        .outerjoin(User, User.id == Lead.owner_id)
        .where(Lead.listing_id.in_(listing_ids), Lead.company_id == company_id)
    )
    return {lead.listing_id: (lead, owner) for lead, owner in rows}


async def _labels(session: Session, which: ColumnElement[bool], company_id: int) -> dict[int, Label]:
    """The company's newest label on any post of a listing; `which` chooses appearances."""
    rows = await session.execute(
        select(Appearance.listing_id, Label)
        .join(Label, Label.post_id == Appearance.post_id)
        .where(which, Label.company_id == company_id, Label.withdrawn_at.is_(None))
        .order_by(Label.id)
    )
    return {row.listing_id: row.Label for row in rows}


def _is_labelled_away(company_id: int) -> ColumnElement[bool]:
    newest = (
        select(Label.kind)
        .join(Appearance, Appearance.post_id == Label.post_id)
        .where(Appearance.listing_id == Listing.id, Label.company_id == company_id, Label.withdrawn_at.is_(None))
        .order_by(Label.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(newest.in_(NO_LISTINGS), False)


def _card(
    listing: Listing, seen_in: list[SeenIn], taken: tuple[Lead, User | None] | None, label: Label | None
) -> ListingCard:
    lead, owner = taken or (None, None)
    appearances = [seen.appearance for seen in seen_in]
    prediction = seen_in[0].post.prediction if seen_in else None
    return ListingCard(
        listing=_as_labelled(listing, label, appearances),
        appearances=seen_in,
        lead=lead,
        owner=owner,
        reasons=(prediction or {}).get("reasons", []),
        label=label,
        is_hidden=_hides(label, appearances),
    )


def _hides(label: Label | None, appearances: Iterable[Appearance]) -> bool:
    """It calls the post no listing, or leaves this item out of its fixed list."""
    if label is None:
        return False
    return label.kind in NO_LISTINGS or (bool(label.items) and _fixed_item(label, appearances) is None)


def _fixed_item(label: Label, appearances: Iterable[Appearance]) -> Item | None:
    items = label.items or []
    place = next((appearance.item for appearance in appearances if appearance.post_id == label.post_id), len(items))
    return item_from_json(items[place]) if place < len(items) else None


def _as_labelled(listing: Listing, label: Label | None, appearances: Sequence[Appearance]) -> Listing:
    """The listing; where the company's people fixed it, a copy with what they said."""
    if label is None or label.kind in NO_LISTINGS:
        return listing
    copy = Listing(**{attribute.key: getattr(listing, attribute.key) for attribute in inspect(Listing).column_attrs})
    copy.kind, copy.is_unsure = label.kind, False
    copy.engagement = label.engagement or listing.engagement
    item = _fixed_item(label, appearances)
    if item is None:
        return copy
    rate = item.rate
    copy.role, copy.core, copy.extra = item.role, list(item.core), list(item.extra)
    copy.grades, copy.count = [grade.value for grade in item.grades], item.count
    copy.location, copy.remote = item.location, item.remote and item.remote.value
    copy.rate_min, copy.rate_max = (rate.min, rate.max) if rate else (None, None)
    copy.rate_currency, copy.rate_period = (rate.currency, rate.period) if rate else (None, None)
    copy.hourly_min, copy.hourly_max = hourly_roubles(rate) if rate else (None, None)
    return copy
