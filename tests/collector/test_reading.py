"""A source read by an account: history, gaps, edits and deletions missed; nothing twice, nothing lost."""

from datetime import UTC, datetime, timedelta
from typing import Any

from telethon.tl import functions, types

from collector import reading
from db.models import Arrival, Source, SourceState, TelegramAccount
from sandbox.telegram_mtproto import Cloud
from tests.collector.conftest import CLOSED, INVITE, NAME, PUBLIC, READER, Collecting, hour


class TestBackfill:
    async def test_days_asked_for_are_read_and_what_is_older_is_left(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount
    ) -> None:
        old = datetime.now(UTC) - timedelta(days=40)
        cloud.add_channel(1003, "Старый", "old_one", history=[(old, "давно"), (hour(1), "недавно"), (hour(2), "вчера")])
        source = await collecting.add("@old_one", backfill_days=30)
        async with collecting.running():
            read = await collecting.until_read(source, 3)
        assert [(post.message_id, post.arrival) for post in await collecting.posts(1003)] == [
            (2, Arrival.BACKFILL),
            (3, Arrival.BACKFILL),
        ]
        assert (read.backfill_total, read.backfill_stored, read.title) == (2, 2, "Старый")
        assert (read.state, read.problem, read.account_id) == (SourceState.READING, None, account.id)

    async def test_a_history_all_too_old_is_not_read_at_all(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount
    ) -> None:
        old = datetime.now(UTC) - timedelta(days=40)
        cloud.add_channel(1003, "Старый", "old_one", history=[(old, "давно"), (old, "давно и это")])
        source = await collecting.add("@old_one", backfill_days=30)
        async with collecting.running():
            assert (await collecting.until_read(source, 2)).cursor == 2
        assert await collecting.posts(1003) == []

    async def test_a_run_that_broke_off_goes_on_after_the_last_page(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount
    ) -> None:
        cloud.add_channel(1003, "Большой", "big_one", history=[(hour(1), f"№ {n}") for n in range(1, 601)])
        source = await collecting.add("@big_one")
        async with collecting.running():
            await collecting.until(source.id, lambda seen: seen.cursor >= 100)
            cloud.make_private(1003)
            broken = await collecting.until_problem(source, "source-problem-private")
        assert 100 <= broken.cursor < 600
        assert broken.backfilled_at is None
        cloud.make_private(1003, private=False)
        async with collecting.running():
            read = await collecting.until_read(source, 600)
        assert [post.message_id for post in await collecting.posts(1003)] == list(range(1, 601))
        assert (read.backfill_total, read.backfill_stored) == (600, 600)

    async def test_an_empty_channel_is_read(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount
    ) -> None:
        cloud.add_channel(1003, "Пустой", "empty_one")
        source = await collecting.add("@empty_one")
        async with collecting.running():
            read = await collecting.until_read(source, 0)
        assert (read.cursor, read.problem) == (0, None)

    def test_what_was_posted_before_the_source_was_wanted_is_history(self) -> None:
        source = Source(created_at=datetime(2026, 5, 1, 12, 0, 0, 900_000, tzinfo=UTC))
        told = [source.created_at + timedelta(seconds=offset) for offset in (-2, -0.9, 60)]
        assert [reading.arrival_of(at, source) for at in told] == [
            Arrival.BACKFILL,
            Arrival.CAUGHT_UP,
            Arrival.CAUGHT_UP,
        ]


class TestGap:
    async def test_350_posts_while_the_collector_was_down_are_all_stored_once(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount
    ) -> None:
        source = await collecting.add(f"@{NAME}")
        async with collecting.running():
            await collecting.until_read(source, 30)
            await collecting.until(source.id, lambda _: PUBLIC in cloud.users[READER].joined)
            cloud.post(PUBLIC, "вживую")
            await collecting.until_read(source, 31)
        for number in range(350):
            cloud.post(PUBLIC, f"Пропущено {number}")
        assert cloud.difference_limit < 350, "so the server answers ChannelDifferenceTooLong"
        async with collecting.running():
            await collecting.until_read(source, 381)
            await collecting.until(
                source.id, lambda _: called(cloud, functions.updates.GetChannelDifferenceRequest) > 0
            )
        stored = await collecting.posts()
        assert [post.message_id for post in stored] == list(range(1, 382))
        assert {post.arrival for post in stored[31:]} == {Arrival.CAUGHT_UP}

    async def test_posts_whose_updates_never_came_are_found_by_comparing(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount
    ) -> None:
        source = await collecting.add(f"@{NAME}")
        cloud.suppress_updates(PUBLIC)
        async with collecting.running():
            await collecting.until_read(source, 30)
            cloud.post(PUBLIC, "молча")
            read = await collecting.until(source.id, lambda seen: seen.newest_on_server == 31)
        assert read.cursor == 31
        assert read.compared_at is not None
        assert (await collecting.posts())[-1].text == "молча"

    async def test_a_dropped_connection_is_made_again_and_nothing_is_missing(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount
    ) -> None:
        source = await collecting.add(f"@{NAME}")
        async with collecting.running(compare_seconds=60.0):
            await collecting.until_read(source, 30)
            for number in range(120):
                cloud.post(PUBLIC, f"при обрыве {number}", push=False)
            cloud.kick_connections()
            await collecting.until_read(source, 150)
        assert len(await collecting.posts()) == 150


class TestLookAgain:
    async def test_edits_and_deletions_missed_while_away_are_taken_over(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount
    ) -> None:
        source = await collecting.add(f"@{NAME}")
        async with collecting.running():
            await collecting.until_read(source, 30)
        cloud.edit(PUBLIC, 29, "исправлено")
        cloud.delete(PUBLIC, [28, 30])
        async with collecting.running():
            stored = await collecting.until_posts(lambda posts: sum(post.deleted_at is not None for post in posts) == 2)
        assert [post.message_id for post in stored if post.deleted_at] == [28, 30]
        assert (stored[28].text, stored[28].revision) == ("исправлено", 1)

    async def test_what_lies_before_the_newest_hundred_is_not_taken_for_deleted(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount
    ) -> None:
        cloud.add_channel(1003, "Большой", "big_one", history=[(hour(1), f"№ {n}") for n in range(1, 251)])
        source = await collecting.add("@big_one")
        async with collecting.running():
            first = await collecting.until_read(source, 250)
            await collecting.until(
                source.id, lambda seen: (seen.compared_at or hour(0)) > (first.compared_at or hour(0))
            )
        assert all(post.deleted_at is None for post in await collecting.posts(1003))


class TestWhatIsKept:
    async def test_albums_captions_forwards_replies_links_and_authors(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount
    ) -> None:
        picture = cloud.photo(b"png")
        text = "🔥 Откликнуться"
        link = types.MessageEntityTextUrl(3, 12, "https://example.org/a")
        cloud.add_channel(1003, "Разное", "all_sorts")
        cloud.post(1003, "подпись", media=picture, grouped_id=55, date=hour(1))
        cloud.post(1003, "", media=picture, grouped_id=55, date=hour(1))
        cloud.post(1003, text, entities=[link], reply_to=1, author="Анна", date=hour(2))
        cloud.post(1003, "Пост 7", fwd_from=cloud.forward_header(PUBLIC, 7), date=hour(3))
        source = await collecting.add("@all_sorts")
        async with collecting.running():
            await collecting.until_read(source, 4)
        first, second, third, fourth = await collecting.posts(1003)
        assert (first.text, first.media, first.album_id) == ("подпись", "photo", 55)
        assert (second.text, second.media, second.album_id) == ("", "photo", 55)
        assert third.entities == [{"type": "text_link", "offset": 3, "length": 12, "url": "https://example.org/a"}]
        assert (third.text, third.reply_to, third.author) == (text, 1, "Анна")
        assert fourth.forward == {
            "name": "Вакансии Москва",
            "channel_id": PUBLIC,
            "message_id": 7,
            "url": f"https://t.me/{NAME}/7",
        }

    async def test_who_wrote_in_a_group(self, collecting: Collecting, cloud: Cloud, account: TelegramAccount) -> None:
        cloud.add_channel(1003, "Чат", "chat_one", megagroup=True)
        cloud.post(1003, "ищу React", author="Пётр", date=hour(1))
        source = await collecting.add("@chat_one")
        async with collecting.running():
            await collecting.until_read(source, 1)
        assert [post.author for post in await collecting.posts(1003)] == ["Пётр"]


class TestClosed:
    async def test_an_invitation_lets_the_account_in_and_history_is_read(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount
    ) -> None:
        source = await collecting.add(f"https://t.me/+{INVITE}")
        async with collecting.running():
            read = await collecting.until_read(source, 3)
        assert CLOSED in cloud.users[READER].joined
        assert (read.title, read.channel_id) == ("Закрытый клуб", CLOSED)
        assert [post.text for post in await collecting.posts(CLOSED)] == ["секрет 1", "секрет 2", "секрет 3"]

    async def test_where_an_admin_has_to_agree_it_waits_and_asks_once(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount
    ) -> None:
        cloud.add_channel(CLOSED, "Закрытый клуб", invite=INVITE, request_needed=True)
        source = await collecting.add(f"t.me/+{INVITE}")
        async with collecting.running():
            waiting = await collecting.until_problem(source, "source-problem-requested")
            assert waiting.state is SourceState.REQUESTED
            await collecting.until(source.id, lambda _: called(cloud, functions.messages.CheckChatInviteRequest) >= 3)
            cloud.join(READER, CLOSED)
            read = await collecting.until_read(source, 3)
        assert (read.state, read.problem) == (SourceState.READING, None)
        assert called(cloud, functions.messages.ImportChatInviteRequest) == 1


def called(cloud: Cloud, request: type[Any]) -> int:
    return sum(isinstance(call, request) for call in cloud.calls)
