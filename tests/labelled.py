"""A small market of labelled posts: what is posted is recorded at once, and looked at with another session."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm import labelling
from crm.subscription_index import SubscriptionIndex
from db.models import Alert, Appearance, Listing, Post, Source
from db.session import Sessions
from language.prediction import Prediction
from tests import make

JAVA = """Нужен Java-разработчик, Senior
Проект: клиринговое ядро для брокера
Обязательно: Java 21, Spring Boot, Kafka, PostgreSQL
Желательно: опыт с Aeron или Chronicle
Ставка: до 2800 ₽/ч, удалённо, от 9 месяцев"""

JAVA_REPOSTED = """Коллеги, всем привет! Срочно!
Обязательно: Java 21, Spring Boot, Kafka, PostgreSQL
Проект: клиринговое ядро для брокера
Нужен Java-разработчик, Senior
Ставка: до 3000 ₽/ч, удалённо, от 9 месяцев
Писать @other_contact"""

GO = """Ищем Go-разработчика, Middle+
Проект: биллинг парковок
Обязательно: Go от трёх лет, gRPC, PostgreSQL, Redis
Ставка: до 2800 ₽/ч, удалённо, год"""


async def posted(
    sessions: Sessions,
    within: Source,
    text: str,
    prediction: Prediction,
    *,
    index: SubscriptionIndex | None = None,
    quiet: bool = False,
    now: datetime | None = None,
    **fields: Any,
) -> Post:
    """A post that came and was recorded."""
    async with sessions.of_system() as session:
        post = await make.post(session, within, text, **fields)
    await recorded(sessions, {post.id: prediction}, index=index, quiet=quiet, now=now)
    return post


async def recorded(
    sessions: Sessions,
    predictions: dict[int, Prediction],
    *,
    index: SubscriptionIndex | None = None,
    quiet: bool = False,
    now: datetime | None = None,
) -> None:
    async with sessions.of_system() as session:
        if index is not None:
            await index.refresh(session)
        await labelling.record(session, predictions, model_version_id=None, index=index, quiet=quiet, now=now)


async def edited(
    sessions: Sessions,
    post: Post,
    text: str,
    prediction: Prediction,
    *,
    index: SubscriptionIndex | None = None,
    **fields: Any,
) -> None:
    """The post's text is changed, and recorded anew."""
    async with sessions.of_system() as session:
        row = await session.get_one(Post, post.id)
        row.text, row.revision = text, row.revision + 1
        row.edited_at = fields.pop("edited_at", row.posted_at)
        for name, value in fields.items():
            setattr(row, name, value)
    await recorded(sessions, {post.id: prediction}, index=index)


async def deleted(sessions: Sessions, post: Post, prediction: Prediction, at: datetime) -> None:
    async with sessions.of_system() as session:
        (await session.get_one(Post, post.id)).deleted_at = at
    await recorded(sessions, {post.id: prediction})


async def listings(sessions: Sessions) -> list[Listing]:
    """Those that did not go away, oldest first."""
    async with sessions.of_system() as session:
        found = await session.scalars(select(Listing).where(Listing.withdrawn_at.is_(None)).order_by(Listing.id))
        return list(found)


async def the_listing(sessions: Sessions) -> Listing:
    (only,) = await listings(sessions)
    return only


async def appearances(sessions: Sessions, listing: Listing) -> list[Appearance]:
    async with sessions.of_system() as session:
        found = await session.scalars(
            select(Appearance).where(Appearance.listing_id == listing.id).order_by(Appearance.seen_at, Appearance.id)
        )
        return list(found)


async def alerts(sessions: Sessions) -> list[Alert]:
    async with sessions.of_system() as session:
        return list(await session.scalars(select(Alert).order_by(Alert.id)))
