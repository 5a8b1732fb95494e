"""What a start needs before the processes: tables, a model, a link for the first admin, the sandbox's channels."""

import asyncio

from rich.console import Console

from app import model, processes, stand_ins
from app.settings import Settings
from collector.login import Talk, login
from crm import companies, invitations, sources, telegram_accounts
from crm.errors import SourceKnown
from db import migrate
from db.session import Sessions
from sandbox.telegram_mtproto import trust

SANDBOX_ACCOUNT = "sandbox"


def prepare(settings: Settings, url: str, console: Console) -> None:
    """Bring the tables to this version and make sure that there is a model."""
    with console.status("Bringing the database to this version"):
        asyncio.run(migrate.upgrade(url))
    console.print(f"Database is at version {migrate.newest()}.")
    asyncio.run(_prepare_model(settings, url, console))


async def _prepare_model(settings: Settings, url: str, console: Console) -> None:
    sessions = Sessions(url)
    try:
        champion = await model.ensure(sessions, settings.model_file, console)
        console.print(f"Model version {champion.id}, trained on {champion.report['examples']} posts.")
    finally:
        await sessions.close()


async def welcome(settings: Settings, url: str, console: Console) -> None:
    """Say where everything is; the first time, print the link that makes the first operator and admin."""
    sessions = Sessions(url)
    try:
        played = stand_ins.find(settings)
        async with sessions.of_system() as session:
            token = await invitations.first(session, settings.company_name)
        if played is not None and played.telegram is not None:
            await _read_samples(settings, sessions, played)
        await _say_where(settings, played, token, console)
    finally:
        await sessions.close()


async def _say_where(
    settings: Settings, played: stand_ins.Addresses | None, token: str | None, console: Console
) -> None:
    chat_url = played.chat_url if played else None
    console.print(f"Pages         {settings.public_url}")
    if played is not None and played.mailbox_url:
        console.print(f"Mailbox       {played.mailbox_url}  (no SMTP_HOST: letters are caught here)", soft_wrap=True)
    if played is not None and played.telegram:
        console.print(
            f"Channels      {len(played.links)} sample channels  (no TELEGRAM_API_ID: they stand in)", soft_wrap=True
        )
    if chat_url:
        console.print(f"Chat          {chat_url}  (no BOT_TOKEN: talk to the bot in the browser)", soft_wrap=True)
    if token is None:
        return
    if chat_url:
        link = f"{chat_url}/?me=1001&start={token}"
    else:
        async with processes.opened_bot(settings) as bot:
            link = f"https://t.me/{(await bot.me()).username}?start={token}"
    console.print(
        f"\n[bold]Open this link to become the first admin; it works once:[/bold]\n  {link}\n", soft_wrap=True
    )


async def _read_samples(settings: Settings, sessions: Sessions, played: stand_ins.Addresses) -> None:
    """Sign the sandbox's account in through the real client, and read the sample channels."""
    assert played.telegram is not None  # noqa: S101  the caller looked
    async with sessions.of_system() as session:
        accounts = await telegram_accounts.signed_in(session)
        company = (await companies.list_all(session))[0]
    if not accounts:
        trust(played.telegram.public_key)
        await login(
            sessions,
            processes.api_credentials(settings),
            Talk(ask_code=_sandbox_code, ask_password=_sandbox_code, show_qr=_ignore, say=_ignore),
            name=SANDBOX_ACCOUNT,
            phone=stand_ins.READER_PHONE,
            server=(played.telegram.dc_id, played.telegram.host, played.telegram.port),
        )
    for link in played.links:
        async with sessions.of_system() as session:
            try:
                await sources.add(session, None, link, company_id=company.id, backfill_days=60)
            except SourceKnown:
                continue


async def _sandbox_code() -> str:
    return stand_ins.SIGN_IN_CODE


async def _ignore(_: str) -> None:
    """The sandbox asks by phone alone."""
