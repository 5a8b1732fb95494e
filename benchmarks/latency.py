"""From a committed post to the alert in Telegram's hands: queue, model, matching, ledger and sender, as shipped.

100 managers with 100 subscriptions each; 20 posts a second, each in a transaction of its own, to an embedded
PostgreSQL that really syncs. Telegram's stand-in keeps Telegram's limits and runs in a process of its own, as the
worker does. Times are of one monotonic clock, which all processes of a machine share.
"""

import argparse
import asyncio
import itertools
import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, text

from app.embedded_postgres import EmbeddedPostgres
from benchmarks.latency_processes import Process, stand_in, worker
from benchmarks.report import percentile, show
from crm import model_versions, posts
from crm.posts import RawPost
from db import migrate
from db.models import Arrival, Company, Post, Role, Source, SourceReader, Subscription, User
from db.session import Sessions
from language.kinds import Kind
from ml import corpus_files, labeller, training

LIMIT_SECONDS = 1.0
PER_SECOND = 20
MANAGERS = 100
SUBSCRIPTIONS_OF_A_MANAGER = 100
GROUP = 5
"""managers whom one post of the second kind alerts"""
CHANNEL_ID = 7_000_001
HISTORY = 600
"""posts of the last weeks that the database holds before the clock starts"""
FIRST_OF_HISTORY = 500_000
FIRST_CHAT = 10_001
FIRST_REQUEST = 200_000
LONGEST_BODY = 900
"""characters"""
SURE = 0.97
"""a post that the model takes for something else under another number alerts nobody"""
WARM_UP = 2 * PER_SECOND
"""posts before the clock starts: a worker just begun compiles its statements and reads its subscriptions"""
MARK = re.compile(r"BM(\d{6})")
SILENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Plan:
    """One run: what is posted, and whom it alerts."""

    name: str
    seconds: int
    alerts_a_post: int = 1
    polls_only: bool = False

    @property
    def posts(self) -> int:
        return self.seconds * PER_SECOND

    def managers(self, number: int) -> list[int]:
        """Of the post's number, in rotation."""
        if self.alerts_a_post == 1:
            return [number % MANAGERS]
        group = number % (MANAGERS // GROUP)
        return list(range(group * GROUP, (group + 1) * GROUP))

    def word(self, number: int) -> str:
        """What the post says that only its managers' subscriptions ask for."""
        if self.alerts_a_post == 1:
            return own_word(number % MANAGERS, number // MANAGERS % SUBSCRIPTIONS_OF_A_MANAGER)
        return group_word(number % (MANAGERS // GROUP))


@dataclass
class Outcome:
    """When each post was committed, and what came of it."""

    plan: Plan
    committed: dict[int, float] = field(default_factory=dict)
    told: dict[int, list[tuple[float, int]]] = field(default_factory=lambda: defaultdict(list))
    """by post: when, and in which chat"""
    chats: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """by chat: posts in the order told"""
    backlog: int = 0
    """alerts not told yet when the last post was committed"""

    @property
    def latencies(self) -> list[float]:
        """Seconds of each alert."""
        return [at - self.committed[number] for number, tellings in self.told.items() for at, _ in tellings]

    @property
    def is_exact(self) -> bool:
        """Everybody was told what concerns them, once, and nothing else."""
        return all(
            sorted(chat for _, chat in self.told[number]) == [FIRST_CHAT + one for one in self.plan.managers(number)]
            for number in self.committed
        )

    @property
    def overtaken(self) -> int:
        """Alerts that came before one of an earlier post in their chat."""
        return sum(earlier > later for told in self.chats.values() for earlier, later in itertools.pairwise(told))

    @property
    def drained_after(self) -> float:
        """Seconds from the last commit to the last alert."""
        last = max(at for tellings in self.told.values() for at, _ in tellings)
        return last - max(self.committed.values())


def own_word(manager: int, subscription: int) -> str:
    return f"участок{manager * SUBSCRIPTIONS_OF_A_MANAGER + subscription:05}"


def group_word(group: int) -> str:
    return f"объединение{group:02}"


class Texts:
    """The corpus's own requests of one position, each post under a number of its own, so that each is a new listing."""

    def __init__(self, artifact: bytes) -> None:
        self._labeller = labeller.load(artifact)
        requests = [
            example for example in corpus_files.read() if example.kind is Kind.REQUEST and len(example.items) == 1
        ]
        bodies = [example.text for example in requests if len(example.text) <= LONGEST_BODY]
        random.Random(5).shuffle(bodies)
        self._bodies = [body for body in bodies if self._is_sure(body)]

    def __len__(self) -> int:
        return len(self._bodies)

    def post(self, number: int, word: str) -> str:
        """What it says of its number and word stands first, where the alert's quotation shows it."""
        return f"{_heading(number, word)}\n{self._bodies[number % len(self._bodies)]}"

    def _is_sure(self, body: str) -> bool:
        """Whether it is labelled as one request under its heading's id, as every post of the benchmark must be."""
        heading = _heading(1, own_word(0, 1))
        (found,) = self._labeller.label([f"{heading}\n{body}"])
        return (
            found.kind is Kind.REQUEST
            and found.kind_confidence > SURE
            and [item.request_id for item in found.items] == [str(FIRST_REQUEST + 1)]
            and heading in found.items[0].text
        )


def _heading(number: int, word: str) -> str:
    return f"ID: {FIRST_REQUEST + number}, проект {word}, BM{number:06}"


async def fill(sessions: Sessions, artifact: bytes) -> int:
    """Managers with their subscriptions, a source, the model; returns the source's id."""
    async with sessions.of_system() as session:
        company = Company(name="Benchmark")
        source = Source(channel_id=CHANNEL_ID, username="benchmark", title="Benchmark", reader=SourceReader.USERBOT)
        session.add_all([company, source])
        await session.flush()
        managers = [
            User(company_id=company.id, telegram_id=FIRST_CHAT + number, name=f"Manager {number}", role=Role.MANAGER)
            for number in range(MANAGERS)
        ]
        session.add_all(managers)
        await session.flush()
        rows = [
            {
                "company_id": company.id,
                "user_id": manager.id,
                "name": f"Subscription {subscription}",
                "kinds": ["request"],
                "words": [own_word(number, subscription), *([group_word(number // GROUP)] if not subscription else [])],
            }
            for number, manager in enumerate(managers)
            for subscription in range(SUBSCRIPTIONS_OF_A_MANAGER)
        ]
        await session.execute(insert(Subscription), rows)
        await model_versions.add(session, artifact, {}, promote=True)
        return source.id


class Poster:
    """Commits posts as a collector does."""

    def __init__(self, sessions: Sessions, source_id: int, plan: Plan, texts: Texts) -> None:
        self._sessions, self._source_id, self._plan, self._texts = sessions, source_id, plan, texts

    async def post(self, number: int) -> float:
        """When it was committed."""
        raw = RawPost(CHANNEL_ID, number + 1, datetime.now(UTC), self._texts.post(number, self._plan.word(number)))
        async with self._sessions.of_system() as session:
            source = await session.get_one(Source, self._source_id)
            await posts.store(session, source, [raw], Arrival.LIVE, cursor=number + 1)
        return time.monotonic()

    async def fill_history(self) -> None:
        """Back-filled posts, labelled by the worker and told to nobody; then the planner learns what tables hold."""
        now = datetime.now(UTC)
        raws = [
            RawPost(
                CHANNEL_ID,
                FIRST_OF_HISTORY + number,
                now - timedelta(days=25 * number / HISTORY),
                self._texts.post(FIRST_OF_HISTORY + number, "прежний"),
            )
            for number in range(HISTORY)
        ]
        async with self._sessions.of_system() as session:
            await posts.store(session, await session.get_one(Source, self._source_id), raws, Arrival.BACKFILL)
        while True:
            async with self._sessions.of_system() as session:
                if not await session.scalar(select(func.count()).where(Post.labelled_at.is_(None))):
                    break
            await asyncio.sleep(0.2)
        async with self._sessions.engine.begin() as connection:
            await connection.execute(text("ANALYZE"))


async def run(server: EmbeddedPostgres, artifact: bytes, texts: Texts, plan: Plan) -> Outcome:
    database = f"latency_{abs(hash(plan)) % 10**8}"
    await asyncio.to_thread(server.create_database, database)
    url = server.url(database)
    await migrate.upgrade(url)
    sessions = Sessions(url)
    source_id = await fill(sessions, artifact)
    telegram = Process(stand_in, [FIRST_CHAT + number for number in range(MANAGERS)])
    bot_url = await telegram.hear()
    working = Process(worker, url, bot_url, plan.polls_only)
    try:
        return await measure(plan, Poster(sessions, source_id, plan, texts), telegram)
    finally:
        await working.stop()
        await telegram.stop()
        await sessions.close()


async def measure(plan: Plan, poster: Poster, telegram: Process) -> Outcome:
    outcome = Outcome(plan)
    await poster.fill_history()
    await post_evenly(poster, range(WARM_UP))
    warm = WARM_UP * plan.alerts_a_post
    await until_told(telegram, warm)
    outcome.committed = await post_evenly(poster, range(WARM_UP, WARM_UP + plan.posts))
    expected = warm + plan.posts * plan.alerts_a_post
    outcome.backlog = expected - await telegram.ask("count")
    say(f"{plan.name}: {plan.posts} posts are committed, {outcome.backlog} alerts are on their way")
    await until_told(telegram, expected)
    for at, chat_id, words, _ in await telegram.ask("deliveries"):
        mark = MARK.search(words)
        if mark is not None and int(mark[1]) in outcome.committed:
            outcome.told[int(mark[1])].append((at, chat_id))
            outcome.chats[chat_id].append(int(mark[1]))
    return outcome


async def post_evenly(poster: Poster, numbers: range) -> dict[int, float]:
    """When each was committed."""
    started = time.monotonic()
    committed = {}
    for place, number in enumerate(numbers):
        await asyncio.sleep(max(0.0, started + place / PER_SECOND - time.monotonic()))
        committed[number] = await poster.post(number)
    return committed


async def until_told(telegram: Process, expected: int) -> None:
    """Until so many messages were accepted. Raises TimeoutError when none came for long."""
    told, since = -1, time.monotonic()
    while (count := await telegram.ask("count")) < expected:
        if count != told:
            told, since = count, time.monotonic()
        if time.monotonic() - since > SILENCE_SECONDS:
            raise TimeoutError(f"{count} of {expected} alerts were told, and no more came in {SILENCE_SECONDS} s")
        await asyncio.sleep(0.1)


def row(outcome: Outcome) -> dict[str, Any]:
    return {
        "run": outcome.plan.name,
        "alerts": len(outcome.latencies),
        "p50, s": percentile(outcome.latencies, 0.5),
        "p99, s": percentile(outcome.latencies, 0.99),
        "worst, s": max(outcome.latencies),
        "backlog at the last post": outcome.backlog,
        "drained after, s": outcome.drained_after,
        "overtaken in their chat": outcome.overtaken,
    }


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def server_folder() -> Path:
    """On the disk, and open to the user that PostgreSQL runs as."""
    root = Path(tempfile.mkdtemp(prefix="platon-benchmark-"))
    root.chmod(0o755)
    return root


async def main(artifact: bytes, *, short: bool) -> bool:
    load = os.getloadavg()[0]
    seconds = 10 if short else 60
    plans = (
        Plan("one alert a post", seconds),
        Plan("the same, sender polls each second (baseline)", seconds, polls_only=True),
        Plan("five alerts a post", seconds, alerts_a_post=GROUP),
    )
    texts = Texts(artifact)
    root = server_folder()
    try:
        with EmbeddedPostgres(root) as server:
            one, polling, five = [await run(server, artifact, texts, plan) for plan in plans]
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return show(
        "latency",
        [row(one), row(polling), row(five)],
        facts={
            "subscriptions": MANAGERS * SUBSCRIPTIONS_OF_A_MANAGER,
            "managers": MANAGERS,
            "posts of history": HISTORY,
            "different texts": len(texts),
            "posts a second": PER_SECOND,
            "seconds": seconds,
            "load of the machine when it began": load,
        },
        promises={
            f"one alert a post: p99 under {LIMIT_SECONDS:.0f} s": percentile(one.latencies, 0.99) < LIMIT_SECONDS,
            "everybody was told what concerns them, once": one.is_exact and polling.is_exact and five.is_exact,
            "no alert overtook an earlier one in its chat": one.overtaken == polling.overtaken == five.overtaken == 0,
        },
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="ten seconds of posts instead of sixty")
    parser.add_argument("--model", type=Path, help="a file that `platon train` wrote, instead of training")
    given = parser.parse_args()
    say(f"model of {given.model}" if given.model else "training a model")
    trained = given.model.read_bytes() if given.model else training.train(corpus_files.read()).artifact
    sys.exit(0 if asyncio.run(main(trained, short=given.short)) else 1)
