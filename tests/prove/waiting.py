"""Looking again and again until it is so."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

Seen = TypeVar("Seen")
LOOK_SECONDS = 0.1


async def until(look: Callable[[], Awaitable[Seen]], fulfilled: Callable[[Seen], bool], seconds: float) -> Seen:
    """What is seen once it is so, or when the time is over."""
    ends = asyncio.get_running_loop().time() + seconds
    while True:
        seen = await look()
        if fulfilled(seen) or asyncio.get_running_loop().time() > ends:
            return seen
        await asyncio.sleep(LOOK_SECONDS)
