"""Every letter that we write. Pure: the worker sends them."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta
from itertools import groupby
from urllib.parse import urlsplit

from crm import addresses
from crm.alerts import Delivery, Told
from db.models import Address, Bundle
from i18n.translator import Translate
from mail.rendering import render
from mail.sender import Letter
from mail.shown import Shown, clock, show

Sign = Callable[[int], str]
"""an address's id to what stands in its link, so that nobody unsubscribes another"""


def alert(delivery: Delivery, t: Translate, public_url: str, sign: Sign) -> Letter:
    """Of one listing alone, or of the whole bundle. Letters about one listing make one thread."""
    assert delivery.address is not None  # noqa: S101  e-mail's recipients have addresses
    if delivery.bundle is not Bundle.ALONE:
        return digest(delivery, t, public_url, sign)
    (told,) = delivery.alerts
    shown = show(told, clock(delivery, t), t)
    thread = _thread(told, public_url)
    made = render(
        "alert",
        t,
        one=shown,
        preheader=shown.summary,
        is_recipient=delivery.user is None,
        unsubscribe_url=_unsubscribe_url(delivery.address, public_url, sign),
    )
    return Letter(
        to=delivery.address.email,
        subject=made.subject,
        text=made.text,
        html=made.html,
        message_id=_id_of([told], public_url),
        language=t("language-code"),
        headers=_ways_out(delivery.address, public_url, sign) | {"In-Reply-To": thread, "References": thread},
    )


def digest(delivery: Delivery, t: Translate, public_url: str, sign: Sign) -> Letter:
    """Of many listings: the day's, the night's, or those of an outage."""
    assert delivery.address is not None  # noqa: S101  e-mail's recipients have addresses
    at = clock(delivery, t)
    everything = [show(told, at, t) for told in delivery.alerts]
    made = render(
        "digest",
        t,
        bundle=str(delivery.bundle),
        groups=_by_subscription(everything),
        count=len(everything),
        preheader="; ".join(f"{one.title}, {one.summary}" for one in everything[:3]),
        is_recipient=delivery.user is None,
        unsubscribe_url=_unsubscribe_url(delivery.address, public_url, sign),
    )
    return Letter(
        to=delivery.address.email,
        subject=made.subject,
        text=made.text,
        html=made.html,
        message_id=_id_of(delivery.alerts, public_url),
        language=t("language-code"),
        headers=_ways_out(delivery.address, public_url, sign),
    )


def confirmation(address: Address, token: str, t: Translate, public_url: str) -> Letter:
    """Whether whoever reads the address wants our letters."""
    made = render(
        "confirmation",
        t,
        email=address.email,
        is_recipient=address.user_id is None,
        preheader=t("mail-confirmation-preheader"),
        hours=addresses.GOOD_FOR // timedelta(hours=1),
        confirm_url=f"{public_url}/confirm/{token}",
    )
    return Letter(
        to=address.email,
        subject=made.subject,
        text=made.text,
        html=made.html,
        message_id=_id(f"confirm-{address.id}-{secrets.token_hex(8)}", public_url),
        language=t("language-code"),
    )


def _by_subscription(everything: list[Shown]) -> list[tuple[str, list[Shown]]]:
    """Subscriptions in the order of their first listing."""
    order = list(dict.fromkeys(one.subscription for one in everything))
    ordered = sorted(everything, key=lambda one: order.index(one.subscription))
    return [(name, list(group)) for name, group in groupby(ordered, key=lambda one: one.subscription)]


def _unsubscribe_url(address: Address, public_url: str, sign: Sign) -> str:
    return f"{public_url}/unsubscribe/{sign(address.id)}"


def _ways_out(address: Address, public_url: str, sign: Sign) -> dict[str, str]:
    """One click in the mail program (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{_unsubscribe_url(address, public_url, sign)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _thread(told: Told, public_url: str) -> str:
    """The id of a letter that never was, to which all letters about a listing answer."""
    listing = told.card.listing
    return _id(f"listing-{listing.id}-{int(listing.first_seen_at.timestamp())}", public_url)


def _id_of(tellings: list[Told], public_url: str) -> str:
    """The same when the same is told again after a lost answer: mail programs then show it once."""
    told = ",".join(f"{one.alert.id}@{one.alert.promised_at.timestamp()}" for one in tellings)
    return _id(f"alerts-{tellings[0].alert.id}-{hashlib.sha256(told.encode()).hexdigest()[:20]}", public_url)


def _id(name: str, public_url: str) -> str:
    host = urlsplit(public_url).hostname or "localhost"
    return f"<{name}@{f'[{host}]' if ':' in host else host}>"
