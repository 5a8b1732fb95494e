"""Finding the channel behind a source, and entering it no faster than Telegram likes."""

import asyncio
import contextlib
from typing import Any

from telethon import errors
from telethon.tl import functions, types

from collector.problems import Problem, Unreadable
from db.models import Source, SourceState

ENTERING = (
    functions.contacts.ResolveUsernameRequest,
    functions.messages.CheckChatInviteRequest,
    functions.messages.ImportChatInviteRequest,
    functions.channels.JoinChannelRequest,
)
"""requests whose flood waits, often long, say nothing of reading"""


class Joiner:
    """Lets one account join one channel after another, `gap` seconds apart."""

    def __init__(self, gap: float) -> None:
        self._gap = gap
        self._turn = asyncio.Lock()
        self._free_at = 0.0

    async def join(self, client: Any, request: Any) -> Any:
        """Wait for a turn, then ask. Raises what Telegram answers; after a flood wait nobody joins until it is over."""
        loop = asyncio.get_running_loop()
        async with self._turn:
            await asyncio.sleep(max(0.0, self._free_at - loop.time()))
            try:
                return await client(request)
            except errors.FloodWaitError as error:
                self._free_at = loop.time() + error.seconds
                raise
            finally:
                self._free_at = max(self._free_at, loop.time() + self._gap)


async def find_channel(client: Any, source: Source, joiner: Joiner) -> Any:
    """types.Channel of the source; a closed one is joined on the way.

    Raises Unreadable, InviteRequestSentError while an admin has not let us in, and other errors of Telegram.
    """
    channel = await _known_channel(client, source) if source.channel_id else None
    if channel is None:
        channel = await (_by_invite(client, source, joiner) if source.invite_hash else _by_name(client, source))
    if isinstance(channel, types.ChannelForbidden):
        raise Unreadable(Problem("source-problem-private", channel.title))
    if not isinstance(channel, types.Channel):
        raise Unreadable(Problem("source-problem-not-a-channel", source.username or ""))
    if source.channel_id is not None and channel.id != source.channel_id:
        raise Unreadable(Problem("source-problem-other-channel", channel.title))
    if channel.left and source.invite_hash:
        channel = await _by_invite(client, source, joiner)
    return channel


async def _known_channel(client: Any, source: Source) -> Any | None:
    """By the id we know; None where this account never met it."""
    try:
        return await client.get_entity(types.PeerChannel(source.channel_id))
    except ValueError:
        return None


async def _by_name(client: Any, source: Source) -> Any:
    if source.username is None:
        raise Unreadable(Problem("source-problem-no-way-in"))
    resolved = await client(functions.contacts.ResolveUsernameRequest(source.username))
    return next((chat for chat in resolved.chats if chat.id == getattr(resolved.peer, "channel_id", None)), None)


async def _by_invite(client: Any, source: Source, joiner: Joiner) -> Any:
    asked = functions.messages.CheckChatInviteRequest(source.invite_hash)
    invited = await client(asked)
    if not isinstance(invited, types.ChatInviteAlready):
        if source.state is SourceState.REQUESTED:
            raise errors.InviteRequestSentError(request=asked)
        with contextlib.suppress(errors.UserAlreadyParticipantError):
            await joiner.join(client, functions.messages.ImportChatInviteRequest(source.invite_hash))
        invited = await client(asked)
    if not isinstance(invited, types.ChatInviteAlready):
        raise Unreadable(Problem("source-problem-invite-expired"))
    return invited.chat
