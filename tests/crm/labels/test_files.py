"""A company's labelled posts as lines, in and out."""

import json
from typing import Any

import pytest
from sqlalchemy import select, text

from crm import labels
from crm.errors import NotFound
from crm.labels import BadLabelLine, Line, Taken
from db.base import Json
from db.models import Arrival, Company, Label, LabelSource, Post, Role, User
from db.session import Sessions
from language.kinds import Engagement, Kind
from tests import make
from tests.crm.labels.people import ITEM, colleague, give
from tests.labelled import GO, JAVA

REQUEST: Json = {"id": "a1", "text": JAVA, "kind": "request", "engagement": "outstaff", "items": [ITEM]}
JUNK: Json = {"id": "a2", "text": "Курс по Go со скидкой", "kind": "junk", "engagement": None, "items": []}


def lines(*rows: Json) -> list[Line]:
    return [labels.read_line(number, json.dumps(row)) for number, row in enumerate(rows, start=1)]


async def take(sessions: Sessions, company: Company, *rows: Json) -> Taken:
    async with sessions.of_system() as session:
        return await labels.take(session, company.id, lines(*rows))


async def given(sessions: Sessions) -> list[tuple[Label, Post]]:
    async with sessions.of_system() as session:
        rows = await session.execute(select(Label, Post).join(Post, Post.id == Label.post_id).order_by(Label.id))
        return [(label, post) for label, post in rows]


@pytest.fixture
async def admin(sessions: Sessions) -> User:
    """The second person of the company, and its first admin."""
    async with sessions.of_system() as session:
        company = await make.company(session, "Рога и копыта")
        await make.user(session, company)
        return await make.user(session, company, role=Role.ADMIN)


@pytest.fixture
async def company(sessions: Sessions, admin: User) -> Company:
    async with sessions.of_system() as session:
        return await session.get_one(Company, admin.company_id)


class TestReadLine:
    def test_reads_the_guides_form(self) -> None:
        (read,) = lines(REQUEST)
        assert (read.text, read.kind, read.engagement, read.items) == (JAVA, Kind.REQUEST, Engagement.OUTSTAFF, [ITEM])
        assert read.place is None

    def test_items_may_be_left_unsaid(self) -> None:
        (read,) = lines({"text": JAVA, "kind": "request"})
        assert (read.engagement, read.items) == (None, None)

    @pytest.mark.parametrize(
        ("line", "problem"),
        [
            ("{", "json"),
            ("[1]", "object"),
            ('{"kind": "junk"}', "text"),
            ('{"text": 5, "kind": "junk"}', "text"),
            ('{"text": "  ", "kind": "junk"}', "text"),
            (json.dumps(REQUEST | {"kind": "spam"}), "kind"),
            (json.dumps({"text": "x"}), "kind"),
            (json.dumps(REQUEST | {"engagement": "love"}), "engagement"),
            (json.dumps(JUNK | {"engagement": "outstaff"}), "engagement"),
            (json.dumps(JUNK | {"items": [ITEM]}), "items"),
            (json.dumps(REQUEST | {"items": "java"}), "items"),
            (json.dumps(REQUEST | {"items": [ITEM | {"grades": ["king"]}]}), "items"),
            (json.dumps(REQUEST | {"items": [ITEM | {"role": "wizard"}]}), "role"),
            (json.dumps(REQUEST | {"items": [ITEM | {"core": ["cobweb"]}]}), "technologies"),
            (json.dumps(REQUEST | {"items": [ITEM | {"count": 0}]}), "count"),
            (json.dumps(REQUEST | {"channel_id": 5}), "place"),
            (json.dumps(REQUEST | {"channel_id": "5", "message_id": 7}), "place"),
            (json.dumps(REQUEST | {"date": "вчера"}), "date"),
        ],
    )
    def test_says_which_line_is_wrong_and_how(self, line: str, problem: str) -> None:
        with pytest.raises(BadLabelLine) as refused:
            labels.read_line(17, line)
        assert (refused.value.params["line"], refused.value.params["problem"]) == ("17", problem)


class TestTake:
    async def test_finds_a_post_by_its_text_and_speaks_for_the_first_admin(
        self, sessions: Sessions, company: Company, admin: User
    ) -> None:
        async with sessions.of_system() as session:
            post = await make.post(session, await make.source(session), JAVA)
        taken = await take(sessions, company, REQUEST)
        assert (taken.new, taken.known, taken.posts) == (1, 0, 0)
        ((label, found),) = await given(sessions)
        assert (found.id, label.user_id, label.source) == (post.id, admin.id, LabelSource.IMPORT)
        assert (label.kind, label.engagement, label.items) == (Kind.REQUEST, Engagement.OUTSTAFF, [ITEM])

    async def test_finds_a_post_by_its_place_whatever_its_text_is_now(
        self, sessions: Sessions, company: Company
    ) -> None:
        async with sessions.of_system() as session:
            post = await make.post(session, await make.source(session), JAVA)
        place = {"channel_id": post.channel_id, "message_id": post.message_id}
        await take(sessions, company, {"kind": "junk", **place})
        assert [found.id for _, found in await given(sessions)] == [post.id]

    async def test_keeps_what_it_does_not_know_as_posts_of_the_companys_own(
        self, sessions: Sessions, company: Company
    ) -> None:
        taken = await take(sessions, company, REQUEST, JUNK)
        assert (taken.new, taken.posts) == (2, 2)
        posts = [post for _, post in await given(sessions)]
        assert {(post.company_id, post.arrival) for post in posts} == {(company.id, Arrival.IMPORT)}
        async with sessions.of_system() as session:
            waiting = list(await session.scalars(text("SELECT entrypoint FROM queue.pgqueuer")))
        assert waiting == ["LabelPost", "LabelPost"]

    async def test_does_not_see_another_companys_posts(self, sessions: Sessions, company: Company) -> None:
        async with sessions.of_system() as session:
            theirs = await make.post(session, await make.source(session, await make.company(session)), JAVA)
        assert (await take(sessions, company, REQUEST)).posts == 1
        assert [post.id for _, post in await given(sessions)] != [theirs.id]

    async def test_twice_changes_nothing_and_overrules_nobody(
        self, sessions: Sessions, company: Company, admin: User
    ) -> None:
        await take(sessions, company, REQUEST, JUNK)
        _, post = (await given(sessions))[0]
        await give(sessions, await colleague(sessions, admin), post, Kind.JUNK)
        taken = await take(sessions, company, REQUEST, JUNK, JUNK)
        assert (taken.new, taken.known, taken.posts) == (0, 3, 0)
        assert [label.kind for label, _ in await given(sessions)] == [Kind.REQUEST, Kind.JUNK, Kind.JUNK]

    async def test_takes_another_word_of_a_later_file(self, sessions: Sessions, company: Company) -> None:
        await take(sessions, company, REQUEST)
        taken = await take(sessions, company, REQUEST | {"kind": "offer"})
        assert (taken.new, taken.posts) == (1, 0)

    async def test_names_a_place_that_is_not_ours_and_takes_the_rest(
        self, sessions: Sessions, company: Company
    ) -> None:
        taken = await take(sessions, company, {"kind": "junk", "channel_id": 5, "message_id": 7}, JUNK)
        assert taken.new == 1
        assert [(one.params["line"], one.params["problem"]) for one in taken.refused] == [("1", "place")]

    async def test_needs_an_admin(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            leaderless = await make.company(session)
        with pytest.raises(NotFound):
            await take(sessions, leaderless, JUNK)

    async def test_takes_characters_that_the_database_would_refuse(self, sessions: Sessions, company: Company) -> None:
        odd = {"text": "Нужен\u0000 \ud83d джавист", "kind": "request"}
        assert (await take(sessions, company, odd)).new == 1
        assert (await take(sessions, company, odd)).known == 1


class TestExport:
    async def exported(self, sessions: Sessions, company: Company) -> list[dict[str, Any]]:
        async with sessions.of_company(company.id) as session:
            return [row async for row in labels.export(session, company.id)]

    async def test_writes_what_the_import_reads(self, sessions: Sessions, company: Company) -> None:
        await take(sessions, company, REQUEST, JUNK, {"text": GO, "kind": "request"})
        rows = await self.exported(sessions, company)
        assert [row["kind"] for row in rows] == ["request", "junk", "request"]
        assert rows[0]["items"] == [ITEM]
        assert "items" not in rows[2]
        taken = await take(sessions, company, *rows)
        assert (taken.new, taken.known) == (0, 3)

    async def test_writes_the_newest_label_and_where_the_post_is(
        self, sessions: Sessions, company: Company, admin: User
    ) -> None:
        async with sessions.of_system() as session:
            post = await make.post(session, await make.source(session), JAVA)
        for kind in (Kind.REQUEST, Kind.OFFER):
            await give(sessions, admin, post, kind)
        (row,) = await self.exported(sessions, company)
        assert row["kind"] == "offer"
        assert (row["channel_id"], row["message_id"]) == (post.channel_id, post.message_id)

    async def test_is_the_companys_own(self, sessions: Sessions, company: Company) -> None:
        async with sessions.of_system() as session:
            other = await make.company(session)
            await make.user(session, other, role=Role.ADMIN)
        await take(sessions, other, JUNK)
        assert await self.exported(sessions, company) == []
