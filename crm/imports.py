"""How far an exported file was read, so that the next run goes on."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from db.base import Json, now
from db.models import ImportProgress
from db.session import SystemSession


async def begin(session: SystemSession, fingerprint: str) -> ImportProgress:
    """What is known of the file with this fingerprint."""
    await session.execute(
        insert(ImportProgress).values(fingerprint=fingerprint, position=0, counts={}).on_conflict_do_nothing()
    )
    return (await session.scalars(select(ImportProgress).where(ImportProgress.fingerprint == fingerprint))).one()


async def note(session: SystemSession, fingerprint: str, *, position: int, counts: Json) -> None:
    """So many messages were read; in the transaction that stores their posts."""
    progress = await _locked(session, fingerprint)
    if position >= progress.position:
        progress.position, progress.counts = position, counts


async def finish(session: SystemSession, fingerprint: str) -> None:
    """The file was read to its end."""
    progress = await _locked(session, fingerprint)
    progress.finished_at = now()


async def _locked(session: SystemSession, fingerprint: str) -> ImportProgress:
    return (
        await session.scalars(select(ImportProgress).where(ImportProgress.fingerprint == fingerprint).with_for_update())
    ).one()
