"""Typed lines of managers. Today: a subscription in one line, Russian or English."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from language.grades import GradeMention, find_grades
from language.kinds import Engagement, Kind, Remote
from language.normalise import fold
from language.places import find_places
from language.rates import find_rates, hourly_roubles
from language.taxonomy import Mention, Taxonomy

_KINDS = {
    Kind.REQUEST: re.compile(
        r"\b(?:запрос\w*|потребност\w*|ваканси\w*|заявк\w*|позици\w*|requests?|vacanc\w+|positions?|jobs?|нужны|ищут)\b"
    ),
    Kind.OFFER: re.compile(
        r"\b(?:предложени\w*|бенч\w*|свободн\w+|резюме|кандидат\w*|специалист\w*|offers?|bench|available|candidates?|cvs?)\b"
    ),
}
_ENGAGEMENTS = {
    Engagement.OUTSTAFF: re.compile(
        r"\b(?:аутст[аэ]фф?\w*|аутсорс\w*|outstaff\w*|outsourc\w*|субподряд\w*|contract(?:or)?s?)\b"
    ),
    Engagement.INHOUSE: re.compile(r"\b(?:в штат|штат\w*|inhouse|in-house|permanent|трудов\w+ договор\w*)\b"),
    Engagement.FREELANCE: re.compile(r"\b(?:фриланс\w*|freelanc\w*|разов\w+|подработк\w+)\b"),
}
_REMOTE = {
    Remote.REMOTE: re.compile(r"\b(?:удален\w*|удалёнк\w*|remote\w*|дистанц\w*)\b"),
    Remote.OFFICE: re.compile(r"\b(?:офис\w*|office|onsite|on-site)\b"),
    Remote.HYBRID: re.compile(r"\b(?:гибрид\w*|hybrid)\b"),
}
_WITHOUT = re.compile(
    r"\b(без|кроме|не|исключая|за исключением|without|except|excluding|no|not)\s+((?:(?!\b(?:от|до|from|with|только|но|а|but)\b)[^,;.])+"
    r"(?:(?:\s*,)?\s*(?:и|или|ни|and|or|nor)\s+[^,;.]+)*)"
)
_ALL_OF = re.compile(r"\s*(?:и|\+|&|and|with|вместе с|плюс|plus)\s*")
_MIN_RATE = re.compile(
    r"\b(?:от|не ниже|не менее|минимум|дороже|выше|больше|from|at least|min(?:imum)?|over|above|>=?)\s*(\d[\d ]*\d|\d)\s*([kк]\b|тыс\w*)?"
)
_MIN_HOURLY = 100
_QUOTED = re.compile(r"[«\"“]([^»\"”]{2,60})[»\"”]")
_CONFIDENCE = re.compile(r"\b(?:уверенност\w+|confidence)\D{0,12}(\d{1,3})\s*%?")


@dataclass(frozen=True)
class SubscriptionDraft:
    """What a line asks to be told of; empty filters nothing. Rates in roubles an hour."""

    kinds: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    technologies_any: tuple[str, ...] = ()
    technologies_all: tuple[str, ...] = ()
    technologies_none: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    engagements: tuple[str, ...] = ()
    min_rate: int | None = None
    remote: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    minus_words: tuple[str, ...] = ()
    strict: tuple[str, ...] = field(default=())


def understand_subscription(line: str, taxonomy: Taxonomy | None = None) -> SubscriptionDraft | None:
    """The filters that a typed line names; None where it names none."""
    taxonomy = taxonomy or Taxonomy.default()
    excluded = [found[2] for found in _WITHOUT.finditer(fold(line))]
    plainly = [found[2] for found in _WITHOUT.finditer(fold(line)) if found[1] not in ("не", "not", "no")]
    wanted = _WITHOUT.sub(" ", fold(line)) if excluded else line
    unwanted = " , ".join(excluded)
    mentions = _in_company(taxonomy, wanted)
    none = tuple(dict.fromkeys(mention.id for mention in _in_company(taxonomy, unwanted)))
    any_of, all_of = _any_or_all(taxonomy, wanted, mentions)
    grades = find_grades(wanted)
    draft = SubscriptionDraft(
        kinds=_named(_KINDS, fold(wanted)),
        roles=_roles(taxonomy, wanted, mentions),
        technologies_any=any_of,
        technologies_all=all_of,
        technologies_none=none,
        grades=_grades(grades),
        engagements=_named(_ENGAGEMENTS, fold(wanted)),
        min_rate=_min_rate(wanted),
        remote=_named(_REMOTE, fold(wanted)),
        places=find_places(wanted),
        words=tuple(fold(found) for found in _QUOTED.findall(wanted)),
        minus_words=_minus_words(taxonomy, plainly),
    )
    names_something = any(
        (draft.roles, any_of, all_of, draft.grades, draft.engagements, draft.min_rate, draft.remote, draft.places,
         draft.words, none, draft.minus_words)
    )  # fmt: skip
    return draft if names_something or (draft.kinds and _is_short(line)) else None


def _in_company(taxonomy: Taxonomy, text: str) -> list[Mention]:
    """In a subscription «go» or «rest» alone is a technology: nothing else is spoken of here."""
    if not text.strip():
        return []
    lead = "стек "
    found = taxonomy.find(lead + text)
    named = [Mention(m.id, m.start - len(lead), m.end - len(lead), m.words) for m in found]
    covered = {place for m in named for place in range(m.start, m.end)}
    for word in re.finditer(r"[A-Za-zА-Яа-я+#]+", text):
        if word.start() in covered:
            continue
        for mention in taxonomy.find(f"стек {word[0]} разработчик"):
            named.append(Mention(mention.id, word.start(), word.end(), word[0]))
    return sorted(named, key=lambda mention: mention.start)


def _any_or_all(taxonomy: Taxonomy, text: str, mentions: list[Mention]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names joined by «и» or «+» are wanted together («java и kafka»), two languages and lists each for itself."""
    categories = {taxonomy.technologies[mention.id].category for mention in mentions}
    together = (
        len(mentions) > 1
        and categories != {"language"}
        and all(_ALL_OF.fullmatch(fold(text[one.end : other.start])) for one, other in pairwise(mentions))
    )
    ids = tuple(dict.fromkeys(mention.id for mention in mentions))
    return ((), ids) if together else (ids, ())


def _roles(taxonomy: Taxonomy, text: str, mentions: list[Mention]) -> tuple[str, ...]:
    """Professions named for themselves: «девопс», «аналитики»; «java-разработчик» is wanted by its technology."""
    taken = [(mention.start, mention.end) for mention in mentions]
    return tuple(
        dict.fromkeys(
            role.id
            for role in taxonomy.find_roles(text, alone=True)
            if not any(start < role.end and role.start < end for start, end in taken)
        )
    )


def _grades(found: list[GradeMention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(grade) for mention in found for grade in mention.grades))


def _min_rate(text: str) -> int | None:
    for rate in find_rates(text):
        low, _ = hourly_roubles(rate.rate)  # a ceiling («до 3000») is no floor
        if low is not None and low >= _MIN_HOURLY:
            return low
    found = _MIN_RATE.search(fold(text))
    if found is None:
        return None
    number = int(found[1].replace(" ", "")) * (1000 if found[2] else 1)
    return number if number >= _MIN_HOURLY else None


def _minus_words(taxonomy: Taxonomy, excluded: list[str]) -> tuple[str, ...]:
    """Excluded words that are no technologies; quoted or plain."""
    words: list[str] = []
    for part in excluded:
        for word in re.split(r"\s*,\s*|\s+(?:и|или|ни|and|or|nor)\s+", part.strip()):
            plain = word.strip(' «»"“”.!?')
            if plain and not _in_company(taxonomy, plain) and not find_grades(plain):
                words.append(plain)
    return tuple(dict.fromkeys(words))


def _named(table: Mapping[Any, re.Pattern[str]], text: str) -> tuple[str, ...]:
    return tuple(str(value) for value, words in table.items() if words.search(text))


def _is_short(line: str) -> bool:
    """«запросы» alone is a subscription to all of them; in a long sentence the word is only a word."""
    return len(line.split()) <= 3
