"""Finding channels, entering and leaving them."""

from typing import Any

from telethon.tl import functions, types

from sandbox.telegram_mtproto.dispatch import Call, answers
from sandbox.telegram_mtproto.faults import RpcFault
from sandbox.telegram_mtproto.state import CREATED_AT, Channel, whole_seconds

_MEMBERS_SHOWN = 1200
"""How many members every channel says it has."""


@answers(functions.contacts.ResolveUsernameRequest)
def resolve_username(call: Call, request: Any) -> Any:
    channel = call.world.channel_by_username(request.username)
    if channel is None:
        raise RpcFault("USERNAME_NOT_OCCUPIED")
    return types.contacts.ResolvedPeer(types.PeerChannel(channel.id), [channel.seen_by(call.user)], [])


@answers(functions.channels.GetChannelsRequest)
def get_channels(call: Call, request: Any) -> Any:
    return types.messages.Chats([call.readable_channel(item).seen_by(call.user) for item in request.id])


@answers(functions.channels.GetFullChannelRequest)
def get_full_channel(call: Call, request: Any) -> Any:
    channel = call.readable_channel(request.channel)
    newest = channel.newest_id
    full = types.ChannelFull(
        channel.id,
        channel.about,
        newest,
        0,
        0,
        types.PhotoEmpty(0),
        types.PeerNotifySettings(),
        [],
        channel.pts,
        participants_count=_MEMBERS_SHOWN,
    )
    return types.messages.ChatFull(full, [channel.seen_by(call.user)], [])


@answers(functions.channels.GetParticipantRequest)
def get_participant(call: Call, request: Any) -> Any:
    channel = call.readable_channel(request.channel)
    if channel.id not in call.user.joined:
        raise RpcFault("USER_NOT_PARTICIPANT")
    participant = types.ChannelParticipantSelf(call.user.id, call.user.id, CREATED_AT)
    return types.channels.ChannelParticipant(participant, [channel.seen_by(call.user)], [call.user.seen_by(call.user)])


@answers(functions.channels.JoinChannelRequest)
def join_channel(call: Call, request: Any) -> Any:
    return _join(call, call.readable_channel(request.channel))


@answers(functions.channels.LeaveChannelRequest)
def leave_channel(call: Call, request: Any) -> Any:
    channel = call.readable_channel(request.channel)
    if channel.id not in call.user.joined:
        raise RpcFault("USER_NOT_PARTICIPANT")
    call.world.leave(call.user, channel)
    return _membership_update(call, channel)


@answers(functions.messages.CheckChatInviteRequest)
def check_chat_invite(call: Call, request: Any) -> Any:
    channel = _invited_to(call, request.hash)
    if channel.id in call.user.joined:
        return types.ChatInviteAlready(channel.seen_by(call.user))
    return types.ChatInvite(
        channel.title,
        types.PhotoEmpty(0),
        _MEMBERS_SHOWN,
        0,
        channel=True,
        broadcast=not channel.megagroup or None,
        megagroup=channel.megagroup or None,
        request_needed=channel.request_needed or None,
        about=channel.about,
    )


@answers(functions.messages.ImportChatInviteRequest)
def import_chat_invite(call: Call, request: Any) -> Any:
    channel = _invited_to(call, request.hash)
    if channel.id in call.user.joined:
        raise RpcFault("USER_ALREADY_PARTICIPANT")
    return _join(call, channel)


def _invited_to(call: Call, invite: str) -> Channel:
    for channel in call.world.channels.values():
        if channel.invite == invite:
            return channel
    raise RpcFault("INVITE_HASH_EXPIRED")


def _join(call: Call, channel: Channel) -> Any:
    if channel.private:
        raise RpcFault("CHANNEL_PRIVATE")
    if channel.request_needed and channel.id not in call.user.joined:
        call.world.ask_to_join(call.user, channel)
        raise RpcFault("INVITE_REQUEST_SENT")
    call.world.join(call.user, channel)
    return types.messages.ChatInviteJoinResultOk(_membership_update(call, channel))


def _membership_update(call: Call, channel: Channel) -> Any:
    user = call.user
    update = types.UpdateChannel(channel.id)
    return types.Updates([update], [user.seen_by(user)], [channel.seen_by(user)], whole_seconds(), 0)
