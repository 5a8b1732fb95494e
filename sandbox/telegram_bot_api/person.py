"""A person of the sandbox Telegram, as tests play them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.telegram_bot_api.people import People, Toast
from sandbox.telegram_bot_api.world import BOT_ID, Json


@dataclass(frozen=True)
class Shown:
    """A message as its chat shows it now; `text` is the caption where there is a file."""

    raw: Json

    @property
    def message_id(self) -> int:
        return int(self.raw["message_id"])

    @property
    def text(self) -> str:
        return str(self.raw.get("text") or self.raw.get("caption") or "")

    @property
    def entities(self) -> list[Json]:
        return list(self.raw.get("entities") or self.raw.get("caption_entities") or [])

    @property
    def rows(self) -> list[list[Json]]:
        """Inline buttons, row by row, as Bot API objects."""
        return list(self.raw.get("reply_markup", {}).get("inline_keyboard", []))

    @property
    def buttons(self) -> list[str]:
        """Labels of the inline buttons."""
        return [button["text"] for row in self.rows for button in row]

    @property
    def from_bot(self) -> bool:
        return bool(self.raw["from"]["id"] == BOT_ID)


@dataclass
class Person:
    """Writes, taps and sees in their private chat with the bot, or in the group `chat_id`."""

    people: People
    user_id: int
    chat_id: int

    @property
    def toasts(self) -> list[Toast]:
        """The bot's answers to this person's taps, oldest first."""
        return self.people.toasts[self.user_id]

    def in_chat(self, chat_id: int) -> Person:
        """The same person looking at a group."""
        return Person(self.people, self.user_id, chat_id)

    def send(self, text: str, reply_to: int | None = None) -> Shown:
        """Write a text."""
        return Shown(self.people.say(self.user_id, self.chat_id, text, reply_to))

    def start(self, payload: str = "") -> Shown:
        """Open the bot, by a deep link if there is a payload."""
        return Shown(self.people.start(self.user_id, payload))

    def send_file(self, name: str, content: bytes, mime: str = "application/octet-stream") -> Shown:
        """Send a file."""
        return Shown(self.people.send_file(self.user_id, self.chat_id, name, mime, content))

    def click(self, label: str, message: Shown | None = None) -> None:
        """Tap a button by its label: of that message, else of the newest that has it, else of the reply keyboard.

        LookupError says which labels there are.
        """
        shown = self.messages()
        candidates = [m for m in reversed(shown) if message is None or m.message_id == message.message_id]
        for candidate in candidates:
            for button in (button for row in candidate.rows for button in row if button["text"] == label):
                if "callback_data" not in button:
                    raise LookupError(f"{label!r} is not a callback button: {button}")
                self.people.tap(self.user_id, self.chat_id, candidate.message_id, button["callback_data"])
                return
        if message is None and label in self.keyboard:
            self.send(label)
            return
        there = sorted({name for candidate in candidates for name in candidate.buttons} | set(self.keyboard))
        raise LookupError(f"no button {label!r}; there are {there}")

    @property
    def keyboard(self) -> list[str]:
        """Labels of the reply keyboard that is shown."""
        markup = self.people.chat_of(self.user_id, self.chat_id).keyboard or {}
        buttons = (button for row in markup.get("keyboard", []) for button in row)
        return [button if isinstance(button, str) else button["text"] for button in buttons]

    def messages(self) -> list[Shown]:
        """What the chat shows now, oldest first."""
        return [Shown(message) for message in self.people.chat_of(self.user_id, self.chat_id).messages.values()]

    async def inline(self, text: str, timeout: float = 5.0) -> tuple[str, list[Json]]:
        """Type `@bot text`; the query's id and the bot's results."""
        return await self.people.ask_inline(self.user_id, self.chat_id, text, timeout)

    def choose(self, query_id: str, result_id: str) -> Shown:
        """Choose an inline result."""
        return Shown(self.people.choose(self.user_id, self.chat_id, query_id, result_id))

    async def wait_for(self, predicate: Callable[[Shown], bool], timeout: float = 5.0) -> Shown:
        """The newest shown message that fits, waiting for one; TimeoutError tells what is shown instead."""
        found: list[Shown] = []

        def fits() -> bool:
            found[:] = [message for message in reversed(self.messages()) if predicate(message)][:1]
            return bool(found)

        await self.wait_until(fits, timeout)
        return found[0]

    async def wait_until(self, condition: Callable[[], bool], timeout: float = 5.0) -> None:
        """Wait until something holds (looked at after each change); TimeoutError tells what the chat shows."""
        try:
            async with asyncio.timeout(timeout):
                while not condition():
                    await self.people.world.changed()
        except TimeoutError:
            shown = [message.text for message in self.messages()]
            raise TimeoutError(f"waited {timeout} s; the chat shows {shown}, toasts {self.toasts}") from None
