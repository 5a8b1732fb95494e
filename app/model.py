"""Training from the command line: with a bar, into the database and into a file."""

from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from crm import labels, model_versions
from db.models import ModelVersion
from db.session import Sessions
from i18n.translator import translator
from ml import corpus_files
from ml.training import Trained, train


def train_with_bar(examples: list[corpus_files.Example], console: Console) -> Trained:
    """Shows what is being done and how far it is. Raises NotEnoughExamples."""
    t = translator("en")
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=not console.is_terminal) as progress:
        task = progress.add_task(f"Training on {len(examples)} posts", total=1.0)

        def tell(share: float, words: str) -> None:
            progress.update(task, completed=share, description=t(words))

        return train(examples, progress=tell)


async def examples(sessions: Sessions | None) -> list[corpus_files.Example]:
    """The corpus, and what people labelled where there is a database."""
    given = list(corpus_files.read())
    if sessions is not None:
        async with sessions.of_system() as session:
            given += [corpus_files.Example(*example) for example in await labels.examples(session)]
    return given


async def ensure(sessions: Sessions, file: Path, console: Console) -> ModelVersion:
    """The champion; where there is none, one is trained and promoted. Its file is written anew."""
    async with sessions.of_system() as session:
        champion = await model_versions.champion(session)
    if champion is None:
        trained = train_with_bar(await examples(sessions), console)
        async with sessions.of_system() as session:
            champion = await model_versions.add(session, trained.artifact, trained.report, promote=True)
        write(file, trained.artifact)
    else:
        async with sessions.of_system() as session:
            write(file, await model_versions.artifact(session, champion.id))
    return champion


def write(file: Path, artifact: bytes) -> None:
    """Whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    partial.write_bytes(artifact)
    partial.replace(file)
