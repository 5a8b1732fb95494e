"""Telling by e-mail: each address in its order, a few letters at a time."""

import asyncio
import functools
import logging

from crm import addresses, alerts, signing
from crm.alerts import Delivery, Recipient
from db.models import AddressStop, Channel
from db.session import Sessions, SystemSession
from mail import emails
from mail.sender import Mailer, Refused, TryLater, Uncertain
from worker.sender import Sender, now

log = logging.getLogger(__name__)

LETTERS_AT_ONCE = 4


class EmailSender(Sender):
    """`secret` signs the links by which a letter is unsubscribed from."""

    channel = Channel.EMAIL

    def __init__(self, sessions: Sessions, mailer: Mailer, public_url: str, secret: bytes) -> None:
        super().__init__(sessions)
        self._mailer = mailer
        self._public_url = public_url
        self._sign = functools.partial(signing.sign, secret, "unsubscribe")
        self._room = asyncio.Semaphore(LETTERS_AT_ONCE)

    async def tell_next(self, recipient: Recipient) -> None:
        async with self._room:
            with self.in_hand():
                delivery = await self.claim(recipient)
                if delivery is not None:
                    await self._tell(delivery)

    async def _tell(self, delivery: Delivery) -> None:
        ids = delivery.ids
        try:
            letter = emails.alert(delivery, self.translate(delivery), self._public_url, self._sign)
            await self._mailer.send(letter)
        except Refused as refused:
            await self._give_up(delivery, refused)
        except Uncertain as lost:
            detail = str(lost)
            await self.write(lambda session: alerts.answer_lost(session, ids, detail, now=now()))
        except Exception as error:
            if not isinstance(error, TryLater):
                log.exception("letter of alerts %s was not sent", ids)
            detail = f"{type(error).__name__}: {error}"
            await self.write(lambda session: alerts.retry_later(session, ids, detail, now=now()))
        else:
            await self.write(lambda session: alerts.settle(session, ids, now=now()))

    async def _give_up(self, delivery: Delivery, refused: Refused) -> None:
        """To an address that is dead nothing more is sent: what else was promised to it is dropped in its turn."""
        address = delivery.address
        assert address is not None  # noqa: S101  e-mail's recipients have addresses

        async def verb(session: SystemSession) -> None:
            if refused.address_is_dead:
                await addresses.stop(session, address.id, AddressStop.REFUSED, str(refused))
            await alerts.give_up(session, delivery.ids, str(refused), now=now())

        await self.write(verb)
