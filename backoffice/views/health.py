"""How it goes, for machines: numbers, no names and no secrets."""

import asyncio
import logging
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from backoffice import keys
from crm import alerts, heartbeats, jobs, sources
from db.base import now
from db.session import SystemSession

log = logging.getLogger(__name__)

ALIVE_WITHIN = timedelta(seconds=60)
PATIENCE_SECONDS = 5.0


async def health(request: web.Request) -> web.Response:
    """200 while the database answers and a worker lives, else 503."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), request.app[keys.SESSIONS].of_system() as session:
            found = await _look(session)
    except Exception:
        log.exception("the database does not answer")
        found = {"status": "down", "database": "gone"}
    return web.json_response(found, status=200 if found["status"] == "ok" else 503)


async def _look(session: SystemSession) -> dict[str, Any]:
    at = now()
    processes = await _processes(session, at)
    is_working = any(one["process"] == "worker" and one["alive"] for one in processes)
    queue = await jobs.depth(session)
    return {
        "status": "ok" if is_working else "down",
        "database": "answers",
        "processes": processes,
        "queue": {"waiting": queue.waiting, "oldest_seconds": round(queue.oldest_seconds), "held": queue.held},
        "alerts": await _alerts(session, at),
        "sources": await _sources(session, at),
    }


async def _processes(session: SystemSession, at: datetime) -> list[dict[str, Any]]:
    return [
        {
            "process": beat.process,
            "pid": beat.pid,
            "alive": at - beat.at <= ALIVE_WITHIN,
            "sign_of_life_seconds": _seconds(at, beat.at),
        }
        for beat in await heartbeats.last(session)
    ]


async def _alerts(session: SystemSession, at: datetime) -> dict[str, Any]:
    backlog = await alerts.backlog(session, now=at)
    return {
        "counts": {str(state): count for state, count in sorted(backlog.counts.items())},
        "oldest_due_seconds": {str(channel): _seconds(at, due) for channel, due in backlog.oldest_due.items()},
        "stale": backlog.stale,
    }


async def _sources(session: SystemSession, at: datetime) -> dict[str, Any]:
    known = await sources.to_read(session)
    newest = max((source.last_post_at for source in known if source.last_post_at), default=None)
    return {
        "counts": Counter(str(source.state) for source in known),
        "newest_post_seconds": _seconds(at, newest) if newest else None,
        "behind": [
            {"source": source.id, "messages": (source.newest_on_server or 0) - source.cursor}
            for source in await sources.silent(session)
        ],
        "problems": {str(source.id): source.problem for source in known if source.problem},
    }


def _seconds(at: datetime, before: datetime) -> int:
    return max(0, round((at - before).total_seconds()))
