"""The first words to a person, and the first step."""

from aiogram.types import InlineKeyboardMarkup, Message

from bot.answers import Answers, escape, say
from bot.callbacks import Example, Subscriptions
from bot.cards import button, rows
from db.models import User
from i18n.translator import Translate

EXAMPLES = 3


def welcome(message: Message, user: User, t: Translate) -> Answers:
    """By role, with examples of subscriptions as buttons."""
    text = t("bot-welcome", name=escape(user.name), role=t(f"role-{user.role}"))
    return [
        say(message, f"{text}\n\n{t(f'bot-welcome-{user.role}')}"),
        say(message, t("bot-first-step"), examples(t)),
    ]


def examples(t: Translate) -> InlineKeyboardMarkup | None:
    """A tap on an example is as good as typing it."""
    lines = [[button(example(number, t), Example(number=number).pack())] for number in range(1, EXAMPLES + 1)]
    return rows(*lines, [button(t("bot-step-by-step"), Subscriptions(act="new").pack())])


def example(number: int, t: Translate) -> str:
    return t(f"subscription-example-{number}")
