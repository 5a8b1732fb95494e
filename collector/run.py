"""The collector: every signed-in account and the preview reader, each reading the sources that are its."""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Coroutine
from typing import Any

from collector.accounts import AccountReader, ApiCredentials, Server, back_off
from collector.preview import PreviewReader
from crm import heartbeats, sources, telegram_accounts
from db import wakes
from db.models import Source, SourceReader, SourceState
from db.session import Sessions

__all__ = ["ApiCredentials", "Server", "run"]

log = logging.getLogger(__name__)

POLL_SECONDS = 5.0
"""how soon a change of sources or accounts is noticed where no wake came"""
LONGEST_POLL = 30.0
STOP_SECONDS = 4.5


async def run(
    sessions: Sessions,
    *,
    stop: asyncio.Event,
    api: ApiCredentials | None = None,
    preview_url: str = "https://t.me",
    join_seconds: float = 60.0,
    compare_seconds: float = 120.0,
    preview_seconds: float = 2.5,
    server: Server | None = None,
) -> None:
    """Read until `stop`. Without `api` only previews are read.

    `join_seconds` lie between two joins of an account, `preview_seconds` between two requests of preview pages;
    each source is compared with its server every `compare_seconds`. `server` is the sandbox's data centre.
    """
    collector = _Collector(
        sessions,
        PreviewReader(sessions, preview_url, preview_seconds=preview_seconds, compare_seconds=compare_seconds),
        lambda account_id, credentials: AccountReader(
            sessions,
            account_id,
            credentials,
            server=server,
            join_seconds=join_seconds,
            compare_seconds=compare_seconds,
        ),
        api,
    )
    async with heartbeats.beating(sessions, "collector", collector.detail):
        await collector.run(stop)


class _Collector:
    def __init__(self, sessions: Sessions, preview: PreviewReader, new_reader: Any, api: ApiCredentials | None) -> None:
        self._sessions = sessions
        self._preview = preview
        self._new_reader = new_reader
        self._api = api
        self._accounts: dict[int, AccountReader] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._changed = asyncio.Event()
        self._states: Counter[SourceState] = Counter()

    async def run(self, stop: asyncio.Event) -> None:
        url = self._sessions.engine.url.render_as_string(hide_password=False)
        heard = {sources.CHANGED: lambda _payload: self._changed.set()}
        self._start("previews", self._preview.run())
        self._start("wakes", wakes.listen(url, heard, stop=stop))
        self._start("sources", self._follow())
        try:
            await stop.wait()
        finally:
            for task in self._tasks:
                task.cancel()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_SECONDS):
                    await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name=f"collector {name}")
        task.add_done_callback(_report)
        self._tasks.append(task)

    async def _follow(self) -> None:
        """Give each reader its sources, again and again."""
        failures = 0
        while True:
            self._changed.clear()
            try:
                await self._share_out()
                failures = 0
            except Exception:
                failures += 1
                log.exception("sources could not be looked up")
            await wakes.wait(self._changed, back_off(POLL_SECONDS, failures, LONGEST_POLL))

    async def _share_out(self) -> None:
        async with self._sessions.of_system() as session:
            accounts = await telegram_accounts.signed_in(session) if self._api else []
            wanted = await sources.to_read(session)
            for source in _of(wanted, SourceReader.USERBOT):
                if source.account_id not in {account.id for account in accounts}:
                    await self._assign(session, source)
        self._states = Counter(source.state for source in wanted)
        for account in accounts:
            if account.id not in self._accounts:
                self._accounts[account.id] = self._new_reader(account.id, self._api)
                self._start(f"account {account.id}", self._accounts[account.id].run())
        for account_id, reader in self._accounts.items():
            reader.want([source for source in _of(wanted, SourceReader.USERBOT) if source.account_id == account_id])
        self._preview.want(_of(wanted, SourceReader.PREVIEW))

    async def _assign(self, session: Any, source: Source) -> None:
        account = await telegram_accounts.least_busy(session) if self._api else None
        if account is not None:
            source.account_id = account.id
            await sources.assign(session, source.id, account.id)
        elif source.problem is None:
            await sources.note_problem(session, source.id, "source-problem-no-account", state=SourceState.WAITING)

    def detail(self) -> dict[str, Any]:
        """What it is at."""
        return {"accounts": len(self._accounts), "sources": {str(state): n for state, n in self._states.items()}}


def _of(wanted: list[Source], reader: SourceReader) -> list[Source]:
    return [source for source in wanted if source.reader is reader]


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("%s ended", task.get_name(), exc_info=error)
