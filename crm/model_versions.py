"""Trained models, kept in the database: one champion labels posts, challengers wait, the others are retired."""

import hashlib
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, text, update

from crm import jobs
from crm.actors import Actor
from crm.errors import NoOlderVersion, NotFound
from crm.permissions import Permission, require
from db.base import Json
from db.base import now as clock
from db.models import ModelVersion, VersionStatus
from db.session import Session, SystemSession

KEPT = 10
"""so many of the newest may be put to work again; of older ones, but the champion, the report alone is kept"""
LOCK = 7_105_634
WAKE = "platon_models"


async def champion(session: Session) -> ModelVersion | None:
    """The one that labels; its artifact is read apart."""
    return await session.scalar(select(ModelVersion).where(ModelVersion.status == VersionStatus.CHAMPION))


async def artifact(session: SystemSession, version_id: int) -> bytes:
    """The trained model as bytes. Raises NotFound, also where it is not kept any more."""
    found = await session.scalar(select(ModelVersion.artifact).where(ModelVersion.id == version_id))
    if not found:
        raise NotFound(what="model version", id=version_id)
    return found


async def understudy(session: SystemSession, version_id: int) -> bytes | None:
    """The model as trained without the posts that versions are compared on; None where it was compared with nobody."""
    found: bytes | None = await session.scalar(select(ModelVersion.understudy).where(ModelVersion.id == version_id))
    return found


async def find(session: Session, version_id: int) -> ModelVersion:
    """Raises NotFound."""
    version = await session.get(ModelVersion, version_id)
    if version is None:
        raise NotFound(what="model version", id=version_id)
    return version


async def list_all(session: Session, limit: int = 50) -> list[ModelVersion]:
    """The newest first."""
    return list(await session.scalars(select(ModelVersion).order_by(ModelVersion.id.desc()).limit(limit)))


async def trained_at(session: Session) -> datetime | None:
    """Up to when labels are known to the newest version."""
    newest = await list_all(session, limit=1)
    if not newest:
        return None
    read_at = newest[0].report.get("labels_read_at")
    return datetime.fromisoformat(read_at) if read_at else newest[0].created_at


async def add(
    session: SystemSession, artifact: bytes, report: Json, promote: bool, *, understudy: bytes | None = None
) -> ModelVersion:
    """Keep a trained model, as a challenger or at once as the champion."""
    version = ModelVersion(
        status=VersionStatus.CHALLENGER,
        artifact=artifact,
        understudy=understudy,
        sha256=hashlib.sha256(artifact).hexdigest(),
        report=report,
    )
    session.add(version)
    await session.flush()
    await _forget(session, version.id - KEPT)
    return await _promote(session, version) if promote else version


async def promote(session: SystemSession, actor: Actor | None, version_id: int) -> ModelVersion:
    """Make it the champion: the workers load it, and label anew, quietly, what another model labelled.

    Promoting the champion changes nothing. `actor` is None at the installation's own command line. Raises NotFound,
    also for one that is not kept any more.
    """
    if actor is not None:
        require(actor, Permission.INSTALLATION)
    kept = await session.scalar(select(ModelVersion.id).where(ModelVersion.id == version_id, _is_kept()))
    if kept is None:
        raise NotFound(what="model version", id=version_id)
    return await _promote(session, await find(session, version_id))


async def previous(session: Session) -> ModelVersion | None:
    """What a roll-back returns to: the newest version older than the champion that was at work."""
    at_work = await champion(session)
    if at_work is None:
        return None
    found: ModelVersion | None = await session.scalar(
        select(ModelVersion)
        .where(ModelVersion.id < at_work.id, ModelVersion.promoted_at.is_not(None), _is_kept())
        .order_by(ModelVersion.id.desc())
        .limit(1)
    )
    return found


async def roll_back(session: SystemSession, actor: Actor | None) -> ModelVersion:
    """The previous version works again. Raises NoOlderVersion."""
    if actor is not None:
        require(actor, Permission.INSTALLATION)
    # Two taps at once must not go back twice.
    await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    older = await previous(session)
    if older is None:
        raise NoOlderVersion
    return await _promote(session, older)


def _is_kept() -> ColumnElement[bool]:
    # The application's role may not read the bytes themselves.
    return ModelVersion.sha256 != ""


async def _forget(session: SystemSession, before: int) -> None:
    """Each is megabytes, and may come every night."""
    await session.execute(
        update(ModelVersion)
        .where(ModelVersion.id <= before, ModelVersion.status != VersionStatus.CHAMPION, _is_kept())
        .values(artifact=b"", sha256="", understudy=None)
        .execution_options(synchronize_session=False)
    )


async def _promote(session: SystemSession, version: ModelVersion) -> ModelVersion:
    # Two promotions at once would both retire the champion of before and then be two.
    await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    previous = await champion(session)
    if previous is not None and previous.id == version.id:
        return version
    if previous is not None:
        previous.status = VersionStatus.RETIRED
        await session.flush()
    version.status, version.promoted_at = VersionStatus.CHAMPION, clock()
    await session.flush()
    await session.execute(select(func.pg_notify(WAKE, str(version.id))))
    if previous is not None:
        await jobs.enqueue(session, jobs.RelabelPosts(version.id, after_id=0), key=f"relabel:{version.id}:0")
    return version
