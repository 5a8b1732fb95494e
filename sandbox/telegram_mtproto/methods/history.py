"""Dialogs and the messages of channels, a page at a time."""

from collections.abc import Callable
from typing import Any

from telethon.tl import functions, types

from sandbox.telegram_mtproto.dispatch import Call, answers
from sandbox.telegram_mtproto.faults import RpcFault
from sandbox.telegram_mtproto.state import CREATED_AT, Channel

_PAGE_LIMIT = 100


@answers(functions.messages.GetDialogsRequest)
def get_dialogs(call: Call, request: Any) -> Any:
    """The user's channels, last spoken first, from after the one that the offset names."""
    readable = [call.world.channels[channel_id] for channel_id in call.user.joined]
    channels = sorted((channel for channel in readable if not channel.private), key=_last_spoken, reverse=True)
    ids = [channel.id for channel in channels]
    offset = getattr(request.offset_peer, "channel_id", None)
    start = ids.index(offset) + 1 if offset in ids else 0
    page = channels[start : start + min(request.limit or _PAGE_LIMIT, _PAGE_LIMIT)]
    dialogs = _dialogs(call, page)
    if len(page) == len(channels):
        return types.messages.Dialogs(**dialogs)
    return types.messages.DialogsSlice(len(channels), **dialogs)


@answers(functions.messages.GetPeerDialogsRequest)
def get_peer_dialogs(call: Call, request: Any) -> Any:
    channels = [call.readable_channel(item.peer) for item in request.peers]
    state = types.updates.State(1, 0, CREATED_AT, 1, 0)
    return types.messages.PeerDialogs(**_dialogs(call, channels), state=state)


@answers(functions.messages.GetHistoryRequest)
def get_history(call: Call, request: Any) -> Any:
    return _page(call, call.readable_channel(request.peer), request, lambda message: True)


@answers(functions.messages.SearchRequest)
def search(call: Call, request: Any) -> Any:
    channel = call.readable_channel(request.peer)
    wanted = request.q.lower()
    photos_only = isinstance(request.filter, types.InputMessagesFilterPhotos)
    return _page(
        call,
        channel,
        request,
        lambda message: wanted in message.message.lower() and (message.media is not None or not photos_only),
    )


@answers(functions.channels.GetMessagesRequest)
def get_messages(call: Call, request: Any) -> Any:
    channel = call.readable_channel(request.channel)
    peer = types.PeerChannel(channel.id)
    wanted = [_message_id(channel, item) for item in request.id]
    messages = [channel.messages.get(message_id) or types.MessageEmpty(message_id, peer) for message_id in wanted]
    return _channel_messages(call, channel, messages, len(messages))


@answers(functions.channels.ReadHistoryRequest)
def read_history(call: Call, request: Any) -> Any:
    if call.readable_channel(request.channel).id not in call.user.joined:
        raise RpcFault("CHANNEL_PRIVATE")
    return True


def _page(call: Call, channel: Channel, request: Any, wanted: Callable[[Any], bool]) -> Any:
    """Telegram's paging: find the offset among the messages, newest first, move by add_offset, take limit of them.

    min_id and max_id (both exclusive) cut the page afterwards.
    """
    messages = [message for message in channel.newest_first() if wanted(message)]
    offset_date = getattr(request, "offset_date", None) or getattr(request, "max_date", None)
    start = 0
    if request.offset_id:
        start = sum(message.id >= request.offset_id for message in messages)
    elif offset_date is not None and offset_date.timestamp() > 0:
        start = sum(message.date >= offset_date for message in messages)
    first = start + request.add_offset
    page = messages[max(0, first) : max(0, first + min(request.limit, _PAGE_LIMIT))]
    inside = [
        message
        for message in page
        if message.id > request.min_id and (not request.max_id or message.id < request.max_id)
    ]
    return _channel_messages(call, channel, inside, len(messages))


def _message_id(channel: Channel, wanted: Any) -> int:
    """The id meant by InputMessageID, or by InputMessageReplyTo: the post that this one answers."""
    if isinstance(wanted, types.InputMessageReplyTo):
        header = getattr(channel.messages.get(wanted.id), "reply_to", None)
        return header.reply_to_msg_id if header else 0
    return wanted.id


def _channel_messages(call: Call, channel: Channel, messages: list[Any], total: int) -> Any:
    users, chats = call.world.named_in(messages, channel, call.user)
    return types.messages.ChannelMessages(channel.pts, total, messages, [], chats, users)


def _dialogs(call: Call, channels: list[Channel]) -> dict[str, Any]:
    newest = [channel.messages[channel.newest_id] for channel in channels if channel.messages]
    users, chats = {call.user.id: call.user.seen_by(call.user)}, {}
    for channel in channels:
        top = [channel.messages[channel.newest_id]] if channel.messages else []
        more_users, more_chats = call.world.named_in(top, channel, call.user)
        users.update({user.id: user for user in more_users})
        chats.update({chat.id: chat for chat in more_chats})
    return {
        "dialogs": [channel.as_dialog() for channel in channels],
        "messages": newest,
        "chats": list(chats.values()),
        "users": list(users.values()),
    }


def _last_spoken(channel: Channel) -> tuple[Any, int]:
    return (channel.messages[channel.newest_id].date if channel.messages else CREATED_AT, channel.id)
