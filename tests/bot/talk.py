"""A person at the bot, as tests play them: say or tap, and see what came of it."""

from dataclasses import dataclass
from typing import Any

from crm import users
from crm.actors import Actor
from db.models import Company, Role, User
from db.session import Sessions
from sandbox.telegram_bot_api import BotApi, Person, Shown
from tests import make

PATIENCE = 20.0
"""seconds until a test gives up: the machine may be busy"""


@dataclass
class Talk:
    """A private chat with the bot. `user` is None for a stranger."""

    person: Person
    user: User | None = None

    @property
    def actor(self) -> Actor:
        assert self.user is not None
        return users.actor(self.user)

    @property
    def newest(self) -> Shown:
        """The bot's newest message."""
        return [message for message in self.person.messages() if message.from_bot][-1]

    @property
    def toast(self) -> str:
        """The last toast."""
        return self.person.toasts[-1].text

    async def start(self, payload: str = "") -> Shown:
        return await self._answer_to(self.person.start(payload))

    async def say(self, text: str) -> Shown:
        """The bot's answer."""
        return await self._answer_to(self.person.send(text))

    async def tap(self, label: str, message: Shown | None = None) -> Shown:
        """The message that the bot changed or added after the tap."""
        before = self._shown()
        self.person.click(label, message)
        await self.person.wait_until(lambda: self._shown() != before, PATIENCE)
        changed = [id_ for id_, shown in self._shown().items() if before.get(id_) != shown]
        return next(one for one in reversed(self.person.messages()) if one.message_id in changed or not changed)

    async def tap_for_toast(self, label: str, message: Shown | None = None) -> str:
        """The toast that the tap was answered with."""
        known = len(self.person.toasts)
        self.person.click(label, message)
        await self.person.wait_until(lambda: len(self.person.toasts) > known, PATIENCE)
        return self.toast

    async def sees(self, text: str) -> Shown:
        """The newest message of the bot that holds the text, waiting for it."""
        return await self.person.wait_for(lambda message: message.from_bot and text in message.text, PATIENCE)

    async def _answer_to(self, sent: Shown) -> Shown:
        return await self.person.wait_for(
            lambda message: message.from_bot and message.message_id > sent.message_id, PATIENCE
        )

    def _shown(self) -> dict[int, Any]:
        return {message.message_id: message.raw for message in self.person.messages() if message.from_bot}


async def talk(
    api: BotApi, sessions: Sessions, company: Company, name: str = "Анна", language: str = "ru", **fields: Any
) -> Talk:
    """Somebody of the company; a manager unless `role` says another."""
    async with sessions.of_system() as session:
        user = await make.user(session, company, name=name, language=language, **({"role": Role.MANAGER} | fields))
    return Talk(api.person(user.telegram_id, name, language), user)
