"""Telethon's message → RawPost. Pure."""

from typing import Any

from telethon import utils
from telethon.tl import types

from crm.posts import RawPost

_ENTITIES: dict[type[Any], str] = {
    types.MessageEntityMention: "mention",
    types.MessageEntityHashtag: "hashtag",
    types.MessageEntityCashtag: "cashtag",
    types.MessageEntityBotCommand: "bot_command",
    types.MessageEntityUrl: "url",
    types.MessageEntityEmail: "email",
    types.MessageEntityPhone: "phone_number",
    types.MessageEntityBold: "bold",
    types.MessageEntityItalic: "italic",
    types.MessageEntityUnderline: "underline",
    types.MessageEntityStrike: "strikethrough",
    types.MessageEntitySpoiler: "spoiler",
    types.MessageEntityBlockquote: "blockquote",
    types.MessageEntityCode: "code",
    types.MessageEntityPre: "pre",
    types.MessageEntityTextUrl: "text_link",
    types.MessageEntityMentionName: "text_mention",
    types.MessageEntityCustomEmoji: "custom_emoji",
}
_MEDIA: dict[type[Any], str] = {
    types.MessageMediaPhoto: "photo",
    types.MessageMediaContact: "contact",
    types.MessageMediaGeo: "location",
    types.MessageMediaVenue: "location",
    types.MessageMediaPoll: "poll",
}


def from_message(message: Any) -> RawPost | None:
    """None for what is no post: service messages, and messages outside channels and supergroups."""
    if not isinstance(message, types.Message) or not isinstance(message.peer_id, types.PeerChannel):
        return None
    return RawPost(
        channel_id=message.peer_id.channel_id,
        message_id=message.id,
        posted_at=message.date,
        text=message.message or "",
        entities=[_entity(entity) for entity in message.entities or () if type(entity) in _ENTITIES],
        author=message.post_author or _name(message.sender),
        forward=_forward(message),
        reply_to=_reply_to(message.reply_to),
        album_id=message.grouped_id,
        media=_media(message.media),
        edited_at=message.edit_date,
    )


def _entity(entity: Any) -> dict[str, Any]:
    told = {"type": _ENTITIES[type(entity)], "offset": entity.offset, "length": entity.length}
    if isinstance(entity, types.MessageEntityTextUrl):
        told["url"] = entity.url
    elif isinstance(entity, types.MessageEntityMentionName):
        told["url"] = f"tg://user?id={entity.user_id}"
    return told


def _name(sender: Any) -> str | None:
    """A member of a group, by name and username; a channel's posts have no author of their own."""
    if not isinstance(sender, types.User):
        return None
    name = utils.get_display_name(sender)
    return f"{name} (@{sender.username})" if sender.username else name or None


def _forward(message: Any) -> dict[str, Any] | None:
    header = message.fwd_from
    if header is None:
        return None
    origin = message.forward.chat or message.forward.sender if message.forward else None
    told = {
        "name": header.from_name or (utils.get_display_name(origin) if origin else None),
        "channel_id": getattr(header.from_id, "channel_id", None),
        "message_id": header.channel_post,
    }
    username = getattr(origin, "username", None)
    if username and header.channel_post:
        told["url"] = f"https://t.me/{username}/{header.channel_post}"
    return {name: value for name, value in told.items() if value}


def _reply_to(header: Any) -> int | None:
    """The message of the same chat that it answers."""
    if not isinstance(header, types.MessageReplyHeader) or header.reply_to_peer_id is not None:
        return None
    return int(header.reply_to_msg_id) if header.reply_to_msg_id else None


def _media(media: Any) -> str | None:
    if media is None or isinstance(media, types.MessageMediaWebPage | types.MessageMediaEmpty):
        return None
    if not isinstance(media, types.MessageMediaDocument):
        return _MEDIA.get(type(media), "other")
    kinds = {type(attribute) for attribute in getattr(media.document, "attributes", None) or ()}
    if types.DocumentAttributeVideo in kinds:
        return "video"
    if types.DocumentAttributeSticker in kinds:
        return "sticker"
    return "audio" if types.DocumentAttributeAudio in kinds else "document"
