"""Telethon's messages become posts; what is none is left out."""

from datetime import UTC, datetime
from typing import Any

import pytest
from telethon.tl import types

from collector.raw_post import from_message

AT = datetime(2026, 5, 1, tzinfo=UTC)


def message(text: str = "текст", **fields: Any) -> Any:
    peer = fields.pop("peer", types.PeerChannel(55))
    return types.Message(7, peer_id=peer, date=AT, message=text, **fields)


def document(*attributes: Any) -> Any:
    file = types.Document(1, 1, b"", AT, "application/pdf", 1, 2, list(attributes))
    return types.MessageMediaDocument(document=file)


class TestFromMessage:
    def test_the_key_is_the_bare_channel_id_and_the_message_id(self) -> None:
        raw = from_message(message(edit_date=AT, grouped_id=9))
        assert raw is not None
        assert (raw.channel_id, raw.message_id, raw.posted_at, raw.text) == (55, 7, AT, "текст")
        assert (raw.edited_at, raw.album_id, raw.media, raw.forward, raw.author) == (AT, 9, None, None, None)

    @pytest.mark.parametrize(
        "no_post",
        [
            types.MessageService(7, peer_id=types.PeerChannel(55), date=AT, action=types.MessageActionPinMessage()),
            types.MessageEmpty(7, peer_id=types.PeerChannel(55)),
            message(peer=types.PeerChat(5)),
            message(peer=types.PeerUser(5)),
        ],
    )
    def test_service_messages_and_other_chats_are_none(self, no_post: Any) -> None:
        assert from_message(no_post) is None

    def test_entities_keep_their_place_and_address(self) -> None:
        raw = from_message(
            message(
                "тут Иван жирно",
                entities=[
                    types.MessageEntityTextUrl(0, 3, "https://example.org"),
                    types.MessageEntityMentionName(4, 4, 18),
                    types.MessageEntityBold(9, 5),
                    types.MessageEntityUnknown(0, 1),
                ],
            )
        )
        assert raw is not None
        assert raw.entities == [
            {"type": "text_link", "offset": 0, "length": 3, "url": "https://example.org"},
            {"type": "text_mention", "offset": 4, "length": 4, "url": "tg://user?id=18"},
            {"type": "bold", "offset": 9, "length": 5},
        ]

    def test_a_forward_from_a_hidden_person_keeps_the_name(self) -> None:
        raw = from_message(message(fwd_from=types.MessageFwdHeader(AT, from_name="Анна")))
        assert raw is not None
        assert raw.forward == {"name": "Анна"}

    @pytest.mark.parametrize(
        ("header", "reply_to"),
        [
            (types.MessageReplyHeader(reply_to_msg_id=3), 3),
            (types.MessageReplyHeader(reply_to_msg_id=3, reply_to_peer_id=types.PeerChannel(1)), None),
            (types.MessageReplyStoryHeader(types.PeerUser(1), 3), None),
        ],
    )
    def test_only_an_answer_in_the_same_chat_is_one(self, header: Any, reply_to: int | None) -> None:
        raw = from_message(message(reply_to=header))
        assert raw is not None
        assert raw.reply_to == reply_to

    @pytest.mark.parametrize(
        ("media", "name"),
        [
            (types.MessageMediaPhoto(), "photo"),
            (types.MessageMediaWebPage(types.WebPageEmpty(1)), None),
            (types.MessageMediaDice(1, "🎲"), "other"),
            (document(), "document"),
            (document(types.DocumentAttributeVideo(1.0, 2, 2)), "video"),
            (document(types.DocumentAttributeAudio(1)), "audio"),
            (document(types.DocumentAttributeSticker("", types.InputStickerSetEmpty())), "sticker"),
        ],
    )
    def test_media_by_name(self, media: Any, name: str | None) -> None:
        raw = from_message(message("", media=media))
        assert raw is not None
        assert (raw.text, raw.media) == ("", name)
