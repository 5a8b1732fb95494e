"""Telegram's limits, told by a clock that the test moves on."""

import asyncio

import pytest

from worker.pace import CHAT_SECONDS, GROUP_PER_MINUTE, WORST_SECOND, Pace


class Clock:
    """Sleeping moves it on at once, and the event loop's time with it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        real_sleep = asyncio.sleep

        async def sleep(seconds: float) -> None:
            self.now += seconds
            await real_sleep(0)

        monkeypatch.setattr("worker.pace.asyncio.sleep", sleep)

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


class TestTurn:
    async def test_a_chat_waits_a_second_after_its_last_answer(self, clock: Clock) -> None:
        pace = Pace(clock)
        await pace.turn(1)
        clock.now += 0.3  # the message is on its way
        pace.sent(1)
        await pace.turn(1)
        assert clock.now == pytest.approx(1000.3 + CHAT_SECONDS)

    async def test_another_chat_does_not_wait_for_it(self, clock: Clock) -> None:
        pace = Pace(clock)
        pace.sent(1)
        await pace.turn(2)
        assert clock.now == 1000.0

    async def test_a_group_takes_its_share_of_a_minute_and_then_waits_for_the_rest_of_it(self, clock: Clock) -> None:
        pace = Pace(clock)
        for _ in range(GROUP_PER_MINUTE):
            await pace.turn(-7)
            pace.sent(-7)
        await pace.turn(-7)
        assert clock.now == pytest.approx(1060.0)

    async def test_a_flood_wait_holds_every_chat(self, clock: Clock) -> None:
        pace = Pace(clock)
        pace.pause(7)
        pace.pause(3)
        await pace.turn(2)
        assert clock.now == pytest.approx(1007.0)

    async def test_nobody_goes_while_it_is_held(self, clock: Clock) -> None:
        pace = Pace(clock)
        pace.hold()
        turn = asyncio.ensure_future(pace.turn(1))
        await asyncio.sleep(0)
        assert not turn.done()
        pace.release()
        await turn

    async def test_more_than_the_overall_limit_never_goes_out_at_once(self) -> None:
        pace = Pace()
        loop = asyncio.get_running_loop()
        times: list[float] = []
        for chat in range(8):
            await pace.turn(chat + 1)
            times.append(loop.time())
        assert times[7] - times[0] >= 4 / 25

    async def test_those_who_waited_out_a_pause_do_not_flood_when_it_ends(self) -> None:
        pace = Pace()
        loop = asyncio.get_running_loop()
        times: list[float] = []

        async def turn(chat: int) -> None:
            await pace.turn(chat)
            times.append(loop.time())

        pace.pause(0.3)
        await asyncio.gather(*(turn(chat + 1) for chat in range(10)))
        assert times[9] - times[0] >= 7 / 25


class TestGo:
    async def test_no_second_sees_more_than_telegram_takes(self, clock: Clock) -> None:
        pace = Pace(clock)
        times: list[float] = []
        for _ in range(WORST_SECOND + 1):
            await pace.go()
            times.append(clock.now)
        assert times[WORST_SECOND - 1] == 1000.0
        assert times[WORST_SECOND] == pytest.approx(1001.0)
