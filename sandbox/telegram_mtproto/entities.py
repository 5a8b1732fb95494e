"""The entities Telegram finds by itself in a text that is sent: links, addresses, mentions, hashtags."""

import re
from collections.abc import Iterable
from typing import Any

from telethon.tl import types

_PATTERNS = (
    (types.MessageEntityUrl, re.compile(r"(?:https?://|\bt\.me/)\S*[\w/=#]")),
    (types.MessageEntityEmail, re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")),
    (types.MessageEntityMention, re.compile(r"(?<![\w@/])@[A-Za-z]\w{3,31}")),
    (types.MessageEntityHashtag, re.compile(r"(?<![\w#])#\w+")),
)


def written_entities(text: str, links: Iterable[tuple[str, str]] = ()) -> list[Any]:
    """Entities of the text in order, offsets in UTF-16 units; `links` are (visible text, address) of hidden links.

    Raises ValueError where the visible text of a link does not occur.
    """
    found: list[tuple[int, int, Any]] = []
    for visible, address in links:
        start = text.find(visible)
        if start < 0 or not visible:
            raise ValueError(f"no {visible!r} in the text to link to {address}")
        found.append((start, start + len(visible), types.MessageEntityTextUrl(*_place(text, start, visible), address)))
    for entity, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if all(match.end() <= start or match.start() >= end for start, end, _ in found):
                found.append((*match.span(), entity(*_place(text, match.start(), match[0]))))
    return [entity for _, _, entity in sorted(found, key=lambda place: place[:2])]


def _place(text: str, start: int, part: str) -> tuple[int, int]:
    return _units(text[:start]), _units(part)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
