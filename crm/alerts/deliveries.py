"""What is told in one message: to whom, and the alerts with what their cards show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from crm import listings
from crm.listings import ListingCard
from db.models import Address, Alert, Bundle, Channel, Dismissal, Subscription, User
from db.session import Session


class Told(NamedTuple):
    alert: Alert
    card: ListingCard
    subscription_name: str
    is_dismissed: bool = False
    """the person said that it is not relevant"""


@dataclass(frozen=True)
class Delivery:
    """One message: a single alert, or a bundle of one person's alerts in the order they fell due."""

    alerts: list[Told]
    user: User | None
    """null for a recipient without Telegram"""
    address: Address | None
    """set for e-mail"""

    @property
    def ids(self) -> list[int]:
        return [told.alert.id for told in self.alerts]

    @property
    def bundle(self) -> Bundle:
        return self.alerts[0].alert.bundle

    @property
    def is_silent(self) -> bool:
        """A bundle rings if one of its alerts does."""
        return all(told.alert.is_silent for told in self.alerts)

    @property
    def language(self) -> str:
        if self.user is not None:
            return self.user.language
        return self.address.language if self.address is not None else "ru"


async def load(session: Session, alerts: Sequence[Alert]) -> Delivery:
    """The alerts, at least one and all of one person and channel, with their cards as of now.

    Alerts of listings that the company's people labelled away have a card too, which says `is_hidden`.
    """
    first = alerts[0]
    names = await _subscription_names(session, alerts)
    cards = await listings.cards(session, {alert.listing_id for alert in alerts}, first.company_id)
    by_id = {card.listing.id: card for card in cards}
    dismissed = await _dismissed(session, first.user_id, cards)
    return Delivery(
        alerts=[
            Told(alert, card, names[alert.subscription_id], not dismissed.isdisjoint(_ids(card)))
            for alert, card in ((alert, by_id[alert.listing_id]) for alert in alerts)
        ],
        user=await session.get(User, first.user_id) if first.user_id is not None else None,
        address=await session.get(Address, first.address_id) if first.channel is Channel.EMAIL else None,
    )


def _ids(card: ListingCard) -> set[int]:
    return {card.listing.id, *card.twin_ids}


async def _dismissed(session: Session, user_id: int | None, cards: Iterable[ListingCard]) -> set[int]:
    shown = {id_ for card in cards for id_ in _ids(card)}
    rows = await session.scalars(
        select(Dismissal.listing_id).where(Dismissal.user_id == user_id, Dismissal.listing_id.in_(shown))
    )
    return set(rows)


async def _subscription_names(session: Session, alerts: Sequence[Alert]) -> dict[int, str]:
    rows = await session.execute(
        select(Subscription.id, Subscription.name).where(Subscription.id.in_({a.subscription_id for a in alerts}))
    )
    return dict(rows.all())
