"""platon run, and each of its processes alone."""

import asyncio
import contextlib
import fcntl
import time
from collections.abc import Iterator

import typer
from rich.console import Console

from app import database, first_start, logs, processes, secrets, stand_ins, supervisor
from app.settings import Settings

CHILDREN = ("collector", "worker", "bot", "backoffice")
SANDBOX_SECONDS = 180.0


def add_to(program: typer.Typer) -> None:
    program.command("run")(run)
    program.command("collector")(collector)
    program.command("worker")(worker)
    program.command("bot")(bot)
    program.command("backoffice")(backoffice)
    program.command("sandbox")(sandbox)


def run() -> None:
    """Start everything: database, collector, worker, bot, pages, and stand-ins for missing credentials."""
    settings = secrets.ensure(Settings())
    logs.set_up(settings, "run")
    console = Console(stderr=True, highlight=False)
    began = time.monotonic()
    console.print("[bold]Platon[/bold]")
    with _only_one(settings), contextlib.ExitStack() as stack:
        with console.status("Starting the database"):
            url = stack.enter_context(database.opened(settings))
        first_start.prepare(settings, url, console)
        processes.run(_tree(console, began), settings, url)


class AlreadyRunning(Exception):
    """`platon run` is at work in the same folder; the message says what to do."""


@contextlib.contextmanager
def _only_one(settings: Settings) -> Iterator[None]:
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    with (settings.data_folder / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(
                f"Platon already runs with {settings.data_folder}. Stop it there, or set another DATA_FOLDER."
            ) from None
        yield


def _tree(console: Console, began: float) -> processes.Process:
    async def tree(settings: Settings, url: str, stop: asyncio.Event) -> None:
        everybody_left = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            if settings.stand_ins:
                # The sandbox goes last, so that nobody is left talking to a server that went away.
                group.create_task(supervisor.supervise(["sandbox"], stop=everybody_left))
                await _wait_for_sandbox(settings, stop)
            if not stop.is_set():
                await first_start.welcome(settings, url, console)
                console.print(f"Started in {time.monotonic() - began:.0f} s. Ctrl-C stops it; nothing is lost.")
                await supervisor.supervise(CHILDREN, stop=stop)
            everybody_left.set()
        console.print("Stopped.")

    return tree


async def _wait_for_sandbox(settings: Settings, stop: asyncio.Event) -> None:
    async with asyncio.timeout(SANDBOX_SECONDS):
        while not stop.is_set():
            try:
                stand_ins.find(settings)
                return
            except stand_ins.SandboxIsNotRunning:
                await asyncio.sleep(0.1)


def collector() -> None:
    """Read sources: Telegram accounts and public preview pages."""
    _run("collector", processes.run_collector)


def worker() -> None:
    """Label posts, keep the clock, send alerts. Several may run, on several machines."""
    _run("worker", processes.run_worker)


def bot() -> None:
    """Answer people in Telegram."""
    _run("bot", processes.run_bot)


def backoffice() -> None:
    """Serve the web pages."""
    _run("backoffice", processes.run_backoffice)


def sandbox() -> None:
    """Play the Telegram and the mail server for which no credentials are set."""
    settings = Settings()
    logs.set_up(settings, "sandbox")
    processes.run(processes.run_sandbox, settings, "")


def _run(name: str, process: processes.Process) -> None:
    settings = Settings()
    logs.set_up(settings, name)
    with database.opened(settings) as url:
        database.check(url)
        processes.run(process, settings, url)
