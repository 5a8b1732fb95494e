"""Posts that became listings and were told: what the worker does, done at once for one person."""

from aiogram import Bot
from sqlalchemy import select

from bot import notices
from bot.cards import Card
from crm import alerts, labelling
from crm.alerts import Delivery, deliveries
from crm.matching import Reason
from db.base import now
from db.models import Alert, AlertState, Bundle, Channel, Listing, Post, Source, Subscription
from db.session import Sessions, SystemSession
from i18n.translator import translator
from language.kinds import Engagement, Grade, Kind, Remote
from language.prediction import Item, Prediction, Rate
from language.prediction import Reason as Words
from tests import make
from tests.bot.talk import Talk

TEXT = "Ищем React-разработчика <middle+> на проект банка, 2000-2500 руб/ч, удалённо & быстро. Пишите @hr_anna"


def prediction(text: str = TEXT, *, confidence: float = 0.97) -> Prediction:
    item = Item(
        role="frontend",
        core=("react", "typescript"),
        extra=("graphql",),
        grades=(Grade.MIDDLE, Grade.SENIOR),
        count=2,
        rate=Rate("RUB", "hour", 2000, 2500),
        location="Москва",
        remote=Remote.REMOTE,
        text=text,
        contact="@hr_anna",
    )
    return Prediction(
        kind=Kind.REQUEST,
        kind_confidence=confidence,
        engagement=Engagement.OUTSTAFF,
        abstain=confidence < 0.5,
        relevance=confidence,
        items=(item,),
        reasons=(Words("ищем", 1.2), Words("разработчика", 0.8), Words("быстро", -0.3)),
    )


async def labelled(session: SystemSession, within: Source, text: str, said: Prediction) -> Post:
    """A post of the source, labelled so."""
    post = await make.post(session, within, text)
    await labelling.record(session, {post.id: said}, model_version_id=None, index=None)
    return post


async def listing(
    session: SystemSession,
    within: Source,
    text: str = TEXT,
    *,
    confidence: float = 0.97,
    said: Prediction | None = None,
) -> tuple[Listing, Post]:
    """A post of the source, labelled, and its listing."""
    post = await labelled(session, within, text, said or prediction(text, confidence=confidence))
    found = await session.scalar(select(Listing).where(Listing.first_post_id == post.id))
    assert found is not None
    return found, post


async def promise(
    session: SystemSession,
    who: Talk,
    of: Listing,
    *,
    subscription: Subscription | None = None,
    bundle: Bundle = Bundle.ALONE,
    is_unsure: bool = False,
    reasons: list[Reason] | None = None,
) -> Alert:
    """An alert in the ledger, as if it was being sent."""
    assert who.user is not None
    subscription = subscription or await make.subscription(session, who.user, name="React <средний>")
    alert = Alert(
        company_id=who.user.company_id,
        subscription_id=subscription.id,
        listing_id=of.id,
        telling=1,
        channel=Channel.TELEGRAM,
        user_id=who.user.id,
        bundle=bundle,
        is_unsure=is_unsure,
        reasons=reasons or [{"filter": "core", "value": "react"}, {"filter": "rate", "value": 2000}],
        state=AlertState.SENDING,
        promised_at=now(),
        due_at=now(),
    )
    session.add(alert)
    await session.flush()
    return alert


def draw(delivery: Delivery) -> list[Card]:
    """As the sender draws it."""
    t = translator(delivery.language)
    return [notices.alert(delivery, t)] if delivery.bundle is Bundle.ALONE else notices.digest(delivery, t)


async def tell(bot: Bot, sessions: Sessions, who: Talk, told: list[Alert]) -> None:
    """The alerts of one person in one message, or alone."""
    async with sessions.of_system() as session:
        delivery = await deliveries.load(session, told)
    (card,) = draw(delivery)
    message = await bot.send_message(who.person.chat_id, card.text, parse_mode="HTML", reply_markup=card.buttons)
    async with sessions.of_system() as session:
        await alerts.settle(session, delivery.ids, now=now(), message_id=message.message_id)
