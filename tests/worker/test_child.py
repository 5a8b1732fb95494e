"""Work in a process of its own, and what becomes of it when that process is lost."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from worker.child import Child, ChildDied, ChildFailed


def counting_from(first: int) -> Callable[[Any], Any]:
    def answer(question: Any) -> Any:
        if question == "raise":
            raise ValueError("no such thing")
        if question == "die":
            os._exit(7)
        if question == "hang":
            time.sleep(600)
        return first + question

    return answer


def refusing() -> Callable[[Any], Any]:
    raise ValueError("a spoilt artifact")


@pytest.fixture
async def child() -> AsyncIterator[Child]:
    child = await Child.begin(counting_from, 100)
    yield child
    child.end()


class TestAsk:
    async def test_it_answers_one_question_after_another(self, child: Child) -> None:
        answers = await asyncio.gather(*(child.ask(number, seconds=10) for number in range(3)))
        assert answers == [100, 101, 102]

    async def test_what_it_raises_is_told_and_it_lives_on(self, child: Child) -> None:
        with pytest.raises(ChildFailed, match="no such thing"):
            await child.ask("raise", seconds=10)
        assert await child.ask(1, seconds=10) == 101

    async def test_its_death_is_an_error_here(self, child: Child) -> None:
        with pytest.raises(ChildDied, match="exit code 7"):
            await child.ask("die", seconds=10)
        with pytest.raises(ChildDied):
            await child.ask(1, seconds=10)

    async def test_one_that_hangs_is_ended(self, child: Child) -> None:
        with pytest.raises(ChildDied, match="no answer"):
            await child.ask("hang", seconds=0.05)


class TestBegin:
    async def test_it_tells_why_it_could_not_start(self) -> None:
        with pytest.raises(ChildFailed, match="a spoilt artifact"):
            await Child.begin(refusing)
