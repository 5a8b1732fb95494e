"""The short forms, which run with all tests."""

import asyncio

import pytest
from telethon.tl import functions

from sandbox.telegram_mtproto import Cloud
from tests.prove.conftest import Begin
from tests.prove.poison import Poisoned
from tests.prove.report import tell
from tests.prove.waiting import until
from worker.retries import DEATHS

BURST = 350
AT_THE_KILL = 150


class TestReading:
    async def test_a_collector_killed_in_a_burst_of_350_posts_loses_none_and_stores_none_twice(
        self, reading: Begin
    ) -> None:
        world = await reading(channels=1)
        cloud = world.cloud
        for count in (1, 2):  # the second one comes live
            world.post()
            await world.until_stored(count)
        await world.collector.stop()  # only then Telethon remembers where it was, and asks for the difference
        await world.collector.start()
        world.post()
        await world.until_stored(3)
        for _ in range(AT_THE_KILL):
            world.post()
            await asyncio.sleep(0.002)
        before = len(await world.posts())
        await world.collector.kill()
        while world.injected["posts"] < BURST:
            world.post()
        assert cloud.difference_limit < BURST - AT_THE_KILL - 3, "so the server answers ChannelDifferenceTooLong"
        cloud.calls.clear()
        await world.collector.start()
        asked = await _until_asked(cloud)
        wrong = await world.until_right(30)
        tell(
            "The collector killed in mid-burst, the gap too wide for a difference",
            {**world.injected, "kill -9": world.collector.kills},
            {"stored at the kill": before, "stored": len(await world.posts()), "differences asked": asked, **wrong},
        )
        assert 3 < before < BURST
        assert asked
        assert not wrong
        assert len(await world.posts()) == BURST


class TestPoison:
    async def test_a_post_that_kills_the_models_process_is_held_and_named_while_the_rest_flows(
        self, poisoned: Poisoned, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (poison,) = await poisoned.until_all_but_one_labelled(60)
        payloads = await poisoned.until_held(60)
        deaths = poisoned.deaths()
        await poisoned.store(41, 60)
        (still,) = await poisoned.until_all_but_one_labelled(30)
        shown = await poisoned.jobs_held(monkeypatch)
        tell(
            "A post that kills the process which labels it",
            {"posts": 60, "poisonous": 1},
            {"deaths": deaths, "held": len(payloads), "labelled": 59},
        )
        assert payloads == [{"post_id": poison.id}]
        assert still.id == poison.id
        assert deaths == 1 + DEATHS, "once together with the others, then alone"
        assert "LabelPost" in shown
        assert str(poison.id) in shown


async def _until_asked(cloud: Cloud) -> int:
    """How often the difference of the channel was asked for."""

    async def asked() -> int:
        return sum(isinstance(call, functions.updates.GetChannelDifferenceRequest) for call in cloud.calls)

    return await until(asked, bool, 30)
