"""The sandbox Telegram's truth: people, chats, messages, files and the updates that the bot has not taken yet."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.telegram_bot_api.errors import ApiError, bad_request
from sandbox.telegram_bot_api.journal import Journal, Record

Json = dict[str, Any]

BOT_ID = 42
BOT_USERNAME = "platon_sandbox_bot"
BOT_NAME = "Platon"
FIRST_PERSON_ID = 1001
FIRST_GROUP_ID = -1000000000001


@dataclass
class Chat:
    """A private chat (its id is the person's) or a group: what the Bot API shows of it, its members, its messages."""

    shown: Json
    members: set[int]
    messages: dict[int, Json] = field(default_factory=dict)
    keyboard: Json | None = None

    @property
    def id(self) -> int:
        return int(self.shown["id"])

    @property
    def is_group(self) -> bool:
        return self.id < 0


@dataclass(frozen=True)
class StoredFile:
    """A file that somebody sent."""

    name: str
    mime: str
    content: bytes


class World:
    """Every change goes through `change`, which applies it, journals it and tells whoever watches."""

    def __init__(self, state_dir: Path | None) -> None:
        self.bot: Json = {"id": BOT_ID, "is_bot": True, "first_name": BOT_NAME, "username": BOT_USERNAME}
        self.people: dict[int, Json] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.updates: deque[Json] = deque()
        self.blocked: set[int] = set()
        self.commands: dict[int | None, list[Json]] = {None: []}
        self.callbacks: dict[str, int] = {}
        self.inline_messages: dict[str, tuple[int, int]] = {}
        self.watchers: set[asyncio.Queue[Json]] = set()
        self._waiting: set[asyncio.Event] = set()
        self._last_message_id = 0
        self._journal = Journal(state_dir)
        for record in self._journal.read():
            self._apply(record)
        self._journal.open(self._snapshot())
        last_update = self.updates[-1]["update_id"] if self.updates else 0
        self._update_ids = itertools.count(max(int(time.time()), last_update + 1))

    # ---- changes

    def change(self, kind: str, **values: Any) -> None:
        """Apply one change, keep it, and wake whoever watches or waits."""
        record = {"kind": kind, **values}
        self._apply(record)
        self._journal.write(record)
        self.tell(record)

    def tell(self, event: Json) -> None:
        """Show a passing event (a toast, "typing…") that is not kept."""
        for queue in self.watchers:
            queue.put_nowait(event)
        for waiting in self._waiting:
            waiting.set()

    async def changed(self) -> None:
        """Return at the next change or event."""
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            await event.wait()
        finally:
            self._waiting.discard(event)

    def _apply(self, record: Record) -> None:
        kind = record["kind"]
        if kind == "message":
            message = record["message"]
            self.chats[message["chat"]["id"]].messages[message["message_id"]] = message
            self._last_message_id = max(self._last_message_id, message["message_id"])
        elif kind == "update":
            self.updates.append(record["update"])
        elif kind == "ack":
            while self.updates and self.updates[0]["update_id"] < record["offset"]:
                self.updates.popleft()
        elif kind == "delete":
            self.chats[record["chat_id"]].messages.pop(record["message_id"], None)
        elif kind == "chat":
            known = self.chats.get(record["chat"]["id"])
            self.chats[record["chat"]["id"]] = Chat(
                record["chat"], set(record["members"]), known.messages if known else {}, record.get("keyboard")
            )
        elif kind == "keyboard":
            self.chats[record["chat_id"]].keyboard = record["keyboard"]
        else:
            self._apply_rare(record)

    def _apply_rare(self, record: Record) -> None:
        kind = record["kind"]
        if kind == "person":
            self.people[record["person"]["id"]] = record["person"]
        elif kind == "blocked":
            (self.blocked.add if record["blocked"] else self.blocked.discard)(record["chat_id"])
        elif kind == "commands":
            self._apply_commands(record.get("chat_id"), record["commands"])
        elif kind == "inline_message":
            self.inline_messages[record["id"]] = (record["chat_id"], record["message_id"])
        elif kind == "file":
            path = self._file_path(record["id"])
            if path and path.exists() and record["id"] not in self.files:
                self.files[record["id"]] = StoredFile(record["name"], record["mime"], path.read_bytes())
        elif kind == "last_message_id":
            self._last_message_id = max(self._last_message_id, record["id"])

    def _apply_commands(self, chat_id: int | None, commands: list[Json] | None) -> None:
        if commands is None:
            self.commands.pop(chat_id, None)
        else:
            self.commands[chat_id] = commands

    def commands_in(self, chat_id: int | None) -> list[Json]:
        """The chat's own menu, else the default one."""
        return self.commands.get(chat_id, self.commands[None])

    def _snapshot(self) -> Iterator[Record]:
        yield from ({"kind": "person", "person": person} for person in self.people.values())
        for chat in self.chats.values():
            yield {"kind": "chat", "chat": chat.shown, "members": sorted(chat.members), "keyboard": chat.keyboard}
            yield from ({"kind": "message", "message": message} for message in chat.messages.values())
        yield from ({"kind": "file", "id": key, "name": f.name, "mime": f.mime} for key, f in self.files.items())
        yield from ({"kind": "blocked", "chat_id": chat_id, "blocked": True} for chat_id in self.blocked)
        for key, (chat_id, message_id) in self.inline_messages.items():
            yield {"kind": "inline_message", "id": key, "chat_id": chat_id, "message_id": message_id}
        for menu_of, commands in self.commands.items():
            yield {"kind": "commands", "chat_id": menu_of, "commands": commands}
        yield from ({"kind": "update", "update": update} for update in self.updates)
        yield {"kind": "last_message_id", "id": self._last_message_id}

    def close(self) -> None:
        """Close the journal."""
        self._journal.close()

    # ---- chats and messages

    def chat(self, chat_id: object) -> Chat:
        """The chat the bot names; 400 for an unknown one, 403 where the bot is blocked or no longer a member."""
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            raise bad_request("chat not found")
        if chat.id in self.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if chat.is_group and BOT_ID not in chat.members:
            raise ApiError(403, "Forbidden: bot was kicked from the group chat")
        return chat

    def message(self, chat_id: object, message_id: object, missing: str) -> Json:
        """A message of a chat; 400 with the words of `missing` if there is none."""
        chat = self.chat(chat_id)
        message = chat.messages.get(message_id) if isinstance(message_id, int) else None
        if message is None:
            raise bad_request(missing)
        return message

    def post(self, chat: Chat, sender: Json, content: Json) -> Json:
        """Write a new message into a chat."""
        self._last_message_id += 1
        head = {"message_id": self._last_message_id, "date": int(time.time()), "chat": chat.shown, "from": sender}
        message = head | content
        self.change("message", message=message)
        return message

    def replied(self, chat: Chat, message_id: object) -> Json:
        """The part of a new message that says what it answers, empty if that is gone."""
        original = chat.messages.get(message_id) if isinstance(message_id, int) else None
        if original is None:
            return {}
        return {"reply_to_message": {key: value for key, value in original.items() if key != "reply_to_message"}}

    # ---- files

    def store(self, name: str, mime: str, content: bytes) -> str:
        """Keep a file; its id."""
        file_id = f"F{len(self.files) + 1:06d}"
        self.files[file_id] = StoredFile(name, mime, content)
        if path := self._file_path(file_id):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        self.change("file", id=file_id, name=name, mime=mime)
        return file_id

    def media(self, kind: str, file_id: str) -> Json:
        """The part of a message that shows a stored file as a photo or a document."""
        file = self.files[file_id]
        base = {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(file.content)}
        if kind == "photo":
            return {"photo": [base | {"width": 800, "height": 600}]}
        return {"document": base | {"file_name": file.name, "mime_type": file.mime}}

    def _file_path(self, file_id: str) -> Path | None:
        return self._journal.state_dir / "files" / file_id if self._journal.state_dir else None

    # ---- updates for the bot

    def push(self, **update: Any) -> None:
        """Queue one update for the bot."""
        self.change("update", update={"update_id": next(self._update_ids), **update})
