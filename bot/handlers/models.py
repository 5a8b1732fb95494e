"""/models for operators: the versions of the model with their figures; put another to work, or go back."""

from collections.abc import Callable
from typing import Any

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.answers import Answers, escape, redraw, say, toast
from bot.callbacks import Models
from bot.cards import button, rows
from crm import model_versions
from crm.actors import Actor
from crm.permissions import Permission, require
from db.models import ModelVersion, VersionStatus
from db.session import Session, Sessions
from i18n import model_words, wording
from i18n.translator import Translate

SHOWN = 10


async def show(message: Message, session: Session, actor: Actor, t: Translate) -> Answers:
    return [say(message, *await _page(session, actor, t))]


async def back(query: CallbackQuery, session: Session, actor: Actor, t: Translate) -> Answers:
    return [redraw(query, *await _page(session, actor, t))]


async def details(query: CallbackQuery, callback_data: Models, session: Session, actor: Actor, t: Translate) -> Answers:
    require(actor, Permission.INSTALLATION)
    version = await model_versions.find(session, callback_data.version_id)
    lines = [
        t(
            "models-details",
            id=str(version.id),
            status=str(version.status),
            when=wording.moment(version.created_at, actor.timezone, t),
            examples=str(version.report.get("examples", 0)),
            labels=str(version.report.get("labels", 0)),
        ),
        *_bullets(model_words.figures(version.report, t)),
    ]
    if refusals := model_words.refusals(version.report, t):
        lines += [t("models-refused"), *_bullets(refusals)]
    lines += _bullets(model_words.left_out(version.report, t))
    ways = [button(t("models-button-back"), Models(act="list").pack())]
    if version.status is not VersionStatus.CHAMPION:
        promote = Models(act="ask", version_id=version.id).pack()
        ways.insert(0, button(t("models-button-promote", id=str(version.id)), promote))
    return [toast(query), say(query, "\n".join(lines), rows(ways))]


async def ask(query: CallbackQuery, callback_data: Models, session: Session, actor: Actor, t: Translate) -> Answers:
    """Before a version is put to work, by whichever button."""
    require(actor, Permission.INSTALLATION)
    version = await model_versions.find(session, callback_data.version_id)
    champion = await model_versions.champion(session)
    yes = button(t("models-button-sure"), Models(act="promote", version_id=version.id).pack())
    no = button(t("bot-button-cancel"), Models(act="list").pack())
    words = t("models-sure", id=str(version.id), champion=str(champion.id if champion else 0))
    return [toast(query), say(query, words, rows([yes, no]))]


async def promote(
    query: CallbackQuery, callback_data: Models, session: Session, sessions: Sessions, actor: Actor, t: Translate
) -> Answers:
    async with sessions.of_system() as system:
        version = await model_versions.promote(system, actor, callback_data.version_id)
    page = await _page(session, actor, t)
    return [toast(query, t("models-promoted", id=str(version.id))), redraw(query, *page)]


async def _page(session: Session, actor: Actor, t: Translate) -> tuple[str, InlineKeyboardMarkup | None]:
    require(actor, Permission.INSTALLATION)
    versions = await model_versions.list_all(session, SHOWN)
    if not versions:
        return t("models-none"), None
    previous = await model_versions.previous(session)
    going_back = []
    if previous is not None:
        to_previous = Models(act="ask", version_id=previous.id).pack()
        going_back.append(button(t("models-button-roll-back", id=str(previous.id)), to_previous))
    opening = [
        button(t("models-button-show", id=str(version.id)), Models(act="show", version_id=version.id).pack())
        for version in versions
    ]
    by_two = [opening[at : at + 2] for at in range(0, len(opening), 2)]
    return "\n".join([t("models-title"), *(_line(one, actor, t) for one in versions)]), rows(going_back, *by_two)


def _line(version: ModelVersion, actor: Actor, t: Translate) -> str:
    return t(
        "models-line",
        id=str(version.id),
        status=str(version.status),
        when=wording.moment(version.created_at, actor.timezone, t),
        exact=model_words.main_figure(version.report) or "none",
    )


def _bullets(lines: list[str]) -> list[str]:
    return [f"• {escape(line)}" for line in lines]


def router() -> Router:
    made = Router(name=__name__)
    made.message.register(show, Command("models"))
    by_act: dict[str, Callable[..., Any]] = {"list": back, "show": details, "ask": ask, "promote": promote}
    for act, handler in by_act.items():
        made.callback_query.register(handler, Models.filter(F.act == act))
    return made
