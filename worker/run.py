"""Everything a worker does, until it is told to stop."""

import asyncio
import functools

from crm import alerts, heartbeats, model_versions
from db.wakes import listen
from worker import model, runner, schedule
from worker.context import Context
from worker.election import lead
from worker.email_sender import EmailSender
from worker.telegram_sender import TelegramSender


async def run(context: Context, *, stop: asyncio.Event) -> None:
    """Do jobs, keep the clock, tell what was promised. After `stop` it ends within ten seconds; nothing is lost.

    Scheduler and senders work in one worker at a time, elected; any number of workers do jobs.
    """
    promoted = asyncio.Event()
    telegram = TelegramSender(context.sessions, context.bot)
    email = EmailSender(context.sessions, context.mailer, context.public_url, context.secret)

    def promised(payload: str) -> None:
        telegram.wake(payload)
        email.wake(payload)

    heard = {alerts.WAKE: promised, model_versions.WAKE: lambda _: promoted.set()}
    url = context.database_url
    try:
        async with (
            heartbeats.beating(context.sessions, "worker", lambda: {"model_version": context.model.version_id}),
            asyncio.TaskGroup() as group,
        ):
            group.create_task(listen(url, heard, stop=stop))
            group.create_task(model.keep_current(context.sessions, context.model, promoted, stop=stop))
            group.create_task(runner.run(context, stop=stop))
            group.create_task(lead(url, "scheduler", functools.partial(schedule.keep, context.sessions), stop=stop))
            # One sender for each bot: Telegram's limits are the bot's.
            group.create_task(lead(url, f"telegram:{context.bot.id}", telegram.run, stop=stop))
            group.create_task(lead(url, "email", email.run, stop=stop))
    finally:
        context.model.close()
