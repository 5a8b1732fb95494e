"""A week that is other than the weeks before is named; chance and small numbers are not."""

from datetime import timedelta

import pytest

from crm import drift
from crm.drift import Drift, Week
from db.base import now as clock
from db.models import Arrival, Source
from db.session import Sessions, SystemSession
from language.kinds import Kind
from tests import make

NOW = make.NOON
USUAL = {"unknown-words": 0.1, "abstained": 0.05, "request": 0.3, "offer": 0.2, "update": 0.1, "junk": 0.4}


def week(ago: int, posts: int = 200, **shares: float) -> Week:
    """`ago` 1 is the week that ends now."""
    named = {name.replace("_", "-"): share for name, share in shares.items()}
    return Week(NOW - ago * drift.WEEK, posts, USUAL | named)


class TestCompare:
    def test_names_what_moved(self) -> None:
        found = drift.compare([week(1, unknown_words=0.3, junk=0.42), week(2), week(3)], NOW)
        assert found == [Drift("unknown-words", 0.1, 0.3)]

    def test_a_move_either_way_counts(self) -> None:
        found = drift.compare([week(1, 1000, request=0.15, junk=0.55), week(2, 1000)], NOW)
        assert {one.figure for one in found} == {"request", "junk"}

    def test_leaves_what_may_be_chance(self) -> None:
        assert drift.compare([week(1, 60, request=0.4), week(2), week(3)], NOW) == []

    def test_leaves_a_small_move_of_many_posts(self) -> None:
        assert drift.compare([week(1, 100_000, junk=0.44), week(2, 100_000)], NOW) == []

    def test_says_nothing_of_few_posts_or_without_a_past(self) -> None:
        assert drift.compare([week(1, 20, junk=0.9), week(2)], NOW) == []
        assert drift.compare([week(1, junk=0.9)], NOW) == []
        assert drift.compare([week(2), week(3)], NOW) == []

    def test_each_post_of_the_past_counts_once(self) -> None:
        found = drift.compare([week(1, junk=0.8), week(2, 300, junk=0.4), week(3, 100, junk=0.0)], NOW)
        assert [one.before for one in found if one.figure == "junk"] == [0.3]


async def labelled(session: SystemSession, within: Source, kind: Kind, ago: timedelta, unknown: float = 0.1) -> None:
    await make.post(
        session,
        within,
        "Пост",
        ago=ago,
        kind=kind,
        labelled_at=clock(),
        abstained=kind is Kind.UPDATE,
        prediction={"unknown_words": unknown},
    )


class TestWeeks:
    async def test_are_counted_from_the_posts(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            source = await make.source(session)
            await labelled(session, source, Kind.JUNK, timedelta(days=1), 0.2)
            await labelled(session, source, Kind.UPDATE, timedelta(days=2), 0.4)
            await labelled(session, source, Kind.REQUEST, timedelta(days=20))
        async with sessions.of_system() as session:
            this, third = await drift.weeks(session)
        assert (this.posts, third.posts) == (2, 1)
        assert this.shares == {
            "unknown-words": pytest.approx(0.3),
            "abstained": 0.5,
            "request": 0,
            "offer": 0,
            "update": 0.5,
            "junk": 0.5,
        }

    async def test_leave_out_what_was_imported_or_is_not_labelled_or_old(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            source = await make.source(session)
            await make.post(session, source, "Пост", labelled_at=clock(), arrival=Arrival.IMPORT)
            await make.post(session, source, "Пост")
            await labelled(session, source, Kind.JUNK, timedelta(days=100))
        async with sessions.of_system() as session:
            assert await drift.weeks(session) == []


class TestFound:
    async def test_looks_at_the_last_seven_days(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            source = await make.source(session)
            for _ in range(60):
                await labelled(session, source, Kind.JUNK, timedelta(days=1), 0.6)
                await labelled(session, source, Kind.JUNK, timedelta(days=10))
        async with sessions.of_system() as session:
            assert await drift.found(session) == [Drift("unknown-words", 0.1, 0.6)]
