"""/sources for admins: what is read and what stops it; a new one by its link."""

from aiogram import F, Router
from aiogram.filters import Command, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.answers import Answers, escape, redraw, say
from bot.callbacks import Sources
from bot.cards import button, cut, rows
from bot.paging import page_of, turns
from bot.states import Ask
from crm import sources
from crm.actors import Actor
from crm.permissions import Permission, may
from db.models import Source, SourceState
from db.session import Session
from i18n import wording
from i18n.translator import Translate

ON_A_PAGE = 15


async def show(message: Message, session: Session, actor: Actor, t: Translate) -> Answers:
    return [say(message, *await _page(session, actor, 1, t))]


async def turn(
    query: CallbackQuery, callback_data: Sources, session: Session, state: FSMContext, actor: Actor, t: Translate
) -> Answers:
    await state.set_state(None)
    return [redraw(query, *await _page(session, actor, callback_data.page, t))]


async def ask(query: CallbackQuery, state: FSMContext, t: Translate) -> Answers:
    await state.set_state(Ask.source)
    return [redraw(query, t("source-ask"), rows([button(t("bot-button-cancel"), Sources(act="page", page=1).pack())]))]


async def hear(message: Message, session: Session, state: FSMContext, actor: Actor, t: Translate) -> Answers:
    source = await sources.add(session, actor, message.text or "")
    await state.set_state(None)
    return [say(message, t("source-added", name=escape(cut(sources.title(source), 64))))]


async def _page(session: Session, actor: Actor, number: int, t: Translate) -> tuple[str, InlineKeyboardMarkup | None]:
    known = await sources.list_all(session, actor)
    page = page_of(known, number, ON_A_PAGE)
    heading = "source-title" if page.count == 1 else "source-title-page"
    title = t(heading, count=len(known), page=str(page.number), pages=str(page.count))
    lines = [_line(source, actor, t) for source in page.shown] or [t("source-none")]
    turning = turns(page, lambda other: Sources(act="page", page=other).pack())
    add = [button(t("source-button-add"), Sources(act="add").pack())] if may(actor, Permission.SOURCE_WRITE) else []
    return "\n".join([title, *lines]), rows(turning, add)


def _line(source: Source, actor: Actor, t: Translate) -> str:
    last = wording.moment(source.last_post_at, actor.timezone, t) if source.last_post_at else "none"
    mark = t("source-state", state="unreadable" if source.problem else str(source.state))
    line = t("source-line", mark=mark, name=escape(cut(sources.title(source), 64)), last=last)
    if source.problem:
        return f"{line} — {escape(cut(t(source.problem, detail=source.problem_detail or ''), 140))}"
    if source.state is not SourceState.READING:
        return f"{line} — {t(f'source-{source.state}')}"
    return line


def router() -> Router:
    made = Router(name=__name__)
    made.message.register(show, Command("sources"))
    made.callback_query.register(turn, Sources.filter(F.act == "page"))
    made.callback_query.register(ask, Sources.filter(F.act == "add"))
    made.message.register(hear, StateFilter(Ask.source), F.text)
    return made
