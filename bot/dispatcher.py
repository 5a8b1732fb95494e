"""The bot, put together: what surrounds handlers, the handlers in the order they are asked, the dialogs."""

from aiogram import Dispatcher
from aiogram_dialog import setup_dialogs

from bot import errors, middlewares
from bot.dialogs import subscription
from bot.handlers import (
    alerts,
    door,
    help,
    label_form,
    models,
    recipients,
    review,
    settings,
    sources,
    subscriptions,
    team,
    typed,
)
from bot.storage import Memory
from db.session import Sessions


def build(sessions: Sessions, memory: Memory, *, bot_name: str) -> Dispatcher:
    """`bot_name` is the bot's username, for invitation links."""
    dispatcher = Dispatcher(storage=memory.storage, events_isolation=memory.isolation)
    dispatcher["sessions"] = sessions
    dispatcher["bot_name"] = bot_name
    for surrounding in (
        middlewares.SendAnswers(),
        middlewares.OnlyPrivateChats(),
        middlewares.Throttle(),
        middlewares.KnowPerson(sessions),
        middlewares.Transaction(sessions),
    ):
        dispatcher.update.outer_middleware(surrounding)
    dispatcher.message.outer_middleware(middlewares.CommandEndsQuestion())
    dispatcher.include_routers(
        errors.router(),
        door.router(),
        help.router(),
        settings.router(),
        subscriptions.router(),
        recipients.router(),
        typed.router(),
        alerts.router(),
        label_form.router(),
        review.router(),
        team.router(),
        sources.router(),
        models.router(),
        subscription.dialog(),
        typed.last_router(),
        help.last_router(),
    )
    setup_dialogs(dispatcher)
    dispatcher.message.outer_middleware(middlewares.LeaveOldDialogs())
    return dispatcher
