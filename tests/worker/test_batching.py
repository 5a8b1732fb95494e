"""Ids are done together; a bad one holds nobody."""

import asyncio
from collections.abc import Sequence

import pytest

from worker.batching import Batcher, Stopping


class Doing:
    """Remembers its batches; fails where a bad id is among them."""

    def __init__(self, bad: int | None = None) -> None:
        self.bad = bad
        self.batches: list[list[int]] = []

    async def __call__(self, ids: Sequence[int]) -> None:
        self.batches.append(list(ids))
        if self.bad in ids:
            raise ValueError(f"{self.bad} is bad")


class TestAdd:
    async def test_what_comes_together_is_done_together_in_the_order_of_ids(self) -> None:
        doing = Doing()
        batcher = Batcher(doing)
        await asyncio.gather(*(batcher.add(id_) for id_ in (3, 1, 2)))
        assert doing.batches == [[1, 2, 3]]

    async def test_a_batch_is_no_larger_than_its_size(self) -> None:
        doing = Doing()
        batcher = Batcher(doing, size=2)
        await asyncio.gather(*(batcher.add(id_) for id_ in range(5)))
        assert doing.batches == [[0, 1], [2, 3], [4]]

    async def test_a_bad_one_fails_alone_and_the_others_are_done(self) -> None:
        doing = Doing(bad=2)
        batcher = Batcher(doing)
        results = await asyncio.gather(*(batcher.add(id_) for id_ in (1, 2, 3)), return_exceptions=True)
        assert [type(result) for result in results] == [type(None), ValueError, type(None)]
        assert doing.batches == [[1, 2, 3], [1], [2], [3]]

    async def test_who_comes_later_gets_a_batch_of_their_own(self) -> None:
        doing = Doing()
        batcher = Batcher(doing)
        await batcher.add(1)
        await batcher.add(2)
        assert doing.batches == [[1], [2]]


class TestClose:
    async def test_what_was_not_begun_is_refused(self) -> None:
        doing = Doing()
        batcher = Batcher(doing)
        waiting = asyncio.ensure_future(batcher.add(1))
        await asyncio.sleep(0)
        batcher.close()
        with pytest.raises(Stopping):
            await waiting
        with pytest.raises(Stopping):
            await batcher.add(2)
        assert doing.batches == []

    async def test_what_was_begun_can_be_broken_off(self) -> None:
        begun = asyncio.Event()

        async def never(_ids: Sequence[int]) -> None:
            begun.set()
            await asyncio.Event().wait()

        batcher = Batcher(never)
        waiting = asyncio.ensure_future(batcher.add(1))
        await begun.wait()
        batcher.close()
        batcher.cancel()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
