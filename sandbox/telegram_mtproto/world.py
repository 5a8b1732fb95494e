"""The state all data centres share, and what may happen in it: posts, edits, joins, sign-ins."""

import base64
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from telethon.crypto import AuthKey
from telethon.extensions import BinaryReader
from telethon.tl import types

from sandbox.telegram_mtproto.data_centre import DataCentre
from sandbox.telegram_mtproto.faults import Faults, OrderedFault
from sandbox.telegram_mtproto.framing import Auth, Session
from sandbox.telegram_mtproto.journal import Journal
from sandbox.telegram_mtproto.state import Channel, User, whole_seconds

_CALLS_KEPT = 10_000
_CHANNEL_SETTINGS = ("id", "title", "username", "invite", "about", "megagroup", "request_needed", "private")


@dataclass
class LoginToken:
    """A QR code that was shown: who showed it, and who scanned it."""

    auth: Auth
    user_id: int | None = None


class World:
    """Users, channels, blobs and faults; with a `state_dir` each change is journalled there before it is told."""

    code = "12345"
    difference_limit = 100
    """More missed events than this in one channel are answered by ChannelDifferenceTooLong."""

    def __init__(self, state_dir: Path | None) -> None:
        self.users: dict[int, User] = {}
        self.channels: dict[int, Channel] = {}
        self.blobs: dict[int, bytes] = {}
        self.dcs: dict[int, DataCentre] = {}
        self.faults = Faults()
        self.calls: list[Any] = []
        """The requests of all clients, oldest first; the oldest are forgotten beyond some thousands."""
        self.login_tokens: dict[bytes, LoginToken] = {}
        self.transfers: dict[bytes, int] = {}
        """Tokens by which a user signed in to one data centre enters another."""
        self.srp_secrets: dict[int, tuple[int, int, int]] = {}
        self._journal = Journal(state_dir / "journal.jsonl") if state_dir else None

    # People and channels

    def add_user(self, id: int, phone: str, first_name: str, password: str | None = None, *, home_dc: int = 2) -> User:
        """Make the account, or give an existing one this name and password; its memberships stay."""
        user = self.users.get(id) or User(id, phone, first_name)
        user.phone, user.first_name, user.password, user.home_dc = phone.lstrip("+"), first_name, password, home_dc
        self.users[id] = user
        self._remember_user(user)
        return user

    def add_channel(
        self,
        id: int,
        title: str,
        username: str | None = None,
        invite: str | None = None,
        megagroup: bool = False,
        history: Iterable[str | tuple[datetime, str]] = (),
        *,
        about: str = "",
        request_needed: bool = False,
    ) -> Channel:
        """Make the channel with these texts, dated if a date is given; a known one is renamed and keeps its posts."""
        known = self.channels.get(id)
        channel = known or Channel(id, title)
        channel.title, channel.username, channel.invite, channel.about = title, username, invite, about
        channel.megagroup, channel.request_needed = megagroup, request_needed
        self.channels[id] = channel
        self._remember_channel(channel)
        if known is None:
            for item in history:
                date, text = (None, item) if isinstance(item, str) else item
                self.post(channel, text, date=date, push=False)
        return channel

    def user_by_phone(self, phone: str) -> User | None:
        digits = phone.lstrip("+")
        return next((user for user in self.users.values() if digits and user.phone == digits), None)

    def channel_by_username(self, username: str) -> Channel | None:
        named = (channel for channel in self.channels.values() if channel.username)
        return next((channel for channel in named if str(channel.username).lower() == username.lower()), None)

    def person(self, name: str) -> User:
        """A member of groups known by name only, who never signs in."""
        known = next((user for user in self.users.values() if not user.phone and user.first_name == name), None)
        return known or self.add_user(max([500_000_000, *self.users]) + 1, "", name)

    def join(self, user: User | int, channel: Channel | int) -> None:
        user, channel = self._user(user), self._channel(channel)
        user.joined.add(channel.id)
        user.asked_to_join.discard(channel.id)
        self._remember_user(user)
        self._push_to_user(user.id, types.UpdateChannel(channel.id), channel)

    def leave(self, user: User | int, channel: Channel | int) -> None:
        user, channel = self._user(user), self._channel(channel)
        user.joined.discard(channel.id)
        self._remember_user(user)
        self._push_to_user(user.id, types.UpdateChannel(channel.id), channel)

    def ask_to_join(self, user: User, channel: Channel) -> None:
        user.asked_to_join.add(channel.id)
        self._remember_user(user)

    def make_private(self, channel: Channel | int, *, private: bool = True) -> None:
        """Shut everybody out: requests are answered CHANNEL_PRIVATE and updates stop; the posts stay."""
        channel = self._channel(channel)
        channel.private = private
        self._remember_channel(channel)

    def suppress_updates(self, channel: Channel | int, *, suppressed: bool = True) -> None:
        """Keep quiet about this channel, live and in differences; its history still tells everything."""
        self._channel(channel).updates_suppressed = suppressed

    # Messages

    def post(
        self,
        channel: Channel | int,
        text: str,
        *,
        date: datetime | None = None,
        entities: Sequence[Any] = (),
        media: Any = None,
        reply_to: int | None = None,
        fwd_from: Any = None,
        grouped_id: int | None = None,
        author: str | None = None,
        push: bool = True,
    ) -> Any:
        """Post and tell the members that are connected (unless `push` is off); the types.Message.

        In a megagroup the author is a member, in a channel the signature under the post.
        """
        channel = self._channel(channel)
        sender = self.person(author) if author and channel.megagroup else None
        message = types.Message(
            channel.last_id + 1,
            types.PeerChannel(channel.id),
            whole_seconds(date),
            text,
            post=not channel.megagroup or None,
            from_id=types.PeerUser(sender.id) if sender else None,
            fwd_from=fwd_from,
            reply_to=types.MessageReplyHeader(reply_to_msg_id=reply_to) if reply_to else None,
            media=media,
            entities=list(entities) or None,
            views=1,
            forwards=0,
            post_author=author if sender is None else None,
            grouped_id=grouped_id,
        )
        self._happen(channel, types.UpdateNewChannelMessage(message, channel.pts + 1, 1), message.date, push)
        return message

    def edit(
        self,
        channel: Channel | int,
        message_id: int,
        text: str,
        *,
        date: datetime | None = None,
        entities: Sequence[Any] = (),
        push: bool = True,
    ) -> Any:
        """Replace the text; raises KeyError where there is no such message."""
        channel = self._channel(channel)
        message = _decoded(bytes(channel.messages[message_id]))
        message.message, message.entities, message.edit_date = text, list(entities) or None, whole_seconds(date)
        self._happen(channel, types.UpdateEditChannelMessage(message, channel.pts + 1, 1), message.edit_date, push)
        return message

    def delete(
        self, channel: Channel | int, ids: Iterable[int], *, date: datetime | None = None, push: bool = True
    ) -> None:
        """Delete those of these messages that exist."""
        channel = self._channel(channel)
        gone = [message_id for message_id in ids if message_id in channel.messages]
        if gone:
            update = types.UpdateDeleteChannelMessages(channel.id, gone, channel.pts + len(gone), len(gone))
            self._happen(channel, update, whole_seconds(date), push)

    def photo(self, blob: bytes, *, width: int = 800, height: int = 600) -> Any:
        """Media to post: a photo with these bytes."""
        photo_id = len(self.blobs) + 1
        self.blobs[photo_id] = blob
        self._write({"kind": "blob", "id": photo_id, "data": _encoded(blob)})
        size = types.PhotoSize("x", width, height, len(blob))
        photo = types.Photo(photo_id, photo_id * 13, b"reference", whole_seconds(), [size], max(self.dcs, default=2))
        return types.MessageMediaPhoto(photo=photo)

    def forward_header(self, channel: Channel | int, message_id: int) -> Any:
        """What says that a post was forwarded from this one; raises KeyError where there is none."""
        channel = self._channel(channel)
        original = channel.messages[message_id]
        return types.MessageFwdHeader(
            original.date,
            from_id=types.PeerChannel(channel.id),
            channel_post=message_id,
            post_author=original.post_author,
        )

    # Faults

    def fail(self, request: type[Any] | None, error: str, times: int = 1, channel: Channel | int | None = None) -> None:
        """Fail the next `times` such requests with this RPC error; "DROP" resets the connection instead."""
        channel_id = None if channel is None else self._channel(channel).id
        self.faults.order(OrderedFault(request, error, times, channel_id))

    def kick_connections(self) -> None:
        for dc in self.dcs.values():
            dc.kick_connections()

    def revoke(self, user: User | int) -> None:
        """End all sessions of the user; their next request is answered AUTH_KEY_UNREGISTERED."""
        user = self._user(user)
        for dc in self.dcs.values():
            for auth in dc.auths.values():
                if auth.user_id == user.id:
                    self.sign_out(auth)

    def note_call(self, request: Any) -> None:
        self.calls.append(request)
        if len(self.calls) > _CALLS_KEPT:
            del self.calls[: _CALLS_KEPT // 2]

    # Signing in

    def sign_in(self, auth: Auth, user_id: int) -> None:
        auth.user_id, auth.half_signed_in = user_id, None
        self.remember_auth(auth)

    def sign_out(self, auth: Auth) -> None:
        auth.user_id = auth.half_signed_in = None
        self.remember_auth(auth)

    def show_login_token(self, auth: Auth) -> bytes:
        """A new token to show as a QR code; the one this client showed before is worth nothing any more."""
        self.login_tokens = {token: shown for token, shown in self.login_tokens.items() if shown.auth is not auth}
        token = os.urandom(24)
        self.login_tokens[token] = LoginToken(auth)
        return token

    def accept_qr(self, token: bytes, user: User | int) -> None:
        """Scan the QR code with the phone of this user; raises KeyError for a token that was never shown."""
        shown = self.login_tokens[token]
        shown.user_id = self._user(user).id
        update = types.UpdateShort(types.UpdateLoginToken(), whole_seconds())
        for session in self._sessions():
            if session.auth is shown.auth:
                session.send(bytes(update))

    def signed_in_key(self, user: User | int, dc_id: int = 2) -> AuthKey:
        """An auth key that is already signed in: spares a test the key exchange and the code."""
        auth = Auth(dc_id, AuthKey(os.urandom(256)))
        self.dcs[dc_id].auths[auth.key.key_id] = auth
        self.sign_in(auth, self._user(user).id)
        return auth.key

    # Keeping and restoring

    def remember_auth(self, auth: Auth) -> None:
        key = _encoded(auth.key.key)
        self._write({"kind": "auth", "dc": auth.dc_id, "key": key, "user": auth.user_id})

    def restore(self) -> None:
        """Read the journal back; called once, before anything happens."""
        journal, self._journal = self._journal, None
        for record in journal.records() if journal else ():
            self._restore(record)
        self._journal = journal

    def _restore(self, record: dict[str, Any]) -> None:
        match record.pop("kind"):
            case "user":
                joined, asked = set(record.pop("joined")), set(record.pop("asked_to_join"))
                self.users[record["id"]] = User(**record, joined=joined, asked_to_join=asked)
            case "channel":
                channel = self.channels.setdefault(record["id"], Channel(record["id"], record["title"]))
                for name in _CHANNEL_SETTINGS:
                    setattr(channel, name, record[name])
            case "event":
                update = _decoded(base64.b64decode(record["update"]))
                self.channels[record["channel"]].apply(update, datetime.fromisoformat(record["at"]))
            case "blob":
                self.blobs[record["id"]] = base64.b64decode(record["data"])
            case "auth":
                key = AuthKey(base64.b64decode(record["key"]))
                self.dcs[record["dc"]].auths[key.key_id] = Auth(record["dc"], key, record["user"])

    def _write(self, record: dict[str, Any]) -> None:
        if self._journal is not None:
            self._journal.write(record)

    def _remember_user(self, user: User) -> None:
        record = {**vars(user), "joined": sorted(user.joined), "asked_to_join": sorted(user.asked_to_join)}
        self._write({"kind": "user", **record})

    def _remember_channel(self, channel: Channel) -> None:
        self._write({"kind": "channel", **{name: getattr(channel, name) for name in _CHANNEL_SETTINGS}})

    # Telling

    def _happen(self, channel: Channel, update: Any, at: datetime, push: bool) -> None:
        record = {"kind": "event", "channel": channel.id, "at": at.isoformat(), "update": _encoded(bytes(update))}
        self._write(record)
        channel.apply(update, at)
        if push and not channel.private and not channel.updates_suppressed:
            for user in self.users.values():
                if channel.id in user.joined:
                    self._push_to_user(user.id, update, channel)

    def _push_to_user(self, user_id: int, update: Any, channel: Channel) -> None:
        viewer = self.users[user_id]
        message = getattr(update, "message", None)
        users, chats = self.named_in([message] if message else [], channel, viewer)
        body: bytes | None = None
        for session in self._sessions():
            if session.auth.user_id == user_id and session.wants_updates:
                body = body or bytes(types.Updates([update], users, chats, whole_seconds(), 0))
                session.send(body)

    def named_in(self, messages: Sequence[Any], channel: Channel, viewer: User) -> tuple[list[Any], list[Any]]:
        """The users and chats that an answer with these messages must describe."""
        users, chats = {viewer.id: viewer}, {channel.id: channel}
        for message in messages:
            sender = getattr(message, "from_id", None)
            if sender is not None:
                users[sender.user_id] = self.users[sender.user_id]
            origin = getattr(getattr(message, "fwd_from", None), "from_id", None)
            if isinstance(origin, types.PeerChannel) and origin.channel_id in self.channels:
                chats[origin.channel_id] = self.channels[origin.channel_id]
        return [user.seen_by(viewer) for user in users.values()], [chat.seen_by(viewer) for chat in chats.values()]

    def _sessions(self) -> list[Session]:
        return [session for dc in self.dcs.values() for session in dc.sessions.values()]

    def _user(self, user: User | int) -> User:
        return self.users[user] if isinstance(user, int) else user

    def _channel(self, channel: Channel | int) -> Channel:
        return self.channels[channel] if isinstance(channel, int) else channel


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decoded(data: bytes) -> Any:
    return BinaryReader(data).tgread_object()
