"""Users, channels and their messages, and how each looks on the wire."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from telethon.tl import types

CREATED_AT = datetime(2024, 1, 1, tzinfo=UTC)


def whole_seconds(moment: datetime | None = None) -> datetime:
    """The moment (now, if none is given) as precisely as Telegram tells it."""
    return (moment or datetime.now(UTC)).replace(microsecond=0)


@dataclass(eq=False)
class User:
    """A Telegram account; `joined` and `asked_to_join` hold channel ids."""

    id: int
    phone: str
    first_name: str
    password: str | None = None
    home_dc: int = 2
    joined: set[int] = field(default_factory=set)
    asked_to_join: set[int] = field(default_factory=set)

    @property
    def access_hash(self) -> int:
        return self.id * 7

    def seen_by(self, viewer: "User | None") -> Any:
        """types.User; the phone number is shown to its owner only."""
        own = viewer is not None and viewer.id == self.id
        return types.User(
            self.id,
            is_self=own or None,
            access_hash=self.access_hash,
            first_name=self.first_name,
            phone=self.phone if own else None,
        )


@dataclass(eq=False)
class Event:
    """Something that happened in a channel: the update that tells it, and when."""

    pts: int
    at: datetime
    update: Any


@dataclass(eq=False)
class Channel:
    """A broadcast channel or a megagroup; every change of its messages goes through `apply`."""

    id: int
    title: str
    username: str | None = None
    invite: str | None = None
    about: str = ""
    megagroup: bool = False
    request_needed: bool = False
    private: bool = False
    updates_suppressed: bool = False
    messages: dict[int, Any] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    pts: int = 1
    last_id: int = 0

    @property
    def access_hash(self) -> int:
        return self.id * 11

    @property
    def newest_id(self) -> int:
        return max(self.messages, default=0)

    def newest_first(self) -> list[Any]:
        return [self.messages[message_id] for message_id in sorted(self.messages, reverse=True)]

    def apply(self, update: Any, at: datetime) -> None:
        """Take a new, edited or deleted message into the history."""
        if isinstance(update, types.UpdateDeleteChannelMessages):
            for message_id in update.messages:
                self.messages.pop(message_id, None)
        else:
            self.messages[update.message.id] = update.message
            self.last_id = max(self.last_id, update.message.id)
        self.pts = update.pts
        self.events.append(Event(update.pts, at, update))

    def since(self, pts: int) -> list[Event]:
        return [event for event in self.events if event.pts > pts]

    def seen_by(self, viewer: User) -> Any:
        """types.Channel."""
        return types.Channel(
            self.id,
            self.title,
            types.ChatPhotoEmpty(),
            CREATED_AT,
            left=None if self.id in viewer.joined else True,
            broadcast=not self.megagroup or None,
            megagroup=self.megagroup or None,
            access_hash=self.access_hash,
            username=self.username,
        )

    def as_dialog(self) -> Any:
        """types.Dialog, everything read."""
        newest = self.newest_id
        return types.Dialog(
            types.PeerChannel(self.id), newest, newest, 0, 0, 0, 0, 0, types.PeerNotifySettings(), pts=self.pts
        )
