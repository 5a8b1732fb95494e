"""A process of Platon that is killed with -9 and started again."""

import asyncio
import multiprocessing
import os
import signal
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.prove import child
from tests.prove.child import Where

# Forked from a process that has imported everything: a hundred starts cost what a hundred forks cost.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["__main__", child.__name__])


class Killable:
    """What it writes goes into `log`."""

    def __init__(self, name: str, where: Where, log: Path) -> None:
        self.kills = 0
        self._name = name
        self._where = where
        self._log = log
        self._process: BaseProcess | None = None

    async def start(self) -> None:
        process = _CONTEXT.Process(target=child.run, args=(self._name, self._where, str(self._log)))
        await asyncio.to_thread(process.start)
        self._process = process

    def strike(self) -> None:
        """It gets no chance to do anything more."""
        if self._process is not None and self._process.is_alive():
            os.kill(self._process.pid or 0, signal.SIGKILL)
            self.kills += 1

    async def kill(self) -> None:
        self.strike()
        await self.wait()

    async def stop(self) -> None:
        """In an orderly way."""
        if self._process is not None:
            self._process.terminate()
        await self.wait()

    async def wait(self) -> None:
        """Until it is dead."""
        if self._process is not None:
            await asyncio.to_thread(self._process.join)
