"""Preview pages of every shape become posts; what is no preview is refused."""

from datetime import UTC, datetime

import pytest

from collector.preview_page import NotAPreview, parse

READ_AT = datetime(2026, 5, 2, tzinfo=UTC)
# {"c": -1001, "p": 7, "t": 1, "h": "0"} and the like, as the pages write them.
TOKEN = "eyJjIjotMTAwMSwicCI6NywidCI6MSwiaCI6IjAifQ"


def block(
    inner: str, *, post: str = "vacancies/7", meta: str = "", token: str = TOKEN, classes: str = "js-widget_message"
) -> str:
    return f"""<div class="tgme_widget_message_wrap js-widget_message_wrap">
<div class="tgme_widget_message {classes}" data-post="{post}" data-view="{token}">
 <div class="tgme_widget_message_bubble"><div class="tgme_widget_message_author accent_color">
  <a class="tgme_widget_message_owner_name" href="https://t.me/vacancies"><span dir="auto">Вакансии</span></a></div>
{inner}
 <span class="tgme_widget_message_views">2.95K</span><span class="tgme_widget_message_meta">{meta}
 <a class="tgme_widget_message_date" href="https://t.me/vacancies/7">
 <time datetime="2026-05-01T10:41:15+00:00" class="time">10:41</time></a></span></div></div></div>"""


def text(html: str) -> str:
    return f'<div class="tgme_widget_message_text js-message_text" dir="auto">{html}</div>'


def page(*blocks: str) -> str:
    return f"""<!DOCTYPE html><html><body><header><div class="tgme_channel_info_header_title">
<span dir="auto">Вакансии &amp; Co</span></div></header><section class="tgme_channel_history js-message_history">
{"".join(blocks)}</section></body></html>"""


class TestParse:
    def test_key_title_time_and_text(self) -> None:
        read = parse(page(block(text("Нужен <b>Go</b>&nbsp;разработчик<br/>&quot;срочно&quot;"))), READ_AT)
        assert (read.title, read.channel_id, read.unreadable_after) == ("Вакансии & Co", 1001, ())
        (post,) = read.posts
        assert (post.channel_id, post.message_id) == (1001, 7)
        assert post.posted_at == datetime(2026, 5, 1, 10, 41, 15, tzinfo=UTC)
        assert post.text == 'Нужен Go\xa0разработчик\n"срочно"'
        assert post.entities == [{"type": "bold", "offset": 6, "length": 2}]
        assert (post.edited_at, post.media, post.album_id, post.forward, post.author) == (None,) * 5

    def test_emoji_pictures_are_letters_and_offsets_count_in_utf16(self) -> None:
        sprite = """<i class="emoji" style="background-image:url('//telegram.org/e.png')"><b>🔥</b></i>"""
        html = text(f"{sprite}<tg-emoji emoji-id='5'>{sprite}</tg-emoji> <a href='https://example.org/x'>тут</a>")
        (post,) = parse(page(block(html)), READ_AT).posts
        assert post.text == "🔥🔥 тут"
        assert post.entities == [{"type": "text_link", "offset": 5, "length": 3, "url": "https://example.org/x"}]

    def test_links_are_told_from_what_only_looks_like_one(self) -> None:
        html = text(
            '<a href="https://t.me/anna_hr" target="_blank">@anna_hr</a> <a href="?q=%23go">#go</a> '
            '<a href="https://example.org/">example.org</a> <a href="mailto:hr@example.org">hr@example.org</a>'
        )
        (post,) = parse(page(block(html)), READ_AT).posts
        assert [entity["type"] for entity in post.entities] == ["mention", "hashtag", "url", "email"]
        assert all("url" not in entity for entity in post.entities)

    def test_an_album_is_a_post_for_each_picture_with_the_caption_on_the_first(self) -> None:
        tiles = "".join(
            f'<a class="tgme_widget_message_photo_wrap grouped_media_wrap" href="https://t.me/vacancies/{n}?single"></a>'
            for n in (7, 8, 9)
        )
        read = parse(page(block(tiles + text(text("Подпись")))), READ_AT)
        assert [(post.message_id, post.text, post.album_id, post.media) for post in read.posts] == [
            (7, "Подпись", 7, "photo"),
            (8, "", 7, "photo"),
            (9, "", 7, "photo"),
        ]
        assert (read.oldest_id, read.newest_id) == (7, 9)

    def test_the_quote_of_a_reply_is_not_the_text(self) -> None:
        quote = """<a class="tgme_widget_message_reply" href="https://t.me/vacancies/3">
<div class="tgme_widget_message_text js-message_reply_text" dir="auto">Старое</div></a>"""
        (post,) = parse(page(block(quote + text("Новое"))), READ_AT).posts
        assert (post.text, post.reply_to) == ("Новое", 3)

    def test_forwards_signatures_and_edits(self) -> None:
        forwarded = """<div class="tgme_widget_message_forwarded_from">Forwarded from
<a class="tgme_widget_message_forwarded_from_name" href="https://t.me/most/12"><span dir="auto">Мост</span></a></div>"""
        meta = '<span class="tgme_widget_message_from_author" dir="auto">Анна</span>,&nbsp;edited &nbsp;'
        (post,) = parse(page(block(forwarded + text("т"), meta=meta)), READ_AT).posts
        assert post.forward == {"name": "Мост", "url": "https://t.me/most/12"}
        assert (post.author, post.edited_at) == ("Анна", READ_AT)

    def test_a_post_that_only_the_app_can_show_is_kept_without_text(self) -> None:
        (post,) = parse(page(block('<div class="media_not_supported_cont">Please open Telegram</div>')), READ_AT).posts
        assert (post.text, post.media) == ("", "other")

    def test_the_channel_s_id_may_be_known_from_elsewhere(self) -> None:
        html = page(block(text("а"), token="%%%"))
        assert parse(html, READ_AT, channel_id=55).posts[0].channel_id == 55
        assert parse(html, READ_AT).unreadable_after == (0,)


class TestUnreadableBlocks:
    @pytest.mark.parametrize(
        "broken",
        [
            block(text("без номера"), post=""),
            block(text("не тот номер"), post="vacancies/седьмой"),
            block(text("без времени")).replace("<time datetime=", "<time data-gone="),
            block(text("не время")).replace("2026-05-01T", "вчера T"),
        ],
    )
    def test_are_counted_with_their_place_and_the_rest_is_read(self, broken: str) -> None:
        read = parse(page(block(text("раз")), broken, block(text("два"), post="vacancies/9")), READ_AT)
        assert [post.text for post in read.posts] == ["раз", "два"]
        assert read.unreadable_after == (7,)

    def test_service_messages_are_none_of_them(self) -> None:
        pinned = block("Channel photo updated", post="vacancies/6", classes="service_message js-widget_message")
        read = parse(page(pinned, block(text("раз"))), READ_AT)
        assert len(read.posts) == 1
        assert read.unreadable_after == ()


class TestNotAPreview:
    @pytest.mark.parametrize(
        "html",
        [
            "",
            "<html><body><h1>It works!</h1><div class='tgme_widget_message",
            '<div class="tgme_page"><div class="tgme_page_extra">@vacancies</div></div>',
            '{"error": "json"}',
            "\x00\x01 binary",
        ],
    )
    def test_is_refused(self, html: str) -> None:
        with pytest.raises(NotAPreview):
            parse(html, READ_AT)

    def test_an_empty_channel_is_a_preview(self) -> None:
        read = parse(page(), READ_AT)
        assert (read.posts, read.newest_id) == ((), 0)
