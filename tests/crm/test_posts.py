"""Posts: one message is one post; edits become revisions, deletions are marked, labelling follows."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from crm import posts, sources
from crm.errors import NotFound
from crm.posts import RawPost
from db.models import Arrival, Post, Source
from db.session import Sessions, SystemSession
from tests import make

CHANNEL = 4321
POSTED = datetime(2026, 3, 1, 9, tzinfo=UTC)


def raw(message_id: int, said: str = "Нужен Go-разработчик", **fields: Any) -> RawPost:
    return RawPost(CHANNEL, message_id, POSTED + timedelta(minutes=message_id), said, **fields)


async def a_source(sessions: Sessions, **fields: Any) -> Source:
    async with sessions.of_system() as session:
        return await make.source(session, channel_id=CHANNEL, **fields)


async def store(sessions: Sessions, source: Source, *raws: RawPost, **how: Any) -> posts.Stored:
    async with sessions.of_system() as session:
        return await posts.store(session, source, raws, how.pop("arrival", Arrival.LIVE), **how)


async def jobs_waiting(session: SystemSession) -> list[str]:
    rows = await session.execute(
        text("SELECT dedupe_key FROM queue.pgqueuer WHERE entrypoint = 'LabelPost' ORDER BY id")
    )
    return [key for (key,) in rows]


class TestStore:
    async def test_new_posts_are_kept_whole_and_are_to_be_labelled(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        entity = {"type": "text_link", "offset": 0, "length": 5, "url": "https://example.org"}
        told = raw(7, entities=[entity], author="Анна", forward={"name": "Мост"}, reply_to=3, album_id=9, media="photo")
        stored = await store(sessions, source, told, raw(8))

        assert stored.known == 0
        assert len(stored.new_ids) == 2
        async with sessions.of_system() as session:
            post = await posts.find(session, stored.new_ids[0])
            assert (post.message_id, post.text, post.entities) == (7, told.text, [entity])
            assert (post.author, post.forward, post.reply_to) == ("Анна", {"name": "Мост"}, 3)
            assert (post.album_id, post.media, post.arrival) == (9, "photo", Arrival.LIVE)
            assert post.posted_at == told.posted_at
            assert post.source_id == source.id
            assert await jobs_waiting(session) == [f"label:{id_}:0" for id_ in stored.new_ids]

    async def test_a_post_met_again_stays_one(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        first = await store(sessions, source, raw(1), raw(2))
        second = await store(sessions, source, raw(2), raw(2), raw(3), arrival=Arrival.IMPORT)
        assert len(first.new_ids) == 2
        assert len(second.new_ids) == 1
        assert second.known == 1
        async with sessions.of_system() as session:
            assert await session.scalar(select(func.count()).select_from(Post)) == 3
            assert len(await jobs_waiting(session)) == 3

    async def test_many_readers_of_one_source_never_wait_for_each_other_in_a_circle(self, sessions: Sessions) -> None:
        source = await a_source(sessions)

        async def read(start: int) -> None:
            messages = [
                raw(start + number, f"{start}", edited_at=POSTED + timedelta(seconds=start)) for number in range(5)
            ]
            async with sessions.of_system() as session:
                await posts.store(session, source, messages, Arrival.LIVE, cursor=start)

        await asyncio.gather(*[read(start) for start in (3, 1, 2, 5, 4, 3, 2, 1)])
        async with sessions.of_system() as session:
            assert await session.scalar(select(func.count()).select_from(Post)) == 9

    async def test_the_cursor_goes_up_with_the_posts_and_never_down(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        await store(sessions, source, raw(5), cursor=5)
        await store(sessions, source, raw(3), cursor=3)
        await store(sessions, source, raw(9))
        assert source.cursor == 5
        async with sessions.of_system() as session:
            seen = await sources.find(session, source.id)
            assert (seen.cursor, seen.last_post_at) == (5, raw(9).posted_at)

    async def test_the_cursor_stays_where_the_posts_did_not_commit(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        async with sessions.of_system() as session:
            await posts.store(session, source, [raw(1)], Arrival.LIVE, cursor=1)
            await session.rollback()
        async with sessions.of_system() as session:
            assert (await sources.find(session, source.id)).cursor == 0
            assert await session.scalar(select(func.count()).select_from(Post)) == 0
            assert await jobs_waiting(session) == []

    async def test_a_post_without_text_is_kept_and_not_labelled(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        stored = await store(sessions, source, raw(1, "", media="photo"), raw(2, " \n"))
        assert len(stored.new_ids) == 2
        async with sessions.of_system() as session:
            assert await jobs_waiting(session) == []

    async def test_a_very_long_post_is_kept_whole(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        long = "Нужен разработчик, срочно! " * 4_500
        assert len(long.encode()) > 200_000
        stored = await store(sessions, source, raw(1, long))
        async with sessions.of_system() as session:
            assert (await posts.find(session, stored.new_ids[0])).text == long

    async def test_what_postgresql_refuses_is_replaced_and_loses_nothing_else(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        stored = await store(sessions, source, raw(1, "a\x00b\ud83dc", author="\x00", forward={"name": "\udc00"}))
        async with sessions.of_system() as session:
            post = await posts.find(session, stored.new_ids[0])
            assert (post.text, post.author, post.forward) == ("a\ufffdb\ufffdc", "\ufffd", {"name": "\ufffd"})

    async def test_a_company_and_the_market_each_hold_their_own(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            company = await make.company(session)
            public = await make.source(session, channel_id=CHANNEL)
            own = await make.source(session, company, channel_id=CHANNEL, username=None)
        await store(sessions, public, raw(1))
        await store(sessions, own, raw(1))
        async with sessions.of_market() as session:
            assert await session.scalar(select(func.count()).select_from(Post)) == 1
        async with sessions.of_company(company.id) as session:
            assert await session.scalar(select(func.count()).select_from(Post)) == 2


class TestEdits:
    async def test_a_newer_text_becomes_a_revision_and_is_labelled_anew(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        (post_id,) = (await store(sessions, source, raw(1, "было"))).new_ids
        edited = await store(sessions, source, raw(1, "стало", edited_at=POSTED + timedelta(hours=1)))
        assert edited.edited_ids == (post_id,)
        async with sessions.of_system() as session:
            post = await posts.find(session, post_id)
            assert (post.text, post.revision) == ("стало", 1)
            assert [(old.revision, old.text) for old in await posts.revisions(session, post_id)] == [(0, "было")]
            assert await jobs_waiting(session) == [f"label:{post_id}:0", f"label:{post_id}:1"]

    async def test_an_older_text_changes_nothing(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        new = raw(1, "новое", edited_at=POSTED + timedelta(hours=2))
        (post_id,) = (await store(sessions, source, new)).new_ids
        for old in (raw(1, "старое"), replace(new, text="среднее", edited_at=POSTED + timedelta(hours=1))):
            assert (await store(sessions, source, old)).edited_ids == ()
        async with sessions.of_system() as session:
            assert (await posts.find(session, post_id)).text == "новое"
            assert await posts.revisions(session, post_id) == []

    async def test_an_edit_that_leaves_the_text_is_no_revision(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        (post_id,) = (await store(sessions, source, raw(1))).new_ids
        assert (await store(sessions, source, raw(1, edited_at=POSTED + timedelta(hours=1)))).known == 1
        async with sessions.of_system() as session:
            assert (await posts.find(session, post_id)).revision == 0

    async def test_revise_leaves_posts_alone_that_are_not_ours(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        await store(sessions, source, raw(1, "было"))
        edit = {"edited_at": POSTED + timedelta(hours=1)}
        async with sessions.of_system() as session:
            done = await posts.revise(session, source, [raw(1, "стало", **edit), raw(2, "чужое", **edit)])
        assert len(done.edited_ids) == 1
        async with sessions.of_system() as session:
            assert [post.text for post in await session.scalars(select(Post))] == ["стало"]


class TestMarkDeleted:
    async def test_every_company_s_post_is_marked_once_and_looked_at_again(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            company = await make.company(session)
            public = await make.source(session, channel_id=CHANNEL)
            own = await make.source(session, company, channel_id=CHANNEL, username=None)
        await store(sessions, public, raw(1), raw(2))
        await store(sessions, own, raw(1))
        async with sessions.of_system() as session:
            marked = await posts.mark_deleted(session, CHANNEL, [1, 99])
        async with sessions.of_system() as session:
            again = await posts.mark_deleted(session, CHANNEL, [1])
        assert (len(marked), again) == (2, [])
        async with sessions.of_system() as session:
            assert await posts.message_ids(session, public, 1, 9) == {2}
            assert (await jobs_waiting(session))[3:] == [f"label:{id_}:0:deleted" for id_ in marked]
            assert [post.id for post in await posts.to_label(session, marked)] == marked

    async def test_a_deleted_post_read_again_stays_deleted(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        await store(sessions, source, raw(1))
        async with sessions.of_system() as session:
            (post_id,) = await posts.mark_deleted(session, CHANNEL, [1])
        assert (await store(sessions, source, raw(1))).known == 1
        async with sessions.of_system() as session:
            assert (await posts.find(session, post_id)).deleted_at is not None


class TestFind:
    async def test_another_company_s_post_is_not_found(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            owner, stranger = await make.company(session), await make.company(session)
            own = await make.source(session, owner, channel_id=CHANNEL)
        (post_id,) = (await store(sessions, own, raw(1))).new_ids
        async with sessions.of_company(owner.id) as session:
            assert (await posts.find(session, post_id)).id == post_id
        async with sessions.of_company(stranger.id) as session:
            with pytest.raises(NotFound):
                await posts.find(session, post_id)


class TestToLabel:
    async def test_posts_without_text_are_left_out(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        stored = await store(sessions, source, raw(1), raw(2, ""), raw(3))
        async with sessions.of_system() as session:
            found = await posts.to_label(session, [*stored.new_ids, 999])
        assert [post.message_id for post in found] == [1, 3]
