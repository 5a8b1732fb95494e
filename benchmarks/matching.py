"""One listing against 100,000 subscriptions: the index in memory, and a plain scan with the definition.

Subscriptions are drawn from the taxonomy the way people make them (most name technologies and grades, some words);
listings are as long as real ones. The index is filled from a database, as a worker does it.
"""

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import insert, select

from benchmarks.database import empty_database
from benchmarks.report import percentile, show
from crm.matching import ListingFacts, Wish, wants, wish_of
from crm.subscription_index import SubscriptionIndex
from db.models import Company, Role, Subscription, User
from db.session import Sessions
from language.kinds import Engagement, Grade, Kind, Remote
from language.taxonomy import Taxonomy

LIMIT_MS = 5.0
TRIES = 3
COMPANIES = 20
USERS_OF_A_COMPANY = 50
PLACES = ("Москва", "Санкт-Петербург", "Казань", "Екатеринбург", "Минск", "Алматы", "Белград")
WORDS = [
    *("банк", "финтех", "страхование", "телеком", "ритейл", "логистика", "медицина", "госзаказ", "геймдев", "крипто"),
    *("стартап", "интеграция", "миграция", "поддержка", "монолит", "микросервисы", "аналитика", "витрины", "отчёты"),
    *("платежи", "маркетплейс", "казино", "стажёр", "релокация", "англоязычный", "срочно", "долгосрочный", "биллинг"),
    *("архитектура", "безопасность", "автоматизация", "скоринг", "бэклог", "методология"),
]

Draw = random.Random


def some(draw: Draw, share: float, values: list[str], most: int) -> tuple[str, ...]:
    """Up to `most` of the values in `share` of the cases, none in the others; the first values are the popular ones."""
    if draw.random() >= share:
        return ()
    ranks = (int(len(values) * draw.random() ** 2.5) for _ in range(draw.randint(1, most)))
    return tuple(dict.fromkeys(values[rank] for rank in ranks))


def a_wish(draw: Draw, technologies: list[str], roles: list[str]) -> Wish:
    wanted = some(draw, 0.75, technologies, 4)
    return Wish(
        kinds=draw.choices([("request",), ("offer",), ()], [80, 10, 10])[0],
        roles=some(draw, 0.35, roles, 3),
        technologies_any=wanted,
        technologies_all=some(draw, 0.1, technologies, 1),
        technologies_none=tuple(set(some(draw, 0.2, technologies, 3)) - set(wanted)),
        grades=some(draw, 0.5, [Grade.MIDDLE, Grade.SENIOR, Grade.LEAD, Grade.JUNIOR], 2),
        engagements=some(draw, 0.2, [Engagement.OUTSTAFF, Engagement.FREELANCE, Engagement.INHOUSE], 2),
        min_rate=draw.choice([None, None, 1500, 2000, 2500, 3000]),
        remote=some(draw, 0.3, [Remote.REMOTE, Remote.HYBRID, Remote.OFFICE], 2),
        places=some(draw, 0.1, list(PLACES), 2),
        words=some(draw, 0.15, WORDS, 3),
        minus_words=some(draw, 0.25, WORDS, 4),
        min_confidence=draw.choice([0.3, 0.3, 0.5, 0.8]),
        strict=some(draw, 0.1, ["min_rate", "grades", "remote"], 1),
    )


def a_listing(draw: Draw, number: int, technologies: list[str], roles: list[str], text: str) -> ListingFacts:
    hourly = draw.choice([None, 1800, 2200, 2600, 3200])
    core = some(draw, 0.95, technologies, 5)
    return ListingFacts(
        listing_id=number,
        company_id=draw.choices([None, 1], [9, 1])[0],
        kind=draw.choices([Kind.REQUEST, Kind.OFFER], [4, 1])[0],
        role=draw.choice(roles),
        core=core,
        extra=tuple(set(some(draw, 0.6, technologies, 4)) - set(core)),
        grades=some(draw, 0.85, [Grade.MIDDLE, Grade.SENIOR, Grade.LEAD, Grade.JUNIOR], 2),
        engagement=draw.choice([Engagement.OUTSTAFF, Engagement.FREELANCE, Engagement.UNKNOWN]),
        hourly_max=hourly,
        remote=draw.choice([None, Remote.REMOTE, Remote.REMOTE, Remote.OFFICE]),
        location=draw.choice([None, None, "Москва, РФ", "офис в Казани"]),
        text=f"{text} {' '.join(draw.sample(WORDS, 6))}",
        confidence=draw.choice([0.35, 0.6, 0.97, 0.99]),
    )


def some_text(draw: Draw, words: list[str]) -> str:
    return " ".join(draw.choices(words, k=120))


async def fill(sessions: Sessions, wishes: list[Wish]) -> None:
    """The subscriptions, spread over the people of some companies."""
    async with sessions.of_system() as session:
        companies = [Company(name=f"Company {number}") for number in range(COMPANIES)]
        session.add_all(companies)
        await session.flush()
        people = [
            User(company_id=company.id, telegram_id=company.id * 1000 + number, name="Person", role=Role.MANAGER)
            for company in companies
            for number in range(USERS_OF_A_COMPANY)
        ]
        session.add_all(people)
        await session.flush()
        rows: list[dict[str, Any]] = []
        for number, wish in enumerate(wishes):
            owner = people[number % len(people)]
            filters = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(wish).items()}
            rows.append(filters | {"company_id": owner.company_id, "user_id": owner.id, "name": "Subscription"})
        for start in range(0, len(rows), 5000):
            await session.execute(insert(Subscription), rows[start : start + 5000])


@dataclass(frozen=True)
class Ground:
    """What is compared: the index as a worker has it, and the same subscriptions in a plain list."""

    index: SubscriptionIndex
    everybody: list[tuple[int, int, Wish]]
    """subscription, company, wish"""
    first_refresh: float
    """seconds"""

    def scan(self, facts: ListingFacts) -> list[int]:
        return [
            subscription_id
            for subscription_id, company_id, wish in self.everybody
            if facts.company_id in (None, company_id) and wants(wish, facts) is not None
        ]


async def ground(wishes: list[Wish]) -> Ground:
    async with empty_database() as url:
        sessions = Sessions(url)
        await fill(sessions, wishes)
        index = SubscriptionIndex()
        started = time.perf_counter()
        async with sessions.of_system() as session:
            await index.refresh(session)
        first_refresh = time.perf_counter() - started
        filters = [getattr(Subscription, name) for name in Wish.__dataclass_fields__]
        async with sessions.of_system() as session:
            rows = await session.execute(select(Subscription.id, Subscription.company_id, *filters))
            everybody = [(row.id, row.company_id, wish_of(row)) for row in rows]
        await sessions.close()
    return Ground(index, everybody, first_refresh)


def timed(run: Callable[[ListingFacts], int], listings: list[ListingFacts]) -> list[float]:
    """Milliseconds of each: the best of some tries, for the machine has other things to do as well."""
    return [min(_once(run, facts) for _ in range(TRIES)) for facts in listings]


def _once(run: Callable[[ListingFacts], int], facts: ListingFacts) -> float:
    fresh = replace(facts)  # facts keep what was once found out about them
    started = time.perf_counter()
    run(fresh)
    return (time.perf_counter() - started) * 1000


def row(way: str, spent: list[float]) -> dict[str, Any]:
    return {
        "way": way,
        "p50, ms": percentile(spent, 0.5),
        "p99, ms": percentile(spent, 0.99),
        "worst, ms": max(spent),
    }


async def main(*, short: bool) -> bool:
    draw = random.Random(11)
    count, listing_count, scanned = (100_000, 100, 5) if short else (100_000, 1000, 50)
    taxonomy = Taxonomy.default()
    technologies, roles = list(taxonomy.technologies), list(taxonomy.roles)
    vocabulary = [f"слово{number}" for number in range(3000)]
    wishes = [a_wish(draw, technologies, roles) for _ in range(count)]
    on = await ground(wishes)
    index = on.index
    listings = [
        a_listing(draw, number, technologies, roles, some_text(draw, vocabulary)) for number in range(listing_count)
    ]
    matched = [len(index.match(facts)) for facts in listings]
    agree = all(
        sorted(match.subscription_id for match in index.match(facts)) == sorted(on.scan(facts))
        for facts in listings[:scanned]
    )
    by_index = timed(lambda facts: len(index.match(facts)), listings)
    with_reasons = timed(lambda facts: sum(len(match.reasons(facts)) for match in index.match(facts)), listings)
    by_scan = timed(lambda facts: len(on.scan(facts)), listings[:scanned])
    return show(
        "matching",
        [row("index", by_index), row("index, all reasons read", with_reasons), row("plain scan (baseline)", by_scan)],
        facts={
            "subscriptions": len(index),
            "listings, each the best of three tries": listing_count,
            "matches a listing, median": percentile(matched, 0.5),
            "matches a listing, most": max(matched),
            "first refresh, s": on.first_refresh,
        },
        promises={
            f"index p99 under {LIMIT_MS:.0f} ms": percentile(by_index, 0.99) < LIMIT_MS,
            f"index and scan agree on {scanned} listings": agree,
        },
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="fewer listings")
    sys.exit(0 if asyncio.run(main(short=parser.parse_args().short)) else 1)
