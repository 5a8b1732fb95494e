"""Live updates. Each is only a hint: it is stored at once if it is new, but never moves a cursor."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

from telethon import events, utils
from telethon.tl import types

from collector.raw_post import from_message
from collector.reading import arrival_of
from crm import posts, sources
from crm.posts import RawPost
from db.models import Arrival, Source
from db.session import Sessions, SystemSession

LIVE_WITHIN = timedelta(minutes=5)
"""Telegram also tells, late, what happened while we were away: older than this a post was missed, not live."""

OpenSession = Callable[[], AbstractAsyncContextManager[SystemSession]]


class Listener:
    """Stores what one account is told of the channels it reads."""

    def __init__(self, sessions: Sessions, account_id: int) -> None:
        self._open: OpenSession = sessions.of_system
        self._account_id = account_id
        self.channels: set[int] = set()
        """ids of the channels that are sources of ours; all else is none of our business"""

    def attach(self, client: Any) -> None:
        client.add_event_handler(self._new, events.NewMessage())
        client.add_event_handler(self._edited, events.MessageEdited())
        client.add_event_handler(self._deleted, events.MessageDeleted())

    async def _new(self, event: Any) -> None:
        raw = from_message(event.message)
        if raw is None or raw.channel_id not in self.channels:
            return
        async with self._open() as session:
            for source in await sources.by_channel(session, raw.channel_id, self._account_id):
                if raw.message_id > source.cursor:
                    await posts.store(session, source, [raw], _arrival(raw, source))

    async def _edited(self, event: Any) -> None:
        raw = from_message(event.message)
        if raw is None or raw.channel_id not in self.channels:
            return
        async with self._open() as session:
            for source in await sources.by_channel(session, raw.channel_id, self._account_id):
                await posts.revise(session, source, [raw])

    async def _deleted(self, event: Any) -> None:
        if event.chat_id is None:
            return
        channel_id, kind = utils.resolve_id(event.chat_id)
        if kind is types.PeerChannel and channel_id in self.channels:
            async with self._open() as session:
                await posts.mark_deleted(session, channel_id, event.deleted_ids)


def _arrival(raw: RawPost, source: Source) -> Arrival:
    arrival = arrival_of(raw.posted_at, source)
    is_live = arrival is Arrival.CAUGHT_UP and datetime.now(UTC) - raw.posted_at < LIVE_WITHIN
    return Arrival.LIVE if is_live else arrival
