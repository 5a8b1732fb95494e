"""/review: posts the model is unsure of, one at a time."""

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.answers import Answers, escape, redraw, say, toast
from bot.callbacks import FixLabels, Review
from bot.cards import button, cut, rows
from crm import labels, posts, sources
from crm.actors import Actor
from crm.permissions import Permission, require
from db.base import Json
from db.models import LabelSource, Post, Source
from db.session import Session
from i18n import wording
from i18n.translator import Translate
from language.kinds import Kind

PROGRESS = "review"
TEXT_CHARACTERS = 1500
COUNTED = 50


async def show(message: Message, session: Session, state: FSMContext, actor: Actor, t: Translate) -> Answers:
    progress: Json = {"done": 0, "skipped": [], "last": None}
    await state.update_data({PROGRESS: progress})
    return [say(message, *await _next(session, actor, progress, t))]


async def label(
    query: CallbackQuery, callback_data: Review, session: Session, state: FSMContext, actor: Actor, t: Translate
) -> Answers:
    kind = Kind(callback_data.act)
    await labels.give(session, actor, callback_data.post_id, kind, source=LabelSource.REVIEW)
    progress = await _progress(state)
    progress |= {"done": progress["done"] + 1, "last": callback_data.post_id}
    await state.update_data({PROGRESS: progress})
    said = [one for one in await labels.said_by_others(session, actor, callback_data.post_id) if one.kind is not kind]
    toasted = toast(query, t("review-labelled", kind=t(f"kind-{kind}")))
    if said:
        differs = t("review-differs", kind=t(f"kind-{kind}"), name=said[0].name, other=t(f"kind-{said[0].kind}"))
        toasted = toast(query, differs, alert=True)
    return [toasted, redraw(query, *await _next(session, actor, progress, t))]


async def skip(
    query: CallbackQuery, callback_data: Review, session: Session, state: FSMContext, actor: Actor, t: Translate
) -> Answers:
    progress = await _progress(state)
    progress["skipped"] = [*progress["skipped"], callback_data.post_id]
    await state.update_data({PROGRESS: progress})
    return [redraw(query, *await _next(session, actor, progress, t))]


async def undo(query: CallbackQuery, session: Session, state: FSMContext, actor: Actor, t: Translate) -> Answers:
    progress = await _progress(state)
    if progress["last"] is None:
        return [toast(query, t("review-nothing-to-undo"), alert=True)]
    await labels.withdraw(session, actor, progress["last"])
    progress |= {"done": max(0, progress["done"] - 1), "last": None}
    await state.update_data({PROGRESS: progress})
    return [toast(query, t("review-undone")), redraw(query, *await _next(session, actor, progress, t))]


async def _progress(state: FSMContext) -> Json:
    progress: Json | None = (await state.get_data()).get(PROGRESS)
    return progress or {"done": 0, "skipped": [], "last": None}


async def _next(
    session: Session, actor: Actor, progress: Json, t: Translate
) -> tuple[str, InlineKeyboardMarkup | None]:
    require(actor, Permission.LABEL_WRITE)
    skipped = set(progress["skipped"])
    queue = await labels.review_queue(session, actor, COUNTED + 1 + len(skipped))
    waiting = [post for post in queue if post.id not in skipped]
    undo_row = [button(t("review-button-undo"), Review(act="undo", post_id=0).pack())] if progress["last"] else []
    if not waiting:
        return t("review-empty", done=progress["done"]), rows(undo_row)
    post = waiting[0]
    left = f"{COUNTED}+" if len(waiting) > COUNTED else str(len(waiting))
    text = _text(post, await sources.find(session, post.source_id), actor, left, progress["done"], t)
    said = await labels.said_by_others(session, actor, post.id)
    text += "".join(f"\n{t('review-said', name=escape(one.name), kind=t(f'kind-{one.kind}'))}" for one in said)
    kinds = [button(t(f"kind-{kind}"), Review(act=kind, post_id=post.id).pack()) for kind in Kind]
    more = [
        button(t("review-button-skip"), Review(act="skip", post_id=post.id).pack()),
        button(t("review-button-fix"), FixLabels(post_id=post.id).pack()),
    ]
    return text, rows(kinds[:2], kinds[2:], more, undo_row)


def _text(post: Post, source: Source, actor: Actor, left: str, done: int, t: Translate) -> str:
    link = f'<a href="{posts.link(source, post)}">{escape(cut(sources.title(source), 64))}</a>'
    when = wording.moment(post.posted_at, actor.timezone, t)
    lines = [
        t("review-title", left=left, done=done),
        f"<blockquote>{escape(cut(post.text.strip(), TEXT_CHARACTERS))}</blockquote>",
        t("review-source", when=when, source=link),
    ]
    if post.kind is not None:
        guess = wording.percent(post.kind_confidence or 0)
        lines.append(t("review-guess", kind=t(f"kind-{post.kind}"), percent=guess))
    return "\n".join(lines)


def router() -> Router:
    made = Router(name=__name__)
    made.message.register(show, Command("review"))
    made.callback_query.register(skip, Review.filter(F.act == "skip"))
    made.callback_query.register(undo, Review.filter(F.act == "undo"))
    made.callback_query.register(label, Review.filter(F.act.in_([str(kind) for kind in Kind])))
    return made
