"""One Telegram account at work: connected, listening, and reading each of its sources in a task of its own."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from telethon import TelegramClient, errors
from telethon.tl import functions

from collector import problems
from collector.joining import ENTERING, Joiner, find_channel
from collector.listener import Listener
from collector.problems import ACCOUNT_ERRORS, NETWORK_ERRORS, AccountLost, Problem
from collector.reading import read
from collector.session import PostgresSession
from crm import sources, telegram_accounts
from db.models import Source, SourceState
from db.session import Sessions
from db.wakes import wait

log = logging.getLogger(__name__)

SLEPT_THROUGH = 20
"""seconds of a flood wait that are simply slept; a longer one pauses the account"""
AT_ONCE = 3
"""sources that one account reads at the same time"""
LONGEST_BACK_OFF = 3600.0
LONGEST_NETWORK_BACK_OFF = 300.0
RECONNECT_SECONDS = 1.0
LONGEST_RECONNECT = 60.0
DISCONNECT_SECONDS = 3.0
SEEN_SECONDS = 60.0

Server = tuple[int, str, int]
"""id, host and port of the data centre to begin with, where it is not Telegram's"""


@dataclass(frozen=True)
class ApiCredentials:
    """Who we are to Telegram (my.telegram.org), and the key that sessions are encrypted with."""

    api_id: int
    api_hash: str
    encryption_key: bytes


async def open_client(sessions: Sessions, account_id: int, api: ApiCredentials, server: Server | None = None) -> Any:
    """A client that is not connected yet. Raises NotFound, WrongEncryptionKey."""
    kept = await PostgresSession.open(sessions, account_id, api.encryption_key)
    if server is not None and kept.dc_id in (0, server[0]):
        kept.set_dc(*server)
    return TelegramClient(
        kept,
        api.api_id,
        api.api_hash,
        device_model="Platon",
        catch_up=True,
        sequential_updates=True,
        # The account's own loop reconnects, because each new connection has to catch up.
        auto_reconnect=False,
        connection_retries=1,
        flood_sleep_threshold=SLEPT_THROUGH,
        raise_last_call_error=True,
    )


def back_off(shortest: float, failures: int, longest: float = LONGEST_BACK_OFF) -> float:
    """Seconds to wait after so many failures in a row."""
    return float(min(shortest * 2 ** min(failures, 20), longest))


async def show_problem(sessions: Sessions, source_id: int, problem: Problem) -> None:
    """On the source; where even the database is away, in the log alone."""
    try:
        async with sessions.of_system() as session:
            await sources.note_problem(session, source_id, problem.key, problem.detail, problem.state)
    except Exception:
        log.exception("source %s: %s could not be shown", source_id, problem.key)


class AccountReader:
    """Reads what `want` names, until cancelled."""

    def __init__(
        self,
        sessions: Sessions,
        account_id: int,
        api: ApiCredentials,
        *,
        server: Server | None,
        join_seconds: float,
        compare_seconds: float,
    ) -> None:
        self._sessions = sessions
        self._account_id = account_id
        self._api = api
        self._server = server
        self._compare_seconds = compare_seconds
        self._joiner = Joiner(join_seconds)
        self._listener = Listener(sessions, account_id)
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._wanted: dict[int, Source] = {}
        self._changed = asyncio.Event()
        self._reading: dict[int, _Task] = {}
        self._joining: dict[int, asyncio.Task[None]] = {}
        self._paused_until = 0.0

    def want(self, wanted: Sequence[Source]) -> None:
        """These are the sources to read now. One that waits is looked at without delay."""
        self._wanted = {source.id: source for source in wanted}
        self._listener.channels |= {source.channel_id for source in wanted if source.channel_id is not None}
        self._changed.set()

    async def run(self) -> None:
        """Connect, read, and connect again where the connection ends."""
        failures = 0
        while True:
            try:
                await self._connect_and_read()
                failures = 0
            except Exception as error:
                failures += 1
                problem = problems.of_account(error)
                unforeseen = problem.key == "source-account-unexpected"
                log.warning("account %s: %s", self._account_id, problem.key, exc_info=error if unforeseen else None)
                await self._show_account(problem)
                await asyncio.sleep(problem.retry_after)
            await asyncio.sleep(back_off(RECONNECT_SECONDS, failures, LONGEST_RECONNECT))

    async def _connect_and_read(self) -> None:
        client = await open_client(self._sessions, self._account_id, self._api, self._server)
        self._listener.attach(client)
        try:
            await client.connect()
            if await client.get_me() is None:
                raise AccountLost(Problem("source-account-signed-out"))
            await self._note_seen()
            await self._read_while_connected(client)
        finally:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(DISCONNECT_SECONDS):
                    await client.disconnect()

    async def _read_while_connected(self, client: Any) -> None:
        """Raises what ended the account; returns where only the connection ended."""
        connection = asyncio.ensure_future(client.run_until_disconnected())
        lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        try:
            while not (connection.done() or lost.done()):
                self._changed.clear()
                self._follow_wishes(client, lost)
                changed = asyncio.ensure_future(self._changed.wait())
                await asyncio.wait(
                    {connection, lost, changed}, timeout=SEEN_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                changed.cancel()
                if not (connection.done() or lost.done() or self._is_paused()):
                    await self._note_seen()
            if lost.done():
                lost.result()
            with contextlib.suppress(*NETWORK_ERRORS):
                await connection
        finally:
            tasks = [connection, *(task.work for task in self._reading.values()), *self._joining.values()]
            self._reading, self._joining = {}, {}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _follow_wishes(self, client: Any, lost: asyncio.Future[None]) -> None:
        for source_id in set(self._reading) - set(self._wanted):
            self._reading.pop(source_id).work.cancel()
        for source_id, source in self._wanted.items():
            if source_id not in self._reading:
                wake = asyncio.Event()
                work = asyncio.create_task(self._keep_reading(client, source_id, wake, lost))
                self._reading[source_id] = _Task(work, wake)
            elif source.state is SourceState.WAITING:
                self._reading[source_id].wake.set()

    async def _keep_reading(self, client: Any, source_id: int, wake: asyncio.Event, lost: asyncio.Future[None]) -> None:
        failures = 0
        while True:
            await asyncio.sleep(max(0.0, self._paused_until - asyncio.get_running_loop().time()))
            wake.clear()
            try:
                await self._read(client, source_id)
                failures, delay = 0, self._compare_seconds
            except ACCOUNT_ERRORS as error:
                if not lost.done():
                    lost.set_exception(error)
                return
            except Exception as error:
                if isinstance(error, NETWORK_ERRORS) and not client.is_connected():
                    return
                failures += 1
                delay = await self._note_problem(source_id, error, failures)
            await wait(wake, delay)

    async def _read(self, client: Any, source_id: int) -> None:
        async with self._sessions.of_system() as session:
            source = await sources.find(session, source_id)
        channel = await find_channel(client, source, self._joiner)
        username = channel.username or next((name.username for name in channel.usernames or () if name.active), None)
        if (source.channel_id, source.title) != (channel.id, channel.title):
            async with self._sessions.of_system() as session:
                source = await sources.settle(
                    session, source_id, channel_id=channel.id, title=channel.title, username=username
                )
        self._listener.channels.add(channel.id)
        async with self._at_once:
            await read(client, self._sessions, source, channel)
        if channel.left and channel.id not in self._joining:
            self._joining[channel.id] = asyncio.create_task(self._join(client, channel))

    async def _join(self, client: Any, channel: Any) -> None:
        """Public channels are read without; a member is told of new posts at once."""
        try:
            await self._joiner.join(client, functions.channels.JoinChannelRequest(channel))
        except (errors.RPCError, *NETWORK_ERRORS) as error:
            log.warning("account %s did not join %s: %s", self._account_id, channel.id, error)

    async def _note_problem(self, source_id: int, error: Exception, failures: int) -> float:
        """Show it on the source; the seconds to wait before the next try."""
        problem = problems.of_error(error)
        unforeseen = problem.key == "source-problem-unexpected"
        log.warning("source %s: %s %s", source_id, problem.key, problem.detail, exc_info=error if unforeseen else None)
        await show_problem(self._sessions, source_id, problem)
        if isinstance(error, errors.FloodWaitError) and not isinstance(error.request, ENTERING):
            self._paused_until = asyncio.get_running_loop().time() + error.seconds
            await self._show_account(problems.of_account(error))
        longest = LONGEST_NETWORK_BACK_OFF if isinstance(error, NETWORK_ERRORS) else LONGEST_BACK_OFF
        return max(problem.retry_after, back_off(self._compare_seconds, failures, longest))

    async def _show_account(self, problem: Problem) -> None:
        try:
            async with self._sessions.of_system() as session:
                await telegram_accounts.note_problem(session, self._account_id, problem.key, problem.detail)
        except Exception:
            log.exception("account %s: %s could not be shown", self._account_id, problem.key)

    def _is_paused(self) -> bool:
        return asyncio.get_running_loop().time() < self._paused_until

    async def _note_seen(self) -> None:
        async with self._sessions.of_system() as session:
            await telegram_accounts.note_seen(session, self._account_id)


@dataclass(frozen=True)
class _Task:
    """A source being read, and what makes it look at once."""

    work: asyncio.Task[None]
    wake: asyncio.Event
