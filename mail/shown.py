"""What a letter shows of an alert, as plain values for its template."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crm import sources
from crm.alerts import Delivery, Told
from crm.listings import SeenIn
from db.models import Listing
from i18n import wording
from i18n.translator import Translate
from language.kinds import Engagement, Kind, ListingState
from language.places import place_name

EXCERPT_AT_MOST = 1500
APPEARANCES_SHOWN = 10
MATCHED_SHOWN = 12
DIGEST_CORE_SHOWN = 5
HOME = "Europe/Moscow"
"""the clock of recipients, whose own we do not know"""

USERNAME = re.compile(r"@[A-Za-z]\w{3,31}", re.ASCII)
TELEGRAM_LINK = re.compile(r"(?:https?://)?(t\.me/\w{4,32})", re.ASCII)
PHONE = re.compile(r"\+[\d\s()-]{10,20}", re.ASCII)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)


@dataclass(frozen=True)
class Clock:
    """Says moments as the reader's clock shows them."""

    timezone: str
    is_readers: bool
    t: Translate

    def __call__(self, told: SeenIn) -> str:
        when = wording.moment(told.appearance.seen_at, self.timezone, self.t)
        return when if self.is_readers else self.t("mail-moscow-time", when=when)


@dataclass(frozen=True)
class Seen:
    """One appearance."""

    when: str
    source: str
    link: str
    rate: str
    contact: str
    contact_link: str
    """empty where the contact is none that can be followed"""


@dataclass(frozen=True)
class Shown:
    """One listing, told."""

    title: str
    core: str
    extra: str
    marks: list[str]
    facts: list[tuple[str, str]]
    """name, value"""
    summary: str
    """the gist in a line"""
    seen: list[Seen]
    """oldest first"""
    seen_summary: str
    more: str
    """how many more appearances there are; empty if all are shown"""
    excerpt: str
    reasons: str
    subscription: str

    @property
    def link(self) -> str:
        """To the original post."""
        return self.seen[0].link if self.seen else ""


def clock(delivery: Delivery, t: Translate) -> Clock:
    user = delivery.user
    return Clock(user.timezone, True, t) if user is not None else Clock(HOME, False, t)


def show(told: Told, at: Clock, t: Translate) -> Shown:
    listing, appearances = told.card.listing, told.card.appearances
    rate, remote, grades = _rate(listing, t), _remote(listing, t), wording.grade_names(listing.grades, t)
    matched = dict.fromkeys(words for reason in told.alert.reasons if (words := wording.reason_words(reason, t)))
    place = place_name(listing.location, t("language-code")) if listing.location else ""
    gist = [grades, wording.technology_names(listing.core, DIGEST_CORE_SHOWN), rate, place, remote]
    return Shown(
        title=_title(listing, t),
        core=wording.technology_names(listing.core),
        extra=wording.technology_names(listing.extra),
        marks=_marks(told, at, t),
        facts=_facts(told, rate, grades, _joined([place, remote]), t),
        summary=_joined(gist),
        seen=[_seen(one, at, t) for one in appearances[:APPEARANCES_SHOWN]],
        seen_summary=_seen_summary(appearances, at, t),
        more=_more(len(appearances) - APPEARANCES_SHOWN, t),
        excerpt=_cut(appearances[0].appearance.item_text.strip(), EXCERPT_AT_MOST) if appearances else "",
        reasons=", ".join(list(matched)[:MATCHED_SHOWN]),
        subscription=told.subscription_name,
    )


def _title(listing: Listing, t: Translate) -> str:
    key = "card-offer" if listing.kind is Kind.OFFER else "card-request"
    return t(key, role=wording.person_name(listing.role, t))


def _rate(listing: Listing, t: Translate) -> str:
    hourly = listing.hourly_min, listing.hourly_max
    said = listing.rate_min, listing.rate_max, listing.rate_currency, listing.rate_period
    return wording.rate_and_hourly(*said, hourly, t) or ""


def _remote(listing: Listing, t: Translate) -> str:
    return t(f"remote-{listing.remote}") if listing.remote else ""


def _marks(told: Told, at: Clock, t: Translate) -> list[str]:
    """What the reader should know before anything else."""
    listing, alert, marks = told.card.listing, told.alert, []
    if listing.state is not ListingState.OPEN:
        mark, since = t("card-state", state=str(listing.state)), listing.state_changed_at
        when = wording.moment(since, at.timezone, t) if since else ""
        marks.append(t("card-state-since", mark=mark, when=when) if since else mark)
    if alert.is_unsure and told.card.label is None:
        marks.append(t("card-unsure", kind=str(listing.kind)))
    if alert.telling > 1:
        marks.append(t("mail-told-again"))
    if alert.possible_double:
        marks.append(t("card-possible-double"))
    return marks


def _facts(told: Told, rate: str, grades: str, where: str, t: Translate) -> list[tuple[str, str]]:
    listing, owner = told.card.listing, told.card.owner
    engagement = "" if listing.engagement is Engagement.UNKNOWN else t(f"engagement-{listing.engagement}")
    facts = [
        ("rate", rate),
        ("grades", grades),
        ("people", t("card-people", count=listing.count) if listing.count > 1 else ""),
        ("where", where),
        ("engagement", engagement),
        ("client", t("mail-client-direct") if listing.direct_client else ""),
        ("request-id", listing.request_id or ""),
        ("owner", owner.name if owner else ""),
    ]
    return [(t(f"mail-fact-{name}"), value) for name, value in facts if value]


def _seen_summary(appearances: Sequence[SeenIn], at: Clock, t: Translate) -> str:
    if len(appearances) < 2:
        return ""
    sources_count = len({one.source.id for one in appearances})
    return t("card-seen-often", when=at(appearances[0]), count=len(appearances), sources=sources_count)


def _seen(one: SeenIn, at: Clock, t: Translate) -> Seen:
    said = one.appearance
    rate = wording.rate_words(said.rate_min, said.rate_max, said.rate_currency, said.rate_period, t)
    contact = said.contact or ""
    return Seen(
        when=at(one),
        source=sources.title(one.source) or t("card-no-title"),
        link=one.link,
        rate=rate or "",
        contact=contact,
        contact_link=_contact_link(contact),
    )


def _contact_link(contact: str) -> str:
    if USERNAME.fullmatch(contact):
        return f"https://t.me/{contact[1:]}"
    if telegram := TELEGRAM_LINK.fullmatch(contact):
        return f"https://{telegram[1]}"
    if PHONE.fullmatch(contact):
        return "tel:+" + re.sub(r"\D", "", contact)
    return f"mailto:{contact}" if EMAIL.fullmatch(contact) else ""


def _more(count: int, t: Translate) -> str:
    return t("card-more", count=count) if count > 0 else ""


def _cut(text: str, at_most: int) -> str:
    return text if len(text) <= at_most else f"{text[: at_most - 1].rstrip()}…"


def _joined(parts: Sequence[str]) -> str:
    return " · ".join(part for part in parts if part)
