"""platon train, platon models, platon lab."""

import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app import console, lab, model, model_tables
from app.settings import Settings
from crm import model_versions
from db.models import ModelVersion
from db.session import Sessions
from i18n import model_words
from i18n.translator import translator
from ml import lab as laboratory
from ml import labeller

_models = typer.Typer(help="Versions of the model: which works, which was refused and why.", no_args_is_help=True)
_lab = typer.Typer(help="What models and rules do, on files, without a database or a token.", no_args_is_help=True)


def add_to(program: typer.Typer) -> None:
    program.command("train")(train)
    program.add_typer(_models, name="models")
    program.add_typer(_lab, name="lab")


def train(
    file_only: Annotated[bool, typer.Option(help="Write the model file and leave the database alone.")] = False,
) -> None:
    """Train a model from the corpus and from what people labelled; it works from now on if it is better than before.

    Better or not, it is kept as a version: `platon models` shows and promotes it.
    """
    if file_only:
        settings = Settings()
        model.write(settings.model_file, model.from_corpus(Console(stderr=True)))
        return

    async def run(settings: Settings, sessions: Sessions) -> None:
        version = await model.train(sessions, Console(stderr=True))
        await model.write_champion(sessions, settings.model_file)
        Console().print(f"Model version {version.id} is {version.status}.")
        _say(version)

    console.with_sessions(run)


@_models.command("list")
def list_versions() -> None:
    """The versions, the newest first, with the share of held-out posts in which everything is right."""

    async def run(_: Settings, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            versions = await model_versions.list_all(session)
        table = Table("id", "state", "trained (UTC)", "posts", "labels", "all right, %", box=None, header_style="bold")
        for version in versions:
            counts = (str(version.report.get(name, "")) for name in ("examples", "labels"))
            exact = model_words.main_figure(version.report)
            table.add_row(
                str(version.id), version.status, f"{version.created_at:%Y-%m-%d %H:%M}", *counts, str(exact or "")
            )
        Console().print(table)

    console.with_sessions(run)


VersionId = Annotated[int, typer.Argument(help="Its number in `platon models list`.")]


@_models.command("show")
def show_version(version_id: VersionId) -> None:
    """All figures of a version: by kind and technology with 95 % intervals, confusion, calibration, learning curve."""

    async def run(_: Settings, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            version = await model_versions.find(session, version_id)
        age = datetime.now(UTC) - version.created_at
        Console().print(f"Version {version.id}, {version.status}, trained {age.days} days ago.")
        _say(version)
        for title, table in model_tables.tables(version.report):
            Console().print(f"\n[bold]{title}[/bold]", table, sep="\n")

    console.with_sessions(run)


@_models.command("promote")
def promote_version(version_id: VersionId) -> None:
    """Put a version to work. Posts are labelled anew with it, and nobody is alerted."""

    async def run(settings: Settings, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            version = await model_versions.promote(session, None, version_id)
        await model.write_champion(sessions, settings.model_file)
        Console().print(f"Model version {version.id} is at work.")

    console.with_sessions(run)


@_models.command("rollback")
def roll_back() -> None:
    """Put the version to work that was there before the present one."""

    async def run(settings: Settings, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            version = await model_versions.roll_back(session, None)
        await model.write_champion(sessions, settings.model_file)
        Console().print(f"Model version {version.id} is at work again.")

    console.with_sessions(run)


def _say(version: ModelVersion) -> None:
    t = translator("en")
    for line in model_words.figures(version.report, t):
        Console().print(f"  {line}", highlight=False)
    for line in (*model_words.refusals(version.report, t), *model_words.left_out(version.report, t)):
        Console().print(f"  [yellow]{escape(line)}[/yellow]", highlight=False)


File = Annotated[Path, typer.Argument(help="JSON Lines; - for standard input.", allow_dash=True)]
ModelFile = Annotated[Path | None, typer.Option("--model", help="A model file; else the trained one.")]


@_lab.command("classify")
def classify(file: File, model_file: ModelFile = None) -> None:
    """Label posts, lines of {"id", "text"}: each with confidences, in the labelling guide's form."""
    _answer(file, lambda lines: laboratory.classify_lines(lines, _load(model_file)))


@_lab.command("same")
def same(file: File, model_file: ModelFile = None) -> None:
    """Tell of pairs of posts, lines of {"id", "a", "b"}, whether they show one and the same listing."""
    _answer(file, lambda lines: lab.same_lines(lines, _load(model_file)))


@_lab.command("replay")
def replay(file: File, model_file: ModelFile = None) -> None:
    """Follow threads of messages and write which listings they leave, each with its state and appearances.

    Lines of {"thread", "channel", "message_id", "reply_to", "date", "text", "edited"}, in order.
    """
    _answer(file, lambda lines: lab.replay_lines(lab.messages(lines), _load(model_file)))


def _answer(file: Path, answers: Callable[[Iterable[str]], Iterable[str]]) -> None:
    """Write a line of JSON for what the file asks; a bad line ends it with a sentence."""
    if str(file) != "-" and not file.is_file():
        Console(stderr=True).print(f"[red]There is no file {file}.[/red]")
        raise typer.Exit(1)
    with sys.stdin if str(file) == "-" else file.open(encoding="utf-8") as lines:
        try:
            for line in answers(lines):
                sys.stdout.write(line + "\n")
        except laboratory.BadLine as error:
            sys.stdout.flush()
            Console(stderr=True).print(f"[red]{error}[/red]")
            raise typer.Exit(1) from None


def _load(file: Path | None) -> labeller.Labeller:
    """The model asked for, else the trained one, else one trained now."""
    trained_file = Settings().model_file
    if file is None and not trained_file.exists():
        model.write(trained_file, model.from_corpus(Console(stderr=True)))
    path = file or trained_file
    try:
        return labeller.load_file(path)
    except (OSError, ValueError, KeyError) as error:
        Console(stderr=True).print(
            f"[red]{path} is no model file of this Platon[/red] ({error}). `platon train` writes one."
        )
        raise typer.Exit(1) from None
