import base64
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from selectolax.lexbor import LexborHTMLParser
from telethon.tl import types

from sandbox.preview import PreviewSite
from sandbox.telegram_mtproto import Cloud
from sandbox.telegram_mtproto.entities import written_entities

START = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
CHANNEL = 2000001


@pytest.fixture
def cloud() -> Cloud:
    cloud = Cloud()
    history = [(START + timedelta(hours=hour), f"Пост {hour + 1}") for hour in range(50)]
    cloud.add_channel(CHANNEL, "Заявки & Co 🔥", "zayavki", history=history)
    return cloud


@pytest.fixture
async def site(cloud: Cloud) -> AsyncIterator[PreviewSite]:
    site = PreviewSite()
    await site.start(cloud)
    yield site
    await site.stop()


async def get(site: PreviewSite, path: str) -> tuple[int, Any, str]:
    async with aiohttp.ClientSession() as http, http.get(site.url + path, allow_redirects=False) as answer:
        return answer.status, answer.headers, await answer.text()


async def posts(site: PreviewSite, path: str = "/s/zayavki") -> list[Any]:
    return LexborHTMLParser((await get(site, path))[2]).css("div.tgme_widget_message")


def ids(found: list[Any]) -> list[int]:
    return [int(post.attributes["data-post"].split("/")[1]) for post in found]


class TestPage:
    async def test_twenty_newest_posts_come_oldest_first(self, site: PreviewSite) -> None:
        assert ids(await posts(site)) == list(range(31, 51))

    async def test_older_posts_are_reached_by_the_link(self, site: PreviewSite) -> None:
        path, seen = "/s/zayavki", []
        while path:
            html = (await get(site, path))[2]
            seen = ids(LexborHTMLParser(html).css("div.tgme_widget_message")) + seen
            link = LexborHTMLParser(html).css_first("a.tme_messages_more[data-before]")
            path = str(link.attributes["href"]) if link else ""
        assert seen == list(range(1, 51))
        assert site.requests == ["/s/zayavki", "/s/zayavki?before=31", "/s/zayavki?before=11"]

    async def test_before_the_first_post_there_is_nothing(self, site: PreviewSite) -> None:
        assert await posts(site, "/s/zayavki?before=1") == []

    async def test_a_post_carries_its_date_and_the_id_of_its_channel(self, site: PreviewSite) -> None:
        newest = (await posts(site))[-1]
        token = newest.attributes["data-view"]
        view = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        assert (view["c"], view["p"]) == (-CHANNEL, 50)
        shown = newest.css_first(".tgme_widget_message_date time").attributes["datetime"]
        assert datetime.fromisoformat(shown) == START + timedelta(hours=49)

    @pytest.mark.parametrize("path", ["/s/nobody_here", "/s/talk_group", "/s/shut_channel"])
    async def test_what_has_no_preview_is_redirected(self, site: PreviewSite, cloud: Cloud, path: str) -> None:
        cloud.add_channel(1, "Чат", "talk_group", megagroup=True, history=["x"])
        cloud.make_private(cloud.add_channel(2, "Скрытый", "shut_channel", history=["x"]))
        status, headers, _ = await get(site, path)
        assert (status, headers["Location"]) == (302, path.removeprefix("/s"))
        status, _, html = await get(site, headers["Location"])
        assert status == 200
        assert "tgme_widget_message" not in html


class TestPost:
    async def newest(self, site: PreviewSite) -> Any:
        return (await posts(site))[-1]

    async def test_text_is_marked_up_by_its_entities(self, site: PreviewSite, cloud: Cloud) -> None:
        text = "🔥 Java & <b>\nтут #java @anna_hr https://example.org/v"
        bold = types.MessageEntityBold(3, 4)
        entities = [bold, *written_entities(text, [("тут", "https://example.org/a?b=1&c=2")])]
        cloud.post(CHANNEL, text, entities=entities)
        body = (await self.newest(site)).css_first(".js-message_text")
        assert body.css_first("b:not(.emoji b)") is not None
        assert body.css_first("i.emoji > b").text() == "🔥"
        assert [(link.text(), link.attributes["href"]) for link in body.css("a")] == [
            ("тут", "https://example.org/a?b=1&c=2"),
            ("#java", "?q=%23java"),
            ("@anna_hr", "https://t.me/anna_hr"),
            ("https://example.org/v", "https://example.org/v"),
        ]
        assert "<b>Java</b> &amp; &lt;b&gt;<br" in re.sub(r"\s+", " ", body.html)
        assert body.text() == text.replace("\n", "")

    async def test_an_edited_signed_post_says_so(self, site: PreviewSite, cloud: Cloud) -> None:
        post = cloud.post(CHANNEL, "было", author="Анна")
        cloud.edit(CHANNEL, post.id, "стало")
        newest = await self.newest(site)
        assert newest.css_first(".tgme_widget_message_meta").text().startswith("Анна,\xa0edited")
        assert newest.css_first(".js-message_text").text() == "стало"

    async def test_a_forward_names_and_links_its_origin(self, site: PreviewSite, cloud: Cloud) -> None:
        cloud.add_channel(3, "Открытый", "open_channel", history=["x"])
        cloud.add_channel(4, "Закрытый", history=["x"])
        cloud.post(CHANNEL, "x", fwd_from=cloud.forward_header(3, 1))
        name = (await self.newest(site)).css_first(".tgme_widget_message_forwarded_from_name")
        assert (name.text(), name.attributes["href"]) == ("Открытый", "https://t.me/open_channel/1")
        cloud.post(CHANNEL, "x", fwd_from=cloud.forward_header(4, 1))
        name = (await self.newest(site)).css_first(".tgme_widget_message_forwarded_from_name")
        assert (name.tag, name.text()) == ("span", "Закрытый")

    async def test_a_reply_links_the_post_it_answers(self, site: PreviewSite, cloud: Cloud) -> None:
        cloud.post(CHANNEL, "закрыто", reply_to=48)
        newest = await self.newest(site)
        reply = newest.css_first("a.tgme_widget_message_reply")
        assert reply.attributes["href"] == "https://t.me/zayavki/48"
        assert reply.css_first(".js-message_reply_text").text() == "Пост 48"
        assert newest.css_first(".tgme_widget_message_text.js-message_text").text() == "закрыто"

    async def test_a_photo_can_be_fetched(self, site: PreviewSite, cloud: Cloud) -> None:
        cloud.post(CHANNEL, "подпись", media=cloud.photo(b"\x89PNG picture"))
        style = (await self.newest(site)).css_first("a.tgme_widget_message_photo_wrap").attributes["style"]
        address = str(style).split("url('")[1].split("')")[0]
        async with aiohttp.ClientSession() as http, http.get(address) as answer:
            assert (answer.content_type, await answer.read()) == ("image/png", b"\x89PNG picture")

    async def test_an_album_is_one_block_with_a_tile_for_each_photo(self, site: PreviewSite, cloud: Cloud) -> None:
        for text in ("подпись", "", ""):
            cloud.post(CHANNEL, text, media=cloud.photo(b"x"), grouped_id=9)
        found = await posts(site)
        assert len(found) == 20
        assert ids(found)[-1] == 51
        tiles = found[-1].css("a.grouped_media_wrap")
        assert [tile.attributes["href"] for tile in tiles] == [f"https://t.me/zayavki/{n}?single" for n in (51, 52, 53)]
        assert found[-1].css_first(".js-message_text .js-message_text").text() == "подпись"


class TestFail:
    async def test_too_many_requests_tell_when_to_come_back(self, site: PreviewSite) -> None:
        site.fail(429, retry_after=7)
        status, headers, _ = await get(site, "/s/zayavki")
        assert (status, headers["Retry-After"]) == (429, "7")
        assert (await get(site, "/s/zayavki"))[0] == 200

    async def test_failures_strike_as_often_as_ordered_and_only_the_channel_named(
        self, site: PreviewSite, cloud: Cloud
    ) -> None:
        cloud.add_channel(3, "Открытый", "open_channel", history=["x"])
        site.fail(503, times=2, username="zayavki")
        paths = ("/s/open_channel", "/s/zayavki", "/s/zayavki", "/s/zayavki")
        assert [(await get(site, path))[0] for path in paths] == [200, 503, 503, 200]

    async def test_garbage_is_a_page_without_posts(self, site: PreviewSite) -> None:
        site.fail("garbage")
        status, _, html = await get(site, "/s/zayavki")
        assert status == 200
        assert LexborHTMLParser(html).css("div.tgme_widget_message[data-post]") == []
