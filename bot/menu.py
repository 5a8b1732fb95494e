"""The menu of commands, by what a person may do: a chat's own one, and that of whoever the bot does not know."""

from aiogram import Bot
from aiogram.methods import DeleteMyCommands, SetMyCommands
from aiogram.types import BotCommand, BotCommandScopeChat

from crm.actors import Actor
from crm.permissions import Permission, may
from i18n.translator import LANGUAGES, Translate, translator

COMMANDS: dict[str, Permission | None] = {
    "subscriptions": None,
    "subscribe": None,
    "review": Permission.LABEL_WRITE,
    "settings": None,
    "team": Permission.USER_INVITE,
    "sources": Permission.SOURCE_SEE,
    "models": Permission.INSTALLATION,
    "help": None,
}
"""and what is needed for each"""


def of_person(chat_id: int, actor: Actor, t: Translate) -> SetMyCommands:
    """In the person's language, whatever that of their Telegram is."""
    allowed = [name for name, needed in COMMANDS.items() if needed is None or may(actor, needed)]
    return SetMyCommands(commands=_described(allowed, t), scope=BotCommandScopeChat(chat_id=chat_id))


def of_stranger(chat_id: int) -> DeleteMyCommands:
    """Somebody left: the menu of those whom the bot does not know."""
    return DeleteMyCommands(scope=BotCommandScopeChat(chat_id=chat_id))


async def set_default(bot: Bot) -> None:
    """What asks for no permission, in each language; Russian for all others."""
    free = [name for name, needed in COMMANDS.items() if needed is None]
    for language in (None, *LANGUAGES):
        menu = _described(free, translator(language or LANGUAGES[0]))
        await bot.set_my_commands(menu, language_code=language)


def _described(names: list[str], t: Translate) -> list[BotCommand]:
    return [BotCommand(command=name, description=t(f"command-{name}")) for name in names]
