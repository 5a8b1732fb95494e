"""platon companies, platon invite."""

from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console

from app import console
from app.settings import Settings
from crm import companies, invitations
from db.models import Role
from db.session import Sessions

_companies = typer.Typer(help="The companies that use this installation.", no_args_is_help=True)


def add_to(program: typer.Typer) -> None:
    program.add_typer(_companies, name="companies")
    program.command("invite")(invite)


@_companies.command("add")
def add_company(name: Annotated[str, typer.Argument(help="How its people know it.")]) -> None:
    """Add a company and print the link that makes its first admin."""

    async def run(settings: Settings, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            # The very first company's admin is also the operator of the installation.
            is_first = not await companies.list_all(session)
            token = await invitations.first(session, name) if is_first else None
            if token is None:
                token = await invitations.issue(session, (await companies.add(session, name)).id, Role.ADMIN)
        Console().print(f"{name} is added. Its first admin comes in by this link, once, within 7 days:")
        Console().print(await console.start_link(settings, token), soft_wrap=True)

    console.with_sessions(run)


@_companies.command("list")
def list_companies() -> None:
    """The companies by number and name."""

    async def run(_: Settings, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            for company in await companies.list_all(session):
                Console().print(f"{company.id}  {company.name}")

    console.with_sessions(run)


def invite(
    role: Annotated[Role, typer.Argument(help="What the person may do.")] = Role.MANAGER,
    company: Annotated[str | None, typer.Option(help="Its name, where there are several.")] = None,
    operator: Annotated[bool, typer.Option(help="May also tend the installation: sources, models, queue.")] = False,
    days: Annotated[int, typer.Option(min=1, max=90, help="How long the link is good.")] = 7,
) -> None:
    """Print a one-use link that lets a person in."""

    async def run(settings: Settings, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            chosen = await console.choose_company(session, company)
            token = await invitations.issue(session, chosen.id, role, makes_operator=operator, ttl=timedelta(days=days))
        Console().print(f"A link for one {role} of {chosen.name}, good for {days} days:")
        Console().print(await console.start_link(settings, token), soft_wrap=True)

    console.with_sessions(run)
