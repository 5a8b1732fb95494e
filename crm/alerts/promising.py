"""Promising: a listing becomes alerts, one for each person and channel."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from crm import twins
from crm.alerts import history, rhythm
from crm.alerts.reachable import own_addresses
from crm.matching import ListingFacts
from crm.subscription_index import SubscriptionIndex
from db.base import Json
from db.models import (
    Address,
    Alert,
    AlertState,
    Channel,
    Dismissal,
    Listing,
    Rhythm,
    Subscription,
    SubscriptionRecipient,
    User,
)
from db.session import SystemSession

Person = tuple[Channel, int | None, int | None]
"""who is told over a channel: a user, or an address where it is nobody's own"""


@dataclass(frozen=True)
class _Way:
    """One subscription's wish to tell one person over one channel."""

    channel: Channel
    user_id: int | None
    address_id: int | None
    subscription: Subscription
    owner: User
    reasons: list[Json]
    is_blocked: bool = False

    @property
    def person(self) -> Person:
        return _person(self.channel, self.user_id, self.address_id)

    @property
    def quietness(self) -> tuple[bool, bool]:
        return self.subscription.rhythm is Rhythm.DIGEST, self.subscription.is_silent


async def promise(
    session: SystemSession,
    listing: Listing,
    facts: ListingFacts,
    index: SubscriptionIndex,
    *,
    now: datetime,
    recovered: bool = False,
    same: Collection[Listing] = (),
) -> int:
    """Promise to tell everybody who wants this telling of the listing; returns how many alerts are new.

    A person is told once over a channel, however many subscriptions match: for the first one's reasons, in the
    loudest one's manner. `recovered` posts come old, after an outage: they are told together. Of a listing whose twins
    (`same`, of all companies) a person heard of, they are told only where it outdoes them.
    """
    matches = {match.subscription_id: match for match in index.match(facts)}
    if not matches:
        return 0
    wanting = await _wanting(session, listing, matches)
    ways = await _ways(session, wanting, {id_: list(match.reasons(facts)) for id_, match in matches.items()})
    dismissed = await _dismissed_by(session, [listing, *same])
    heard = await _heard_of(session, same) if same else set()
    told: defaultdict[Person, list[_Way]] = defaultdict(list)
    for way in ways:
        if way.user_id in dismissed:
            continue
        if way.person not in heard or twins.outdoes(listing, _seen_by(way.subscription.company_id, same)):
            told[way.person].append(way)
    rows = [_row(listing, facts.is_unsure, ways, now, recovered) for ways in told.values()]
    return await _insert(session, rows, now)


async def _wanting(session: SystemSession, listing: Listing, ids: Collection[int]) -> list[tuple[Subscription, User]]:
    """The truth as of now: the index may lag behind a pause or a removal."""
    query = (
        select(Subscription, User)
        .join(User, User.id == Subscription.user_id)
        .where(
            Subscription.id.in_(ids),
            Subscription.paused_at.is_(None),
            Subscription.deleted_at.is_(None),
            User.removed_at.is_(None),
        )
        .order_by(Subscription.id)
    )
    if listing.company_id is not None:
        query = query.where(Subscription.company_id == listing.company_id)
    return [(subscription, user) for subscription, user in await session.execute(query)]


async def _ways(
    session: SystemSession, wanting: list[tuple[Subscription, User]], reasons: dict[int, list[Json]]
) -> list[_Way]:
    by_email = {user.id for subscription, user in wanting if subscription.by_email or user.telegram_blocked_at}
    own = await own_addresses(session, by_email) if by_email else {}
    recipients = await _recipients(session, [subscription.id for subscription, _ in wanting])
    ways: list[_Way] = []
    for subscription, user in wanting:
        why = reasons[subscription.id]
        ways += _ways_to_owner(subscription, user, own.get(user.id), why)
        ways += [
            _Way(Channel.EMAIL, address.user_id, address.id, subscription, user, why)
            for address in recipients[subscription.id]
        ]
    return ways


def _ways_to_owner(subscription: Subscription, user: User, own: Address | None, why: list[Json]) -> Iterator[_Way]:
    is_blocked = user.telegram_blocked_at is not None
    if own is not None and (subscription.by_email or (subscription.by_telegram and is_blocked)):
        yield _Way(Channel.EMAIL, user.id, own.id, subscription, user, why)
    # By e-mail alone, but to no address that is confirmed: silence would lose the alert.
    by_telegram = subscription.by_telegram or (subscription.by_email and own is None)
    if by_telegram and not (is_blocked and own):
        yield _Way(Channel.TELEGRAM, user.id, None, subscription, user, why, is_blocked)


async def _recipients(session: SystemSession, subscription_ids: Collection[int]) -> dict[int, list[Address]]:
    rows = await session.execute(
        select(SubscriptionRecipient.subscription_id, Address)
        .join(Address, Address.id == SubscriptionRecipient.address_id)
        .where(
            SubscriptionRecipient.subscription_id.in_(subscription_ids),
            Address.confirmed_at.is_not(None),
            Address.stopped_at.is_(None),
        )
        .order_by(Address.id)
    )
    found: defaultdict[int, list[Address]] = defaultdict(list)
    for subscription_id, address in rows:
        found[subscription_id].append(address)
    return found


def _person(channel: Channel, user_id: int | None, address_id: int | None) -> Person:
    return channel, user_id, None if user_id else address_id


async def _dismissed_by(session: SystemSession, listings: Collection[Listing]) -> set[int | None]:
    ids = [listing.id for listing in listings]
    return set(await session.scalars(select(Dismissal.user_id).where(Dismissal.listing_id.in_(ids))))


async def _heard_of(session: SystemSession, listings: Collection[Listing]) -> set[Person]:
    rows = await session.execute(
        select(Alert.channel, Alert.user_id, Alert.address_id).where(
            Alert.listing_id.in_([listing.id for listing in listings]),
            Alert.state.not_in((AlertState.FAILED, AlertState.WITHDRAWN)),
        )
    )
    return {_person(*row) for row in rows}


def _seen_by(company_id: int, listings: Collection[Listing]) -> list[Listing]:
    return [listing for listing in listings if listing.company_id in (None, company_id)]


def _row(listing: Listing, is_unsure: bool, ways: list[_Way], now: datetime, recovered: bool) -> Json:
    first = ways[0]
    loudest = min(ways, key=lambda way: way.quietness)
    is_owner = loudest.user_id == loudest.owner.id
    falls = rhythm.when(loudest.subscription, loudest.owner, now=now, recovered=recovered, keeps_quiet=is_owner)
    return {
        "company_id": first.subscription.company_id,
        "subscription_id": first.subscription.id,
        "listing_id": listing.id,
        "telling": listing.telling,
        "channel": first.channel,
        "user_id": first.user_id,
        "address_id": first.address_id,
        "bundle": falls.bundle,
        "is_silent": loudest.subscription.is_silent,
        "is_unsure": is_unsure,
        "reasons": first.reasons,
        "state": AlertState.FAILED if first.is_blocked else AlertState.PROMISED,
        "error": history.BLOCKED if first.is_blocked else None,
        "settled_at": now if first.is_blocked else None,
        "promised_at": now,
        "due_at": falls.at,
    }


async def _insert(session: SystemSession, rows: list[Json], now: datetime) -> int:
    if not rows:
        return 0
    made = (
        await session.execute(
            insert(Alert).on_conflict_do_nothing().returning(Alert.id, Alert.company_id, Alert.channel), rows
        )
    ).all()
    for channel in {row.channel for row in made}:
        await history.wake(session, channel)
    return len(made)
