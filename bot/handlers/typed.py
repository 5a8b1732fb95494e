"""A subscription in one typed line: understood, shown back in words, and made when the person agrees."""

import secrets

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager, StartMode

from bot import greeting, wishes
from bot.answers import Answer, Answers, redraw, say, toast
from bot.callbacks import Example, Typed
from bot.cards import button, rows
from bot.states import Wizard
from crm import subscriptions
from crm.actors import Actor
from crm.matching import Wish, wish_of
from db.base import Json
from db.session import Session
from i18n.translator import Translate
from language.commands import understand_subscription

DRAFTS = "drafts"
DRAFTS_KEPT = 5
LINE_CHARACTERS = 500


async def subscribe(
    message: Message, command: CommandObject, session: Session, state: FSMContext, actor: Actor, t: Translate
) -> Answers:
    """/subscribe LINE"""
    if not command.args:
        return [say(message, t("subscription-line-missing", example=greeting.example(1, t)))]
    return [await _show(message, command.args, session, state, actor, t)]


async def hear(message: Message, session: Session, state: FSMContext, actor: Actor, t: Translate) -> Answers:
    """Any plain text that answers no question."""
    return [await _show(message, message.text or "", session, state, actor, t)]


async def try_example(
    query: CallbackQuery, callback_data: Example, session: Session, state: FSMContext, actor: Actor, t: Translate
) -> Answers:
    number = min(max(callback_data.number, 1), greeting.EXAMPLES)
    return [await _show(query, greeting.example(number, t), session, state, actor, t)]


async def create(
    query: CallbackQuery, callback_data: Typed, session: Session, state: FSMContext, actor: Actor, t: Translate
) -> Answers:
    wish = await _find(state, callback_data.draft)
    if wish is None:
        return [toast(query, t("subscription-draft-is-old"), alert=True)]
    made = await subscriptions.add(session, actor, wish, name=wishes.short_name(wish, t))
    await _forget(state, callback_data.draft)
    return [redraw(query, *wishes.made(made, "subscription-created", t))]


async def cancel(query: CallbackQuery, callback_data: Typed, state: FSMContext, t: Translate) -> Answers:
    await _forget(state, callback_data.draft)
    return [redraw(query, t("subscription-cancelled"))]


async def change(
    query: CallbackQuery, callback_data: Typed, state: FSMContext, dialog_manager: DialogManager, t: Translate
) -> Answers | None:
    wish = await _find(state, callback_data.draft)
    if wish is None:
        return [toast(query, t("subscription-draft-is-old"), alert=True)]
    await dialog_manager.start(Wizard.summary, {"filters": wishes.to_json(wish)}, mode=StartMode.RESET_STACK)
    return [toast(query)]


async def _show(
    event: Message | CallbackQuery, line: str, session: Session, state: FSMContext, actor: Actor, t: Translate
) -> Answer:
    draft = understand_subscription(line[:LINE_CHARACTERS])
    if draft is None:
        return say(event, t("subscription-not-understood", example=greeting.example(1, t)))
    wish = wish_of(draft)
    would = t("subscription-would", count=await subscriptions.replay(session, actor, wish))
    key = await _keep(state, wishes.to_json(wish))
    return say(
        event,
        f"{t('subscription-understood')}\n{wishes.describe(wish, t)}\n\n{would}",
        rows(
            [button(t("subscription-button-create"), Typed(act="create", draft=key).pack())],
            [
                button(t("subscription-button-change"), Typed(act="change", draft=key).pack()),
                button(t("subscription-button-cancel"), Typed(act="cancel", draft=key).pack()),
            ],
        ),
    )


async def _keep(state: FSMContext, draft: Json) -> str:
    """The draft's key; a few of the newest drafts are kept."""
    key = secrets.token_hex(4)
    drafts = dict((await state.get_data()).get(DRAFTS, {}))
    kept = dict([*drafts.items()][1 - DRAFTS_KEPT :]) | {key: draft}
    await state.update_data({DRAFTS: kept})
    return key


async def _find(state: FSMContext, key: str) -> Wish | None:
    draft = (await state.get_data()).get(DRAFTS, {}).get(key)
    return wishes.from_json(draft) if draft else None


async def _forget(state: FSMContext, key: str) -> None:
    drafts = dict((await state.get_data()).get(DRAFTS, {}))
    drafts.pop(key, None)
    await state.update_data({DRAFTS: drafts})


def router() -> Router:
    made = Router(name=__name__)
    made.message.register(subscribe, Command("subscribe"))
    made.callback_query.register(try_example, Example.filter())
    made.callback_query.register(create, Typed.filter(F.act == "create"))
    made.callback_query.register(change, Typed.filter(F.act == "change"))
    made.callback_query.register(cancel, Typed.filter(F.act == "cancel"))
    return made


def last_router() -> Router:
    """Plain text that neither a question nor a dialog waits for."""
    made = Router(name=f"{__name__}.last")
    made.message.register(hear, F.text, ~F.text.startswith("/"))
    return made
