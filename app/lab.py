"""Pairs and threads of posts through the rules of the product: `platon lab same` and `platon lab replay`."""

import asyncio
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.embedded_postgres import EmbeddedPostgres
from crm import companies, labelling, listings, posts, sources
from crm.listings import ListingCard
from crm.posts import RawPost
from db import migrate
from db.models import Arrival
from db.session import Sessions, SystemSession
from language.asking import asks_or_offers
from language.kinds import Kind
from language.prediction import Item, Prediction
from language.sameness import Shown, sameness
from ml import extraction
from ml.lab import BadLine
from ml.labeller import Labeller
from ml.reading import read

SURE_KIND = 0.75
"""A request and an offer are told apart only where both are at least so sure."""
SPEAKING = 80
"""Characters of a post from which the model's kind is believed without a word that asks or offers."""
MOST_LISTINGS = 10_000


def same_lines(lines: Iterable[str], labeller: Labeller) -> Iterator[str]:
    """`{"id", "same"}` for each `{"id", "a", "b"}`: whether some item of the one is the listing of one of the other."""
    for number, row in _rows(lines, "id, a and b"):
        id_ = _field(number, row, "id", str, int)
        a, b = _field(number, row, "a", str), _field(number, row, "b", str)
        is_same = _are_same(*(_shown(text, labeller) for text in (a, b)))
        yield json.dumps({"id": id_, "same": is_same}, ensure_ascii=False)


@dataclass(frozen=True)
class Message:
    """A line of a thread's file."""

    thread: str | int
    channel: str
    message_id: int
    reply_to: int | None
    date: datetime
    text: str
    is_edit: bool


def messages(lines: Iterable[str]) -> list[Message]:
    """Raises BadLine."""
    return [_message(number, row) for number, row in _rows(lines, "a message of a thread")]


def replay_lines(
    told: Sequence[Message], labeller: Labeller, progress: Callable[[float], None] = lambda _: None
) -> Iterator[str]:
    """`{"thread", "listings"}` for each thread, as they are after its last message.

    Each message is stored and recorded as the worker does it, in an empty database of its own that is thrown away.
    """
    with _database() as url:
        for thread, cards in asyncio.run(_replay(url, told, labeller, progress)).items():
            yield json.dumps({"thread": thread, "listings": [_as_json(card) for card in cards]}, ensure_ascii=False)


# Pairs


def _shown(text: str, labeller: Labeller) -> list[tuple[Shown, str | None]]:
    """What the post shows, each with whom to write to."""
    prediction = labeller.label([text])[0]
    kind = asks_or_offers(text)
    is_sure = prediction.kind_confidence >= SURE_KIND and len(text) >= SPEAKING
    if kind is None and is_sure and prediction.kind in (Kind.REQUEST, Kind.OFFER):
        kind = prediction.kind
    return [(Shown.of(item, kind), item.contact) for item in _items(text, prediction, labeller)]


def _items(text: str, prediction: Prediction, labeller: Labeller) -> Sequence[Item]:
    """Guessed for a post that was not taken for a request or an offer too."""
    if prediction.items:
        return prediction.items
    reading = read(text, labeller.taxonomy)
    return [decided.item for decided in extraction.items(reading, prediction.engagement, labeller.technologies)]


def _are_same(one: Sequence[tuple[Shown, str | None]], other: Sequence[tuple[Shown, str | None]]) -> bool:
    return any(
        sameness(a, b, by_one_poster=_is_one_poster(a_contact, b_contact))
        for a, a_contact in one
        for b, b_contact in other
    )


def _is_one_poster(one: str | None, other: str | None) -> bool | None:
    """None where one of them names nobody."""
    return None if one is None or other is None else one.casefold() == other.casefold()


# Threads


@contextmanager
def _database() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="platon-lab-") as folder:
        Path(folder).chmod(0o755)  # the server may run as another user
        with EmbeddedPostgres(Path(folder), durable=False) as server:
            server.create_database("lab")
            url = server.url("lab")
            asyncio.run(migrate.upgrade(url))
            yield url


async def _replay(
    url: str, told: Sequence[Message], labeller: Labeller, progress: Callable[[float], None]
) -> dict[str | int, list[ListingCard]]:
    """Each thread is a company's world, so that no listing joins another thread's; each channel a source of it."""
    predictions = dict(zip((one.text for one in told), labeller.label([one.text for one in told]), strict=True))
    sessions = Sessions(url)
    worlds: dict[str | int, int] = {}
    channels: dict[tuple[str | int, str], int] = {}
    dates: dict[tuple[str | int, str, int], datetime] = {}
    try:
        for number, one in enumerate(told, start=1):
            first_told_at = dates.setdefault((one.thread, one.channel, one.message_id), one.date)
            channel_id = channels.setdefault((one.thread, one.channel), len(channels) + 1)
            async with sessions.of_system() as session:
                if one.thread not in worlds:
                    worlds[one.thread] = (await companies.add(session, f"Thread {len(worlds) + 1}")).id
                raw = _raw(one, channel_id, first_told_at)
                await _tell(session, worlds[one.thread], one.channel, raw, predictions[one.text])
            progress(number / len(told))
        return {thread: await _cards(sessions, company_id) for thread, company_id in worlds.items()}
    finally:
        await sessions.close()


def _raw(one: Message, channel_id: int, first_told_at: datetime) -> RawPost:
    edited_at = max(one.date, first_told_at + timedelta(seconds=1)) if one.is_edit else None
    return RawPost(channel_id, one.message_id, first_told_at, one.text, reply_to=one.reply_to, edited_at=edited_at)


async def _tell(session: SystemSession, company_id: int, title: str, raw: RawPost, prediction: Prediction) -> None:
    """What the reader and the worker do with a message."""
    source = await sources.of_export(session, company_id, raw.channel_id, title)
    stored = await posts.store(session, source, [raw], Arrival.IMPORT)
    to_label = await posts.to_label(session, [*stored.new_ids, *stored.edited_ids])
    await labelling.record(
        session, {post.id: prediction for post in to_label}, model_version_id=None, index=None, quiet=True
    )


async def _cards(sessions: Sessions, company_id: int) -> list[ListingCard]:
    """Oldest first."""
    async with sessions.of_company(company_id) as session:
        return (await listings.page(session, company_id, limit=MOST_LISTINGS))[::-1]


def _as_json(card: ListingCard) -> dict[str, Any]:
    listing = card.listing
    return {
        "request_id": listing.request_id,
        "role": listing.role,
        "core": listing.core,
        "grades": listing.grades,
        "state": listing.state.value,
        "appearances": [seen.post.message_id for seen in card.appearances],
    }


# Lines


def _rows(lines: Iterable[str], what: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Objects with the numbers of their lines; empty lines are passed over. Raises BadLine."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadLine(number, f"this is not JSON ({error.msg})") from error
        if not isinstance(row, dict):
            raise BadLine(number, f"an object with {what} is expected")
        yield number, row


def _field(number: int, row: dict[str, Any], name: str, *types: type) -> Any:
    value = row.get(name)
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        raise BadLine(number, f"it has no {name}")
    return value


def _message(number: int, row: dict[str, Any]) -> Message:
    reply_to = _field(number, row, "reply_to", int, type(None))
    try:
        date = datetime.fromisoformat(_field(number, row, "date", str))
    except ValueError as error:
        raise BadLine(number, "its date is not like 2026-03-10T12:00:00+00:00") from error
    message_id = _field(number, row, "message_id", int)
    return Message(
        thread=_field(number, row, "thread", str, int),
        channel=str(_field(number, row, "channel", str, int)),
        message_id=message_id,
        reply_to=reply_to,
        date=date if date.tzinfo else date.replace(tzinfo=UTC),
        text=_field(number, row, "text", str),
        is_edit=_field(number, {"edited": False} | row, "edited", bool),
    )
