"""Posts as the public preview pages (t.me/s/…) write them, class for class."""

import base64
import json
import re
import zlib
from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import Any

from telethon.helpers import add_surrogate, del_surrogate
from telethon.tl import types

from sandbox.telegram_mtproto import Channel, Cloud

Block = list[Any]
"""The messages of one block of the page: one post, or an album."""

_EMOJI = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}|[\u203c\u2049\u2600-\u27bf\u2b1b-\u2b55\u231a-\u23ff\U0001f300-\U0001faff]"
    "[\ufe0f\U0001f3fb-\U0001f3ff]?(?:\u200d[\u2640\u2642\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?)*"
)
_TAGS = {
    types.MessageEntityBold: "b",
    types.MessageEntityItalic: "i",
    types.MessageEntityUnderline: "u",
    types.MessageEntityStrike: "s",
    types.MessageEntityCode: "code",
    types.MessageEntityPre: "pre",
    types.MessageEntityBlockquote: "blockquote",
    types.MessageEntitySpoiler: "tg-spoiler",
}
_CONFIRM = """onclick="return confirm('Open this link?\\n\\n'+this.href);\""""


def blocks(messages: Sequence[Any]) -> list[Block]:
    """Messages in order, those of one album together."""
    return [list(block) for _, block in groupby(messages, key=lambda message: message.grouped_id or -message.id)]


def page(cloud: Cloud, channel: Channel, shown: Sequence[Block], before: int | None, site: str) -> str:
    """The whole page; `before` is what the link to older posts asks for, None where there are none."""
    name, title = channel.username or "", escape(channel.title)
    more = (
        f'<div class="tgme_widget_message_centered js-messages_more_wrap"><a href="/s/{name}?before={before}" '
        f'class="tme_messages_more js-messages_more" data-before="{before}"></a></div>\n'
        if before
        else ""
    )
    posts = "".join(_wrap(cloud, channel, block, site) for block in shown)
    return f"""<!DOCTYPE html>
<html>
  <head>
    <meta charset="utf-8">
    <title>{title} – Telegram</title>
    <meta property="og:title" content="{title}">
    <meta property="og:description" content="{escape(channel.about)}">
    <link rel="canonical" href="/s/{name}">
  </head>
  <body class="widget_frame_base tgme_webpreview emoji_image thin_box_shadow tme_mode no_transitions">
    <header class="tgme_header search_collapsed"><div class="tgme_container">
      <div class="tgme_header_right_column"><section class="tgme_right_column"><div class="tgme_channel_info">
        <div class="tgme_channel_info_header">
          <i class="tgme_page_photo_image bgcolor4" data-content="{escape(channel.title[:1])}"></i>
          <div class="tgme_channel_info_header_title_wrap">
            <div class="tgme_channel_info_header_title"><span dir="auto">{title}</span></div>
            <div class="tgme_channel_info_header_labels"></div>
          </div>
          <div class="tgme_channel_info_header_username"><a href="https://t.me/{name}">@{name}</a></div>
        </div>
        <div class="tgme_channel_info_counters"><div class="tgme_channel_info_counter">\
<span class="counter_value">1.2K</span> <span class="counter_type">subscribers</span></div></div>
        <div class="tgme_channel_info_description">{_emoji(escape(channel.about))}</div>
      </div></section></div>
    </div></header>
    <main class="tgme_main" data-url="/{name}"><div class="tgme_container">
      <section class="tgme_channel_history js-message_history">
{more}{posts}      </section>
    </div></main>
  </body>
</html>
"""


def contact_page(name: str) -> str:
    """What t.me shows for a name without a preview."""
    return f"""<!DOCTYPE html>
<html>
  <head><meta charset="utf-8"><title>Telegram: Contact @{escape(name)}</title></head>
  <body class="no_transition">
    <div class="tgme_page_wrap"><div class="tgme_page"><div class="tgme_page_extra">@{escape(name)}</div>
    <div class="tgme_page_action"><a class="tgme_action_button_new" href="tg://resolve?domain={escape(name)}">\
Send Message</a></div></div></div>
  </body>
</html>
"""


def _wrap(cloud: Cloud, channel: Channel, block: Block, site: str) -> str:
    first = block[0]
    name = channel.username
    body = _forwarded(cloud, first) + _reply(channel, first) + _photos(channel, block, site) + _text(block)
    return (
        '<div class="tgme_widget_message_wrap js-widget_message_wrap">'
        '<div class="tgme_widget_message text_not_supported_wrap js-widget_message" '
        f'data-post="{name}/{first.id}" data-view="{_view(channel, first)}">\n'
        f'  <div class="tgme_widget_message_user"><a href="https://t.me/{name}">'
        f'<i class="tgme_widget_message_user_photo bgcolor4" data-content="{escape(channel.title[:1])}"></i>'
        "</a></div>\n"
        '  <div class="tgme_widget_message_bubble">\n'
        '    <div class="tgme_widget_message_author accent_color"><a class="tgme_widget_message_owner_name" '
        f'href="https://t.me/{name}"><span dir="auto">{_emoji(escape(channel.title))}</span></a></div>\n\n'
        f"{body}\n{_footer(channel, block)}"
        "  </div>\n</div></div>\n"
    )


def _view(channel: Channel, message: Any) -> str:
    """The counter's token: base64url JSON without padding, the channel's id negative."""
    token = {"c": -channel.id, "p": message.id, "t": int(message.date.timestamp())}
    token["h"] = f"{zlib.crc32(json.dumps(token).encode()):08x}"
    return base64.urlsafe_b64encode(json.dumps(token, separators=(",", ":")).encode()).decode().rstrip("=")


def _forwarded(cloud: Cloud, message: Any) -> str:
    header = message.fwd_from
    if header is None:
        return ""
    origin = cloud.channels.get(getattr(header.from_id, "channel_id", 0))
    title = f'<span dir="auto">{_emoji(escape(origin.title if origin else header.from_name or ""))}</span>'
    if origin and origin.username:
        href = f"https://t.me/{origin.username}/{header.channel_post}"
        name = f'<a class="tgme_widget_message_forwarded_from_name" href="{href}">{title}</a>'
    else:
        name = f'<span class="tgme_widget_message_forwarded_from_name">{title}</span>'
    author = (
        f' (<span class="tgme_widget_message_forwarded_from_author" dir="auto">{escape(header.post_author)}</span>)'
        if header.post_author
        else ""
    )
    return f'<div class="tgme_widget_message_forwarded_from accent_color">Forwarded from {name}{author}</div>\n'


def _reply(channel: Channel, message: Any) -> str:
    original = channel.messages.get(message.reply_to.reply_to_msg_id) if message.reply_to else None
    if original is None:
        return ""
    return (
        f'<a class="tgme_widget_message_reply user-color-1" href="https://t.me/{channel.username}/{original.id}">\n'
        '<div class="tgme_widget_message_author accent_color">\n'
        f'  <span class="tgme_widget_message_author_name" dir="auto">{_emoji(escape(channel.title))}</span>\n</div>\n'
        '<div class="tgme_widget_message_text js-message_reply_text" dir="auto">'
        f"{_emoji(escape(' '.join(original.message.split())[:200]))}</div>\n</a>\n"
    )


def _photos(channel: Channel, block: Block, site: str) -> str:
    shown = [message for message in block if isinstance(message.media, types.MessageMediaPhoto)]
    if not shown:
        return ""
    if len(block) == 1:
        return _photo(channel, shown[0], site, "tgme_widget_message_photo_wrap", "")
    tiles = "".join(
        _photo(
            channel,
            message,
            site,
            "tgme_widget_message_photo_wrap grouped_media_wrap blured js-message_photo",
            "?single",
        )
        for message in shown
    )
    return (
        '<div class="tgme_widget_message_grouped_wrap js-message_grouped_wrap" data-margin-w="2" data-margin-h="2" '
        'style="width:453px;">\n  <div class="tgme_widget_message_grouped js-message_grouped" '
        'style="padding-top:135.32%">\n    <div class="tgme_widget_message_grouped_layer '
        f'js-message_grouped_layer" style="width:453px;height:613px">\n      {tiles}\n    </div>\n  </div>\n</div>'
    )


def _photo(channel: Channel, message: Any, site: str, classes: str, query: str) -> str:
    photo = message.media.photo
    size = photo.sizes[-1]
    return (
        f'<a class="{classes}" href="https://t.me/{channel.username}/{message.id}{query}" '
        f"style=\"width:{size.w}px;background-image:url('{site}/file/{photo.id}.jpg')\">\n"
        f'  <div class="tgme_widget_message_photo" style="padding-top:{100 * size.h / size.w:.2f}%"></div>\n</a>'
    )


def _text(block: Block) -> str:
    """The text of the block; an album's caption comes nested in itself, as on the real pages."""
    captioned = next((message for message in block if message.message), None)
    if captioned is None:
        return ""
    text = f'<div class="tgme_widget_message_text js-message_text" dir="auto">{rich_text(captioned)}</div>'
    if len(block) > 1:
        return f'<div class="tgme_widget_message_text js-message_text" dir="auto">{text}</div>'
    return text


def _footer(channel: Channel, block: Block) -> str:
    first = block[0]
    author = (
        f'<span class="tgme_widget_message_from_author" dir="auto">{_emoji(escape(first.post_author))}</span>,&nbsp;'
        if first.post_author
        else ""
    )
    edited = "edited &nbsp;" if any(message.edit_date for message in block) else ""
    return (
        '<div class="tgme_widget_message_footer compact js-message_footer">\n'
        '  <div class="tgme_widget_message_info short js-message_info">\n'
        f'    <span class="tgme_widget_message_views">{_count(first.views or 1)}</span>'
        f'<span class="copyonly"> views</span><span class="tgme_widget_message_meta">{author}{edited}'
        f'<a class="tgme_widget_message_date" href="https://t.me/{channel.username}/{first.id}">'
        f'<time datetime="{first.date.isoformat()}" class="time">{first.date:%H:%M}</time></a></span>\n'
        "  </div>\n</div>\n"
    )


def rich_text(message: Any) -> str:
    """HTML of the text with its entities, line breaks and emoji sprites."""
    text = add_surrogate(message.message)
    entities = sorted(message.entities or (), key=lambda entity: (entity.offset, -entity.length))
    marks: list[tuple[int, int, str]] = []
    for order, entity in enumerate(entities):
        end = min(entity.offset + entity.length, len(text))
        opening, closing = _tag(entity, del_surrogate(text[entity.offset : end]))
        marks += [(entity.offset, order, opening), (end, -order - 1, closing)]
    out, position = [], 0
    for offset, _, markup in sorted(marks):
        out += [_piece(text[position:offset]), markup]
        position = offset
    return "".join(out) + _piece(text[position:])


def _tag(entity: Any, inner: str) -> tuple[str, str]:
    if isinstance(entity, types.MessageEntityTextUrl):
        return f'<a href="{escape(entity.url)}" target="_blank" rel="noopener" {_CONFIRM}>', "</a>"
    if isinstance(entity, types.MessageEntityUrl):
        address = inner if "://" in inner else f"https://{inner}"
        return f'<a href="{escape(address)}" target="_blank" rel="noopener">', "</a>"
    if isinstance(entity, types.MessageEntityEmail):
        return f'<a href="mailto:{escape(inner)}">', "</a>"
    if isinstance(entity, types.MessageEntityMention):
        return f'<a href="https://t.me/{escape(inner[1:])}" target="_blank">', "</a>"
    if isinstance(entity, types.MessageEntityHashtag):
        return f'<a href="?q=%23{escape(inner[1:])}">', "</a>"
    tag = _TAGS.get(type(entity))
    return (f"<{tag}>", f"</{tag}>") if tag else ("", "")


def _piece(text: str) -> str:
    return _emoji(escape(del_surrogate(text))).replace("\n", "<br/>")


def _emoji(html: str) -> str:
    return _EMOJI.sub(_sprite, html)


def _sprite(match: re.Match[str]) -> str:
    code = match[0].replace("\ufe0f", "").encode().hex().upper()
    image = f"//telegram.org/img/emoji/40/{code}.png"
    return f'<i class="emoji" style="background-image:url(\'{image}\')"><b>{match[0]}</b></i>'


def _count(views: int) -> str:
    for unit, letter in ((1_000_000, "M"), (1_000, "K")):
        if views >= unit:
            return f"{views / unit:.3g}{letter}"
    return str(views)
