"""Buttons of an alert's card. An old message's button acts on what is true now, and the card is drawn anew."""

from collections.abc import Callable
from typing import Any

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot import cards, notices, reasons
from bot.answers import Answer, Answers, redraw, say, toast
from bot.callbacks import OnAlert
from bot.cards import Card, alert_card
from bot.errors import say_error
from crm import alerts, labels, leads
from crm.actors import Actor
from crm.alerts import Delivery, Told
from crm.errors import LeadAlreadyTaken
from db.models import Bundle, LabelSource
from db.session import Session
from i18n.translator import Translate
from language.kinds import Kind


async def take(query: CallbackQuery, callback_data: OnAlert, session: Session, actor: Actor, t: Translate) -> Answers:
    told = await _told(session, actor, callback_data)
    try:
        await leads.take(session, actor, told.card.listing.id)
    except LeadAlreadyTaken as taken:
        return [toast(query, say_error(taken, t), alert=True), await _redrawn(query, session, actor, told, t)]
    done = t("card-toast-taken")
    if cards.is_over(told.card.listing):
        done = t("card-toast-is-now", mark=cards.state_mark(told.card.listing, t), done=done)
    return [
        toast(query, done, alert=cards.is_over(told.card.listing)),
        await _redrawn(query, session, actor, told, t),
    ]


async def release(
    query: CallbackQuery, callback_data: OnAlert, session: Session, actor: Actor, t: Translate
) -> Answers:
    told = await _told(session, actor, callback_data)
    await leads.release(session, actor, told.card.listing.id)
    return [toast(query, t("card-toast-released")), await _redrawn(query, session, actor, told, t)]


async def dismiss(
    query: CallbackQuery, callback_data: OnAlert, session: Session, actor: Actor, t: Translate
) -> Answers:
    told = await _told(session, actor, callback_data)
    await leads.dismiss(session, actor, told.card.listing.id)
    return [toast(query, t("card-toast-dismissed")), await _redrawn(query, session, actor, told, t)]


async def undismiss(
    query: CallbackQuery, callback_data: OnAlert, session: Session, actor: Actor, t: Translate
) -> Answers:
    told = await _told(session, actor, callback_data)
    await leads.undismiss(session, actor, told.card.listing.id)
    return [toast(query, t("card-toast-undismissed")), await _redrawn(query, session, actor, told, t)]


async def judge(query: CallbackQuery, callback_data: OnAlert, session: Session, actor: Actor, t: Translate) -> Answers:
    """The yes or no of an unsure card makes a label."""
    told = await _told(session, actor, callback_data)
    kind = told.card.listing.kind if callback_data.act == "yes" else Kind.JUNK
    for seen in told.card.appearances[:1]:
        await labels.give(session, actor, seen.post.id, kind, source=LabelSource.BUTTON)
    return [
        toast(query, t("card-toast-labelled", kind=t(f"kind-{kind}"))),
        await _redrawn(query, session, actor, told, t),
    ]


async def unlabel(
    query: CallbackQuery, callback_data: OnAlert, session: Session, actor: Actor, t: Translate
) -> Answers:
    """What was called no listing comes back."""
    told = await _told(session, actor, callback_data)
    if told.card.label is not None:
        await labels.withdraw(session, actor, told.card.label.post_id)
    return [toast(query, t("card-toast-undismissed")), await _redrawn(query, session, actor, told, t)]


async def explain(
    query: CallbackQuery, callback_data: OnAlert, session: Session, actor: Actor, t: Translate
) -> Answers:
    told = await _told(session, actor, callback_data)
    return [toast(query), say(query, reasons.why(told, t))]


async def show(query: CallbackQuery, callback_data: OnAlert, session: Session, actor: Actor, t: Translate) -> Answers:
    """A line of a digest as a card of its own."""
    delivery = await alerts.own(session, actor, callback_data.alert_id)
    card = _card(delivery, t)
    return [toast(query), say(query, card.text, card.buttons)]


async def _told(session: Session, actor: Actor, callback_data: OnAlert) -> Told:
    return (await alerts.own(session, actor, callback_data.alert_id)).alerts[0]


async def _redrawn(query: CallbackQuery, session: Session, actor: Actor, told: Told, t: Translate) -> Answer:
    """The tapped message as it has to look now: a card, or the digest that told it."""
    is_digest = (
        told.alert.bundle is not Bundle.ALONE
        and query.message is not None
        and query.message.message_id == told.alert.message_id
    )
    if is_digest:
        card = notices.digest(await alerts.own_message(session, actor, told.alert.id), t)[0]
    else:
        card = _card(await alerts.own(session, actor, told.alert.id), t)
    return redraw(query, card.text, card.buttons)


def _card(delivery: Delivery, t: Translate) -> Card:
    assert delivery.user is not None  # noqa: S101  it is the actor
    return alert_card(delivery.alerts[0], delivery.user, t)


def router() -> Router:
    made = Router(name=__name__)
    by_acts: dict[tuple[str, ...], Callable[..., Any]] = {
        ("take",): take,
        ("release",): release,
        ("dismiss",): dismiss,
        ("undismiss",): undismiss,
        ("yes", "no"): judge,
        ("unlabel",): unlabel,
        ("why",): explain,
        ("card",): show,
    }
    for acts, handler in by_acts.items():
        made.callback_query.register(handler, OnAlert.filter(F.act.in_(acts)))
    return made
