"""platon labels: a company's own labelled posts in and out, and where its people disagree."""

import json
import sys
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from app import console
from app.settings import Settings
from crm import labels
from db.models import Label
from db.session import Sessions
from i18n.translator import translator

AT_ONCE = 200
QUOTE = 160

_labels = typer.Typer(help="What people said posts are; `platon train` learns from it.", no_args_is_help=True)


def add_to(program: typer.Typer) -> None:
    program.add_typer(_labels, name="labels")


Company = Annotated[str | None, typer.Option(help="Whose labels, where there are several companies.")]


@_labels.command("import")
def import_labels(
    file: Annotated[
        Path, typer.Argument(help="JSON Lines in the labelling guide's form.", exists=True, dir_okay=False)
    ],
    company: Company = None,
) -> None:
    """Take over labelled posts, lines of {"text", "kind", "engagement", "items"}, in the name of the first admin.

    A post is found by its text, or by "channel_id" and "message_id" where given; others are kept, alerting nobody.
    Run again, it changes nothing. Bad lines are named and left out.
    """

    async def run(_: Settings, sessions: Sessions) -> None:
        new = known = made = bad = 0
        with file.open(encoding="utf-8") as lines:
            numbered = ((number, line) for number, line in enumerate(lines, start=1) if line.strip())
            while chunk := list(islice(numbered, AT_ONCE)):
                good, refused = _read(chunk)
                async with sessions.of_system() as session:
                    owner = await console.choose_company(session, company)
                    taken = await labels.take(session, owner.id, good)
                bad += _complain([*refused, *taken.refused])
                new, known, made = new + taken.new, known + taken.known, made + taken.posts
        Console().print(f"{new} new labels, {known} known, {made} posts of their own, {bad} bad lines.")
        if bad:
            raise typer.Exit(1)

    console.with_sessions(run)


@_labels.command("export")
def export_labels(
    file: Annotated[Path, typer.Argument(help="Where to; - for standard output.", allow_dash=True)],
    company: Company = None,
) -> None:
    """Write the company's labels, one labelled post a line; `platon labels import` reads them."""

    async def run(_: Settings, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            owner = await console.choose_company(session, company)
            shown = [json.dumps(row, ensure_ascii=False) async for row in labels.export(session, owner.id)]
        _write(file, shown)
        Console(stderr=True).print(f"{len(shown)} labelled posts.")

    console.with_sessions(run)


@_labels.command("disagreements")
def show_disagreements(company: Company = None) -> None:
    """Posts that people of the company see differently, and who said what; the newest label counts."""

    async def run(_: Settings, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            owner = await console.choose_company(session, company)
            found = await labels.disagreements(session, owner.id)
        for one in found:
            text = " ".join(one.post.text.split())[:QUOTE]
            Console().print(f"[bold]{one.post.id}[/bold] {escape(text)}", soft_wrap=True, highlight=False)
            for user, label in one.said:
                said = f"{label.created_at:%Y-%m-%d} {user.name}: {_said(label)}"
                Console().print(f"    {escape(said)}", soft_wrap=True, highlight=False)
        if not found:
            Console().print("Nobody disagrees.")

    console.with_sessions(run)


def _read(lines: Iterable[tuple[int, str]]) -> tuple[list[labels.Line], list[labels.BadLabelLine]]:
    good, bad = [], []
    for number, line in lines:
        try:
            good.append(labels.read_line(number, line))
        except labels.BadLabelLine as error:
            bad.append(error)
    return good, bad


def _complain(errors: list[labels.BadLabelLine]) -> int:
    """Returns how many there are."""
    for error in errors:
        words = escape(translator("en")(error.key, **error.params))
        Console(stderr=True).print(f"[red]{words}[/red]", soft_wrap=True, highlight=False)
    return len(errors)


def _said(label: Label) -> str:
    """«request, outstaff, backend (java; senior)»"""
    parts = [str(label.kind)]
    if label.engagement is not None:
        parts.append(str(label.engagement))
    for item in label.items or ():
        parts.append(f"{item['role']} ({', '.join(item['core'])}; {', '.join(item.get('grades', ()))})")
    return ", ".join(parts)


def _write(file: Path, lines: Iterable[str]) -> None:
    written = "".join(f"{line}\n" for line in lines)
    if str(file) == "-":
        sys.stdout.write(written)
    else:
        file.write_text(written, encoding="utf-8")
