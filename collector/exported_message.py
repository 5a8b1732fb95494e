"""A message of a Telegram Desktop export (result.json) → RawPost. Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from crm.posts import RawPost

_ENTITIES = {"link": "url", "mention_name": "text_mention", "phone": "phone_number"}
_PLAIN = "plain"
_MEDIA_TYPES = {
    "video_file": "video",
    "video_message": "video",
    "animation": "video",
    "voice_message": "audio",
    "audio_file": "audio",
    "sticker": "sticker",
}
_MEDIA_FIELDS = (
    ("photo", "photo"),
    ("poll", "poll"),
    ("location_information", "location"),
    ("contact_information", "contact"),
    ("file", "document"),
)


class UnreadableMessage(ValueError):
    """The export says nothing of it that could be kept."""


def from_exported(message: Any, channel_id: int, *, is_group: bool) -> RawPost | None:
    """None for service messages. Raises UnreadableMessage."""
    if not isinstance(message, dict) or message.get("type") == "unsupported":
        raise UnreadableMessage
    if message.get("type") == "service":
        return None
    message_id, posted_at = message.get("id"), _time(message, "date")
    if message.get("type") != "message" or not isinstance(message_id, int) or posted_at is None:
        raise UnreadableMessage
    text, entities = _rich_text(message)
    reply_to = message.get("reply_to_message_id")
    forwarded = "forwarded_from" in message
    return RawPost(
        channel_id=channel_id,
        message_id=message_id,
        posted_at=posted_at,
        text=text,
        entities=entities,
        author=_text(message.get("author")) or (_text(message.get("from")) if is_group else None),
        forward={"name": _text(message["forwarded_from"]) or ""} if forwarded else None,
        reply_to=reply_to if isinstance(reply_to, int) and "reply_to_peer_id" not in message else None,
        media=_media(message),
        edited_at=_time(message, "edited"),
    )


def _time(message: dict[str, Any], name: str) -> datetime | None:
    """Old files hold local time alone, without its zone: it is taken as UTC, hours off at most."""
    seconds = message.get(f"{name}_unixtime")
    try:
        if seconds is not None:
            return datetime.fromtimestamp(int(seconds), UTC)
        return datetime.fromisoformat(message[name]).replace(tzinfo=UTC) if message.get(name) else None
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def _rich_text(message: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """The whole text, and its entities with offsets in UTF-16 units."""
    text, offset = "", 0
    entities = []
    for part in _parts(message):
        said = _text(part.get("text")) or ""
        length = len(said.encode("utf-16-le", "surrogatepass")) // 2
        kind = part.get("type")
        if isinstance(kind, str) and kind != _PLAIN and length:
            entities.append(_entity(part, kind, offset, length))
        text += said
        offset += length
    return text, entities


def _parts(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """`text` is a string, or strings and objects; `text_entities` is absent in old files."""
    told = message.get("text_entities") or message.get("text") or ()
    for part in [told] if isinstance(told, str) else told if isinstance(told, list) else ():
        yield part if isinstance(part, dict) else {"type": _PLAIN, "text": part}


def _entity(part: dict[str, Any], kind: str, offset: int, length: int) -> dict[str, Any]:
    told: dict[str, Any] = {"type": _ENTITIES.get(kind, kind), "offset": offset, "length": length}
    address = _text(part.get("href"))
    if isinstance(part.get("user_id"), int):
        address = f"tg://user?id={part['user_id']}"
    return told | ({"url": address} if address else {})


def _media(message: dict[str, Any]) -> str | None:
    by_type = _MEDIA_TYPES.get(str(message.get("media_type")))
    return by_type or next((name for field, name in _MEDIA_FIELDS if message.get(field)), None)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
