"""What the bot says unasked. Pure: the worker sends it."""

from aiogram.types import InlineKeyboardMarkup

from bot import cards
from bot.answers import escape
from bot.callbacks import OnAlert
from bot.cards import Card, button, rows
from crm import users
from crm.alerts import Delivery, Told
from crm.permissions import Permission, may
from db.models import User
from i18n import wording
from i18n.translator import Translate

LINES_AT_MOST = 12
CHARACTERS_AT_MOST = 3500
"""below Telegram's limit, so that a line that grows (closed, taken) still fits when the message is drawn anew"""


def alert(delivery: Delivery, t: Translate) -> Card:
    """One listing, alone in its message."""
    assert delivery.user is not None  # noqa: S101  a recipient without Telegram is told by e-mail
    return cards.alert_card(delivery.alerts[0], delivery.user, t)


def digest(delivery: Delivery, t: Translate) -> list[Card]:
    """Several listings in one message, or in as many as Telegram's limits ask for; each card names its alerts."""
    assert delivery.user is not None  # noqa: S101  a recipient without Telegram is told by e-mail
    user, bundle = delivery.user, str(delivery.bundle)
    parts = _parts(delivery.alerts, user, t)
    return [
        Card(
            _text(part, number, len(parts), bundle, user, t),
            _keyboard(part, user, t),
            tuple(one.alert.id for one in part),
        )
        for number, part in enumerate(parts, 1)
    ]


def _parts(told: list[Told], user: User, t: Translate) -> list[list[Told]]:
    parts: list[list[Told]] = [[]]
    room = CHARACTERS_AT_MOST
    for one in told:
        needed = cards.length(_line(len(told), one, user, t)) + 1
        if parts[-1] and (needed > room or len(parts[-1]) == LINES_AT_MOST):
            parts.append([])
            room = CHARACTERS_AT_MOST
        parts[-1].append(one)
        room -= needed
    return parts


def _text(part: list[Told], number: int, parts: int, bundle: str, user: User, t: Translate) -> str:
    heading = f"{t('digest-title', bundle=bundle)} · {t('digest-count', count=len(part))}"
    if parts > 1:
        heading += f" ({t('digest-part', part=number, parts=parts)})"
    explained = t("digest-explained", bundle=bundle) if number == 1 else ""
    lines = [_line(place, one, user, t) for place, one in enumerate(part, 1)]
    return "\n".join([heading, *filter(None, [explained]), "", *lines])


def _line(number: int, told: Told, user: User, t: Translate) -> str:
    listing, owner = told.card.listing, told.card.owner
    name = escape(cards.title(listing, t))
    if told.card.appearances:
        name = f'<a href="{escape(told.card.appearances[0].link)}">{name}</a>'
    if told.card.is_hidden or told.is_dismissed:
        return f"{number}. <s>{name}</s> · {t('card-hidden' if told.card.is_hidden else 'card-dismissed')}"
    if cards.is_over(listing):
        name = f"<s>{name}</s> · {cards.state_mark(listing, t)}"
    about = [
        wording.grade_names(listing.grades, t),
        wording.technology_names(listing.core, 5),
        cards.rate_of(listing, t) or "",
        t(f"remote-{listing.remote}") if listing.remote else "",
    ]
    marks = [
        t("card-unsure", kind=str(listing.kind)) if cards.is_unsure(told) else "",
        (t("card-taken-by-you") if owner.id == user.id else t("card-taken", who=escape(cards.cut(owner.name, 64))))
        if owner
        else "",
    ]
    return " · ".join(filter(None, [f"{number}. {name}", *map(escape, about), *marks]))


def _keyboard(part: list[Told], user: User, t: Translate) -> InlineKeyboardMarkup | None:
    takes = may(users.actor(user), Permission.LEAD_TAKE)
    lines = []
    for number, told in enumerate(part, 1):
        line = [button(_numbered(number, "card-button-details", t), OnAlert(act="card", alert_id=told.alert.id).pack())]
        is_away = told.card.is_hidden or told.is_dismissed
        if takes and told.card.owner is None and not is_away:
            take = OnAlert(act="take", alert_id=told.alert.id).pack()
            line.insert(0, button(_numbered(number, "card-button-take", t), take))
        lines.append(line)
    return rows(*lines)


def _numbered(number: int, key: str, t: Translate) -> str:
    return t("card-button-numbered", number=str(number), what=t(key))
