"""What the bot is waiting to hear."""

from aiogram.fsm.state import State, StatesGroup

TOUCHED_AT = "touched_at"
"""Where a dialog keeps the time of its last window, in seconds since the epoch."""


class Ask(StatesGroup):
    """One typed answer to a question outside of dialogs."""

    timezone = State()
    email = State()
    recipient = State()
    source = State()
    stack = State()


class Wizard(StatesGroup):
    """The subscription dialog; its steps in the order of `states()`."""

    kinds = State()
    roles = State()
    technologies = State()
    grades = State()
    engagements = State()
    rate = State()
    where = State()
    words = State()
    sources = State()
    how = State()
    strict = State()
    summary = State()
