"""What several commands need: the database opened, the company that is meant, links that people can open."""

import asyncio
from collections.abc import Awaitable, Callable

import typer
from rich.console import Console

from app import database, logs, processes, stand_ins
from app.settings import Settings
from crm import companies
from crm.errors import NotFound
from db.models import Company
from db.session import Sessions, SystemSession


def with_sessions(run: Callable[[Settings, Sessions], Awaitable[None]]) -> None:
    """Run a command on the migrated database."""
    settings = Settings()
    logs.set_up(settings, "platon")
    with database.opened(settings) as url:
        database.check(url)

        async def opened() -> None:
            sessions = Sessions(url)
            try:
                await run(settings, sessions)
            finally:
                await sessions.close()

        asyncio.run(opened())


async def choose_company(session: SystemSession, name: str | None) -> Company:
    """The named one, or the only one. Raises NotFound."""
    if name is not None:
        return await companies.find(session, name)
    known = await companies.list_all(session)
    if not known:
        raise NotFound(what="company")
    if len(known) > 1:
        Console(stderr=True).print("There are several companies, choose one with --company:")
        for company in known:
            Console(stderr=True).print(f"  {company.name}")
        raise typer.Exit(1)
    return known[0]


async def start_link(settings: Settings, token: str) -> str:
    """The address that opens the chat with the bot and hands over the token."""
    played = stand_ins.find(settings)
    if played is not None and played.chat_url is not None:
        return f"{played.chat_url}/?start={token}"
    async with processes.opened_bot(settings) as bot:
        return f"https://t.me/{(await bot.me()).username}?start={token}"
