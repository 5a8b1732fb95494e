"""/help, and the last word for whatever nobody understood."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.answers import Answers, say, toast
from crm.actors import Actor
from db.models import Role
from i18n.translator import Translate


async def tell(message: Message, actor: Actor, t: Translate) -> Answers:
    """What this person may do here."""
    parts = [t("help-all")]
    if actor.role is not Role.VIEWER:
        parts.append(t("help-manager"))
    if actor.role is Role.ADMIN or actor.is_operator:
        parts.append(t("help-admin"))
    if actor.is_operator:
        parts.append(t("help-operator"))
    return [say(message, "\n\n".join([*parts, t("help-end")]))]


def router() -> Router:
    made = Router(name=__name__)
    made.message.register(tell, Command("help"))
    return made


async def unknown_command(message: Message, t: Translate) -> Answers:
    return [say(message, t("bot-unknown-command"))]


async def not_text(message: Message, t: Translate) -> Answers:
    return [say(message, t("bot-not-text"))]


async def old_button(query: CallbackQuery, t: Translate) -> Answers:
    return [toast(query, t("bot-old-button"), alert=True)]


def last_router() -> Router:
    """After all others."""
    made = Router(name=f"{__name__}.last")
    made.message.register(unknown_command, lambda message: bool(message.text and message.text.startswith("/")))
    made.message.register(not_text)
    made.callback_query.register(old_button)
    return made
