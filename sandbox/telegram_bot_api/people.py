"""What people do in the sandbox Telegram: write, tap, ask inline, make groups, block the bot."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, NamedTuple

from sandbox.telegram_bot_api.limits import START_PAYLOAD_CHARACTERS
from sandbox.telegram_bot_api.markup import found_in
from sandbox.telegram_bot_api.world import (
    BOT_ID,
    BOT_USERNAME,
    FIRST_GROUP_ID,
    FIRST_PERSON_ID,
    Chat,
    Json,
    World,
)


@dataclass
class InlineQuery:
    """An inline query waiting for the bot's answer, then its results."""

    person_id: int
    text: str
    answer: asyncio.Future[list[Json]]


class Toast(NamedTuple):
    """The bot's answer to a tapped button."""

    text: str
    alert: bool


class People:
    """Acts of people, each turned into messages and into updates for the bot."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.toasts: defaultdict[int, list[Toast]] = defaultdict(list)
        self.inline_queries: dict[str, InlineQuery] = {}
        self._query_ids = (f"{secrets.randbits(40)}{number}" for number in itertools.count(1))

    def join(self, first_name: str, language_code: str, person_id: int | None = None) -> Json:
        """A new person (or the known one, renamed); without an id the next free one."""
        person_id = person_id or max(self.world.people, default=FIRST_PERSON_ID - 1) + 1
        person = {
            "id": person_id,
            "is_bot": False,
            "first_name": first_name,
            "username": f"person{person_id}",
            "language_code": language_code,
        }
        if self.world.people.get(person_id) != person:
            self.world.change("person", person=person)
        return person

    def open_private(self, person_id: int) -> Chat:
        """The person's chat with the bot, opened if they never wrote; LookupError for an unknown person."""
        if person_id not in self.world.chats:
            person = self.world.people[person_id]
            shown = {"id": person_id, "type": "private"} | {key: person[key] for key in ("first_name", "username")}
            self.world.change("chat", chat=shown, members=[person_id, BOT_ID])
        return self.world.chats[person_id]

    def chat_of(self, person_id: int, chat_id: int) -> Chat:
        """A chat that the person is in; LookupError otherwise."""
        chat = self.open_private(person_id) if chat_id == person_id else self.world.chats[chat_id]
        if person_id not in chat.members:
            raise LookupError(f"person {person_id} is not in chat {chat_id}")
        return chat

    def say(self, person_id: int, chat_id: int, text: str, reply_to: int | None = None) -> Json:
        """Write a text into a chat."""
        return self._write(person_id, chat_id, _text(text), reply_to)

    def start(self, person_id: int, payload: str = "") -> Json:
        """Open the bot by a deep link: `/start payload`."""
        if len(payload) > START_PAYLOAD_CHARACTERS:
            raise ValueError(f"a start payload has at most {START_PAYLOAD_CHARACTERS} characters")
        return self.say(person_id, person_id, f"/start {payload}".strip())

    def send_file(self, person_id: int, chat_id: int, name: str, mime: str, content: bytes) -> Json:
        """Send a file; pictures go as photos."""
        kind = "photo" if mime in {"image/jpeg", "image/png", "image/webp"} else "document"
        return self._write(person_id, chat_id, self.world.media(kind, self.world.store(name, mime, content)), None)

    def _write(self, person_id: int, chat_id: int, content: Json, reply_to: int | None) -> Json:
        chat = self.chat_of(person_id, chat_id)
        if chat_id in self.world.blocked:
            self.block(chat_id, blocked=False)
        person = self.world.people[person_id]
        message = self.world.post(chat, person, content | self.world.replied(chat, reply_to))
        if not chat.is_group or self._bot_sees(message):
            self.world.push(message=message)
        if chat.keyboard and (chat.keyboard.get("one_time_keyboard") or chat.keyboard.get("force_reply")):
            self.world.change("keyboard", chat_id=chat.id, keyboard=None)
        return message

    def _bot_sees(self, message: Json) -> bool:
        """Privacy mode: in a group the bot gets commands meant for it, answers to it and what came through it."""
        if BOT_ID not in self.world.chats[message["chat"]["id"]].members:
            return False
        words = message.get("text", "").split()
        command, _, addressee = words[0].partition("@") if words else ("", "", "")
        is_command = command.startswith("/") and addressee.lower() in {"", BOT_USERNAME}
        to_bot = message.get("reply_to_message", {}).get("from", {}).get("id") == BOT_ID
        return is_command or to_bot or "via_bot" in message

    # ---- buttons

    def tap(self, person_id: int, chat_id: int, message_id: int, data: str) -> str:
        """Tap a callback button; the query's id."""
        chat = self.chat_of(person_id, chat_id)
        message = chat.messages[message_id]
        query_id = next(self._query_ids)
        self.world.callbacks[query_id] = person_id
        query: Json = {
            "id": query_id,
            "from": self.world.people[person_id],
            "chat_instance": str(chat.id),
            "data": data,
        }
        inline_id = next((k for k, v in self.world.inline_messages.items() if v == (chat.id, message_id)), None)
        self.world.push(
            callback_query=query | ({"inline_message_id": inline_id} if inline_id else {"message": message})
        )
        return query_id

    # ---- inline mode

    async def ask_inline(self, person_id: int, chat_id: int, text: str, timeout: float) -> tuple[str, list[Json]]:
        """Type `@bot text` into a chat; the query's id and the bot's results, TimeoutError without an answer."""
        chat = self.chat_of(person_id, chat_id)
        query_id = next(self._query_ids)
        query = InlineQuery(person_id, text, asyncio.get_running_loop().create_future())
        self.inline_queries[query_id] = query
        chat_type = "sender" if chat.id == person_id else chat.shown["type"]
        sender = self.world.people[person_id]
        self.world.push(
            inline_query={"id": query_id, "from": sender, "query": text, "offset": "", "chat_type": chat_type}
        )
        return query_id, await asyncio.wait_for(asyncio.shield(query.answer), timeout)

    def choose(self, person_id: int, chat_id: int, query_id: str, result_id: str) -> Json:
        """Choose one of the results: it is posted into the chat and the bot is told."""
        chat = self.chat_of(person_id, chat_id)
        query = self.inline_queries[query_id]
        result = next(result for result in query.answer.result() if str(result["id"]) == result_id)
        markup = {"reply_markup": result["reply_markup"]} if "reply_markup" in result else {}
        person = self.world.people[person_id]
        message = self.world.post(chat, person, {"via_bot": self.world.bot} | result["shown"] | markup)
        chosen = {"result_id": result_id, "from": person, "query": query.text}
        if markup:
            chosen["inline_message_id"] = f"I{chat.id}_{message['message_id']}"
            self.world.change(
                "inline_message", id=chosen["inline_message_id"], chat_id=chat.id, message_id=message["message_id"]
            )
        if not chat.is_group or self._bot_sees(message):
            self.world.push(message=message)
        self.world.push(chosen_inline_result=chosen)
        return message

    # ---- groups and membership

    def make_group(self, owner_id: int, title: str, invited: list[int], with_bot: bool) -> Chat:
        """A new group of the owner and the invited people, and the bot if asked for."""
        chat_id = min([FIRST_GROUP_ID + 1, *self.world.chats]) - 1
        shown = {"id": chat_id, "type": "supergroup", "title": title}
        self.world.change("chat", chat=shown, members=[owner_id])
        owner = self.world.people[owner_id]
        self.world.post(self.world.chats[chat_id], owner, {"group_chat_created": True})
        for person_id in [*invited, *([BOT_ID] if with_bot else [])]:
            self.invite(owner_id, chat_id, person_id)
        return self.world.chats[chat_id]

    def invite(self, by: int, chat_id: int, person_id: int) -> None:
        """Bring a person (or the bot, by its id) into a group."""
        chat = self.chat_of(by, chat_id)
        if person_id in chat.members:
            return
        newcomer = self.world.bot if person_id == BOT_ID else self.world.people[person_id]
        self.world.change("chat", chat=chat.shown, members=sorted(chat.members | {person_id}), keyboard=chat.keyboard)
        inviter = self.world.people[by]
        message = self.world.post(self.world.chats[chat_id], inviter, {"new_chat_members": [newcomer]})
        if person_id == BOT_ID:
            self._tell_membership(chat.shown, inviter, "left", "member")
        if BOT_ID in chat.members | {person_id}:
            self.world.push(message=message)

    def block(self, person_id: int, blocked: bool) -> None:
        """The person blocks the bot, or lets it in again."""
        chat = self.open_private(person_id)
        if (person_id in self.world.blocked) == blocked:
            return
        self.world.change("blocked", chat_id=person_id, blocked=blocked)
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        self._tell_membership(chat.shown, self.world.people[person_id], old, new)

    def _tell_membership(self, chat: Json, by: Json, old: str, new: str) -> None:
        def member(status: str) -> dict[str, Any]:
            return {"user": self.world.bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})

        self.world.push(
            my_chat_member={
                "chat": chat,
                "from": by,
                "date": int(time.time()),
                "old_chat_member": member(old),
                "new_chat_member": member(new),
            }
        )


def _text(text: str) -> Json:
    entities = found_in(text, [])
    return {"text": text} | ({"entities": entities} if entities else {})
