"""Telegram Desktop's result.json of what a sandbox channel holds."""

import json
from pathlib import Path
from typing import Any

from telethon.helpers import add_surrogate, del_surrogate
from telethon.tl import types

from sandbox.telegram_mtproto import Channel

_TYPES = {
    types.MessageEntityTextUrl: "text_link",
    types.MessageEntityUrl: "link",
    types.MessageEntityMention: "mention",
    types.MessageEntityHashtag: "hashtag",
    types.MessageEntityEmail: "email",
}


def chat(channel: Channel) -> dict[str, Any]:
    """The chat object, its fields in Desktop's order."""
    openness = "public" if channel.username else "private"
    kind = f"{openness}_{'supergroup' if channel.megagroup else 'channel'}"
    messages = [_message(channel, message) for message in reversed(channel.newest_first())]
    return {"name": channel.title, "type": kind, "id": channel.id, "messages": messages}


def write(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def _message(channel: Channel, message: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": message.id,
        "type": "message",
        "date": f"{message.date:%Y-%m-%dT%H:%M:%S}",
        "date_unixtime": str(int(message.date.timestamp())),
        "from": channel.title,
        "from_id": f"channel{channel.id}",
    }
    if message.edit_date:
        told["edited_unixtime"] = str(int(message.edit_date.timestamp()))
    if message.media:
        told["photo"] = "(File not included. Change data exporting settings to download.)"
    parts = list(_parts(message))
    return told | {
        "text": [part if part["type"] != "plain" else part["text"] for part in parts],
        "text_entities": parts,
    }


def _parts(message: Any) -> list[dict[str, Any]]:
    text, position = add_surrogate(message.message), 0
    parts: list[dict[str, Any]] = []
    for entity in message.entities or ():
        end = entity.offset + entity.length
        parts.append({"type": "plain", "text": text[position : entity.offset]})
        part = {"type": _TYPES[type(entity)], "text": text[entity.offset : end]}
        parts.append(part | ({"href": entity.url} if isinstance(entity, types.MessageEntityTextUrl) else {}))
        position = end
    parts.append({"type": "plain", "text": text[position:]})
    return [part | {"text": del_surrogate(part["text"])} for part in parts]
