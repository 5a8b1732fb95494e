"""Live updates: stored at once, trusted for nothing."""

from datetime import UTC, datetime, timedelta

from crm import posts, sources
from db.models import Arrival, Source, TelegramAccount
from db.session import Sessions
from sandbox.telegram_mtproto import Cloud
from tests import make
from tests.collector.conftest import CLOSED, INVITE, NAME, PUBLIC, READER, Collecting

SELDOM = 60.0
"""seconds between comparisons, so that only updates can have told"""


async def joined(collecting: Collecting, cloud: Cloud, source: Source) -> None:
    await collecting.until_read(source, 30)
    await collecting.until(source.id, lambda _: PUBLIC in cloud.users[READER].joined)


class TestNewPosts:
    async def test_a_post_is_stored_live_and_the_cursor_waits_for_the_comparison(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount
    ) -> None:
        source = await collecting.add(f"@{NAME}")
        async with collecting.running(compare_seconds=SELDOM):
            await joined(collecting, cloud, source)
            cloud.post(PUBLIC, "Нужен Go")
            stored = await collecting.until_posts(lambda posts: len(posts) == 31)
            assert (stored[-1].text, stored[-1].arrival) == ("Нужен Go", Arrival.LIVE)
            assert (await collecting.source(source.id)).cursor == 30
        async with collecting.running():
            await collecting.until_read(source, 31)
        assert [post.arrival for post in await collecting.posts()][-1] is Arrival.LIVE

    async def test_what_telegram_tells_hours_late_was_missed_not_live(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount, sessions: Sessions
    ) -> None:
        source = await collecting.add(f"@{NAME}")
        async with sessions.of_system() as session:
            (await sources.find(session, source.id)).created_at = datetime.now(UTC) - timedelta(days=1)
        async with collecting.running(compare_seconds=SELDOM):
            await joined(collecting, cloud, source)
            cloud.post(PUBLIC, "с опозданием", date=datetime.now(UTC) - timedelta(hours=2))
            stored = await collecting.until_posts(lambda posts: len(posts) == 31)
        assert stored[-1].arrival is Arrival.CAUGHT_UP

    async def test_other_chats_of_the_account_are_left_alone(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount
    ) -> None:
        cloud.join(READER, CLOSED)
        source = await collecting.add(f"@{NAME}")
        async with collecting.running(compare_seconds=SELDOM):
            await joined(collecting, cloud, source)
            cloud.post(CLOSED, "не для нас")
            cloud.edit(CLOSED, 1, "и это")
            cloud.delete(CLOSED, [2])
            cloud.post(PUBLIC, "для нас")
            await collecting.until_posts(lambda posts: len(posts) == 31)
        assert await collecting.posts(CLOSED) == []

    async def test_a_company_s_own_and_the_market_s_source_of_one_channel_both_hear(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount, sessions: Sessions
    ) -> None:
        cloud.channels[CLOSED].username = "club_name"
        own = await collecting.add(f"t.me/+{INVITE}")
        async with collecting.running(compare_seconds=SELDOM):
            await collecting.until_read(own, 3)
            async with sessions.of_system() as session:
                company = (await make.company(session)).id
                second = await sources.add(session, None, f"t.me/joinchat/{INVITE}", company_id=company)
            await collecting.until_read(second, 3)
            cloud.post(CLOSED, "обоим")
            stored = await collecting.until_posts(lambda posts: len(posts) == 8, CLOSED)
        assert [post.company_id for post in stored[-2:]].count(None) == 1


class TestEditsAndDeletions:
    async def test_an_edit_becomes_a_revision_and_a_deletion_is_marked_at_once(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount, sessions: Sessions
    ) -> None:
        source = await collecting.add(f"@{NAME}")
        async with collecting.running(compare_seconds=SELDOM):
            await joined(collecting, cloud, source)
            cloud.edit(PUBLIC, 5, "закрыто")
            cloud.delete(PUBLIC, [6])
            stored = await collecting.until_posts(lambda found: found[4].revision == 1 and bool(found[5].deleted_at))
        assert stored[4].text == "закрыто"
        async with sessions.of_system() as session:
            assert [old.text for old in await posts.revisions(session, stored[4].id)] == ["Пост 5"]

    async def test_an_edit_of_a_post_older_than_our_history_makes_no_post(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount
    ) -> None:
        source = await collecting.add(f"@{NAME}", backfill_days=1)
        async with collecting.running(compare_seconds=SELDOM):
            await joined(collecting, cloud, source)
            cloud.edit(PUBLIC, 5, "старьё")
            cloud.post(PUBLIC, "новое")
            stored = await collecting.until_posts(lambda found: any(post.text == "новое" for post in found))
        assert "старьё" not in [post.text for post in stored]
