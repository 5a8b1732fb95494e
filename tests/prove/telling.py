"""People who are told of many listings by Telegram and e-mail, while the worker that tells them is killed."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession

from db.base import now
from db.models import Alert, AlertState, Channel, Listing, Source, User
from db.session import Sessions
from sandbox.mailbox import Mailbox
from sandbox.telegram_bot_api import BotApi
from sandbox.telegram_bot_api.errors import ApiError
from sandbox.telegram_bot_api.requests import Request
from tests import make, telling
from tests.prove.child import Where
from tests.prove.killable import Killable
from tests.prove.waiting import until

Strike = Callable[[Channel, str], bool]
"""called as a message `comes` and when it `is taken`; whether the worker was killed"""
UNSETTLED = (AlertState.PROMISED, AlertState.SENDING, AlertState.UNCERTAIN)


class StruckBotApi(BotApi):
    """Lets the test strike before a message is accepted, and before its acceptance is answered."""

    strike: Strike = staticmethod(lambda channel, when: False)

    async def _answer(self, request: Request) -> Any:
        if request.method != "sendMessage":
            return await super()._answer(request)
        if self.strike(Channel.TELEGRAM, "comes"):
            raise ApiError(500, "the worker is dead")
        result = await super()._answer(request)
        self.strike(Channel.TELEGRAM, "is taken")
        return result


class StruckMailbox(Mailbox):
    """The same for letters."""

    strike: Strike = staticmethod(lambda channel, when: False)

    async def handle_DATA(self, server: SMTP, session: SmtpSession, envelope: Envelope) -> str:
        if self.strike(Channel.EMAIL, "comes"):
            return "451 the worker is dead"
        answer = await super().handle_DATA(server, session, envelope)
        self.strike(Channel.EMAIL, "is taken")
        return answer


class Telling:
    """`people` who want everything by Telegram, the first `writing` of them by e-mail too; and the worker."""

    def __init__(self, sessions: Sessions, url: str, folder: Path) -> None:
        self.api = StruckBotApi(limits=True, record=True)
        self.mailbox = StruckMailbox()
        self.people: list[User] = []
        self.worker: Killable
        self._addresses: dict[int, str] = {}
        self._sessions = sessions
        self._url = url
        self._folder = folder
        self._listings = 0

    async def begin(self, people: int, writing: int) -> None:
        await self.api.start()
        await self.mailbox.start()
        async with self._sessions.of_system() as session:
            company = await make.company(session)
            self._source_id = (await make.source(session)).id
            for number in range(people):
                user = await make.user(session, company)
                self.api.person(user.telegram_id)
                self.people.append(user)
                if number < writing:
                    address = await telling.address(session, user)
                    self._addresses[address.id] = address.email
                await make.subscription(session, user, by_email=number < writing)
        smtp = (self.mailbox.host, self.mailbox.smtp_port)
        self.worker = Killable("worker", Where(self._url, bot_url=self.api.url, smtp=smtp), self._folder / "worker.log")

    async def end(self) -> None:
        await self.worker.kill()
        await self.mailbox.stop()
        await self.api.stop()

    async def promise(self, listings: int = 1) -> None:
        for _ in range(listings):
            self._listings += 1
            async with self._sessions.of_system() as session:
                source = await session.get_one(Source, self._source_id)
                made = await telling.listing(session, source, location=f"Пункт-{self._listings:04}")
                await telling.promise(session, made, now=now())

    def greylist(self) -> None:
        """The next letter to each address is asked to come again."""
        for email in self._addresses.values():
            self.mailbox.refuse(email, 451, "4.7.1 greylisted, try again later")

    async def reconnect(self) -> None:
        """After a restart of the database: our own connections died with it."""
        await self._sessions.engine.dispose(close=False)

    async def until_settled(self, seconds: float) -> list[Alert]:
        """The ledger, when nothing is left to do or the time is over."""
        return await until(
            lambda: telling.ledger(self._sessions),
            lambda ledger: not any(alert.state in UNSETTLED for alert in ledger),
            seconds,
        )

    async def count(self, ledger: list[Alert]) -> Counter[str]:
        """What became of every alert, by what really arrived."""
        arrived, numbers = self._arrived(), await self._numbers()
        counted: Counter[str] = Counter()
        for alert in ledger:
            counted[f"{alert.channel}: {alert.state}"] += 1
            if alert.state is AlertState.WITHDRAWN:
                continue  # it was told by e-mail, which is an alert of its own
            times = arrived[self._who(alert)].count(numbers[alert.listing_id])
            counted["told once"] += times == 1
            counted["told twice"] += times == 2
            counted["told more than twice"] += times > 2
            counted["never told"] += times == 0
            counted["never told and not failed in the ledger"] += times == 0 and alert.state is not AlertState.FAILED
            counted["doubles not in the ledger"] += times > 1 and not alert.possible_double
            counted["possible doubles told once"] += times == 1 and alert.possible_double
        counted["out of order"] = sum(told != sorted(told) for told in arrived.values())
        return counted

    def _who(self, alert: Alert) -> int | str:
        if alert.channel is Channel.EMAIL:
            return self._addresses[alert.address_id or 0]
        return next(user.telegram_id for user in self.people if user.id == alert.user_id)

    def _arrived(self) -> defaultdict[int | str, list[int]]:
        """Of each chat and address the numbers of the listings told there, as they came."""
        arrived: defaultdict[int | str, list[int]] = defaultdict(list)
        for delivery in self.api.deliveries:
            arrived[delivery.chat_id] += _numbers_in(delivery.text)
        for letter in self.mailbox.messages:
            arrived[letter.recipients[0]] += _numbers_in(letter.text)
        return arrived

    async def _numbers(self) -> dict[int, int]:
        async with self._sessions.of_system() as session:
            listings = {alert.listing_id for alert in await telling.ledger(self._sessions)}
            found = [await session.get_one(Listing, listing_id) for listing_id in listings]
        return {listing.id: _numbers_in(listing.location or "")[0] for listing in found}


def _numbers_in(text: str) -> list[int]:
    return list(dict.fromkeys(int(number) for number in re.findall(r"Пункт-(\d{4})", text)))
