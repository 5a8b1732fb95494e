"""Why: the words of a post that decided, shown where they stand, and what matched a subscription."""

import re
from collections.abc import Iterable, Sequence

from bot.answers import escape
from bot.cards import cut
from crm.alerts import Told
from crm.matching import Reason
from db.base import Json
from i18n import wording
from i18n.translator import Translate
from language.taxonomy import Taxonomy

WORDS_SHOWN = 5
MATCHED_CHARACTERS = 1000
AROUND = 24
"""characters of the text shown at each side of a deciding word"""
SPACES = re.compile(r"\s+")


def why(told: Told, t: Translate) -> str:
    """HTML."""
    listing, seen = told.card.listing, told.card.appearances
    text = seen[0].post.text if seen else ""
    said = [reason for reason in _reasons(told) if reason["words"].strip()]
    speaking = quoted((reason["words"] for reason in said if reason["weight"] > 0), text, t)
    against = quoted((reason["words"] for reason in said if reason["weight"] < 0), text, t)
    lines = [
        f"<b>{t('card-why-title', kind=t(f'kind-{listing.kind}'), percent=wording.percent(_sureness(told)))}</b>",
        f"{t('card-why-for')} {speaking}" if speaking else t("card-why-no-words"),
        f"{t('card-why-against')} {against}" if against else "",
        _matched(told, text, t),
    ]
    return "\n\n".join(line for line in lines if line)


def _sureness(told: Told) -> float:
    """How probable the kind is; a listing's own confidence says only that it is one of either kind."""
    predicted = told.card.appearances[0].post.kind_confidence if told.card.appearances else None
    return told.card.listing.confidence if predicted is None else predicted


def quoted(words: Iterable[str], text: str, t: Translate) -> str:
    """Each of the words in bold among its neighbours in the text; by itself where the text has it in another form."""
    shown: dict[str, None] = {}
    for sought in words:
        shown.setdefault(t("card-reason-word", word=_in_place(sought.strip(), text)))
        if len(shown) == WORDS_SHOWN:
            break
    return "; ".join(shown)


def _in_place(sought: str, text: str) -> str:
    at = _place_of(sought.casefold(), text.casefold())
    if at < 0 or len(text.casefold()) != len(text):
        return f"<b>{escape(cut(sought, 60))}</b>"
    end = at + len(sought)
    start, stop = _to_word(text, max(0, at - AROUND), at), _to_word_back(text, min(len(text), end + AROUND), end)
    before, within, after = (SPACES.sub(" ", part) for part in (text[start:at], text[at:end], text[end:stop]))
    lead, tail = "…" if start else "", "…" if stop < len(text) else ""
    return f"{lead}{escape(before)}<b>{escape(cut(within, 60))}</b>{escape(after)}{tail}"


def _place_of(sought: str, text: str) -> int:
    """Where it stands as a word; else where it begins one, or is anywhere in one; −1 where it is not."""
    word = re.escape(sought)
    for form in (rf"(?<!\w){word}(?!\w)", rf"(?<!\w){word}", word):
        if found := re.search(form, text):
            return found.start()
    return -1


def _to_word(text: str, start: int, limit: int) -> int:
    """The beginning of a word at or after `start`, not past `limit`."""
    while 0 < start < limit and text[start - 1].isalnum():
        start += 1
    return start


def _to_word_back(text: str, stop: int, limit: int) -> int:
    while limit < stop < len(text) and text[stop].isalnum():
        stop -= 1
    return stop


def _reasons(told: Told) -> Sequence[Json]:
    return sorted(told.card.reasons, key=lambda reason: -abs(reason["weight"]))


def _matched(told: Told, text: str, t: Translate) -> str:
    name = escape(cut(told.subscription_name, 64))
    words = _as_written(text)
    parts = [part for reason in told.alert.reasons if (part := _one(reason, words, t))]
    if not parts:
        return t("card-why-subscription-any", name=name)
    matched = cut("; ".join(dict.fromkeys(parts)), MATCHED_CHARACTERS)
    return f"{t('card-why-subscription', name=name)} {escape(matched)}"


def _one(reason: Reason, written: dict[str, str], t: Translate) -> str | None:
    said = wording.reason_words(reason, t)
    found = written.get(str(reason["value"])) if reason["filter"] in ("core", "extra", "role") else None
    if said is None or found is None or found.casefold() == said.casefold():
        return said
    return t("card-why-written", what=said, words=cut(found, 60))


def _as_written(text: str) -> dict[str, str]:
    """How the text writes each technology and role, where it first does."""
    taxonomy = Taxonomy.default()
    found: dict[str, str] = {}
    for mention in [*taxonomy.find(text), *taxonomy.find_roles(text)]:
        found.setdefault(mention.id, mention.words)
    return found
