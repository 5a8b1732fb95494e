"""Sources: links people paste, who may see and add what, how a source comes to be read."""

import asyncio
from datetime import UTC, datetime

import pytest

from crm import posts, sources
from crm.errors import ClosedNeedsAccount, Forbidden, NotALink, NotFound, SourceKnown
from crm.posts import RawPost
from crm.sources import SourceLink, parse_link
from db.models import Arrival, Role, SourceReader, SourceState, TelegramAccount
from db.session import Sessions
from tests import make


class TestParseLink:
    @pytest.mark.parametrize(
        "link",
        [
            "@severny_most", "severny_most", " t.me/severny_most ", "https://t.me/severny_most/123",
            "https://t.me/s/severny_most?before=3", "http://telegram.me/severny_most", "tg://resolve?domain=severny_most",
        ],
    )  # fmt: skip
    def test_a_public_name_in_every_form(self, link: str) -> None:
        assert parse_link(link) == SourceLink(username="severny_most")

    @pytest.mark.parametrize(
        "link", ["https://t.me/+AbC_d-Ef12", "t.me/joinchat/AbC_d-Ef12", "tg://join?invite=AbC_d-Ef12"]
    )
    def test_an_invitation_in_every_form(self, link: str) -> None:
        assert parse_link(link) == SourceLink(invite_hash="AbC_d-Ef12")

    @pytest.mark.parametrize(
        "link",
        [
            "", "@", "@ab", "просто слова", "https://example.org/severny_most", "https://t.me/", "t.me/c/123/4",
            "ftp://t.me/name", "t.me/joinchat", "t.me/+", "t.me/addstickers/x", "tg://settings", "@имя_канала",
            "http://[", "a" * 5000,
        ],
    )  # fmt: skip
    def test_anything_else_is_no_link(self, link: str) -> None:
        with pytest.raises(NotALink):
            parse_link(link)


class TestAdd:
    async def test_a_public_channel_is_every_company_s(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            company, other = await make.company(session), await make.company(session)
            admin = make.actor(await make.user(session, company, role=Role.ADMIN))
        async with sessions.of_company(company.id) as session:
            source = await sources.add(session, admin, "https://t.me/severny_most")
        assert (source.company_id, source.state, source.added_by_id) == (None, SourceState.WAITING, admin.user_id)
        async with sessions.of_company(other.id) as session:
            assert [seen.username for seen in await sources.list_all(session)] == ["severny_most"]

    async def test_a_closed_one_is_seen_by_its_company_alone(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            company, other = await make.company(session), await make.company(session)
            admin = make.actor(await make.user(session, company, role=Role.ADMIN))
        async with sessions.of_company(company.id) as session:
            source = await sources.add(session, admin, "t.me/+AbCdEf12")
        assert (source.company_id, source.reader) == (company.id, SourceReader.USERBOT)
        async with sessions.of_company(other.id) as session:
            assert await sources.list_all(session) == []
            with pytest.raises(NotFound):
                await sources.find(session, source.id)

    async def test_an_account_reads_where_there_is_one_else_the_preview(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            assert (await sources.add(session, None, "@first_one")).reader is SourceReader.PREVIEW
            session.add(TelegramAccount(name="main", telegram_id=777))
            await session.flush()
            assert (await sources.add(session, None, "@second_one")).reader is SourceReader.USERBOT
            assert (await sources.add(session, None, "@third_one", SourceReader.PREVIEW)).reader is SourceReader.PREVIEW

    async def test_a_known_one_is_refused_by_its_title(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            await sources.add(session, None, "@Severny_Most")
            await sources.add(session, None, "t.me/+AbCdEf12")
        for link, title in (("t.me/severny_most", "@Severny_Most"), ("t.me/joinchat/AbCdEf12", "#2")):
            with pytest.raises(SourceKnown) as refused:
                async with sessions.of_system() as session:
                    await sources.add(session, None, link)
            assert refused.value.params == {"title": title}

    async def test_two_people_adding_at_once_make_one(self, sessions: Sessions) -> None:
        async def add() -> str:
            try:
                async with sessions.of_system() as session:
                    await sources.add(session, None, "t.me/+AbCdEf12")
            except SourceKnown:
                return "known"
            return "added"

        assert sorted(await asyncio.gather(add(), add(), add())) == ["added", "known", "known"]

    async def test_a_closed_one_has_no_preview(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            with pytest.raises(ClosedNeedsAccount):
                await sources.add(session, None, "t.me/+AbCdEf12", SourceReader.PREVIEW)

    async def test_a_manager_may_not(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            manager = make.actor(await make.user(session, await make.company(session)))
        with pytest.raises(Forbidden):
            async with sessions.of_company(manager.company_id) as session:
                await sources.add(session, manager, "@severny_most")


class TestReadBy:
    async def test_another_reader_goes_on_from_the_same_place(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            source = await make.source(session, cursor=70, state=SourceState.UNREADABLE, problem="x")
            changed = await sources.read_by(session, None, source.id, SourceReader.PREVIEW)
        assert (changed.cursor, changed.reader, changed.problem) == (70, SourceReader.PREVIEW, None)
        assert changed.state is SourceState.WAITING

    async def test_a_closed_one_cannot_be_read_by_preview(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            source = await make.source(session, username=None, invite_hash="AbCdEf12")
            with pytest.raises(ClosedNeedsAccount):
                await sources.read_by(session, None, source.id, SourceReader.PREVIEW)

    async def test_of_an_unknown_source_is_not_found(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            with pytest.raises(NotFound):
                await sources.retry(session, None, 404)


class TestSettle:
    async def test_a_resolved_source_knows_its_channel(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            added = await sources.add(session, None, "@severny_most")
            await sources.note_problem(session, added.id, "source-problem-network", "x")
            settled = await sources.settle(session, added.id, channel_id=55, title="Мост", username="Severny_Most")
        assert settled.id == added.id
        assert (settled.channel_id, settled.title, settled.username) == (55, "Мост", "Severny_Most")
        assert (settled.state, settled.problem) == (SourceState.READING, None)

    async def test_the_posts_of_an_export_are_taken_over(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            owner = await make.user(session, await make.company(session))
            imported = await sources.of_export(session, None, 55, "Мост")
            await posts.store(session, imported, [RawPost(55, 1, datetime.now(UTC), "а")], Arrival.IMPORT)
            added = await sources.add(session, None, "@severny_most", SourceReader.PREVIEW)
            wanting = await make.subscription(session, owner, source_ids=[added.id])
        async with sessions.of_system() as session:
            settled = await sources.settle(session, added.id, channel_id=55, title="Мост", username="severny_most")
        assert (settled.id, settled.reader, settled.cursor) == (imported.id, SourceReader.PREVIEW, 0)
        async with sessions.of_system() as session:
            assert [source.id for source in await sources.to_read(session)] == [imported.id]
            assert (await session.get_one(type(wanting), wanting.id)).source_ids == [imported.id]

    async def test_a_channel_that_is_read_already_is_refused(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            await make.source(session, channel_id=55, title="Мост")
            added = await sources.add(session, None, "@other_name")
            with pytest.raises(SourceKnown) as refused:
                await sources.settle(session, added.id, channel_id=55, title="Мост", username="other_name")
        assert refused.value.params == {"title": "Мост"}


class TestOfExport:
    async def test_the_same_chat_is_one_source(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            first = await sources.of_export(session, None, 55, "Мост")
            second = await sources.of_export(session, None, 55, "Мост переименован")
        assert first.id == second.id
        assert (first.reader, first.state) == (SourceReader.EXPORT, SourceState.READING)


class TestProgress:
    async def test_back_fill_counts_up_and_ends(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            source = await make.source(session)
            await sources.begin_backfill(session, source.id, after=100, newest=350)
            await sources.note_backfill(session, source.id, stored=100)
            await sources.note_backfill(session, source.id, stored=140)
            halfway = await sources.find(session, source.id)
            assert (halfway.cursor, halfway.backfill_total, halfway.backfill_stored) == (100, 250, 240)
            await sources.end_backfill(session, source.id)
            ended = await sources.find(session, source.id)
            assert ended.backfill_total == 240
            assert ended.backfilled_at is not None

    async def test_a_source_is_silent_while_the_server_is_ahead(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            source = await make.source(session, cursor=10)
            await sources.note_compared(session, source.id, 12)
            assert [silent.id for silent in await sources.silent(session)] == [source.id]
            await sources.note_compared(session, source.id, 10)
            assert await sources.silent(session) == []

    async def test_a_problem_stays_until_it_is_read(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            source = await make.source(session)
            await sources.note_problem(session, source.id, "source-problem-private", "CHANNEL_PRIVATE")
            await sources.note_unreadable(session, source.id, 3)
            seen = await sources.find(session, source.id)
            assert (seen.state, seen.problem) == (SourceState.UNREADABLE, "source-problem-private")
            assert (seen.problem_detail, seen.unreadable_blocks) == ("CHANNEL_PRIVATE", 3)
            await sources.note_read(session, source.id)
            seen = await sources.find(session, source.id)
            assert (seen.state, seen.problem, seen.problem_detail) == (SourceState.READING, None, None)
