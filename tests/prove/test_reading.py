"""5,000 posts in 20 channels, edits and deletions among them, and the collector killed at random moments."""

import asyncio

import pytest

from tests.prove.conftest import Begin
from tests.prove.killable import Killable
from tests.prove.report import tell

pytestmark = pytest.mark.prove

POSTS = 5_000
KILLS = 10
SEED = 20_261_124


class TestReading:
    async def test_every_post_is_stored_once_with_its_last_text_and_every_deletion_is_marked(
        self, reading: Begin
    ) -> None:
        world = await reading(channels=20, seed=SEED)
        killing_at = sorted(world.random.sample(range(200, POSTS - 100), KILLS))
        coming_back: set[asyncio.Task[None]] = set()
        while world.injected["posts"] < POSTS:
            world.post()
            if world.random.random() < 0.08:
                world.edit()
            if world.random.random() < 0.03:
                world.delete()
            if killing_at and world.injected["posts"] >= killing_at[0]:
                killing_at.pop(0)
                await asyncio.gather(*coming_back)
                await world.collector.kill()
                coming_back = {asyncio.create_task(_come_back(world.collector, world.random.uniform(0, 3)))}
            await asyncio.sleep(0.02)
        await asyncio.gather(*coming_back)
        wrong = await world.until_right(180)
        stored = await world.posts()
        tell(
            "The collector killed at random moments",
            {**world.injected, "kill -9": world.collector.kills},
            {
                "stored": len(stored),
                "edited": sum(post.revision > 0 for post in stored),
                "marked deleted": sum(post.deleted_at is not None for post in stored),
                **wrong,
            },
        )
        assert not wrong


async def _come_back(collector: Killable, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await collector.start()
