"""The collector as a whole: it notices changes, shows that it lives, and stops soon."""

import asyncio
from itertools import pairwise

from sqlalchemy import select, text
from telethon.tl import functions

from crm import sources, telegram_accounts
from crm.telegram_accounts import MtprotoSession
from db.models import Heartbeat, Source, SourceReader, TelegramAccount
from db.session import Sessions
from sandbox.telegram_mtproto import Cloud
from tests.collector.conftest import API, CLOSED, GUARDED, INVITE, NAME, READER, Collecting, until

_BREAK_ALL = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""


class TestRun:
    async def test_sources_added_while_it_runs_are_read_at_once(
        self, collecting: Collecting, account: TelegramAccount
    ) -> None:
        async with collecting.running(compare_seconds=60.0):
            by_account = await collecting.add(f"t.me/+{INVITE}")
            by_preview = await collecting.add(f"@{NAME}", reader=SourceReader.PREVIEW)
            await collecting.until_read(by_account, 3)
            await collecting.until_read(by_preview, 30)
        assert len(await collecting.posts(CLOSED)) == 3

    async def test_a_reader_changed_while_it_runs_takes_over(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount, sessions: Sessions
    ) -> None:
        source = await collecting.add(f"@{NAME}", reader=SourceReader.PREVIEW)
        async with collecting.running():
            await collecting.until_read(source, 30)
            async with sessions.of_system() as session:
                await sources.read_by(session, None, source.id, SourceReader.USERBOT)
            await collecting.until(source.id, lambda seen: seen.account_id == account.id)
            cloud.post(1001, "дальше аккаунтом")
            await collecting.until_read(source, 31)
        assert len(await collecting.posts()) == 31

    async def test_an_account_that_signs_in_while_it_runs_starts_to_read(
        self, collecting: Collecting, cloud: Cloud, sessions: Sessions
    ) -> None:
        source = await collecting.add(f"@{NAME}", reader=SourceReader.USERBOT)
        async with collecting.running():
            await collecting.until_problem(source, "source-problem-no-account")
            async with sessions.of_system() as session:
                made = await telegram_accounts.find_or_add(session, "main")
                kept = MtprotoSession(*cloud.server_address(), cloud.signed_in_key(READER).key)
                await telegram_accounts.save_session(session, made.id, kept, API.encryption_key)
                await telegram_accounts.note_signed_in(session, made.id, READER)
                await session.execute(text("SELECT pg_notify('platon_sources', '')"))
            read = await collecting.until_read(source, 30)
            await collecting.until(source.id, lambda seen: seen.problem is None)
        assert read.account_id == made.id

    async def test_what_a_forgotten_account_read_another_goes_on_with(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount, sessions: Sessions
    ) -> None:
        async with sessions.of_system() as session:
            gone = await telegram_accounts.find_or_add(session, "gone")
        source = await collecting.add(f"@{NAME}")
        async with sessions.of_system() as session:
            await sources.assign(session, source.id, gone.id)
        async with collecting.running():
            read = await collecting.until_read(source, 30)
        assert read.account_id == account.id

    async def test_two_accounts_share_the_sources(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount, sessions: Sessions
    ) -> None:
        async with sessions.of_system() as session:
            second = await telegram_accounts.find_or_add(session, "second")
            kept = MtprotoSession(*cloud.server_address(), cloud.signed_in_key(GUARDED).key)
            await telegram_accounts.save_session(session, second.id, kept, API.encryption_key)
            await telegram_accounts.note_signed_in(session, second.id, GUARDED)
        added = [await collecting.add(f"@{NAME}"), await collecting.add(f"t.me/+{INVITE}")]
        async with collecting.running():
            read = [await collecting.until_read(source, cursor) for source, cursor in zip(added, (30, 3), strict=True)]
        assert {source.account_id for source in read} == {account.id, second.id}

    async def test_it_shows_that_it_lives_and_what_it_is_at(
        self, collecting: Collecting, account: TelegramAccount, sessions: Sessions
    ) -> None:
        async def beats() -> list[Heartbeat]:
            async with sessions.of_system() as session:
                return list(await session.scalars(select(Heartbeat)))

        async with collecting.running():
            (beat,) = await until(beats, lambda found: len(found) == 1)
        assert beat.process == "collector"
        assert "accounts" in beat.detail
        assert await beats() == [], "it ended in an orderly way"

    async def test_it_stops_within_five_seconds_in_the_middle_of_everything(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount
    ) -> None:
        cloud.fail(functions.messages.ImportChatInviteRequest, "FLOOD_WAIT_15", times=100)
        await collecting.add(f"t.me/+{INVITE}")
        source = await collecting.add(f"@{NAME}")
        loop = asyncio.get_running_loop()
        async with collecting.running():
            await collecting.until(source.id, lambda seen: seen.cursor > 0)
            began = loop.time()
        assert loop.time() - began < 5
        assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("collector")]

    async def test_when_every_connection_to_the_database_breaks_nothing_is_lost(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount, sessions: Sessions
    ) -> None:
        by_account = await collecting.add(f"@{NAME}")
        cloud.add_channel(1003, "Второй", "second_one", history=["раз"])
        by_preview = await collecting.add("@second_one", reader=SourceReader.PREVIEW)
        async with collecting.running():
            await collecting.until_read(by_account, 30)
            await collecting.until_read(by_preview, 1)
            for number in range(5):
                async with sessions.of_system() as session:
                    await session.execute(text("RESET ROLE"))
                    await session.execute(text(_BREAK_ALL))
                cloud.post(1001, f"при обрыве {number}")
                cloud.post(1003, f"при обрыве {number}")
                await asyncio.sleep(0.05)
            await collecting.until_read(by_account, 35)
            await collecting.until_read(by_preview, 6)
        assert [post.message_id for post in await collecting.posts()] == list(range(1, 36))
        assert [post.message_id for post in await collecting.posts(1003)] == list(range(1, 7))

    async def test_where_the_server_is_away_it_is_shown_and_tried_again(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount, sessions: Sessions
    ) -> None:
        source = await collecting.add(f"@{NAME}")
        home = cloud.dcs[2]
        port = home.port
        await home.stop()

        async def look() -> TelegramAccount:
            async with sessions.of_system() as session:
                return await telegram_accounts.find(session, account.id)

        async with collecting.running(server=None):
            shown = await until(look, lambda seen: seen.problem is not None)
            await home.start("127.0.0.1", port)
            await collecting.until_read(source, 30)
            cleared = await until(look, lambda seen: seen.problem is None)
        assert (shown.problem, cleared.problem_detail) == ("source-account-network", None)


class TestPace:
    async def test_joins_of_an_account_keep_their_distance(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount
    ) -> None:
        for number in range(3):
            cloud.add_channel(3000 + number, f"Клуб {number}", invite=f"Invite{number}", history=["привет"])
            await collecting.add(f"t.me/+Invite{number}")
        times: list[float] = []

        def joined(_seen: Source) -> bool:
            while len(times) < sum(
                isinstance(call, functions.messages.ImportChatInviteRequest) for call in cloud.calls
            ):
                times.append(asyncio.get_running_loop().time())
            return len(times) == 3

        async with collecting.running(join_seconds=0.5):
            await collecting.until_any(joined)
        # Seen by looking every so often, so only roughly when it happened.
        assert [later - sooner > 0.25 for sooner, later in pairwise(times)] == [True, True]
