"""What those who look after the installation are told: what became of a training, and that posts have changed."""

from datetime import UTC, datetime

from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError

from bot import operator_notices
from bot.answers import NO_PREVIEW
from bot.cards import Card
from crm import drift, jobs, model_versions, users
from crm.errors import NotFound
from db.models import User
from db.session import SystemSession
from i18n.translator import translator
from worker.context import Context


async def tell_of_model(context: Context, job: jobs.TellOfModel) -> None:
    """Whether the challenger of the night is at work, with its figures and the way back."""
    async with context.sessions.of_system() as session:
        user = await _operator(session, job.user_id)
        version = await model_versions.find(session, job.version_id)
        champion, previous = await model_versions.champion(session), await model_versions.previous(session)
    if user is None:
        return
    is_at_work = champion is not None and champion.id == version.id
    way_back = previous if is_at_work else None
    await _send(context, user, operator_notices.of_version(version, way_back, translator(user.language)))


async def watch_drift(context: Context, _job: jobs.WatchDrift) -> None:
    """Have operators told where this week's posts are other than those before."""
    async with context.sessions.of_system() as session:
        if not await drift.found(session):
            return
        day = datetime.now(UTC).date()
        for operator in await users.operators(session):
            await jobs.enqueue(session, jobs.TellOfDrift(operator.id), key=f"drift:{operator.id}:{day}")


async def tell_of_drift(context: Context, job: jobs.TellOfDrift) -> None:
    """Nothing where it is gone again."""
    async with context.sessions.of_system() as session:
        user = await _operator(session, job.user_id)
        found = await drift.found(session)
    if user is not None and found:
        await _send(context, user, operator_notices.of_drift(found, translator(user.language)))


async def _operator(session: SystemSession, user_id: int) -> User | None:
    """None for somebody who is none any more."""
    try:
        user = await users.get(session, user_id)
    except NotFound:
        return None
    return user if user.is_operator else None


async def _send(context: Context, user: User, card: Card) -> None:
    """Few messages to few people, so they need no place in the senders' line; a failure tries the job again."""
    try:
        await context.bot.send_message(
            user.telegram_id, card.text, parse_mode="HTML", reply_markup=card.buttons, link_preview_options=NO_PREVIEW
        )
    except (TelegramForbiddenError, TelegramBadRequest) as error:
        if isinstance(error, TelegramBadRequest) and "chat not found" not in error.message:
            raise
        async with context.sessions.of_system() as session:
            await users.mark_blocked(session, user.id)
