"""The worker killed between commit and send, and every other thing that goes wrong on the way to a person."""

import asyncio
from collections import Counter
from random import Random

import pytest

from app.embedded_postgres import EmbeddedPostgres
from db.models import Channel
from tests.prove.conftest import BeginTelling
from tests.prove.report import tell
from tests.prove.telling import Telling

pytestmark = pytest.mark.prove

KILLS = 100
SEED = 20_261_124
LIFE_SECONDS = 60.0
RESTARTS = 3
NEVER = ("never told and not failed in the ledger", "told more than twice", "doubles not in the ledger", "out of order")


class Fate:
    """Kills the worker when so many messages of this life have come so far, or a while after."""

    def __init__(self, world: Telling, random: Random) -> None:
        self._world = world
        self._channel = random.choice([Channel.TELEGRAM, Channel.TELEGRAM, Channel.EMAIL])
        self._when = random.choice(["comes", "is taken", "some time"])
        self._left = random.randint(1, 10)
        self._delay = random.uniform(0, 0.5)
        self.name = f"{self._channel}, {self._when}"

    def strike(self, channel: Channel, when: str) -> bool:
        met = channel is self._channel and when == ("comes" if self._when == "some time" else self._when)
        self._left -= met
        if self._left or not met:
            return False
        if self._when == "some time":
            asyncio.get_running_loop().call_later(self._delay, self._world.worker.strike)
            return False
        self._world.worker.strike()
        return True


class TestTelling:
    async def test_of_a_hundred_kills_between_commit_and_send_no_loss_is_unnoticed_and_none_is_told_more_than_twice(
        self, telling: BeginTelling
    ) -> None:
        world = await telling(people=12, writing=6)
        random = Random(SEED)
        struck: Counter[str] = Counter()
        while world.worker.kills < KILLS:
            await world.promise(2)
            fate = Fate(world, random)
            world.api.strike = world.mailbox.strike = fate.strike
            await world.worker.start()
            try:
                await asyncio.wait_for(world.worker.wait(), LIFE_SECONDS)
            except TimeoutError:
                await world.worker.kill()
            struck[f"kills ({fate.name})"] += 1
        world.api.strike = world.mailbox.strike = lambda channel, when: False
        await world.worker.start()
        ledger = await world.until_settled(300)
        counted = await world.count(ledger)
        tell("The worker killed between commit and send", {"alerts": len(ledger), **struck}, counted)
        assert not [wrong for wrong in NEVER if counted[wrong]]
        # An alert that was in hand at two deaths is told no third time, whether or not it ever left: the ledger says
        # `answer-lost-twice`. So "never told" may count some.
        assert counted["told once"] + counted["told twice"] + counted["never told"] == len(ledger)

    async def test_flood_waits_a_blocked_chat_greylisting_and_restarts_of_the_database_lose_nothing(
        self, telling_on_own_postgres: BeginTelling, own_postgres: EmbeddedPostgres
    ) -> None:
        world = await telling_on_own_postgres(people=8, writing=4)
        writes, only_chats = world.people[0], world.people[-1]
        await world.worker.start()
        await world.promise(4)
        for restart in range(RESTARTS):
            await asyncio.sleep(2)
            world.api.fail("sendMessage", 429, "Too Many Requests: retry after 1", retry_after=1, times=5)
            world.greylist()
            if restart == 1:
                world.api.block(writes.telegram_id)
                world.api.block(only_chats.telegram_id)
            await asyncio.to_thread(own_postgres.stop)
            await asyncio.to_thread(own_postgres.start)
            await world.reconnect()
            await world.promise(4)
        ledger = await world.until_settled(400)
        counted = await world.count(ledger)
        injected = {
            "alerts": len(ledger),
            "answers 429": 5 * RESTARTS,
            "chats blocked": 2,
            "database restarts": RESTARTS,
        }
        tell("Flood waits, blocked chats, greylisting, a database restarted", injected, counted)
        blocked = [alert for alert in ledger if alert.user_id == only_chats.id and alert.error == "blocked"]
        assert counted["never told"] == len(blocked) > 0, "who has no address cannot be told, and the ledger says so"
        assert not [wrong for wrong in NEVER[1:] if counted[wrong]]
