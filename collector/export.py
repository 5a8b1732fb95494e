"""Telegram Desktop's result.json, of one chat or of a whole account: streamed, resumable, telling nobody."""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import ijson

from collector.exported_message import UnreadableMessage, from_exported
from crm import imports, posts, sources
from crm.errors import ExportCut, ExportIsClosed, NotAnExport
from crm.posts import RawPost
from db.models import Arrival
from db.session import Sessions

BATCH = 500
"""messages committed at once, with the position in the file"""
_FINGERPRINTED = 1024 * 1024
_PUBLIC = {"public_channel", "public_supergroup"}
_CLOSED = {"private_channel", "private_supergroup"}
_CHATS = ("", "chats.list.item", "left_chats.list.item")
"""where a chat stands in the file of one chat, and in that of an account"""


@dataclass(frozen=True)
class Counts:
    """What an import has done so far."""

    read: int = 0
    """messages of the file, those of earlier runs included"""
    new: int = 0
    known: int = 0
    unreadable: int = 0
    skipped: int = 0
    """messages of people, bots and small groups, and of closed chats where no company was named"""
    share: float = 0.0
    """of the file, 0 to 1"""
    was_finished: bool = False
    """an earlier run had read it to its end"""


Progress = Callable[[Counts], None]


@dataclass(frozen=True)
class _Chat:
    channel_id: int
    title: str | None
    kind: str
    in_account: bool
    """the file holds all chats of an account"""

    @property
    def is_group(self) -> bool:
        return self.kind.endswith("supergroup")


async def import_file(
    path: Path, sessions: Sessions, *, company_id: int | None = None, progress: Progress | None = None
) -> Counts:
    """Store what the file holds; closed chats become `company_id`'s own. A run that broke off is gone on with.

    Raises NotAnExport; ExportCut(read, new) where the file is damaged, after storing what comes before;
    ExportIsClosed for one closed chat without a company; OSError where the file cannot be read.
    """
    with path.open("rb") as file:
        fingerprint = _fingerprint(file, company_id)
        async with sessions.of_system() as session:
            before = await imports.begin(session, fingerprint)
        counts = replace(Counts(), **before.counts)
        if before.finished_at is not None:
            return replace(counts, share=1.0, was_finished=True)
        importing = _Import(sessions, fingerprint, company_id, counts, _size(file), progress)
        await importing.run(file, before.position)
        async with sessions.of_system() as session:
            await imports.finish(session, fingerprint)
        return importing.counts


class _Import:
    """One run over one file."""

    def __init__(
        self,
        sessions: Sessions,
        fingerprint: str,
        company_id: int | None,
        counts: Counts,
        size: int,
        progress: Progress | None,
    ) -> None:
        self._sessions = sessions
        self._fingerprint = fingerprint
        self._company_id = company_id
        self._size = size
        self._progress = progress
        self.counts = counts
        self._chat: _Chat | None = None
        self._batch: list[Any] = []

    async def run(self, file: BinaryIO, position: int) -> None:
        number = 0
        seen_chat = False
        try:
            for chat, message in _messages(file):
                seen_chat = True
                if message is None:
                    self._refuse_closed(chat)
                    continue
                number += 1
                if number <= position:
                    continue
                if self._batch and (chat != self._chat or len(self._batch) >= BATCH):
                    await self._commit(file)
                self._chat = chat
                self._batch.append(message)
        except (ijson.JSONError, UnicodeDecodeError) as error:
            await self._commit(file)
            if not seen_chat:
                raise NotAnExport from error
            raise ExportCut(read=self.counts.read, new=self.counts.new) from error
        await self._commit(file)
        if not seen_chat:
            raise NotAnExport

    def _refuse_closed(self, chat: _Chat) -> None:
        """Of a whole account, closed chats are only left out."""
        if chat.kind in _CLOSED and self._company_id is None and not chat.in_account:
            raise ExportIsClosed(title=chat.title or str(chat.channel_id))

    async def _commit(self, file: BinaryIO) -> None:
        if self._chat is None or not self._batch:
            return
        batch, self._batch = self._batch, []
        owner = self._company_id if self._chat.kind in _CLOSED else None
        is_ours = self._chat.kind in _PUBLIC or (self._chat.kind in _CLOSED and owner is not None)
        raws, unreadable = _raws(batch, self._chat) if is_ours else ([], 0)
        async with self._sessions.of_system() as session:
            stored = posts.Stored()
            if is_ours:
                source = await sources.of_export(session, owner, self._chat.channel_id, self._chat.title)
                stored = await posts.store(session, source, raws, Arrival.IMPORT)
                if unreadable:
                    await sources.note_unreadable(session, source.id, unreadable)
            self.counts = Counts(
                read=self.counts.read + len(batch),
                new=self.counts.new + len(stored.new_ids),
                known=self.counts.known + stored.known + len(stored.edited_ids),
                unreadable=self.counts.unreadable + unreadable,
                skipped=self.counts.skipped + (0 if is_ours else len(batch)),
                share=min(file.tell() / max(self._size, 1), 1.0),
            )
            await imports.note(session, self._fingerprint, position=self.counts.read, counts=asdict(self.counts))
        if self._progress is not None:
            self._progress(self.counts)


def _raws(batch: list[Any], chat: _Chat) -> tuple[list[RawPost], int]:
    raws, unreadable = [], 0
    for message in batch:
        try:
            raw = from_exported(message, chat.channel_id, is_group=chat.is_group)
        except UnreadableMessage:
            unreadable += 1
        else:
            raws += [raw] if raw else []
    return raws, unreadable


def _messages(file: BinaryIO) -> Iterator[tuple[_Chat, Any]]:
    """Each chat with None when its messages begin, then with each of them."""
    heads: dict[str, dict[str, Any]] = {where: {} for where in _CHATS}
    chat: _Chat | None = None
    builder: Any = None
    inside = ""
    for prefix, event, value in ijson.parse(file):
        if builder is not None:
            builder.event(event, value)
            if prefix == inside and event in ("end_map", "end_array"):
                if chat is not None:
                    yield chat, builder.value
                builder = None
            continue
        where, _, name = prefix.rpartition(".")
        if where in heads and name in ("name", "type", "id"):
            heads[where][name] = value
        elif event == "start_map" and prefix in heads:
            heads[prefix] = {}
        elif event == "start_array" and where in heads and name == "messages":
            chat = _chat(heads[where], in_account=bool(where))
            inside = f"{prefix}.item"
            if chat is not None:
                yield chat, None
        elif inside and prefix == inside and event in ("start_map", "start_array"):
            builder = ijson.ObjectBuilder()
            builder.event(event, value)


def _chat(head: dict[str, Any], *, in_account: bool) -> _Chat | None:
    """None where the array of messages belongs to nothing that looks like a chat."""
    kind, channel_id, title = head.get("type"), head.get("id"), head.get("name")
    if not isinstance(kind, str) or not isinstance(channel_id, int):
        return None
    return _Chat(channel_id, title if isinstance(title, str) else None, kind, in_account)


def _fingerprint(file: BinaryIO, company_id: int | None) -> str:
    """The same file read for another company is another import."""
    head = file.read(_FINGERPRINTED)
    file.seek(0)
    return f"{hashlib.sha256(head).hexdigest()}:{_size(file)}:{company_id or ''}"


def _size(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size
