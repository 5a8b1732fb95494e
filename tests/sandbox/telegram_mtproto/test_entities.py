import pytest
from telethon.helpers import add_surrogate, del_surrogate
from telethon.tl import types

from sandbox.telegram_mtproto.entities import written_entities


def found(text: str, links: tuple[tuple[str, str], ...] = ()) -> list[tuple[type, str]]:
    wide = add_surrogate(text)
    return [
        (type(entity), del_surrogate(wide[entity.offset : entity.offset + entity.length]))
        for entity in written_entities(text, links)
    ]


class TestWrittenEntities:
    def test_links_addresses_mentions_and_hashtags_are_found_in_order(self) -> None:
        text = "🔥🇷🇺 #java у @anna_hr, hr@example.org: https://example.org/v?id=1. Ещё t.me/jobs"
        assert found(text) == [
            (types.MessageEntityHashtag, "#java"),
            (types.MessageEntityMention, "@anna_hr"),
            (types.MessageEntityEmail, "hr@example.org"),
            (types.MessageEntityUrl, "https://example.org/v?id=1"),
            (types.MessageEntityUrl, "t.me/jobs"),
        ]

    def test_a_mention_inside_a_link_is_part_of_the_link(self) -> None:
        assert found("https://medium.example.org/@author/1") == [
            (types.MessageEntityUrl, "https://medium.example.org/@author/1")
        ]

    def test_a_hidden_link_lies_under_its_visible_text(self) -> None:
        text = "🔥 подробности тут"
        assert found(text, (("тут", "https://example.org"),)) == [(types.MessageEntityTextUrl, "тут")]
        (entity,) = written_entities(text, [("тут", "https://example.org")])
        assert entity.url == "https://example.org"

    def test_a_hidden_link_under_text_that_is_not_there_is_refused(self) -> None:
        with pytest.raises(ValueError, match="тут"):
            written_entities("здесь", [("тут", "https://example.org")])

    def test_plain_text_has_none(self) -> None:
        assert found("C# и C++, 100 $ # @ a@b") == []
