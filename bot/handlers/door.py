"""Who is let in: invitation links for strangers, a greeting for those inside, the way in for everybody else."""

from aiogram import F, Router
from aiogram.filters import CommandObject, CommandStart
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from bot import greeting, menu
from bot.answers import Answers, escape, say, toast
from bot.middlewares import language_of
from crm import invitations, users
from crm.actors import Actor
from db.models import User
from db.session import Session, Sessions
from i18n.translator import Translate, translator


def is_stranger(_: object, actor: Actor | None) -> bool:
    return actor is None


async def accept(message: Message, command: CommandObject, sessions: Sessions) -> Answers:
    """An invitation link was followed."""
    person = message.from_user
    assert person is not None  # noqa: S101  the filters say so
    assert command.args is not None  # noqa: S101  the filters say so
    async with sessions.of_system() as session:
        user = await invitations.accept(session, command.args, person.id, person.full_name, language_of(person))
    t = translator(user.language)
    return [*greeting.welcome(message, user, t), menu.of_person(person.id, users.actor(user), t)]


async def send_away(message: Message, t: Translate) -> Answers:
    return [say(message, t("bot-stranger"))]


async def refuse_tap(query: CallbackQuery, t: Translate) -> Answers:
    return [toast(query, t("bot-stranger-tap"), alert=True)]


async def greet_again(message: Message, user: User, actor: Actor, t: Translate) -> Answers:
    """/start by somebody who is in; their menu is made anew."""
    welcome = say(message, t("bot-welcome-back", name=escape(user.name)), greeting.examples(t))
    return [welcome, menu.of_person(user.telegram_id, actor, t)]


async def let_in_already(message: Message, t: Translate) -> Answers:
    """An invitation link followed by somebody who is in; it stays unused."""
    return [say(message, t("bot-already-in"))]


async def came_back(_: ChatMemberUpdated, actor: Actor, session: Session) -> None:
    """The bot is allowed to write again."""
    await users.mark_unblocked(session, actor.user_id)


async def went_away(_: ChatMemberUpdated, actor: Actor, sessions: Sessions) -> None:
    """The bot was blocked: tell by e-mail from now on."""
    async with sessions.of_system() as session:
        await users.mark_blocked(session, actor.user_id)


def router() -> Router:
    made = Router(name=__name__)
    made.message.register(accept, is_stranger, CommandStart(deep_link=True))
    made.message.register(send_away, is_stranger)
    made.callback_query.register(refuse_tap, is_stranger)
    made.my_chat_member.register(stay_silent, is_stranger)
    made.message.register(let_in_already, CommandStart(deep_link=True))
    made.message.register(greet_again, CommandStart())
    made.my_chat_member.register(came_back, F.new_chat_member.status == "member")
    made.my_chat_member.register(went_away, F.new_chat_member.status == "kicked")
    return made


async def stay_silent(_: ChatMemberUpdated) -> None:
    """A stranger blocked or unblocked the bot."""
