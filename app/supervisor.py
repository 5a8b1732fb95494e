"""Platon's processes as one tree: started together, started again when one dies, stopped together."""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Coroutine, Sequence
from typing import Any

import structlog

from app.settings import PROJECT

log = structlog.get_logger(__name__)

STOP_SECONDS = 20.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
WELL_AFTER = 60.0
_PR_SET_PDEATHSIG = 1


async def supervise(names: Sequence[str], *, stop: asyncio.Event) -> None:
    """Keep `platon NAME` running for each name until `stop`."""
    async with asyncio.TaskGroup() as group:
        for name in names:
            group.create_task(_keep_running(name, stop))


async def start(name: str) -> asyncio.subprocess.Process:
    """`platon NAME`, which ends when this process does, however it ends."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app", name, cwd=PROJECT, preexec_fn=_end_with_parent, stdin=asyncio.subprocess.DEVNULL
    )


async def end(process: asyncio.subprocess.Process, name: str) -> None:
    """Ask it to finish, and after a while end it; nothing it had in hand is lost either way."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        log.warning("did not stop in time and was ended", child=name, seconds=STOP_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _keep_running(name: str, stop: asyncio.Event) -> None:
    pause = FIRST_PAUSE
    loop = asyncio.get_running_loop()
    while not stop.is_set():
        began = loop.time()
        process = await start(name)
        await _first(process.wait(), stop.wait())
        if stop.is_set():
            await end(process, name)
            return
        pause = FIRST_PAUSE if loop.time() - began > WELL_AFTER else min(2 * pause, LONGEST_PAUSE)
        log.error("ended by itself, starting it again", child=name, status=process.returncode, in_seconds=pause)
        await _first(asyncio.sleep(pause), stop.wait())


async def _first(*things: Coroutine[Any, Any, Any]) -> None:
    waiting = [asyncio.ensure_future(thing) for thing in things]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


def _end_with_parent() -> None:
    """In the child, before it becomes Python: the kernel ends it with its parent; Ctrl-C is the parent's to pass on."""
    os.setpgid(0, 0)
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
