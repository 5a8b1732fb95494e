"""platon login, platon sources, platon import."""

import sys
from pathlib import Path
from typing import Annotated

import qrcode
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from app import console, processes, stand_ins
from app.settings import Settings
from collector import export
from collector.login import Talk, login
from crm import sources
from crm.errors import CrmError
from db.models import SourceReader
from db.session import Sessions
from i18n.translator import translator
from sandbox.telegram_mtproto import trust

_sources = typer.Typer(help="Channels and chats that are read.", no_args_is_help=True)


def add_to(program: typer.Typer) -> None:
    program.command("login")(sign_in)
    program.add_typer(_sources, name="sources")
    program.command("import")(import_export)


def sign_in(
    name: Annotated[str, typer.Option(help="Your own name for the account.")] = "main",
    phone: Annotated[str | None, typer.Option(help="Sign in by code; without it, by a QR code.")] = None,
) -> None:
    """Sign in the Telegram account that reads channels: by phone and code or by QR code; its password is asked for."""

    async def run(settings: Settings, sessions: Sessions) -> None:
        played = stand_ins.find(settings)
        telegram = played.telegram if played else None
        if telegram is not None:
            trust(telegram.public_key)
            Console().print(
                "No TELEGRAM_API_ID: this signs in to the sandbox "
                f"(phone {stand_ins.READER_PHONE}, code {stand_ins.SIGN_IN_CODE})."
            )
        account = await login(
            sessions,
            processes.api_credentials(settings),
            Talk(ask_code=_ask_code, ask_password=_ask_password, show_qr=_show_qr, say=_say),
            name=name,
            phone=phone,
            server=(telegram.dc_id, telegram.host, telegram.port) if telegram else None,
        )
        Console().print(
            f"Signed in: account {account.name!r} reads from now on. `platon sources add LINK` tells it what."
        )

    console.with_sessions(run)


async def _ask_code() -> str:
    return str(typer.prompt("The code that Telegram sent"))


async def _ask_password() -> str:
    return str(typer.prompt("The account's password", hide_input=True))


async def _show_qr(url: str) -> None:
    code = qrcode.QRCode(border=1)
    code.add_data(url)
    code.print_ascii(out=sys.stdout, invert=True)
    Console().print("Scan it in Telegram: Settings, Devices, Link Desktop Device. A new one appears when it expires.")


async def _say(key: str) -> None:
    Console().print(translator("en")(key))


@_sources.command("add")
def add_sources(
    links: Annotated[list[str], typer.Argument(help="@name, t.me/name, or an invite link t.me/+…")],
    company: Annotated[
        str | None, typer.Option(help="Whose closed channels these are, where there are several.")
    ] = None,
    preview: Annotated[bool, typer.Option(help="Read the public preview pages, not an account.")] = False,
    days: Annotated[int, typer.Option(min=0, max=3650, help="How far back its history is read.")] = 30,
) -> None:
    """Read these channels from now on, and their history; a closed one is joined by its invite link."""

    async def run(_: Settings, sessions: Sessions) -> None:
        failed = False
        reader = SourceReader.PREVIEW if preview else None
        for link in links:
            try:
                async with sessions.of_system() as session:
                    is_closed = sources.parse_link(link).invite_hash is not None
                    owner = (await console.choose_company(session, company)).id if is_closed else None
                    source = await sources.add(session, None, link, reader, company_id=owner, backfill_days=days)
                Console().print(f"{source.id:>5}  {link}  by {source.reader}; `platon sources list` shows how it goes.")
            except CrmError as error:
                failed = True
                Console(stderr=True).print(f"[red]{link}: {translator('en')(error.key, **error.params)}[/red]")
        if failed:
            raise typer.Exit(1)

    console.with_sessions(run)


@_sources.command("list")
def list_sources() -> None:
    """What is read, how far it is, and what stands in the way."""

    async def run(_: Settings, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            known = await sources.list_all(session)
        if not known:
            Console().print("Nothing is read yet: `platon sources add t.me/NAME`.")
            return
        table = Table(box=None, header_style="bold")
        for heading in ("id", "source", "by", "state", "last post (UTC)", "history"):
            table.add_column(heading)
        t = translator("en")
        for source in known:
            last = f"{source.last_post_at:%Y-%m-%d %H:%M}" if source.last_post_at else "–"
            state = t(source.problem, detail=source.problem_detail or "") if source.problem else str(source.state)
            history = "read" if source.backfilled_at else f"{source.backfill_stored} of {source.backfill_total or '?'}"
            table.add_row(str(source.id), sources.title(source), str(source.reader), state, last, history)
        Console().print(table)

    console.with_sessions(run)


@_sources.command("join")
def join_source(source_id: Annotated[int, typer.Argument(help="Its number in `platon sources list`.")]) -> None:
    """Try again at once to join or read a source, after its problem was solved."""

    async def run(_: Settings, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            source = await sources.retry(session, None, source_id)
        Console().print(f"{sources.title(source)} is tried again as soon as a collector runs.")

    console.with_sessions(run)


def import_export(
    file: Annotated[
        Path, typer.Argument(help="result.json of a Telegram Desktop export.", exists=True, dir_okay=False)
    ],
    company: Annotated[str | None, typer.Option(help="Whose posts these are, where there are several.")] = None,
) -> None:
    """Store the messages of a Telegram Desktop export. Broken off, it goes on where it stopped; nobody is alerted."""

    async def run(_: Settings, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            owner = await console.choose_company(session, company)
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True)) as progress:
            task = progress.add_task("Reading", total=1.0)

            def tell(counts: export.Counts) -> None:
                progress.update(task, completed=counts.share, description=f"{counts.read} messages read")

            counts = await export.import_file(file, sessions, company_id=owner.id, progress=tell)
        again = " (an earlier run had read it to its end)" if counts.was_finished else ""
        Console().print(
            f"{counts.read} messages read{again}: {counts.new} new posts, {counts.known} known, "
            f"{counts.unreadable} unreadable, {counts.skipped} of people and small groups skipped."
        )

    console.with_sessions(run)
