"""platon migrate, platon doctor, platon jobs, platon services."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app import backup, console, database, doctor, first_start, logs, systemd
from app.settings import Settings
from crm import jobs
from db.session import Sessions

_jobs = typer.Typer(help="Jobs that failed for good and wait for a person.", no_args_is_help=True)
_services = typer.Typer(help="Platon as services of the system.", no_args_is_help=True)


def add_to(program: typer.Typer) -> None:
    program.command("migrate")(migrate)
    program.command("doctor")(examine)
    program.command("backup")(back_up)
    program.command("restore")(restore)
    program.add_typer(_jobs, name="jobs")
    program.add_typer(_services, name="services")


def migrate() -> None:
    """Bring the database to this version's tables, one at a time; train the first model where there is none."""
    settings = Settings()
    logs.set_up(settings, "migrate")
    with database.opened(settings) as url:
        first_start.prepare(settings, url, Console())


def examine() -> None:
    """Say what is wrong and what to do: database, credentials, model, processes, queue, each source's last post."""
    settings = Settings()
    logs.set_up(settings, "doctor")
    findings = doctor.examine(settings)
    for finding in findings:
        colour = {"ok": "green", "note": "yellow", "wrong": "red"}[finding.state]
        mark = finding.state.upper() if finding.state == "wrong" else finding.state
        Console().print(f"[{colour}]{mark:<6}[/] {finding.about}: {finding.words}", soft_wrap=True, highlight=False)
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(1)


def back_up(file: Annotated[Path, typer.Argument(help="Where to, for example platon.dump.", dir_okay=False)]) -> None:
    """Write all that the database holds into a file, while everything runs. Keep SECRET_KEY with it, apart."""
    settings = Settings()
    with database.opened(settings) as url, Console(stderr=True).status("Backing up"):
        size = backup.write(url, file)
    Console().print(f"{file}: {size / 1e6:.1f} MB. It holds no SECRET_KEY: keep .env too.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file of platon backup.", exists=True, dir_okay=False)],
) -> None:
    """Read a back-up into an empty database; Platon then goes on from its cursors and reads what it missed."""
    settings = Settings()
    with database.opened(settings) as url, Console(stderr=True).status("Restoring"):
        backup.read(url, file)
    Console().print("Restored. `platon run` goes on where the back-up was made.")


@_jobs.command("held")
def held_jobs() -> None:
    """List them with their error."""

    async def run(_: Settings, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            held = await jobs.held(session)
        if not held:
            Console().print("No job is held.")
            return
        table = Table("id", "job", "since (UTC)", "error", box=None, header_style="bold")
        for job in held:
            table.add_row(str(job.id), f"{job.name} {job.payload}", f"{job.since:%Y-%m-%d %H:%M}", job.error)
        Console().print(table)

    console.with_sessions(run)


@_jobs.command("retry")
def retry_jobs(
    ids: Annotated[list[int] | None, typer.Argument(help="Numbers in `platon jobs held`; all without any.")] = None,
) -> None:
    """Run held jobs again."""

    async def run(_: Settings, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            wanted = ids or [job.id for job in await jobs.held(session)]
            count = await jobs.run_again(session, wanted)
        Console().print(f"{count} of {len(wanted)} are in line again.")

    console.with_sessions(run)


@_services.command("install")
def install_services() -> None:
    """Write the systemd units for this folder and say how to start them."""
    for line in systemd.install():
        Console().print(line, soft_wrap=True)
