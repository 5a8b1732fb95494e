"""A real Telethon client and a real HTTP client against the sandbox, and the collector running between them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import select

from collector.accounts import ApiCredentials
from collector.run import run
from crm import encryption, sources, telegram_accounts
from crm.telegram_accounts import MtprotoSession
from db.models import Post, Source, TelegramAccount
from db.session import Sessions
from sandbox.preview import PreviewSite
from sandbox.telegram_mtproto import Cloud

READER = 777
GUARDED = 778
PHONE = "+79990000001"
GUARDED_PHONE = "+79990000002"
PASSWORD = "пароль42"
PUBLIC = 1001
NAME = "vacancies_msk"
CLOSED = 1002
INVITE = "AbCdEf12"
Seen = TypeVar("Seen")
API = ApiCredentials(1, "x" * 32, encryption.new_key())


def hour(number: int) -> datetime:
    """Hours of yesterday and before, the higher the later."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(days=10) + timedelta(hours=number)


@pytest.fixture
async def cloud() -> AsyncIterator[Cloud]:
    cloud = Cloud()
    cloud.add_user(READER, PHONE, "Сборщик")
    cloud.add_user(GUARDED, GUARDED_PHONE, "Осторожный", password=PASSWORD)
    cloud.add_channel(PUBLIC, "Вакансии Москва", NAME, history=[(hour(n), f"Пост {n}") for n in range(1, 31)])
    cloud.add_channel(CLOSED, "Закрытый клуб", invite=INVITE, history=[(hour(n), f"секрет {n}") for n in range(1, 4)])
    await cloud.start()
    yield cloud
    await cloud.stop()


@pytest.fixture
async def site(cloud: Cloud) -> AsyncIterator[PreviewSite]:
    site = PreviewSite()
    await site.start(cloud)
    yield site
    await site.stop()


@pytest.fixture
async def account(sessions: Sessions, cloud: Cloud) -> TelegramAccount:
    """Signed in already, which spares a test the key exchange."""
    dc_id, host, port = cloud.server_address()
    key = cloud.signed_in_key(READER).key
    async with sessions.of_system() as session:
        made = await telegram_accounts.find_or_add(session, "main")
        kept = MtprotoSession(dc_id, host, port, key)
        await telegram_accounts.save_session(session, made.id, kept, API.encryption_key)
        await telegram_accounts.note_signed_in(session, made.id, READER)
        return made


async def until(look: Callable[[], Awaitable[Seen]], fulfilled: Callable[[Seen], bool]) -> Seen:
    """What is seen once it is so; raises TimeoutError after 20 seconds."""
    async with asyncio.timeout(20):
        seen = await look()
        while not fulfilled(seen):
            await asyncio.sleep(0.02)
            seen = await look()
    return seen


class Collecting:
    """The collector at work, and what it has stored."""

    def __init__(self, sessions: Sessions, cloud: Cloud, site: PreviewSite) -> None:
        self._sessions = sessions
        self._cloud = cloud
        self._site = site

    @asynccontextmanager
    async def running(self, **options: Any) -> AsyncIterator[None]:
        """From here to the end of the block."""
        stop = asyncio.Event()
        settings: dict[str, Any] = {
            "api": API,
            "preview_url": self._site.url,
            "join_seconds": 0.0,
            "compare_seconds": 0.2,
            "preview_seconds": 0.0,
            "server": self._cloud.server_address(),
        }
        work = asyncio.create_task(run(self._sessions, stop=stop, **(settings | options)))
        try:
            yield
        finally:
            stop.set()
            await work

    async def add(self, link: str, **how: Any) -> Source:
        async with self._sessions.of_system() as session:
            return await sources.add(session, None, link, **how)

    async def source(self, source_id: int) -> Source:
        async with self._sessions.of_system() as session:
            return await sources.find(session, source_id)

    async def until(self, source_id: int, fulfilled: Callable[[Source], bool]) -> Source:
        """The source once it is so; raises TimeoutError after 20 seconds."""
        return await until(lambda: self.source(source_id), fulfilled)

    async def until_any(self, fulfilled: Callable[[Source], bool]) -> list[Source]:
        """All sources once one of them is so; a source may be taken over by another while it is read."""

        async def look() -> list[Source]:
            async with self._sessions.of_system() as session:
                return await sources.list_all(session)

        return await until(look, lambda seen: any(map(fulfilled, seen)))

    async def until_read(self, source: Source, cursor: int) -> Source:
        return await self.until(source.id, lambda seen: seen.cursor >= cursor and seen.backfilled_at is not None)

    async def until_problem(self, source: Source, key: str) -> Source:
        return await self.until(source.id, lambda seen: seen.problem == key)

    async def posts(self, channel_id: int = PUBLIC) -> list[Post]:
        async with self._sessions.of_system() as session:
            found = await session.scalars(
                select(Post).where(Post.channel_id == channel_id).order_by(Post.message_id, Post.id)
            )
            return list(found)

    async def until_posts(self, fulfilled: Callable[[list[Post]], bool], channel_id: int = PUBLIC) -> list[Post]:
        return await until(lambda: self.posts(channel_id), fulfilled)


@pytest.fixture
def collecting(sessions: Sessions, cloud: Cloud, site: PreviewSite) -> Collecting:
    return Collecting(sessions, cloud, site)
