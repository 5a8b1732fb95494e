"""One works, the others stand by."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import asyncpg
import pytest

from db.wakes import plain_url
from worker import election
from worker.election import lead


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(election, "STAND_BY_SECONDS", 0.02)


class Office:
    """Candidates by name, and who of them is at work."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.at_work: list[str] = []
        self.changed = asyncio.Event()
        self.stops: dict[str, asyncio.Event] = {}
        self.candidates: list[asyncio.Task[None]] = []

    def stand(self, name: str) -> None:
        self.stops[name] = asyncio.Event()

        async def work(resign: asyncio.Event) -> None:
            self.at_work.append(name)
            self.changed.set()
            await resign.wait()
            self.at_work.remove(name)

        self.candidates.append(asyncio.ensure_future(lead(self.url, "office", work, stop=self.stops[name])))

    async def until(self, *names: str) -> None:
        async with asyncio.timeout(10):
            while self.at_work != list(names):
                self.changed.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.changed.wait(), 0.02)


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    office = Office(database_url)
    yield office
    for stop in office.stops.values():
        stop.set()
    await asyncio.gather(*office.candidates)


class TestLead:
    async def test_of_two_candidates_one_works(self, office: Office) -> None:
        office.stand("first")
        await office.until("first")
        office.stand("second")
        await asyncio.sleep(0.1)
        assert office.at_work == ["first"]

    async def test_the_other_takes_over_when_it_stops(self, office: Office) -> None:
        office.stand("first")
        await office.until("first")
        office.stand("second")
        office.stops["first"].set()
        await office.until("second")

    async def test_who_loses_the_connection_steps_down_and_is_elected_again(self, office: Office) -> None:
        office.stand("only")
        await office.until("only")
        admin = await asyncpg.connect(plain_url(office.url))
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
        )
        await admin.close()
        await office.until()
        await office.until("only")

    async def test_work_that_fails_is_begun_again(self, database_url: str) -> None:
        begun = 0
        stop = asyncio.Event()

        async def work(_resign: asyncio.Event) -> None:
            nonlocal begun
            begun += 1
            if begun == 1:
                raise ValueError("once")
            stop.set()

        await asyncio.wait_for(lead(database_url, "failing", work, stop=stop), 10)
        assert begun == 2
