"""What a client missed while it was away."""

from typing import Any

from telethon.tl import functions, types

from sandbox.telegram_mtproto.dispatch import Call, answers
from sandbox.telegram_mtproto.state import whole_seconds

_TOO_LONG_SHOWS = 10


@answers(functions.updates.GetStateRequest)
def get_state(call: Call, request: Any) -> Any:
    return types.updates.State(1, 0, whole_seconds(), 1, 0)


@answers(functions.updates.GetDifferenceRequest)
def get_difference(call: Call, request: Any) -> Any:
    """Accounts hold no private messages here, so a difference only names the channels that have moved on."""
    joined = (call.world.channels[channel_id] for channel_id in sorted(call.user.joined))
    moved = [
        channel
        for channel in joined
        if not (channel.private or channel.updates_suppressed)
        and any(event.at >= request.date for event in channel.events)
    ]
    if not moved:
        return types.updates.DifferenceEmpty(whole_seconds(), 1)
    told = [types.UpdateChannelTooLong(channel.id, channel.pts) for channel in moved]
    chats, users = [channel.seen_by(call.user) for channel in moved], [call.user.seen_by(call.user)]
    state = types.updates.State(1, 0, whole_seconds(), 1, 0)
    return types.updates.Difference([], [], told, chats, users, state)


@answers(functions.updates.GetChannelDifferenceRequest)
def get_channel_difference(call: Call, request: Any) -> Any:
    channel = call.readable_channel(request.channel)
    missed = channel.since(request.pts)
    if channel.updates_suppressed or not missed:
        return types.updates.ChannelDifferenceEmpty(channel.pts, final=True)
    if len(missed) > call.world.difference_limit:
        newest = channel.newest_first()[:_TOO_LONG_SHOWS]
        users, chats = call.world.named_in(newest, channel, call.user)
        return types.updates.ChannelDifferenceTooLong(channel.as_dialog(), newest, chats, users, final=True)
    page = missed[: request.limit]
    told = [event.update for event in page]
    new = [update.message for update in told if isinstance(update, types.UpdateNewChannelMessage)]
    others = [update for update in told if not isinstance(update, types.UpdateNewChannelMessage)]
    users, chats = call.world.named_in(new, channel, call.user)
    final = len(page) == len(missed)
    return types.updates.ChannelDifference(page[-1].pts, new, others, chats, users, final=final or None)
