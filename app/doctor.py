"""What is wrong with this installation, in words, and what to do about each."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from app import database, secrets, stand_ins
from app.embedded_postgres import PostgresFailed
from app.settings import Settings
from crm import alerts, drift, heartbeats, jobs, model_versions, sources, telegram_accounts
from db import migrate
from db.models import Heartbeat, Source, SourceState
from db.session import Sessions, SystemSession
from i18n import model_words
from i18n.translator import translator

ALIVE_WITHIN = timedelta(seconds=60)
LAG_SECONDS = 60.0
OVERDUE = timedelta(minutes=5)
PROCESSES = ("collector", "worker", "bot")


@dataclass(frozen=True)
class Finding:
    state: Literal["ok", "note", "wrong"]
    about: str
    words: str


def examine(settings: Settings) -> list[Finding]:
    """All findings, the installation's settings first. Raises nothing: what cannot be looked at is a finding."""
    found = _credentials(settings)
    try:
        with database.opened(settings) as url:
            version = asyncio.run(migrate.version(url))
            if version != migrate.newest():
                return [
                    *found,
                    Finding("wrong", "database", f"at version {version}, needs {migrate.newest()}: platon migrate"),
                ]
            found.append(Finding("ok", "database", f"answers, version {version}"))
            return found + asyncio.run(_inside(url))
    except PostgresFailed as error:
        return [*found, Finding("wrong", "database", str(error))]
    except OSError as error:
        return [
            *found,
            Finding("wrong", "database", f"cannot be reached ({error}): is DATABASE_URL right, does it run?"),
        ]


def _credentials(settings: Settings) -> list[Finding]:
    found = []
    try:
        secrets.signing_secret(settings)
        found.append(Finding("ok", "SECRET_KEY", "is set"))
    except secrets.NoSecret as error:
        found.append(Finding("wrong", "SECRET_KEY", str(error)))
    names = {"bot": "BOT_TOKEN", "telegram": "TELEGRAM_API_ID and TELEGRAM_API_HASH", "mail": "SMTP_HOST"}
    for name, setting in names.items():
        if name not in settings.stand_ins:
            found.append(Finding("ok", setting, "is set"))
            continue
        try:
            stand_ins.find(settings)
            found.append(Finding("note", setting, "is not set: the sandbox stands in"))
        except stand_ins.SandboxIsNotRunning:
            found.append(Finding("wrong", setting, "is not set and no sandbox runs: set it in .env, or `platon run`"))
    return found


async def _inside(url: str) -> list[Finding]:
    sessions = Sessions(url)
    try:
        async with sessions.of_system() as session:
            return [
                *await _model(session),
                *await _drift(session),
                *await _processes(session),
                await _queue(session),
                await _ledger(session),
                *await _accounts(session),
                *await _sources(session),
            ]
    finally:
        await sessions.close()


async def _model(session: SystemSession) -> list[Finding]:
    champion = await model_versions.champion(session)
    if champion is None:
        return [Finding("wrong", "model", "there is none, so no post is labelled: platon train")]
    found = [Finding("ok", "model", f"version {champion.id} of {champion.created_at:%Y-%m-%d}")]
    (newest,) = await model_versions.list_all(session, limit=1)
    why = "; ".join(model_words.refusals(newest.report, translator("en")))
    if newest.id > champion.id and why:
        found.append(Finding("note", "model", f"version {newest.id} was not put to work: {why}"))
    return found


async def _drift(session: SystemSession) -> list[Finding]:
    """Posts that are other than the model is used to."""
    return [
        Finding(
            "note",
            "drift",
            f"{one.figure} {one.now:.1%} in the last week, usually {one.before:.1%}: "
            "judge some posts in /review, the model learns from them at night",
        )
        for one in await drift.found(session)
    ]


async def _processes(session: SystemSession) -> list[Finding]:
    newest: dict[str, Heartbeat] = {}
    for given in await heartbeats.last(session):
        newest.setdefault(given.process, given)
    found = []
    for name in PROCESSES:
        if name not in newest:
            found.append(Finding("wrong", name, f"does not run: platon run, or platon {name}"))
            continue
        beat = newest[name]
        if datetime.now(UTC) - beat.at > ALIVE_WITHIN:
            found.append(
                Finding("wrong", name, f"gave its last sign of life {_ago(beat.at)} (pid {beat.pid} on {beat.host})")
            )
        else:
            found.append(Finding("ok", name, f"runs (pid {beat.pid} on {beat.host})"))
    return found


async def _queue(session: SystemSession) -> Finding:
    depth = await jobs.depth(session)
    if depth.held:
        return Finding("wrong", "queue", f"{depth.held} jobs failed for good: platon jobs held, platon jobs retry")
    if depth.oldest_seconds > LAG_SECONDS:
        return Finding(
            "wrong", "queue", f"{depth.waiting} jobs wait, the oldest {depth.oldest_seconds:.0f} s: start more workers"
        )
    return Finding("ok", "queue", f"{depth.waiting} jobs wait")


async def _ledger(session: SystemSession) -> Finding:
    backlog = await alerts.backlog(session, now=datetime.now(UTC))
    words = ", ".join(f"{count} {state}" for state, count in sorted(backlog.counts.items())) or "nothing promised"
    oldest = min(backlog.oldest_due.values(), default=None)
    if oldest is not None and datetime.now(UTC) - oldest > OVERDUE:
        return Finding("wrong", "alerts", f"the oldest is due since {_ago(oldest)}: does a worker run? ({words})")
    return Finding("ok", "alerts", words)


async def _accounts(session: SystemSession) -> list[Finding]:
    known = await telegram_accounts.list_all(session)
    if not known:
        return [Finding("note", "accounts", "no Telegram account: only public previews are read. platon login")]
    found = []
    t = translator("en")
    for account in known:
        if account.telegram_id is None:
            found.append(
                Finding("wrong", f"account {account.name}", f"is not signed in: platon login --name {account.name}")
            )
        elif account.problem:
            words = t(account.problem, detail=account.problem_detail or "")
            found.append(Finding("wrong", f"account {account.name}", words))
        else:
            found.append(Finding("ok", f"account {account.name}", f"seen {_ago(account.seen_at)}"))
    return found


async def _sources(session: SystemSession) -> list[Finding]:
    known = await sources.list_all(session)
    if not known:
        return [Finding("note", "sources", "nothing is read: platon sources add t.me/NAME")]
    silent = {source.id for source in await sources.silent(session)}
    return [_source(source, source.id in silent) for source in known]


def _source(source: Source, is_silent: bool) -> Finding:
    about = f"source {source.id} {sources.title(source)}"
    last = f"last post {_ago(source.last_post_at)}"
    if source.problem:
        words = translator("en")(source.problem, detail=source.problem_detail or "")
        return Finding("wrong", about, f"{words} ({last})")
    if source.backfilled_at is None:
        return Finding("note", about, f"its history is being read, {source.backfill_stored} posts so far")
    if is_silent:
        return Finding("wrong", about, f"the server has newer posts than we: is its account connected? ({last})")
    if source.state is not SourceState.READING:
        return Finding("note", about, f"{source.state} ({last})")
    return Finding("ok", about, last)


def _ago(at: datetime | None) -> str:
    if at is None:
        return "never"
    seconds = (datetime.now(UTC) - at).total_seconds()
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit} ago"
    return f"{max(seconds, 0):.0f} s ago"
