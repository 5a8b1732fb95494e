"""Telegram's limits on a bot: about one message a second to a chat, 30 a second overall, 20 a minute to a group."""

import asyncio
import time
from collections import deque
from collections.abc import Callable

from aiolimiter import AsyncLimiter

OVERALL_PER_SECOND = 25
SLICE = 2
"""messages that may go out at once; with them 27 fall into the worst second"""
CHAT_SECONDS = 1.0
GROUP_PER_MINUTE = 18
WORST_SECOND = 28
MINUTE = 60.0
REMEMBERED_CHATS = 10_000


class Pace:
    """One for each bot token. A chat's turns are taken one after another by its only sender.

    `clock` gives seconds and must run as the event loop's.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        # Small slices: 25 a second at once would let 50 through within one; one by one, each late wake-up of a busy
        # machine would cost throughput (19 a second were measured).
        self._overall = AsyncLimiter(SLICE, SLICE / OVERALL_PER_SECOND)
        self._gone: deque[float] = deque(maxlen=WORST_SECOND)
        self._free_at: dict[int, float] = {}
        self._group_messages: dict[int, deque[float]] = {}
        self._paused_until = 0.0
        self._open = asyncio.Event()
        self._open.set()

    async def turn(self, chat_id: int) -> None:
        """Wait until one more message may go to the chat (negative id: a group)."""
        while True:
            await self._rest(lambda: max(self._chat_wait(chat_id), self._pause_left()))
            await self._overall.acquire()
            # A place in line from before a pause is void: all of them together would be the next flood.
            if self._pause_left() <= 0 and self._open.is_set():
                return

    async def go(self) -> None:
        """Just before a message leaves: those that were long in the making must not bunch with those after them."""
        while len(self._gone) == WORST_SECOND:
            seconds = self._gone[0] + 1 - self._clock()
            if seconds <= 0:
                break
            await asyncio.sleep(seconds)
        self._gone.append(self._clock())

    def sent(self, chat_id: int) -> None:
        """The chat's message was answered: counted from now, so that no slow way there makes two come close."""
        now = self._clock()
        if len(self._free_at) >= REMEMBERED_CHATS:
            self._free_at = {chat: at for chat, at in self._free_at.items() if at > now}
        self._free_at[chat_id] = now + CHAT_SECONDS
        if chat_id < 0:
            self._group_messages.setdefault(chat_id, deque(maxlen=GROUP_PER_MINUTE)).append(now)

    def pause(self, seconds: float) -> None:
        """Telegram asked to wait: nothing goes out to anybody until then."""
        self._paused_until = max(self._paused_until, self._clock() + seconds)

    def hold(self) -> None:
        """Nothing goes out until `release`."""
        self._open.clear()

    def release(self) -> None:
        self._open.set()

    async def _rest(self, left: Callable[[], float]) -> None:
        await self._open.wait()
        while True:
            seconds = left()
            if seconds <= 0 and self._open.is_set():
                return
            await asyncio.sleep(max(seconds, 0))
            await self._open.wait()

    def _pause_left(self) -> float:
        return self._paused_until - self._clock()

    def _chat_wait(self, chat_id: int) -> float:
        now = self._clock()
        wait = self._free_at.get(chat_id, 0.0) - now
        sent = self._group_messages.get(chat_id)
        if sent is not None and len(sent) == GROUP_PER_MINUTE:
            wait = max(wait, sent[0] + MINUTE - now)
        return wait
