"""How far a file was read is known to the next run, and only what was committed counts."""

from crm import imports
from db.session import Sessions


class TestNote:
    async def test_the_next_run_begins_where_the_last_commit_was(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            begun = await imports.begin(session, "abc:1")
            assert (begun.position, begun.finished_at) == (0, None)
            await imports.note(session, "abc:1", position=500, counts={"read": 500})
        async with sessions.of_system() as session:
            await imports.note(session, "abc:1", position=1000, counts={"read": 1000})
            await session.rollback()
        async with sessions.of_system() as session:
            again = await imports.begin(session, "abc:1")
            assert (again.position, again.counts) == (500, {"read": 500})

    async def test_a_slower_run_of_the_same_file_takes_nothing_back(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            await imports.begin(session, "abc:1")
            await imports.note(session, "abc:1", position=1000, counts={"read": 1000})
            await imports.note(session, "abc:1", position=500, counts={"read": 500})
            assert (await imports.begin(session, "abc:1")).position == 1000


class TestFinish:
    async def test_each_file_ends_by_itself(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            await imports.begin(session, "abc:1")
            await imports.begin(session, "abc:2")
            await imports.finish(session, "abc:1")
            assert (await imports.begin(session, "abc:1")).finished_at is not None
            assert (await imports.begin(session, "abc:2")).finished_at is None
