"""A public preview page (t.me/s/NAME) → its posts. Pure."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crm.posts import RawPost

_POST = re.compile(r"\w+/(\d{1,12})")
_TILE = re.compile(r"/(\d{1,12})(?:\?|$)")
_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
}
_MEDIA = (
    (".tgme_widget_message_photo_wrap", "photo"),
    (".tgme_widget_message_video_player", "video"),
    (".tgme_widget_message_roundvideo_player", "video"),
    (".tgme_widget_message_voice_player", "audio"),
    (".tgme_widget_message_document_wrap", "document"),
    (".tgme_widget_message_poll", "poll"),
    (".tgme_widget_message_sticker_wrap", "sticker"),
    (".tgme_widget_message_location_wrap", "location"),
    (".media_not_supported_cont", "other"),
)


class NotAPreview(ValueError):
    """The page is something else."""


@dataclass(frozen=True)
class Page:
    title: str | None
    channel_id: int | None
    """positive; None where no block of the page tells it"""
    posts: tuple[RawPost, ...]
    """oldest first; each picture of an album is a post, as everywhere"""
    unreadable_after: tuple[int, ...]
    """for each block that could not be read: the id of the last readable message before it, 0 if there is none"""

    @property
    def oldest_id(self) -> int:
        return min((post.message_id for post in self.posts), default=0)

    @property
    def newest_id(self) -> int:
        return max((post.message_id for post in self.posts), default=0)


def parse(html: str, read_at: datetime, channel_id: int | None = None) -> Page:
    """`read_at` stands for the time of an edit, which pages do not tell; `channel_id` where it is known already.

    Raises NotAPreview.
    """
    tree = LexborHTMLParser(html)
    blocks = tree.css("div.tgme_widget_message")
    if not blocks and tree.css_first(".tgme_channel_history") is None:
        raise NotAPreview
    told_ids = (_channel_id(block) for block in blocks)
    channel_id = next((told for told in told_ids if told is not None), channel_id)
    posts: list[RawPost] = []
    unreadable: list[int] = []
    for block in blocks:
        if "service_message" in (block.attributes.get("class") or ""):
            continue
        read = _posts(block, channel_id, read_at)
        if not read:
            unreadable.append(posts[-1].message_id if posts else 0)
        posts += read
    title = tree.css_first(".tgme_channel_info_header_title")
    return Page(title.text(strip=True) if title else None, channel_id, tuple(posts), tuple(unreadable))


def _posts(block: LexborNode, channel_id: int | None, read_at: datetime) -> list[RawPost]:
    """The post of the block, and one for each other picture of its album; none where it cannot be read."""
    named = _POST.fullmatch(block.attributes.get("data-post") or "")
    posted_at = _time(block)
    if named is None or posted_at is None or channel_id is None:
        return []
    message_id = int(named[1])
    others = sorted(_tiles(block) - {message_id})
    body = block.css_first(".tgme_widget_message_text.js-message_text")
    text, entities = rich_text(body) if body else ("", [])
    meta = block.css_first(".tgme_widget_message_meta")
    signature = block.css_first(".tgme_widget_message_from_author")
    media = next((name for selector, name in _MEDIA if block.css_first(selector)), None)
    album_id = message_id if others else None
    first = RawPost(
        channel_id=channel_id,
        message_id=message_id,
        posted_at=posted_at,
        text=text,
        entities=entities,
        author=signature.text(strip=True) if signature else None,
        forward=_forward(block),
        reply_to=_reply_to(block),
        album_id=album_id,
        media=media,
        edited_at=read_at if meta and "edited" in meta.text() else None,
    )
    return [first, *(RawPost(channel_id, other, posted_at, album_id=album_id, media=media) for other in others)]


def _channel_id(block: LexborNode) -> int | None:
    token = block.attributes.get("data-view") or ""
    try:
        return abs(int(json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))["c"]))
    except (ValueError, KeyError, TypeError):
        return None


def _time(block: LexborNode) -> datetime | None:
    told = block.css_first(".tgme_widget_message_date time[datetime]")
    try:
        at = datetime.fromisoformat(str(told.attributes["datetime"])) if told else None
    except ValueError:
        return None
    return at if at and at.tzinfo else None


def _tiles(block: LexborNode) -> set[int]:
    addresses = (tile.attributes.get("href") or "" for tile in block.css(".grouped_media_wrap"))
    return {int(found[1]) for found in map(_TILE.search, addresses) if found}


def _forward(block: LexborNode) -> dict[str, Any] | None:
    name = block.css_first(".tgme_widget_message_forwarded_from_name")
    if name is None:
        return None
    address = name.attributes.get("href")
    return {"name": name.text(strip=True)} | ({"url": address} if address else {})


def _reply_to(block: LexborNode) -> int | None:
    quoted = block.css_first("a.tgme_widget_message_reply")
    found = _TILE.search((quoted.attributes.get("href") or "") if quoted else "")
    return int(found[1]) if found else None


def rich_text(node: LexborNode) -> tuple[str, list[dict[str, Any]]]:
    """The text with its line breaks and emoji, and its entities (offsets in UTF-16 units)."""
    parts: list[str] = []
    entities: list[dict[str, Any]] = []
    length = _walk(node, 0, parts, entities)
    text = "".join(parts)
    lead = _units(text) - _units(text.lstrip("\n"))
    kept = text.strip("\n")
    inside = [entity | {"offset": entity["offset"] - lead} for entity in entities]
    return kept, [entity for entity in sorted(inside, key=_place) if 0 <= entity["offset"] < length - lead]


def _walk(node: LexborNode, position: int, parts: list[str], entities: list[dict[str, Any]]) -> int:
    for child in node.iter(include_text=True):
        start = position
        if child.tag == "-text":
            parts.append(child.text_content or "")
            position += _units(parts[-1])
        elif child.tag == "br":
            parts.append("\n")
            position += 1
        elif "emoji" in (child.attributes.get("class") or ""):
            parts.append(child.text())
            position += _units(parts[-1])
        else:
            begun = len(parts)
            position = _walk(child, position, parts, entities)
            if position > start:
                entities += _entity(child, "".join(parts[begun:]), start, position - start)
    return position


def _entity(node: LexborNode, visible: str, offset: int, length: int) -> Iterator[dict[str, Any]]:
    kind = _link(node.attributes.get("href") or "", visible) if node.tag == "a" else _TAGS.get(node.tag or "")
    if kind:
        told: dict[str, Any] = {"type": kind, "offset": offset, "length": length}
        yield told | ({"url": node.attributes["href"]} if kind == "text_link" else {})


def _link(address: str, visible: str) -> str:
    if visible.startswith("#") and address.startswith("?q="):
        return "hashtag"
    if visible.startswith("@") and address.lower().rstrip("/").endswith(visible[1:].lower()):
        return "mention"
    if address == f"mailto:{visible}":
        return "email"
    return (
        "url"
        if address.rstrip("/") in (visible.rstrip("/"), f"http://{visible}", f"https://{visible}")
        else "text_link"
    )


def _place(entity: dict[str, Any]) -> tuple[int, int]:
    return entity["offset"], -entity["length"]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
