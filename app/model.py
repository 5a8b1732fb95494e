"""Training from the command line: with a bar, into the database and into a file."""

from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from crm import model_versions
from db.models import ModelVersion
from db.session import Sessions
from i18n.translator import translator
from ml.lessons import Tried
from worker import learning
from worker.learning import Lesson


def train_with_bar(lesson: Lesson, console: Console) -> Tried:
    """Shows what is being done and how far it is. Raises NotEnoughExamples."""
    t = translator("en")
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=not console.is_terminal) as progress:
        task = progress.add_task("Training", total=1.0)

        def tell(share: float, words: str) -> None:
            progress.update(task, completed=share, description=t(words))
            if not console.is_terminal:
                console.print(f"{t(words)}: {share:.0%}")

        return learning.learn(lesson, progress=tell)


def from_corpus(console: Console) -> bytes:
    """A model without a database."""
    return train_with_bar(learning.CORPUS_ALONE, console).artifact


async def train(sessions: Sessions, console: Console) -> ModelVersion:
    """A challenger that works from now on if it is better than the champion; a first model at once."""
    async with sessions.of_system() as session:
        lesson = await learning.gather(session)
    tried = train_with_bar(lesson, console)
    async with sessions.of_system() as session:
        return await learning.keep(session, lesson, tried)


async def ensure(sessions: Sessions, file: Path, console: Console) -> ModelVersion:
    """The champion; where there is none, one is trained and promoted. Its file is written anew."""
    async with sessions.of_system() as session:
        champion = await model_versions.champion(session)
    if champion is None:
        champion = await train(sessions, console)
    await write_champion(sessions, file)
    return champion


async def write_champion(sessions: Sessions, file: Path) -> None:
    """The model at work as a file."""
    async with sessions.of_system() as session:
        champion = await model_versions.champion(session)
        artifact = await model_versions.artifact(session, champion.id) if champion else None
    if artifact is not None:
        write(file, artifact)


def write(file: Path, artifact: bytes) -> None:
    """Whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    partial.write_bytes(artifact)
    partial.replace(file)
