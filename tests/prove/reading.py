"""Channels that are posted to, edited and deleted from, while the collector that reads them is killed."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

from sqlalchemy import select

from crm import encryption, sources, telegram_accounts
from crm.telegram_accounts import MtprotoSession
from db.models import Post
from db.session import Sessions
from sandbox.telegram_mtproto import Cloud
from sandbox.telegram_mtproto.state import Channel
from tests.prove.child import Where
from tests.prove.killable import Killable
from tests.prove.waiting import until

READER, PHONE = 700, "+79990000700"
FIRST_CHANNEL = 4001


class Reading:
    """A Telegram, an account that is signed in and a member of every channel, and the collector."""

    def __init__(self, sessions: Sessions, url: str, folder: Path, seed: int) -> None:
        self.cloud = Cloud()
        self.random = Random(seed)
        self.injected: Counter[str] = Counter()
        self._sessions = sessions
        self._url = url
        self._folder = folder
        self.collector: Killable

    async def begin(self, channels: int) -> None:
        self.cloud.add_user(READER, PHONE, "Читатель")
        await self.cloud.start()
        key = encryption.new_key()
        async with self._sessions.of_system() as session:
            account = await telegram_accounts.find_or_add(session, "main")
            kept = MtprotoSession(*self.cloud.server_address(), self.cloud.signed_in_key(READER).key)
            await telegram_accounts.save_session(session, account.id, kept, key)
            await telegram_accounts.note_signed_in(session, account.id, READER)
        for number in range(channels):
            channel = self.cloud.add_channel(FIRST_CHANNEL + number, f"Канал {number}", f"channel_{number}")
            self.cloud.join(READER, channel)
            async with self._sessions.of_system() as session:
                await sources.add(session, None, f"@channel_{number}")
        where = Where(self._url, key.decode(), self.cloud.server_address(), self.cloud.public_key)
        self.collector = Killable("collector", where, self._folder / "collector.log")
        await self.collector.start()

    async def end(self) -> None:
        await self.collector.kill()
        await self.cloud.stop()

    def post(self) -> None:
        channel = self.random.choice(list(self.cloud.channels.values()))
        self.injected["posts"] += 1
        self.cloud.post(channel, f"Пост {self.injected['posts']}")

    def edit(self) -> None:
        self._change("edits", lambda channel, id_: self.cloud.edit(channel, id_, f"Правка {self.injected['edits']}"))

    def delete(self) -> None:
        self._change("deletions", lambda channel, id_: self.cloud.delete(channel, [id_]))

    async def until_stored(self, count: int, seconds: float = 60) -> None:
        stored = await until(self.posts, lambda posts: len(posts) >= count, seconds)
        assert len(stored) >= count

    async def posts(self) -> list[Post]:
        async with self._sessions.of_system() as session:
            return list(await session.scalars(select(Post)))

    async def until_right(self, seconds: float) -> Counter[str]:
        """What is still wrong when nothing is, or when the time is over."""
        return self.compare(await until(self.posts, lambda posts: not self.compare(posts), seconds))

    def compare(self, stored: list[Post]) -> Counter[str]:
        """How our posts differ from what Telegram shows; empty where they do not."""
        there = {
            (channel.id, message.id): message.message
            for channel in self.cloud.channels.values()
            for message in channel.messages.values()
        }
        times = Counter((post.channel_id, post.message_id) for post in stored)
        wrong: Counter[str] = Counter()
        wrong["missing"] = len(there.keys() - times.keys())
        wrong["stored twice"] = sum(count > 1 for count in times.values())
        for post in stored:
            text = there.get((post.channel_id, post.message_id))
            wrong["not marked deleted"] += text is None and post.deleted_at is None
            wrong["marked deleted but there"] += text is not None and post.deleted_at is not None
            wrong["not the last text"] += text is not None and text != post.text
        return +wrong

    def _change(self, what: str, change: Callable[[Channel, int], object]) -> None:
        channel = self.random.choice(list(self.cloud.channels.values()))
        if channel.messages:
            self.injected[what] += 1
            change(channel, self.random.choice(list(channel.messages)))
