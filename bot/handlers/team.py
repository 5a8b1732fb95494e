"""/team for admins: invite, see who is here, remove."""

from collections.abc import Callable
from typing import Any

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot import menu
from bot.answers import Answers, escape, redraw, say, toast
from bot.callbacks import Team
from bot.cards import button, rows
from bot.paging import page_of, turns
from crm import invitations, users
from crm.actors import Actor
from crm.permissions import Permission, require
from db.models import Role, User
from db.session import Session
from i18n.translator import Translate

ON_A_PAGE = 20


async def show(message: Message, session: Session, actor: Actor, t: Translate) -> Answers:
    return [say(message, *await _page(session, actor, 1, t))]


async def turn(query: CallbackQuery, callback_data: Team, session: Session, actor: Actor, t: Translate) -> Answers:
    return [redraw(query, *await _page(session, actor, int(callback_data.value or 1), t))]


async def invite(
    query: CallbackQuery, callback_data: Team, session: Session, actor: Actor, bot_name: str, t: Translate
) -> Answers:
    role = Role(callback_data.value)
    token = await invitations.create(session, actor, role)
    link = f"https://t.me/{bot_name}?start={token}"
    return [say(query, t("team-invited", role=t(f"role-{role}"), link=f"<code>{escape(link)}</code>"))]


async def ask_to_remove(
    query: CallbackQuery, callback_data: Team, session: Session, actor: Actor, t: Translate
) -> Answers:
    require(actor, Permission.USER_REMOVE)
    user = await users.get(session, int(callback_data.value))
    yes = button(t("team-button-remove-sure"), Team(act="gone", value=str(user.id)).pack())
    no = button(t("bot-button-cancel"), Team(act="page").pack())
    return [redraw(query, t("team-remove-sure", name=escape(user.name)), rows([yes, no]))]


async def remove(query: CallbackQuery, callback_data: Team, session: Session, actor: Actor, t: Translate) -> Answers:
    user = await users.remove(session, actor, int(callback_data.value))
    page = await _page(session, actor, 1, t)
    return [toast(query, t("team-removed", name=user.name)), redraw(query, *page), menu.of_stranger(user.telegram_id)]


async def _page(session: Session, actor: Actor, number: int, t: Translate) -> tuple[str, InlineKeyboardMarkup | None]:
    require(actor, Permission.USER_INVITE)
    people = list(enumerate(await users.list_all(session, actor), 1))
    page = page_of(people, number, ON_A_PAGE)
    lines = [_line(place, person, actor, t) for place, person in page.shown]
    inviting = [
        [button(t("team-button-invite", role=t(f"role-{role}")), Team(act="invite", value=role).pack())]
        for role in (Role.MANAGER, Role.VIEWER, Role.ADMIN)
    ]
    removing = [
        [button(t("team-button-remove", name=person.name), Team(act="remove", value=str(person.id)).pack())]
        for _, person in page.shown
        if person.id != actor.user_id
    ]
    turning = turns(page, lambda other: Team(act="page", value=str(other)).pack())
    return "\n".join([t("team-title"), *lines]), rows(*inviting, *removing, turning)


def _line(number: int, person: User, actor: Actor, t: Translate) -> str:
    return t(
        "team-line",
        number=str(number),
        name=escape(person.name),
        role=t(f"role-{person.role}"),
        you="yes" if person.id == actor.user_id else "no",
    )


def router() -> Router:
    made = Router(name=__name__)
    made.message.register(show, Command("team"))
    by_act: dict[str, Callable[..., Any]] = {
        "page": turn,
        "invite": invite,
        "remove": ask_to_remove,
        "gone": remove,
    }
    for act, handler in by_act.items():
        made.callback_query.register(handler, Team.filter(F.act == act))
    return made
