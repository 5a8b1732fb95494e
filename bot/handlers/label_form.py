"""Fix labels: a small form over a post, filled in with the model's guess; saved as a label, with a way back."""

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot import label_form
from bot.answers import Answers, escape, redraw, say, toast
from bot.callbacks import FixLabels, OnLabels
from bot.cards import rows
from bot.states import Ask
from crm import alerts, labels, posts
from crm.actors import Actor
from crm.permissions import Permission, require
from db.base import Json
from db.models import LabelSource
from db.session import Session
from i18n.translator import Translate
from language.kinds import Engagement, Kind

FORM = "label_form"


async def open_form(
    query: CallbackQuery, callback_data: FixLabels, session: Session, state: FSMContext, actor: Actor, t: Translate
) -> Answers:
    require(actor, Permission.LABEL_WRITE)
    item, label = 0, None
    if callback_data.alert_id:
        card = (await alerts.own(session, actor, callback_data.alert_id)).alerts[0].card
        item, label = next((seen.appearance.item for seen in card.appearances), 0), card.label
    form = label_form.begin(await posts.find(session, callback_data.post_id), label, item)
    await _keep(state, form)
    return [toast(query), say(query, *label_form.main(form, t))]


async def choose(query: CallbackQuery, callback_data: OnLabels, state: FSMContext, t: Translate) -> Answers:
    """A value of the form is tapped, or another part of it is opened."""
    form = await _form(state, callback_data.post_id)
    if form is None:
        return [toast(query, t("labels-old-form"), alert=True)]
    value, view = callback_data.value, label_form.main(form, t)
    match callback_data.what:
        case "kind":
            form["kind"] = str(Kind(value))
            view = label_form.main(form, t)
        case "engagement":
            form["engagement"] = str(Engagement(value))
            view = label_form.main(form, t)
        case "role":
            label_form.current(form)["role"] = value
            view = label_form.main(form, t)
        case "grade":
            label_form.toggle_grade(label_form.current(form), value)
            view = label_form.choice(form, "grades", t)
        case "item":
            form["item"] = int(value) % len(form["items"])
            view = label_form.main(form, t)
        case "open-engagement" | "open-role" | "open-grades":
            view = label_form.choice(form, callback_data.what.removeprefix("open-"), t)
    await _keep(state, form)
    return [redraw(query, *view)]


async def ask_stack(query: CallbackQuery, callback_data: OnLabels, state: FSMContext, t: Translate) -> Answers:
    form = await _form(state, callback_data.post_id)
    if form is None:
        return [toast(query, t("labels-old-form"), alert=True)]
    await state.set_state(Ask.stack)
    return [toast(query), say(query, t("labels-ask-stack"))]


async def hear_stack(message: Message, state: FSMContext, t: Translate) -> Answers:
    form: Json = (await state.get_data())[FORM]
    typed = message.text or ""
    if not label_form.set_stack(label_form.current(form), typed):
        return [say(message, t("labels-stack-unknown", typed=escape(typed[:100])))]
    await state.set_state(None)
    await _keep(state, form)
    return [say(message, *label_form.main(form, t))]


async def save(
    query: CallbackQuery, callback_data: OnLabels, session: Session, state: FSMContext, actor: Actor, t: Translate
) -> Answers:
    form = await _form(state, callback_data.post_id)
    if form is None:
        return [toast(query, t("labels-old-form"), alert=True)]
    has_items = label_form.has_items(form)
    await labels.give(
        session,
        actor,
        form["post_id"],
        Kind(form["kind"]),
        engagement=Engagement(form["engagement"]) if has_items else None,
        items=form["items"] if has_items else None,
        source=LabelSource.BUTTON,
    )
    await _drop(state)
    text = t("labels-saved", summary=escape(label_form.summary(form, t)))
    return [redraw(query, text, label_form.undo(form["post_id"], t))]


async def undo(query: CallbackQuery, callback_data: OnLabels, session: Session, actor: Actor, t: Translate) -> Answers:
    await labels.withdraw(session, actor, callback_data.post_id)
    return [redraw(query, t("labels-withdrawn"))]


async def close(query: CallbackQuery, state: FSMContext, t: Translate) -> Answers:
    await _drop(state)
    return [redraw(query, t("bot-cancelled"), rows())]


async def _form(state: FSMContext, post_id: int) -> Json | None:
    form: Json | None = (await state.get_data()).get(FORM)
    return form if form and form["post_id"] == post_id else None


async def _keep(state: FSMContext, form: Json) -> None:
    await state.update_data({FORM: form})


async def _drop(state: FSMContext) -> None:
    await state.update_data({FORM: None})


def router() -> Router:
    made = Router(name=__name__)
    made.callback_query.register(open_form, FixLabels.filter())
    made.callback_query.register(ask_stack, OnLabels.filter(F.what == "open-stack"))
    made.callback_query.register(save, OnLabels.filter(F.what == "save"))
    made.callback_query.register(undo, OnLabels.filter(F.what == "undo"))
    made.callback_query.register(close, OnLabels.filter(F.what == "close"))
    made.callback_query.register(choose, OnLabels.filter())
    made.message.register(hear_stack, StateFilter(Ask.stack), F.text)
    return made
