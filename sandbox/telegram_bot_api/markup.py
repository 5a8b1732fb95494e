"""HTML and MarkdownV2 of the Bot API, read into a plain text and entities with UTF-16 offsets."""

from __future__ import annotations

import html
import re
from typing import Any

from sandbox.telegram_bot_api.errors import bad_request

Entity = dict[str, Any]

HTML_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
}
MARKS = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}
RESERVED = frozenset("_*[]()~`>#+-=|{}.!")

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s[^<>]*)?)/?>")
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_NAMED = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#[xX][0-9a-fA-F]+);")
_PLAIN_RUN = re.compile(r"[^_*\[\]()~`>#+\-=|{}.!\\\r\n]+")
_BARE = re.compile(
    r"(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,32}(?:@\w{3,32})?(?!\w))"
    r"|(?P<email>(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<mention>(?<!\w)@[A-Za-z]\w{3,31})"
    r"|(?P<url>https?://[^\s<>\"]+|(?<![\w@.])(?:t\.me|www\.[\w-]+\.\w+)(?:/[^\s<>\"]*)?)"
    r"|(?P<hashtag>(?<!\w)#\w+)"
)


def utf16(text: str) -> int:
    """Length in UTF-16 units, which is what Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def parse(text: str, parse_mode: str | None) -> tuple[str, list[Entity]]:
    """The plain text and its entities; 400 "can't parse entities" as Telegram says it."""
    if not parse_mode:
        return text, []
    mode = parse_mode.lower()
    if mode == "html":
        return _Html(text).read()
    if mode == "markdownv2":
        return _MarkdownV2(text).read()
    raise bad_request(f"unsupported parse_mode {parse_mode}")


def found_in(text: str, taken: list[Entity]) -> list[Entity]:
    """Entities that Telegram finds by itself: commands, links, mentions, addresses, hashtags outside `taken` ones."""
    closed = [(e["offset"], e["offset"] + e["length"]) for e in taken if e["type"] in {"code", "pre", "text_link"}]
    found = []
    for match in _BARE.finditer(text):
        start = utf16(text[: match.start()])
        end = start + utf16(match[0])
        if not any(start < right and left < end for left, right in closed):
            found.append({"type": match.lastgroup, "offset": start, "length": end - start})
    return found


def _ordered(entities: list[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def _cannot_parse(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")


class _Reader:
    """What both markups share: the source, the plain text so far, the entities found and those still open."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.text = ""
        self.entities: list[Entity] = []

    def byte_offset(self, position: int | None = None) -> int:
        return len(self.source[: self.position if position is None else position].encode())

    def close(self, kind: str, start: int, **extra: str) -> None:
        length = utf16(self.text) - start
        if length:
            self.entities.append({"type": kind, "offset": start, "length": length, **extra})


class _Html(_Reader):
    def read(self) -> tuple[str, list[Entity]]:
        self.open: list[tuple[str, int, dict[str, str]]] = []
        while self.position < len(self.source):
            character = self.source[self.position]
            if character == "<":
                self.tag()
            elif character == "&" and (match := _NAMED.match(self.source, self.position)):
                self.text += html.unescape(match[0])
                self.position = match.end()
            else:
                self.text += character
                self.position += 1
        if self.open:
            raise _cannot_parse(f'Can\'t find end tag corresponding to start tag "{self.open[-1][0]}"')
        return self.text, _ordered(self.entities)

    def plain_until(self, mark: str) -> int:
        found = self.source.find(mark, self.position + 1)
        return len(self.source) if found < 0 else found

    def tag(self) -> None:
        match = _TAG.match(self.source, self.position)
        if match is None:
            word = re.match(r"</?([a-zA-Z0-9-]*)", self.source[self.position :])
            name = word[1] if word else ""
            raise _cannot_parse(f'Unsupported start tag "{name}" at byte offset {self.byte_offset()}')
        name = match[2].lower()
        attributes = {m[1].lower(): html.unescape(m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(match[3])}
        if match[1]:
            self.end(name)
        elif name not in HTML_TAGS or (name == "span" and attributes.get("class") != "tg-spoiler"):
            raise _cannot_parse(f'Unsupported start tag "{name}" at byte offset {self.byte_offset()}')
        else:
            self.open.append((name, utf16(self.text), attributes))
        self.position = match.end()

    def end(self, name: str) -> None:
        if not self.open:
            raise _cannot_parse(f"Unexpected end tag at byte offset {self.byte_offset()}")
        opened, start, attributes = self.open.pop()
        if opened != name:
            where = self.byte_offset()
            raise _cannot_parse(f'Unmatched end tag at byte offset {where}, expected "</{opened}>", found "</{name}>"')
        if name == "code" and self.open and self.open[-1][0] == "pre":
            self.open[-1][2]["language"] = attributes.get("class", "").removeprefix("language-")
            return
        extra = {}
        if name == "a":
            extra = {"url": attributes.get("href", "")}
        elif name == "pre" and attributes.get("language"):
            extra = {"language": attributes["language"]}
        elif name == "tg-emoji":
            extra = {"custom_emoji_id": attributes.get("emoji-id", "")}
        kind = "expandable_blockquote" if name == "blockquote" and "expandable" in attributes else HTML_TAGS[name]
        self.close(kind, start, **extra)


class _MarkdownV2(_Reader):
    def read(self) -> tuple[str, list[Entity]]:
        self.open: list[tuple[str, int, int]] = []
        self.quote: int | None = None
        while self.position < len(self.source):
            if plain := _PLAIN_RUN.match(self.source, self.position):
                self.text += plain[0]
                self.position = plain.end()
            else:
                self.step()
        self.end_quote()
        if self.open:
            mark, _, began = self.open[-1]
            kind = "TextUrl" if mark == "[" else MARKS[mark].capitalize()
            raise _cannot_parse(f"Can't find end of {kind} entity at byte offset {self.byte_offset(began)}")
        return self.text, _ordered(self.entities)

    def step(self) -> None:
        rest = self.source[self.position : self.position + 3]
        line_start = not self.text or self.text.endswith("\n")
        if rest[0] == "\r":
            self.position += 1
        elif rest[0] == "\\" and len(rest) > 1:
            self.text += rest[1]
            self.position += 2
        elif rest[0] == ">" and line_start:
            self.quote = utf16(self.text) if self.quote is None else self.quote
            self.position += 1
        elif rest[0] == "`":
            self.code("```" if rest == "```" else "`")
        elif rest[0] == "[":
            self.open.append(("[", utf16(self.text), self.position))
            self.position += 1
        elif rest[0] == "]" and self.open and self.open[-1][0] == "[":
            self.link()
        elif mark := next((m for m in ("__", "||", "*", "_", "~") if rest.startswith(m)), None):
            self.mark(mark)
        elif rest[0] in RESERVED:
            raise _cannot_parse(f"Character '{rest[0]}' is reserved and must be escaped with the preceding '\\'")
        else:
            if rest[0] == "\n" and self.source[self.position + 1 : self.position + 2] != ">":
                self.end_quote()
            self.text += rest[0]
            self.position += 1

    def mark(self, mark: str) -> None:
        if self.open and self.open[-1][0] == mark:
            _, start, _ = self.open.pop()
            self.close(MARKS[mark], start)
        else:
            self.open.append((mark, utf16(self.text), self.position))
        self.position += len(mark)

    def code(self, fence: str) -> None:
        start, began = utf16(self.text), self.position
        end = self.source.find(fence, began + len(fence))
        while end > 0 and self.source[end - 1] == "\\":
            end = self.source.find(fence, end + 1)
        if end < 0:
            kind = "Pre" if fence == "```" else "Code"
            raise _cannot_parse(f"Can't find end of {kind} entity at byte offset {self.byte_offset(began)}")
        body = re.sub(r"\\([\x01-\x7e])", r"\1", self.source[began + len(fence) : end])
        extra: dict[str, str] = {}
        if fence == "```" and (first := re.match(r"([\w+-]*)\n", body)):
            extra = {"language": first[1]} if first[1] else {}
            body = body[first.end() :]
        self.text += body
        self.close("pre" if fence == "```" else "code", start, **extra)
        self.position = end + len(fence)

    def link(self) -> None:
        _, start, began = self.open.pop()
        match = re.compile(r"\]\(((?:\\.|[^\\)])*)\)").match(self.source, self.position)
        if match is None:
            raise _cannot_parse(f"Can't find end of a URL at byte offset {self.byte_offset(began)}")
        self.close("text_link", start, url=re.sub(r"\\(.)", r"\1", match[1]))
        self.position = match.end()

    def end_quote(self) -> None:
        if self.quote is not None:
            self.close("blockquote", self.quote)
            self.quote = None
