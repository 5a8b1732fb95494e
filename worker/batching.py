"""Jobs that come one by one are done together, for a model labels 64 posts hardly slower than one."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

log = logging.getLogger(__name__)

SIZE = 64
GATHERING_SECONDS = 0.005


class Stopping(Exception):
    """The worker stops before this was begun."""


class Batcher:
    """Does ids together, in their order, one batch at a time; who adds one waits until it is done."""

    def __init__(self, do: Callable[[Sequence[int]], Awaitable[None]], size: int = SIZE) -> None:
        self._do = do
        self._size = size
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        self._worker: asyncio.Task[None] | None = None
        self._closed = False

    async def add(self, id_: int) -> None:
        """Raises what doing it raised, or Stopping."""
        if self._closed:
            raise Stopping
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((id_, done))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.ensure_future(self._work())
        await done

    def close(self) -> None:
        """What was not begun is refused."""
        self._closed = True
        waiting, self._waiting = self._waiting, []
        for _, done in waiting:
            _fail(done, Stopping())

    def cancel(self) -> None:
        """What was begun is broken off."""
        if self._worker is not None:
            self._worker.cancel()

    async def _work(self) -> None:
        await asyncio.sleep(GATHERING_SECONDS)
        while self._waiting:
            self._waiting.sort(key=lambda waiting: waiting[0])
            batch, self._waiting = self._waiting[: self._size], self._waiting[self._size :]
            await self._do_batch(batch)

    async def _do_batch(self, batch: list[tuple[int, asyncio.Future[None]]]) -> None:
        """One that cannot be done must not hold the others: a failed batch is done one by one."""
        try:
            await self._do([id_ for id_, _ in batch])
        except Exception as error:
            if len(batch) == 1:
                _fail(batch[0][1], error)
                return
            log.warning("a batch of %s failed, now one by one: %s", len(batch), error)
            for one in batch:
                await self._do_batch([one])
        else:
            for _, done in batch:
                if not done.done():
                    done.set_result(None)


def _fail(done: asyncio.Future[None], error: Exception) -> None:
    if not done.done():
        done.set_exception(error)
