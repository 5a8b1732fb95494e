"""Who is told by Telegram in tests, and of what."""

from typing import Any

from db.base import now
from db.models import Listing, Source, User
from db.session import Sessions
from sandbox.telegram_bot_api import BotApi
from tests import make, telling


class World:
    """Anna, who wants everything; her chat; and listings promised to her, named by their roles' stack."""

    def __init__(self, sessions: Sessions, api: BotApi) -> None:
        self.sessions = sessions
        self.api = api

    async def begin(self, **fields: Any) -> "World":
        async with self.sessions.of_system() as session:
            self.company = await make.company(session)
            self.anna = await self.person(session, **fields)
            self.source = await make.source(session)
        return self

    async def person(self, session: Any, **fields: Any) -> User:
        user = await make.user(session, self.company)
        self.api.person(user.telegram_id)
        await make.subscription(session, user, **fields)
        return user

    async def promise(self, *locations: str, **how: Any) -> list[Listing]:
        """A listing for each location, one transaction each, so that they have an order."""
        made = []
        for location in locations:
            async with self.sessions.of_system() as session:
                source = await session.get_one(Source, self.source.id)
                made.append(await telling.listing(session, source, location=location))
                await telling.promise(session, made[-1], **{"now": now()} | how)
        return made

    def told(self, user: User | None = None) -> list[str]:
        """The locations named in the accepted messages of a chat, in their order."""
        chat_id = (user or self.anna).telegram_id
        return [_location(delivery.text) for delivery in self.api.deliveries if delivery.chat_id == chat_id]

    async def states(self) -> list[str]:
        return [alert.state.value for alert in await telling.ledger(self.sessions)]


def _location(text: str) -> str:
    return ",".join(place for place in ("Омск", "Томск", "Псков", "Тверь") if place in text)
