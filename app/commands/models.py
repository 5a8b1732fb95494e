"""platon train, platon lab."""

import asyncio
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app import console, lab, model
from app.settings import Settings
from crm import model_versions
from db.session import Sessions
from ml import lab as laboratory
from ml import labeller

_lab = typer.Typer(help="What models and rules do, on files, without a database or a token.", no_args_is_help=True)


def add_to(program: typer.Typer) -> None:
    program.command("train")(train)
    program.add_typer(_lab, name="lab")


def train(
    promote: Annotated[bool, typer.Option(help="Put it to work at once; without it, it waits as a challenger.")] = True,
    file_only: Annotated[bool, typer.Option(help="Write the model file and leave the database alone.")] = False,
) -> None:
    """Train a model from the corpus and from what people labelled; keep it as a version and as a file."""
    if file_only:
        settings = Settings()
        trained = model.train_with_bar(asyncio.run(model.examples(None)), Console(stderr=True))
        model.write(settings.model_file, trained.artifact)
        _show(trained.report)
        return

    async def run(settings: Settings, sessions: Sessions) -> None:
        trained = model.train_with_bar(await model.examples(sessions), Console(stderr=True))
        async with sessions.of_system() as session:
            version = await model_versions.add(session, trained.artifact, trained.report, promote=promote)
        if promote:
            model.write(settings.model_file, trained.artifact)
        Console().print(f"Model version {version.id} is {version.status}.")
        _show(trained.report)

    console.with_sessions(run)


def _show(report: dict[str, object]) -> None:
    """The figures on posts held out in turn."""
    figures = report["held_out"]
    assert isinstance(figures, dict)  # noqa: S101
    for name, value in figures.items():
        Console().print(f"  {name:<24} {value:.3f}" if isinstance(value, float) else f"  {name:<24} {value}")


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
        trained = model.train_with_bar(asyncio.run(model.examples(None)), Console(stderr=True))
        model.write(trained_file, trained.artifact)
    path = file or trained_file
    try:
        return labeller.load_file(path)
    except (OSError, ValueError, KeyError) as error:
        Console(stderr=True).print(
            f"[red]{path} is no model file of this Platon[/red] ({error}). `platon train` writes one."
        )
        raise typer.Exit(1) from None
