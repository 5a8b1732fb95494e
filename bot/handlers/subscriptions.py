"""/subscriptions: the list, one subscription with its buttons, its end and its return."""

from collections.abc import Callable
from typing import Any

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram_dialog import DialogManager, StartMode

from bot import greeting, wishes
from bot.answers import Answers, escape, redraw, say, toast
from bot.callbacks import OnSubscription, Subscriptions
from bot.cards import button, rows
from bot.states import Wizard
from crm import addresses, subscriptions
from crm.actors import Actor
from crm.permissions import Permission, may
from db.models import Rhythm, Subscription
from db.session import Session
from i18n.translator import Translate


async def show(message: Message, session: Session, actor: Actor, t: Translate) -> Answers:
    return [say(message, *await _list(session, actor, t))]


async def show_again(query: CallbackQuery, session: Session, actor: Actor, t: Translate) -> Answers:
    return [redraw(query, *await _list(session, actor, t))]


async def new(query: CallbackQuery, dialog_manager: DialogManager) -> Answers:
    await dialog_manager.start(Wizard.kinds, mode=StartMode.RESET_STACK)
    return [toast(query)]


async def open_one(
    query: CallbackQuery, callback_data: OnSubscription, session: Session, actor: Actor, t: Translate
) -> Answers:
    subscription = await subscriptions.get(session, actor, callback_data.subscription_id)
    return [redraw(query, *await _page(session, actor, subscription, t))]


async def edit(query: CallbackQuery, callback_data: OnSubscription, dialog_manager: DialogManager) -> Answers:
    step = Wizard.how if callback_data.act == "how" else Wizard.summary
    data = {"subscription_id": callback_data.subscription_id}
    await dialog_manager.start(step, data, mode=StartMode.RESET_STACK)
    return [toast(query)]


async def pause(
    query: CallbackQuery, callback_data: OnSubscription, session: Session, actor: Actor, t: Translate
) -> Answers:
    subscription = await subscriptions.pause(session, actor, callback_data.subscription_id)
    page = await _page(session, actor, subscription, t)
    return [toast(query, t("subscription-paused")), redraw(query, *page)]


async def resume(
    query: CallbackQuery, callback_data: OnSubscription, session: Session, actor: Actor, t: Translate
) -> Answers:
    subscription = await subscriptions.resume(session, actor, callback_data.subscription_id)
    page = await _page(session, actor, subscription, t)
    return [toast(query, t("subscription-resumed")), redraw(query, *page)]


async def ask_to_delete(
    query: CallbackQuery, callback_data: OnSubscription, session: Session, actor: Actor, t: Translate
) -> Answers:
    subscription = await subscriptions.get(session, actor, callback_data.subscription_id)
    yes = button(t("subscription-button-delete-sure"), _on("gone", subscription))
    no = button(t("subscription-button-keep"), _on("open", subscription))
    return [redraw(query, t("subscription-delete-sure", name=escape(subscription.name)), rows([yes, no]))]


async def delete(
    query: CallbackQuery, callback_data: OnSubscription, session: Session, actor: Actor, t: Translate
) -> Answers:
    subscription = await subscriptions.delete(session, actor, callback_data.subscription_id)
    undo = button(t("subscription-button-restore"), _on("restore", subscription))
    text = t("subscription-deleted", name=escape(subscription.name))
    return [redraw(query, text, rows([undo], [_to_list(t)]))]


async def restore(
    query: CallbackQuery, callback_data: OnSubscription, session: Session, actor: Actor, t: Translate
) -> Answers:
    subscription = await subscriptions.restore(session, actor, callback_data.subscription_id)
    page = await _page(session, actor, subscription, t)
    return [toast(query, t("subscription-restored")), redraw(query, *page)]


async def _list(session: Session, actor: Actor, t: Translate) -> tuple[str, InlineKeyboardMarkup | None]:
    own = await subscriptions.of_user(session, actor)
    new_one = [button(t("subscription-new"), Subscriptions(act="new").pack())]
    if not own:
        return t("subscription-list-empty", example=greeting.example(1, t)), rows(new_one)
    lines = []
    counts = await subscriptions.replay_all(session, actor, own)
    for subscription, count in zip(own, counts, strict=True):
        label = t("subscription-list-line", state=_state(subscription), name=subscription.name, count=count)
        lines.append([button(label, _on("open", subscription))])
    return f"{t('subscription-list-title')}\n{t('subscription-list-hint')}", rows(*lines, new_one)


async def _page(
    session: Session, actor: Actor, subscription: Subscription, t: Translate
) -> tuple[str, InlineKeyboardMarkup | None]:
    count = await subscriptions.replay(session, actor, subscription)
    lines = [
        t("subscription-title", name=escape(subscription.name)),
        t("subscription-is-paused") if subscription.paused_at else "",
        wishes.describe(subscription, t),
        wishes.describe_telling(wishes.telling_of(subscription), t),
        t("subscription-email-is-silent") if await _email_is_silent(session, actor, subscription) else "",
        "",
        t("subscription-would", count=count),
    ]
    text = "\n".join(line for number, line in enumerate(lines) if line or number == len(lines) - 2)
    switch = "resume" if subscription.paused_at else "pause"
    recipients = button(t("subscription-button-recipients"), _on("recipients", subscription))
    return text, rows(
        [
            button(t("subscription-button-edit"), _on("edit", subscription)),
            button(t("subscription-button-how"), _on("how", subscription)),
        ],
        [
            button(t(f"subscription-button-{switch}"), _on(switch, subscription)),
            button(t("subscription-button-delete"), _on("delete", subscription)),
        ],
        [recipients] if may(actor, Permission.RECIPIENT_WRITE) else [],
        [_to_list(t)],
    )


async def _email_is_silent(session: Session, actor: Actor, subscription: Subscription) -> bool:
    if not subscription.by_email:
        return False
    address = await addresses.own(session, actor)
    return address is None or not addresses.is_active(address)


def _state(subscription: Subscription) -> str:
    if subscription.paused_at:
        return "paused"
    if subscription.rhythm is Rhythm.DIGEST:
        return "digest"
    return "silent" if subscription.is_silent else "on"


def _on(act: str, subscription: Subscription) -> str:
    return OnSubscription(act=act, subscription_id=subscription.id).pack()


def _to_list(t: Translate) -> InlineKeyboardButton:
    return button(t("subscription-button-list"), Subscriptions().pack())


def router() -> Router:
    made = Router(name=__name__)
    made.message.register(show, Command("subscriptions"))
    made.callback_query.register(show_again, Subscriptions.filter(F.act == "list"))
    made.callback_query.register(new, Subscriptions.filter(F.act == "new"))
    by_act: dict[str, Callable[..., Any]] = {
        "open": open_one,
        "edit": edit,
        "how": edit,
        "pause": pause,
        "resume": resume,
        "delete": ask_to_delete,
        "gone": delete,
        "restore": restore,
    }
    for act, handler in by_act.items():
        made.callback_query.register(handler, OnSubscription.filter(F.act == act))
    return made
