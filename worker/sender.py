"""What the senders of all channels share: whose turn it is, one message at a time for each, and an orderly stop."""

import asyncio
import contextlib
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from datetime import UTC, datetime
from typing import Any

from crm import alerts
from crm.alerts import Delivery, Recipient
from db.models import Channel
from db.session import Sessions, SystemSession
from db.wakes import wait
from i18n.translator import Translate, translator

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
GATHERING_SECONDS = 0.02
"""Wake-ups come in swarms: one look at the ledger answers those of so long."""
STOP_SECONDS = 7.0
AGAIN_SECONDS = 1.0

Verb = Callable[[SystemSession], Awaitable[object]]


def now() -> datetime:
    return datetime.now(UTC)


class Sender(ABC):
    """Tells what fell due on one channel. There must be one at a time: see `worker.election`."""

    channel: Channel

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self._woken = asyncio.Event()
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._in_hand: set[asyncio.Task[Any]] = set()

    def wake(self, payload: str = "") -> None:
        """Somebody promised something; `payload` is the channel, empty for any."""
        if payload in {"", self.channel}:
            self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop`; then finish what is in hand, within seconds, and leave the rest promised."""
        await self.write(lambda session: alerts.mark_uncertain(session, self.channel, now=now()))
        stopping = asyncio.ensure_future(self._wake_on(stop))
        try:
            while not stop.is_set():
                self._woken.clear()
                await self._look()
                await wait(self._woken, POLL_SECONDS)
                await asyncio.sleep(GATHERING_SECONDS)
        finally:
            stopping.cancel()
            await self._finish()

    @abstractmethod
    async def tell_next(self, recipient: Recipient) -> None:
        """Claim the recipient's next message, send it and settle it."""

    async def begin(self, session: SystemSession) -> None:
        """Begin with everybody who waits for a message and is not busy."""
        for recipient in await alerts.due(session, self.channel, now=now(), busy=self.busy):
            self.start(recipient.id, self.tell_next(recipient))

    @property
    def busy(self) -> set[int]:
        """Recipients with whom something is being done."""
        return set(self._lanes)

    def start(self, key: int, work: Coroutine[Any, Any, None]) -> None:
        """Do this for the recipient `key`, who is busy until it is done."""
        task = asyncio.ensure_future(self._guarded(key, work))
        self._lanes[key] = task
        task.add_done_callback(lambda _: self._leave(key))

    @contextlib.contextmanager
    def in_hand(self) -> Iterator[None]:
        """What is done here is finished on a stop, not cancelled."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  lanes are tasks
        self._in_hand.add(task)
        try:
            yield
        finally:
            self._in_hand.discard(task)

    async def claim(self, recipient: Recipient) -> Delivery | None:
        async with self.sessions.of_system() as session:
            return await alerts.claim(session, recipient, now=now())

    async def write(self, verb: Verb) -> None:
        """Commit it in a transaction of its own, however long the database is away: what is known must not be lost."""
        while True:
            try:
                async with self.sessions.of_system() as session:
                    await verb(session)
                return
            except Exception:
                log.exception("%s: could not write to the ledger, again in %s s", self.channel, AGAIN_SECONDS)
                await asyncio.sleep(AGAIN_SECONDS)

    def translate(self, delivery: Delivery) -> Translate:
        return translator(delivery.language)

    async def _look(self) -> None:
        try:
            async with self.sessions.of_system() as session:
                await self.begin(session)
        except Exception:
            log.exception("%s: could not look for what is due, again in %s s", self.channel, POLL_SECONDS)

    async def _guarded(self, key: int, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception:
            log.exception("%s: recipient %s", self.channel, key)
            await asyncio.sleep(AGAIN_SECONDS)

    def _leave(self, key: int) -> None:
        del self._lanes[key]
        self._woken.set()

    async def _wake_on(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._woken.set()

    async def _finish(self) -> None:
        lanes = set(self._lanes.values())
        for lane in lanes - self._in_hand:
            lane.cancel()
        if lanes:
            _, unfinished = await asyncio.wait(lanes, timeout=STOP_SECONDS)
            for lane in unfinished:
                lane.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)
