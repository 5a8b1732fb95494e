"""The bot's URLs: what a button says when it is tapped."""

from aiogram.filters.callback_data import CallbackData


class OnAlert(CallbackData, prefix="al"):
    """A button of an alert's card: take, release, dismiss, undismiss, yes, no, why, card (show it as a new message)."""

    act: str
    alert_id: int


class FixLabels(CallbackData, prefix="fix"):
    """Open the labels of an alert's post, or of a post in the review."""

    post_id: int
    alert_id: int = 0


class OnLabels(CallbackData, prefix="lb"):
    """A button of the labels' form of a post: what it does, and a value."""

    what: str
    post_id: int
    value: str = ""


class Review(CallbackData, prefix="rv"):
    """A button under a post in the review: a kind, skip, undo."""

    act: str
    post_id: int


class Example(CallbackData, prefix="ex"):
    """One of the first step's examples."""

    number: int


class Typed(CallbackData, prefix="ty"):
    """A button under a typed line that was understood: create, change, cancel."""

    act: str
    draft: str


class Subscriptions(CallbackData, prefix="subs"):
    """The list of subscriptions, or a way to a new one."""

    act: str = "list"


class OnSubscription(CallbackData, prefix="sub"):
    """A button of one subscription."""

    act: str
    subscription_id: int
    value: int = 0


class Settings(CallbackData, prefix="set"):
    """A button of the settings; values hold no colon."""

    act: str
    value: str = ""


class Team(CallbackData, prefix="team"):
    """A button of the team's page."""

    act: str
    value: str = ""


class Sources(CallbackData, prefix="src"):
    """A button of the sources' page."""

    act: str
    page: int = 0


class Models(CallbackData, prefix="mdl"):
    """A button of the model versions: list, show, ask (before promoting), promote."""

    act: str
    version_id: int = 0
