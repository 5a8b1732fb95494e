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
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from app.embedded_postgres import EmbeddedPostgres
from benchmarks.latency_processes import Process, stand_in, worker
from benchmarks.report import percentile, show
from crm import model_versions, posts
from crm.posts import RawPost
from db import migrate
from db.models import Arrival, Company, Role, Source, SourceReader, Subscription, User
from db.session import Sessions
from language.taxonomy import Taxonomy
from ml import corpus_files, training

LIMIT_SECONDS = 1.0
PER_SECOND = 20
MANAGERS = 100
SUBSCRIPTIONS_OF_A_MANAGER = 100
GROUP = 5
"""managers whom one post of the second kind alerts"""
CHANNEL_ID = 7_000_001
FIRST_CHAT = 10_001
WARM_UP = 2 * PER_SECOND
"""posts before the clock starts: a worker just begun compiles its statements and reads its subscriptions"""
MARK = re.compile(r"BM(\d{6})")
LONGEST_DRAIN_SECONDS = 600.0


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
    """Requests that no two are the same listing, each with its number and its word."""

    TASKS = (
        *("развивать сервис расчётов", "переносить монолит на сервисы", "писать интеграции с партнёрами"),
        *("ускорять выдачу отчётов", "проектировать витрины данных", "сопровождать личный кабинет"),
        *("строить обмен сообщениями", "чистить старый код", "покрывать код проверками", "наставлять младших"),
    )
    PLACES = ("Москва", "Казань", "удалённо из РФ", "Санкт-Петербург", "Нижний Новгород", "удалённо")

    def __init__(self) -> None:
        self._draw = random.Random(5)
        technologies = Taxonomy.default().technologies
        known = ("java", "python", "go", "react", "php", "kotlin", "swift", "postgresql", "kafka", "docker", "redis")
        self._names = [technologies[id_].name for id_ in known if id_ in technologies]

    def request(self, number: int, word: str) -> str:
        draw = self._draw
        main, *others = draw.sample(self._names, 4)
        grade = draw.choice(("Middle", "Senior", "Middle+"))
        return (
            f"Запрос на аутстафф. ID: {100_000 + number}\n"
            f"Нужен {main}-разработчик, {grade}.\n"
            f"Стек: {main}, {', '.join(others)}.\n"
            f"Задачи: {', '.join(draw.sample(self.TASKS, 3))}.\n"
            f"Ставка до {draw.randrange(1800, 3600, 50)} ₽/час. {draw.choice(self.PLACES)}. Старт сразу.\n"
            f"Проект {word}, номер BM{number:06}"
        )


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

    def __init__(self, sessions: Sessions, source_id: int, plan: Plan) -> None:
        self._sessions, self._source_id, self._plan = sessions, source_id, plan
        self._texts = Texts()

    async def post(self, number: int) -> float:
        """When it was committed."""
        raw = RawPost(CHANNEL_ID, number + 1, datetime.now(UTC), self._texts.request(number, self._plan.word(number)))
        async with self._sessions.of_system() as session:
            source = await session.get_one(Source, self._source_id)
            await posts.store(session, source, [raw], Arrival.LIVE, cursor=number + 1)
        return time.monotonic()


async def run(server: EmbeddedPostgres, artifact: bytes, plan: Plan) -> Outcome:
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
        return await measure(plan, Poster(sessions, source_id, plan), telegram)
    finally:
        await working.stop()
        await telegram.stop()
        await sessions.close()


async def measure(plan: Plan, poster: Poster, telegram: Process) -> Outcome:
    outcome = Outcome(plan)
    await post_evenly(poster, range(WARM_UP))
    warm = WARM_UP * plan.alerts_a_post
    await until_told(telegram, warm)
    outcome.committed = await post_evenly(poster, range(WARM_UP, WARM_UP + plan.posts))
    expected = warm + plan.posts * plan.alerts_a_post
    outcome.backlog = expected - await telegram.ask("count")
    say(f"{plan.name}: {plan.posts} posts are committed, {outcome.backlog} alerts are on their way")
    await until_told(telegram, expected)
    for at, chat_id, text, _ in await telegram.ask("deliveries"):
        mark = MARK.search(text)
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
    """Until so many messages were accepted; gives up when none came for long."""
    deadline = time.monotonic() + LONGEST_DRAIN_SECONDS
    while await telegram.ask("count") < expected:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{await telegram.ask('count')} of {expected} alerts were told")
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
    root = server_folder()
    try:
        with EmbeddedPostgres(root) as server:
            one, polling, five = [await run(server, artifact, plan) for plan in plans]
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return show(
        "latency",
        [row(one), row(polling), row(five)],
        facts={
            "subscriptions": MANAGERS * SUBSCRIPTIONS_OF_A_MANAGER,
            "managers": MANAGERS,
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
