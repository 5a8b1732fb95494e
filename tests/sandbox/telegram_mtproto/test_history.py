from datetime import UTC, datetime, timedelta

from telethon import functions
from telethon.tl import types

from sandbox.telegram_mtproto import Cloud
from tests.sandbox.telegram_mtproto.conftest import COLLECTOR, PUBLIC, Clients

NAME = "vacancies_msk"


class TestDialogs:
    async def test_the_channel_that_spoke_last_comes_first(self, cloud: Cloud, clients: Clients) -> None:
        cloud.add_channel(1003, "Другой", username="other_channel")
        cloud.join(COLLECTOR, 1003)
        cloud.post(1003, "позже всех", date=datetime.now(UTC) + timedelta(minutes=1))
        client = await clients.signed_in(cloud)
        dialogs = await client.get_dialogs()
        assert [(dialog.name, dialog.message.text) for dialog in dialogs] == [
            ("Другой", "позже всех"),
            ("Вакансии Москва", "Пост 250"),
        ]

    async def test_more_dialogs_than_a_page_are_all_found(self, cloud: Cloud, clients: Clients) -> None:
        for number in range(130):
            cloud.add_channel(5000 + number, f"Канал {number}", username=f"channel_{number}", history=["один"])
            cloud.join(COLLECTOR, 5000 + number)
        client = await clients.signed_in(cloud)
        assert len({dialog.id for dialog in await client.get_dialogs()}) == 131

    async def test_one_channel_tells_its_newest_post(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud)
        peer = types.InputDialogPeer(await client.get_input_entity(NAME))
        answer = await client(functions.messages.GetPeerDialogsRequest([peer]))
        assert answer.dialogs[0].top_message == 250


class TestPaging:
    async def test_the_whole_history_is_read_newest_first(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud)
        messages = await client.get_messages(NAME, limit=None, wait_time=0)
        assert [message.id for message in messages] == list(range(250, 0, -1))
        assert messages[0].text == "Пост 250"

    async def test_the_whole_history_is_read_oldest_first(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud)
        assert [message.id async for message in client.iter_messages(NAME, reverse=True, wait_time=0)] == list(
            range(1, 251)
        )

    async def test_what_came_after_a_known_post_is_read_in_both_directions(
        self, cloud: Cloud, clients: Clients
    ) -> None:
        client = await clients.signed_in(cloud)

        async def after(known: int, **direction: bool) -> list[int]:
            found = client.iter_messages(NAME, min_id=known, wait_time=0, **direction)
            return [message.id async for message in found]

        assert await after(120, reverse=True) == list(range(121, 251))
        assert await after(120) == list(range(250, 120, -1))
        assert await after(250, reverse=True) == []

    async def test_what_came_before_a_known_post_is_read(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud)
        assert [m.id async for m in client.iter_messages(NAME, max_id=11, limit=5)] == [10, 9, 8, 7, 6]
        assert [m.id async for m in client.iter_messages(NAME, offset_id=4)] == [3, 2, 1]

    async def test_a_raw_page_obeys_every_bound(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud)

        async def ids(**bounds: int) -> list[int]:
            values = {"offset_id": 0, "add_offset": 0, "limit": 5, "max_id": 0, "min_id": 0, **bounds}
            page = await client(functions.messages.GetHistoryRequest(NAME, offset_date=None, hash=0, **values))
            assert page.count == 250
            return [message.id for message in page.messages]

        assert await ids() == [250, 249, 248, 247, 246]
        assert await ids(offset_id=100) == [99, 98, 97, 96, 95]
        assert await ids(offset_id=100, add_offset=2) == [97, 96, 95, 94, 93]
        assert await ids(offset_id=100, add_offset=-3) == [102, 101, 100, 99, 98]
        assert await ids(offset_id=100, min_id=96) == [99, 98, 97]
        assert await ids(offset_id=100, max_id=98) == [97, 96, 95]
        assert await ids(offset_id=249, add_offset=-5) == [250, 249]

    async def test_a_date_bounds_the_history(self, cloud: Cloud, clients: Clients) -> None:
        start = datetime(2026, 1, 1, tzinfo=UTC)
        history = [(start + timedelta(days=day), f"день {day}") for day in range(10)]
        cloud.add_channel(1003, "Датированный", username="dated", history=history)
        client = await clients.signed_in(cloud)
        found = await client.get_messages("dated", offset_date=start + timedelta(days=3), limit=None)
        assert [message.text for message in found] == ["день 2", "день 1", "день 0"]
        assert found[0].date == start + timedelta(days=2)

    async def test_deleted_posts_leave_gaps(self, cloud: Cloud, clients: Clients) -> None:
        cloud.delete(PUBLIC, [2, 250])
        client = await clients.signed_in(cloud)
        assert [m.id async for m in client.iter_messages(NAME, offset_id=4)] == [3, 1]
        assert cloud.post(PUBLIC, "следующий").id == 251

    async def test_posts_are_found_by_words_and_by_id(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud)
        assert [m.id async for m in client.iter_messages(NAME, search="пост 25", wait_time=0)] == [250, 25]
        known, missing = await client.get_messages(NAME, ids=[5, 9999])
        assert known.text == "Пост 5"
        assert missing is None


class TestContent:
    async def test_entities_come_as_they_were_written(self, cloud: Cloud, clients: Clients) -> None:
        text = "Ищем Java 🔥 #java @hr_anna подробнее"
        entities = [
            types.MessageEntityBold(5, 4),
            types.MessageEntityHashtag(13, 5),
            types.MessageEntityMention(19, 8),
            types.MessageEntityTextUrl(28, 9, "https://example.org/1"),
        ]
        cloud.post(PUBLIC, text, entities=entities)
        client = await clients.signed_in(cloud)
        (message,) = await client.get_messages(NAME, limit=1)
        assert [(type(entity), inner) for entity, inner in message.get_entities_text()] == [
            (types.MessageEntityBold, "Java"),
            (types.MessageEntityHashtag, "#java"),
            (types.MessageEntityMention, "@hr_anna"),
            (types.MessageEntityTextUrl, "подробнее"),
        ]

    async def test_a_forward_names_its_origin(self, cloud: Cloud, clients: Clients) -> None:
        original = cloud.post(1002, "переслано", author="Анна")
        cloud.post(PUBLIC, "переслано", fwd_from=cloud.forward_header(1002, original.id))
        client = await clients.signed_in(cloud)
        (message,) = await client.get_messages(NAME, limit=1)
        assert (message.fwd_from.channel_post, message.fwd_from.post_author) == (original.id, "Анна")
        assert message.forward.chat.title == "Закрытый"

    async def test_a_reply_names_the_post_it_answers(self, cloud: Cloud, clients: Clients) -> None:
        cloud.post(PUBLIC, "Закрыто", reply_to=7)
        client = await clients.signed_in(cloud)
        (message,) = await client.get_messages(NAME, limit=1)
        assert (await message.get_reply_message()).text == "Пост 7"

    async def test_the_author_signs_in_a_channel_and_sends_in_a_group(self, cloud: Cloud, clients: Clients) -> None:
        cloud.add_channel(1003, "Чат", username="talk_group", megagroup=True)
        cloud.post(1003, "в чате", author="Иван")
        cloud.post(PUBLIC, "в канале", author="Иван")
        client = await clients.signed_in(cloud)
        (in_channel,) = await client.get_messages(NAME, limit=1)
        assert (in_channel.post_author, in_channel.sender_id) == ("Иван", in_channel.chat_id)
        (in_group,) = await client.get_messages("talk_group", limit=1)
        assert (in_group.post_author, in_group.sender.first_name) == (None, "Иван")

    async def test_an_album_is_one_group_and_its_photos_download(self, cloud: Cloud, clients: Clients) -> None:
        blob = b"\xff\xd8" + b"x" * 200_000 + b"\xff\xd9"
        cloud.post(PUBLIC, "подпись", media=cloud.photo(blob), grouped_id=5)
        cloud.post(PUBLIC, "", media=cloud.photo(b"small"), grouped_id=5)
        client = await clients.signed_in(cloud)
        second, first = await client.get_messages(NAME, limit=2)
        assert (first.grouped_id, second.grouped_id, first.text) == (5, 5, "подпись")
        assert await client.download_media(first, bytes) == blob
        assert await client.download_media(second, bytes) == b"small"

    async def test_an_edited_post_shows_its_new_text_and_when(self, cloud: Cloud, clients: Clients) -> None:
        at = datetime(2026, 3, 1, 12, tzinfo=UTC)
        cloud.edit(PUBLIC, 3, "исправлено", date=at)
        client = await clients.signed_in(cloud)
        message = await client.get_messages(NAME, ids=3)
        assert (message.text, message.edit_date) == ("исправлено", at)
