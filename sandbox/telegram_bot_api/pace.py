"""Telegram's limits on sending: about one message a second to a chat, 30 a second overall, 20 a minute to a group."""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable

from sandbox.telegram_bot_api.errors import too_many_requests

CHAT_SECONDS = 1.0
CHAT_BURST = 3
OVERALL_PER_SECOND = 30
GROUP_PER_MINUTE = 20


class Pace:
    """Counts accepted messages and refuses with 429 what is too fast.

    A private chat tolerates a short burst of `CHAT_BURST` messages, none when `strict`. Times are `clock()` seconds.
    """

    def __init__(self, strict: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst = 1 if strict else CHAT_BURST
        self._clock = clock
        self._overall: deque[float] = deque()
        self._chats: defaultdict[int, deque[float]] = defaultdict(deque)

    def take(self, chat_id: int) -> None:
        """Count one message to a chat (negative id: a group); 429 with the seconds to wait if it is too many."""
        now = self._clock()
        window, allowed = (60.0, GROUP_PER_MINUTE) if chat_id < 0 else (CHAT_SECONDS * self._burst, self._burst)
        chat = self._chats[chat_id]
        wait = max(self._wait(self._overall, now, 1.0, OVERALL_PER_SECOND), self._wait(chat, now, window, allowed))
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        self._overall.append(now)
        chat.append(now)

    @staticmethod
    def _wait(taken: deque[float], now: float, window: float, allowed: int) -> float:
        while taken and now - taken[0] >= window:
            taken.popleft()
        return taken[-allowed] + window - now if len(taken) >= allowed else 0.0
