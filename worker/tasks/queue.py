"""The queue's own housekeeping."""

from datetime import timedelta

from crm import jobs
from worker.context import Context

REMEMBERED = timedelta(days=7)


async def prune_queue(context: Context, _job: jobs.PruneQueue) -> None:
    """Forget what was done with jobs a week ago and earlier; jobs themselves are kept."""
    async with context.sessions.of_system() as session:
        await jobs.forget_log(session, older_than=REMEMBERED)
