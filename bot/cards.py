"""How an alert looks in a chat: text and buttons, nothing sent. Pure; everything from outside is escaped."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.answers import escape
from bot.callbacks import FixLabels, OnAlert
from crm import users
from crm.alerts import Told
from crm.listings import ListingCard, SeenIn
from crm.permissions import Permission, may
from db.models import Listing, User
from i18n import wording
from i18n.translator import Translate
from language.kinds import Kind, ListingState

TEXT_LIMIT = 4096
"""UTF-16 units that Telegram shows, tags not counted"""
QUOTE_AT_MOST = 700
QUOTE_AT_LEAST = 40
APPEARANCES_SHOWN = 5
MATCHED_SHOWN = 8

TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Card:
    """A message: HTML, buttons, and the alerts that it tells."""

    text: str
    buttons: InlineKeyboardMarkup | None
    alert_ids: tuple[int, ...] = ()


def length(text: str) -> int:
    """How long Telegram finds an HTML text."""
    return len(html.unescape(TAG.sub("", text)).encode("utf-16-le")) // 2


def cut(text: str, at_most: int) -> str:
    """Plain text within `at_most` UTF-16 units."""
    if len(text.encode("utf-16-le")) // 2 <= at_most:
        return text
    return text.encode("utf-16-le")[: 2 * (at_most - 1)].decode("utf-16-le", "ignore").rstrip() + "…"


def button(text: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=cut(text, 60), callback_data=data)


def rows(*lines: Sequence[InlineKeyboardButton]) -> InlineKeyboardMarkup | None:
    """A keyboard of the lines that hold anything."""
    kept = [list(line) for line in lines if line]
    return InlineKeyboardMarkup(inline_keyboard=kept) if kept else None


def alert_card(told: Told, user: User, t: Translate) -> Card:
    """One listing told to one person, as it is now."""
    ids = (told.alert.id,)
    if told.card.is_hidden or told.is_dismissed:
        mark, way_back = ("hidden", "unlabel") if told.card.is_hidden else ("dismissed", "undismiss")
        text = f"{t(f'card-{mark}')} · <s>{escape(title(told.card.listing, t))}</s>"
        return Card(text, rows([button(t("card-button-undismiss"), _on(told, way_back))]), ids)
    head, tail = _head(told, user, t), _tail(told, user, t)
    quote = _quote(told.card, TEXT_LIMIT - length(f"{head}\n\n{tail}"))
    # A quote stands on lines of its own.
    text = f"{head}\n{quote}\n{tail}" if quote else f"{head}\n\n{tail}"
    return Card(text, _buttons(told, user, t), ids)


def title(listing: Listing, t: Translate) -> str:
    """«Запрос: Frontend-разработчик»"""
    key = "card-offer" if listing.kind is Kind.OFFER else "card-request"
    return t(key, role=cut(wording.person_name(listing.role, t), 120))


def is_over(listing: Listing) -> bool:
    return listing.state is not ListingState.OPEN or listing.withdrawn_at is not None


def state_mark(listing: Listing, t: Translate) -> str:
    """Of a listing that is over: closed, paused, or gone with its posts."""
    return t("card-gone") if listing.withdrawn_at is not None else t("card-state", state=str(listing.state))


def is_unsure(told: Told) -> bool:
    """The model doubts, and nobody of the company has said what it is."""
    return told.alert.is_unsure and told.card.label is None


def rate_of(listing: Listing, t: Translate) -> str | None:
    """As written, and in roubles an hour where that is not how it was written."""
    said = listing.rate_min, listing.rate_max, listing.rate_currency, listing.rate_period
    return wording.rate_and_hourly(*said, (listing.hourly_min, listing.hourly_max), t)


def linked_source(seen: SeenIn, t: Translate) -> str:
    """The source's title as a link to the post there."""
    name = seen.source.title or seen.source.username or t("card-no-title")
    return f'<a href="{html.escape(seen.link)}">{escape(cut(name, 64))}</a>'


def _head(told: Told, user: User, t: Translate) -> str:
    listing = told.card.listing
    name = escape(title(listing, t))
    core, extra = wording.technology_names(listing.core), wording.technology_names(listing.extra)
    stack = [f"<b>{escape(core)}</b>" if core else "", escape(extra)]
    people = t("card-people", count=listing.count) if listing.count > 1 else ""
    engagement = t(f"engagement-{listing.engagement}") if listing.engagement != "unknown" else ""
    where = [escape(cut(listing.location or "", 80)), t(f"remote-{listing.remote}") if listing.remote else ""]
    lines = [
        *_marks(told, user, t),
        f"<b><s>{name}</s></b>" if is_over(listing) else f"<b>{name}</b>",
        _joined(stack),
        _joined([wording.grade_names(listing.grades, t), people, engagement]),
        _marked("💰", rate_of(listing, t)),
        _marked("📍", _joined(where)),
        t("card-direct-client") if listing.direct_client else "",
    ]
    return "\n".join(line for line in lines if line)


def _marks(told: Told, user: User, t: Translate) -> list[str]:
    listing, marks = told.card.listing, []
    if is_over(listing):
        mark = state_mark(listing, t)
        since = listing.withdrawn_at or listing.state_changed_at
        marks.append(t("card-state-since", mark=mark, when=wording.moment(since, user.timezone, t)) if since else mark)
    if is_unsure(told):
        marks.append(t("card-unsure", kind=str(listing.kind)))
    if told.alert.possible_double:
        marks.append(t("card-possible-double"))
    return marks


def _quote(card: ListingCard, room: int) -> str:
    text = card.appearances[0].appearance.item_text.strip() if card.appearances else ""
    room = min(room, QUOTE_AT_MOST)
    return f"<blockquote expandable>{escape(cut(text, room))}</blockquote>" if text and room > QUOTE_AT_LEAST else ""


def _tail(told: Told, user: User, t: Translate) -> str:
    matched = [words for reason in told.alert.reasons if (words := wording.reason_words(reason, t))]
    reasons = cut(", ".join(dict.fromkeys(matched[:MATCHED_SHOWN])), 300)
    lines = [
        *_appearances(told.card, user, t),
        _owner(told.card, user, t),
        f"{t('card-matched')} {escape(reasons)}" if reasons else "",
        t("card-subscription", name=escape(cut(told.subscription_name, 64))),
    ]
    return "\n".join(line for line in lines if line)


def _appearances(card: ListingCard, user: User, t: Translate) -> list[str]:
    seen = card.appearances
    if not seen:
        return []
    when = wording.moment(seen[0].appearance.seen_at, user.timezone, t)
    if len(seen) == 1:
        contact = escape(cut(seen[0].appearance.contact or "", 64))
        return [_joined([t("card-seen-once", when=when, source=linked_source(seen[0], t)), contact])]
    sources = len({one.source.id for one in seen})
    lines = [t("card-seen-often", when=when, count=len(seen), sources=sources)]
    lines += [f"• {_appearance(one, t)}" for one in seen[:APPEARANCES_SHOWN]]
    if len(seen) > APPEARANCES_SHOWN:
        lines.append(t("card-more", count=len(seen) - APPEARANCES_SHOWN))
    return lines


def _appearance(seen: SeenIn, t: Translate) -> str:
    said = seen.appearance
    rate = wording.rate_words(said.rate_min, said.rate_max, said.rate_currency, said.rate_period, t)
    contact = cut(said.contact or "", 64)
    return ", ".join(part for part in [linked_source(seen, t), escape(rate or ""), escape(contact)] if part)


def _owner(card: ListingCard, user: User, t: Translate) -> str:
    if card.owner is None:
        return ""
    if card.owner.id == user.id:
        return t("card-taken-by-you")
    return t("card-taken", who=escape(cut(card.owner.name, 64)))


def _buttons(told: Told, user: User, t: Translate) -> InlineKeyboardMarkup | None:
    actor, owner = users.actor(user), told.card.owner
    doubt, work, learn = [], [], []
    if may(actor, Permission.LABEL_WRITE):
        if is_unsure(told):
            is_offer = told.card.listing.kind is Kind.OFFER
            yes = "card-button-is-offer" if is_offer else "card-button-is-request"
            doubt = [button(t(yes), _on(told, "yes")), button(t("card-button-is-not"), _on(told, "no"))]
        if told.card.appearances:
            post_id = told.card.appearances[0].post.id
            learn.append(button(t("card-button-fix"), FixLabels(post_id=post_id, alert_id=told.alert.id).pack()))
    if may(actor, Permission.LEAD_TAKE):
        if owner is None:
            work.append(button(t("card-button-take"), _on(told, "take")))
        elif owner.id == user.id:
            work.append(button(t("card-button-release"), _on(told, "release")))
    if owner is None or owner.id != user.id:
        work.append(button(t("card-button-dismiss"), _on(told, "dismiss")))
    learn.append(button(t("card-button-why"), _on(told, "why")))
    return rows(doubt, work, learn)


def _on(told: Told, act: str) -> str:
    return OnAlert(act=act, alert_id=told.alert.id).pack()


def _marked(mark: str, text: str | None) -> str:
    return f"{mark} {text}" if text else ""


def _joined(parts: Sequence[str]) -> str:
    return " · ".join(part for part in parts if part)
