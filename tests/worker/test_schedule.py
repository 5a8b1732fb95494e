"""The clock only enqueues, once for each time."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy import text

from crm import jobs
from db.session import Sessions
from worker import schedule
from worker.schedule import Regular

NIGHTLY = Regular(jobs.PruneQueue(), "30 1 * * *")


async def waiting(sessions: Sessions) -> list[str]:
    async with sessions.of_system() as session:
        return list(await session.scalars(text("SELECT entrypoint FROM queue.pgqueuer ORDER BY id")))


class TestEnqueue:
    async def test_two_clocks_make_one_job_of_one_time(self, sessions: Sessions) -> None:
        slot = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
        await schedule.enqueue(sessions, NIGHTLY, slot)
        await schedule.enqueue(sessions, NIGHTLY, slot)
        assert await waiting(sessions) == ["PruneQueue"]

    async def test_the_next_time_makes_another(self, sessions: Sessions) -> None:
        await schedule.enqueue(sessions, NIGHTLY, datetime(2026, 3, 10, 1, 30, tzinfo=UTC))
        await schedule.enqueue(sessions, NIGHTLY, datetime(2026, 3, 11, 1, 30, tzinfo=UTC))
        assert await waiting(sessions) == ["PruneQueue", "PruneQueue"]


class TestKeep:
    async def test_a_new_scheduler_makes_up_for_a_time_missed_just_now(self, sessions: Sessions) -> None:
        stop = asyncio.Event()
        stop.set()
        await schedule.keep(sessions, stop, regulars=(Regular(jobs.PruneQueue(), "* * * * *"),))
        assert await waiting(sessions) == ["PruneQueue"]

    async def test_what_fell_due_long_ago_is_left(self, sessions: Sessions) -> None:
        stop = asyncio.Event()
        stop.set()
        far = (datetime.now(UTC).hour + 12) % 24
        await schedule.keep(sessions, stop, regulars=(Regular(jobs.PruneQueue(), f"30 {far} * * *"),))
        assert await waiting(sessions) == []
