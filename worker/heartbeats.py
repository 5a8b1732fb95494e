"""The worker's signs of life."""

import asyncio
import logging

from crm import heartbeats
from db.wakes import wait
from worker.context import Context

log = logging.getLogger(__name__)

EVERY_SECONDS = 10.0


async def beat(context: Context, *, stop: asyncio.Event) -> None:
    """Say each ten seconds that the worker lives, and with which model."""
    process = heartbeats.Process("worker")
    while not stop.is_set():
        try:
            async with context.sessions.of_system() as session:
                await heartbeats.beat(session, process, {"model_version": context.model.version_id})
        except Exception:
            log.exception("no sign of life could be given")
        await wait(stop, EVERY_SECONDS)
    async with context.sessions.of_system() as session:
        await heartbeats.retire(session, process)
