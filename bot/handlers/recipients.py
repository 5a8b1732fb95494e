"""Who else a subscription tells by e-mail: people without Telegram, once they have agreed."""

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.answers import Answers, escape, redraw, say, toast
from bot.callbacks import OnSubscription
from bot.cards import button, rows
from bot.email_state import email_state
from bot.paging import page_of, turns
from bot.states import Ask
from crm import addresses, subscriptions
from crm.actors import Actor
from db.session import Session
from i18n.translator import Translate

ABOUT = "recipient_subscription_id"
ON_A_PAGE = 8


async def show(
    query: CallbackQuery,
    callback_data: OnSubscription,
    session: Session,
    state: FSMContext,
    actor: Actor,
    t: Translate,
) -> Answers:
    await state.set_state(None)
    return [redraw(query, *await _page(session, actor, callback_data.subscription_id, t, callback_data.value))]


async def ask(query: CallbackQuery, callback_data: OnSubscription, state: FSMContext, t: Translate) -> Answers:
    await state.set_state(Ask.recipient)
    await state.update_data({ABOUT: callback_data.subscription_id})
    back = OnSubscription(act="recipients", subscription_id=callback_data.subscription_id).pack()
    return [redraw(query, t("recipients-ask"), rows([button(t("subscription-button-back"), back)]))]


async def hear(message: Message, session: Session, state: FSMContext, actor: Actor, t: Translate) -> Answers:
    subscription_id = int((await state.get_data())[ABOUT])
    address = await addresses.add_recipient(session, actor, message.text or "", subscription_id)
    await state.set_state(None)
    return [
        say(message, t("recipients-added", email=escape(address.email))),
        say(message, *await _page(session, actor, subscription_id, t)),
    ]


async def remove(
    query: CallbackQuery, callback_data: OnSubscription, session: Session, actor: Actor, t: Translate
) -> Answers:
    subscription_id = callback_data.subscription_id
    await addresses.remove_recipient(session, actor, subscription_id, callback_data.value)
    page = await _page(session, actor, subscription_id, t)
    return [toast(query, t("recipients-removed")), redraw(query, *page)]


async def _page(
    session: Session, actor: Actor, subscription_id: int, t: Translate, number: int = 1
) -> tuple[str, InlineKeyboardMarkup | None]:
    subscription = await subscriptions.get(session, actor, subscription_id)
    told = await addresses.recipients(session, actor, subscription_id)
    page = page_of(told, number, ON_A_PAGE)
    lines = [
        t("recipients-line", state=email_state(address), email=escape(address.email)) for address in page.shown
    ] or [t("recipients-none")]
    remove_rows = [
        [
            button(
                t("recipients-remove", email=address.email),
                OnSubscription(act="unsend", subscription_id=subscription_id, value=address.id).pack(),
            )
        ]
        for address in page.shown
    ]
    turning = turns(
        page, lambda other: OnSubscription(act="recipients", subscription_id=subscription_id, value=other).pack()
    )
    add = button(t("recipients-add"), OnSubscription(act="send", subscription_id=subscription_id).pack())
    back = button(t("subscription-button-back"), OnSubscription(act="open", subscription_id=subscription_id).pack())
    title = t("recipients-title", name=escape(subscription.name))
    return "\n\n".join([title, "\n".join(lines)]), rows(*remove_rows, turning, [add], [back])


def router() -> Router:
    made = Router(name=__name__)
    made.callback_query.register(show, OnSubscription.filter(F.act == "recipients"))
    made.callback_query.register(ask, OnSubscription.filter(F.act == "send"))
    made.callback_query.register(remove, OnSubscription.filter(F.act == "unsend"))
    made.message.register(hear, StateFilter(Ask.recipient), F.text)
    return made
