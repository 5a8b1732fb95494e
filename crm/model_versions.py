"""Trained models, kept in the database: one champion labels posts, challengers wait, the others are retired."""

import hashlib

from sqlalchemy import func, select, text

from crm import jobs
from crm.errors import NotFound
from db.base import Json
from db.base import now as clock
from db.models import ModelVersion, VersionStatus
from db.session import Session, SystemSession

LOCK = 7_105_634
WAKE = "platon_models"


async def champion(session: Session) -> ModelVersion | None:
    """The one that labels; its artifact is read apart."""
    return await session.scalar(select(ModelVersion).where(ModelVersion.status == VersionStatus.CHAMPION))


async def artifact(session: SystemSession, version_id: int) -> bytes:
    """The trained model as bytes. Raises NotFound."""
    found = await session.scalar(select(ModelVersion.artifact).where(ModelVersion.id == version_id))
    if found is None:
        raise NotFound(what="model version", id=version_id)
    return found


async def add(session: SystemSession, artifact: bytes, report: Json, promote: bool) -> ModelVersion:
    """Keep a trained model, as a challenger or at once as the champion."""
    version = ModelVersion(
        status=VersionStatus.CHALLENGER,
        artifact=artifact,
        sha256=hashlib.sha256(artifact).hexdigest(),
        report=report,
    )
    session.add(version)
    await session.flush()
    return await _promote(session, version) if promote else version


async def promote(session: SystemSession, version_id: int) -> ModelVersion:
    """Make it the champion: the workers load it, and label anew, quietly, what another model labelled.

    Promoting the champion changes nothing. Raises NotFound.
    """
    version = await session.get(ModelVersion, version_id)
    if version is None:
        raise NotFound(what="model version", id=version_id)
    return await _promote(session, version)


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
        await jobs.enqueue(session, jobs.RelabelPosts(after_id=0), key=f"relabel:{version.id}")
    return version
