"""platon corpus check."""

import typer
from rich.console import Console

from ml import corpus_check, corpus_files

_corpus = typer.Typer(help="The posts that the shipped model learns from.", no_args_is_help=True)
SHOWN = 30


def add_to(program: typer.Typer) -> None:
    program.add_typer(_corpus, name="corpus")


@_corpus.command("check")
def check() -> None:
    """Fail where a label breaks the guide, where posts are copies, or where a template stands behind too many."""
    try:
        examples = corpus_files.read()
    except corpus_files.BadCorpus as error:
        Console(stderr=True).print(f"[red]{error}[/red]")
        raise typer.Exit(1) from None
    mistakes = corpus_check.check(examples)
    for mistake in mistakes[:SHOWN]:
        Console().print(f"{mistake.about}: {mistake.what}", soft_wrap=True, highlight=False)
    if mistakes:
        Console().print(f"{len(mistakes)} mistakes in {len(examples)} posts, {min(SHOWN, len(mistakes))} shown.")
        raise typer.Exit(1)
    Console().print(f"{len(examples)} posts, no mistakes.")
