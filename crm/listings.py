"""Listings as a company sees them: cards, pages, and the facts that subscriptions are matched with."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, any_, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from crm import posts, twins
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
    Listing.twin_id,
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
    """With what its twins say and the company's own corrections, where there are such: then a copy that no session
    saves. The rate is the best one; it is closed when all of them are."""
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
    twin_ids: frozenset[int] = frozenset()
    """listings that are the same for the company: the card shows them too, and what is done to one is done to all"""


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
    asked = {listing.id: listing for listing in rows}
    heads = {id_: twins.head(listing) for id_, listing in asked.items()}
    same: defaultdict[int, list[Listing]] = defaultdict(list)
    for listing in [*asked.values(), *await twins.of(session, asked.values(), company_id)]:
        same[twins.head(listing)].append(listing)
        heads[listing.id] = twins.head(listing)
    seen = await _seen_in(session, heads)
    leads = await _leads(session, heads, company_id)
    labels = await _labels(session, Appearance.listing_id.in_(heads), company_id)
    shown = [(asked[id_], heads[id_]) for id_ in listing_ids if id_ in asked]
    return [_card(listing, same[head], seen[head], leads.get(head), labels.get(head)) for listing, head in shown]


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
    """Newest first, older than the listing `before`. What the company labelled as junk is left out of the page, and
    twins are one.

    Filters look at what everybody sees; a company's corrections show on the cards.
    """
    query = select(Listing.id).where(
        Listing.withdrawn_at.is_(None),
        _is_visible(Listing.company_id, company_id),
        ~_is_shown_as_its_twin(),
        ~_is_labelled_away(company_id),
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
    of_labels = select(Listing).where(wanted, twins.HEAD.in_(labels))
    labelled = {listing.id: listing for listing in await session.scalars(of_labels)}
    appearances: defaultdict[int, list[Any]] = defaultdict(list)
    async for seen in _in_portions(session, select(*SEEN).where(is_of_wanted).order_by(Appearance.seen_at)):
        appearances[seen.listing_id].append(seen)
    together: defaultdict[int, list[Any]] = defaultdict(list)
    for listing in labelled.values():
        together[twins.head(listing)] += appearances[listing.id]
    found = []
    async for row in _in_portions(session, select(*FACTS).where(wanted).order_by(Listing.first_seen_at, Listing.id)):
        head, seen = twins.head(row), appearances[row.id]
        label = labels.get(head)
        if label is None:
            found.append(facts(row, seen))
        elif not _hides(label, together[head]):
            found.append(facts(_as_labelled(labelled[row.id], label, together[head]), seen))
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
        twin_id=listing.twin_id,
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


async def _seen_in(session: Session, heads: Mapping[int, int]) -> defaultdict[int, list[SeenIn]]:
    """By what twins share, as the others below; `heads` gives it by listing."""
    query = (
        select(Appearance, Source, Post)
        .join(Source, Source.id == Appearance.source_id)
        .join(Post, Post.id == Appearance.post_id)
        .where(Appearance.listing_id.in_(heads))
        .order_by(Appearance.seen_at, Appearance.post_id)
    )
    seen: defaultdict[int, list[SeenIn]] = defaultdict(list)
    for appearance, source, post in await session.execute(query):
        seen[heads[appearance.listing_id]].append(SeenIn(appearance, source, post))
    return seen


async def _leads(session: Session, heads: Mapping[int, int], company_id: int) -> dict[int, tuple[Lead, User | None]]:
    """Of several that were taken before they were known to be the same, the first."""
    rows = await session.execute(
        select(Lead, User)
        .outerjoin(User, User.id == Lead.owner_id)
        .where(Lead.listing_id.in_(heads), Lead.company_id == company_id)
        .order_by(Lead.owner_id.is_(None).desc(), Lead.taken_at.desc(), Lead.id.desc())
    )
    return {heads[lead.listing_id]: (lead, owner) for lead, owner in rows}


async def _labels(session: Session, which: ColumnElement[bool], company_id: int) -> dict[int, Label]:
    """The company's newest label on any post of a listing or its twins; `which` chooses appearances."""
    rows = await session.execute(
        select(twins.HEAD.label("head"), Label)
        .join(Appearance, Appearance.listing_id == Listing.id)
        .join(Label, Label.post_id == Appearance.post_id)
        .where(which, Label.company_id == company_id, Label.withdrawn_at.is_(None))
        .order_by(Label.id)
    )
    return {row.head: row.Label for row in rows}


def _is_shown_as_its_twin() -> ColumnElement[bool]:
    market = aliased(Listing)
    return exists().where(market.id == Listing.twin_id, market.withdrawn_at.is_(None))


def _is_labelled_away(company_id: int) -> ColumnElement[bool]:
    same = aliased(Listing)
    newest = (
        select(Label.kind)
        .join(Appearance, Appearance.post_id == Label.post_id)
        .join(same, same.id == Appearance.listing_id)
        .where(
            or_(same.id == Listing.id, same.twin_id == Listing.id),
            Label.company_id == company_id,
            Label.withdrawn_at.is_(None),
        )
        .order_by(Label.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(newest.in_(NO_LISTINGS), False)


def _card(
    listing: Listing,
    same: Sequence[Listing],
    seen_in: list[SeenIn],
    taken: tuple[Lead, User | None] | None,
    label: Label | None,
) -> ListingCard:
    lead, owner = taken or (None, None)
    appearances = [seen.appearance for seen in seen_in]
    prediction = seen_in[0].post.prediction if seen_in else None
    others = [one for one in same if one is not listing]
    return ListingCard(
        listing=_as_labelled(twins.as_one(listing, others) if others else listing, label, appearances),
        appearances=seen_in,
        lead=lead,
        owner=owner,
        reasons=(prediction or {}).get("reasons", []),
        label=label,
        is_hidden=_hides(label, appearances),
        twin_ids=frozenset(one.id for one in others),
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
    copy = twins.copy(listing)
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
