"""The command `platon`."""

import sys

import typer
from pydantic import ValidationError
from rich.console import Console

from app.backup import BackupFailed
from app.commands import corpus, labels, models, people, processes, reading, state
from app.database import DatabaseNotReady
from app.embedded_postgres import PostgresFailed
from app.secrets import NoSecret
from app.stand_ins import SandboxIsNotRunning
from crm.errors import CrmError
from db.migrate import DatabaseIsNewer
from i18n.translator import translator

EXPECTED = (BackupFailed, processes.AlreadyRunning, DatabaseNotReady, PostgresFailed, NoSecret, SandboxIsNotRunning)

program = typer.Typer(
    name="platon",
    help="Platon, the demand desk of an IT outstaffing company, in Telegram.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
for commands in (processes, state, people, reading, labels, models, corpus):
    commands.add_to(program)


def main() -> None:
    """Run a command; what may be expected to go wrong ends with a sentence and status 1, not with a traceback."""
    console = Console(stderr=True, highlight=False)
    try:
        program(prog_name="platon")
    except CrmError as error:
        console.print(f"[red]{translator('en')(error.key, **error.params)}[/red]")
    except ValidationError as error:
        for problem in error.errors():
            name = "_".join(str(part) for part in problem["loc"]).upper()
            console.print(f"[red]The setting {name} is wrong: {problem['msg']}[/red]. See .env.example.")
    except DatabaseIsNewer as error:
        console.print(
            f"[red]The database is of a newer Platon (version {error}).[/red] Update the code, then run again."
        )
    except EXPECTED as error:
        console.print(f"[red]{error}[/red]")
    else:
        return
    sys.exit(1)


if __name__ == "__main__":
    main()
