from datetime import timedelta
from typing import Any

import pytest

from crm import updates
from db.models import Post, Source
from db.session import Sessions
from language.kinds import Grade, Kind, ListingState
from language.prediction import Prediction, StateChange
from tests import make
from tests.labelled import GO, JAVA, edited, listings, posted, recorded, the_listing

OPEN, PAUSED, CLOSED = ListingState.OPEN, ListingState.PAUSED, ListingState.CLOSED
DAY = timedelta(days=1)


def numbered(request_id: str, technology: str = "java") -> Prediction:
    return make.request(make.item("backend", technology, request_id=request_id))


def says(state: ListingState, *request_ids: str, **fields: Any) -> Prediction:
    return make.update(StateChange(state, request_ids, **fields))


async def a_source(sessions: Sessions) -> Source:
    async with sessions.of_system() as session:
        return await make.source(session)


async def states(sessions: Sessions) -> dict[str | None, ListingState]:
    return {listing.request_id: listing.state for listing in await listings(sessions)}


class TestById:
    @pytest.mark.parametrize("state", [CLOSED, PAUSED])
    async def test_changes_what_it_names(self, sessions: Sessions, state: ListingState) -> None:
        source = await a_source(sessions)
        await posted(sessions, source, JAVA, numbered("1"), ago=2 * DAY)
        await posted(sessions, source, GO, numbered("2", "go"), ago=2 * DAY)
        update = await posted(sessions, source, "1 всё", says(state, "1"))
        assert await states(sessions) == {"1": state, "2": OPEN}
        first, _ = await listings(sessions)
        assert (first.state_changed_at, first.state_post_id) == (update.posted_at, update.id)

    async def test_opens_again(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        await posted(sessions, source, JAVA, numbered("1"), ago=3 * DAY)
        await posted(sessions, source, "⏸ 1", says(PAUSED, "1"), ago=DAY)
        await posted(sessions, source, "снова 1", says(OPEN, "1"))
        assert await states(sessions) == {"1": OPEN}

    async def test_of_another_source_changes_nothing(self, sessions: Sessions) -> None:
        source, other = await a_source(sessions), await a_source(sessions)
        await posted(sessions, source, JAVA, numbered("1"), ago=DAY)
        await posted(sessions, other, "❌ 1", says(CLOSED, "1"))
        assert await states(sessions) == {"1": OPEN}

    async def test_of_the_same_author_elsewhere_changes_it(self, sessions: Sessions) -> None:
        source, other = await a_source(sessions), await a_source(sessions)
        await posted(sessions, source, JAVA, numbered("1"), ago=DAY, author="Вера")
        await posted(sessions, other, "❌ 1", says(CLOSED, "1"), author="Вера")
        assert await states(sessions) == {"1": CLOSED}

    async def test_prefers_the_authors_own_in_a_chat(self, sessions: Sessions) -> None:
        chat = await a_source(sessions)
        await posted(sessions, chat, JAVA, numbered("1"), ago=DAY, author="Вера")
        await posted(sessions, chat, GO, numbered("1", "go"), ago=DAY, author="Глеб")
        await posted(sessions, chat, "❌ 1", says(CLOSED, "1"), author="Глеб")
        java, go = await listings(sessions)
        assert (java.state, go.state) == (OPEN, CLOSED)

    async def test_in_a_request_replaces_the_numbered_one(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        await posted(sessions, source, JAVA, numbered("7307"), ago=DAY)
        instead = make.request(make.item("backend", "go", request_id="7318"), changes=(StateChange(CLOSED, ("7307",)),))
        await posted(sessions, source, "ID 7318 (взамен 7307)\n" + GO, instead)
        assert await states(sessions) == {"7307": CLOSED, "7318": OPEN}

    async def test_reaches_no_other_company(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            private = await make.source(session, await make.company(session))
            public = await make.source(session)
        await posted(sessions, private, JAVA, numbered("1"), ago=DAY, author="Вера")
        await posted(sessions, public, "❌ 1", says(CLOSED, "1"), author="Вера")
        assert await states(sessions) == {"1": OPEN}

    async def test_finds_one_that_stands_in_the_words_of_an_item(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        items = (
            make.item("backend", "java", text="A-45 | Java | Senior"),
            make.item("backend", "go", text="A-46 | Go | Middle"),
        )
        await posted(sessions, source, "A-45 | Java | Senior\nA-46 | Go | Middle", make.request(*items), ago=DAY)
        await posted(sessions, source, "A-45 закрыта", says(CLOSED, "A-45"))
        java, go = await listings(sessions)
        assert (java.state, go.state) == (CLOSED, OPEN)

    async def test_takes_no_money_for_an_id(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        await posted(sessions, source, JAVA, make.request(make.item("backend", "java", text=JAVA)), ago=DAY)
        await posted(sessions, source, "2800 закрыта", says(CLOSED, "2800"))
        assert (await the_listing(sessions)).state is OPEN


class TestByReply:
    async def test_changes_what_the_message_shows(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        post = await posted(sessions, source, JAVA, make.request(make.item("backend", "java")), ago=DAY)
        await posted(sessions, source, GO, make.request(make.item("backend", "go")), ago=DAY)
        await posted(sessions, source, "Закрыто, спасибо", says(CLOSED), reply_to=post.message_id)
        java, go = await listings(sessions)
        assert (java.state, go.state) == (CLOSED, OPEN)

    async def test_changes_the_item_that_its_words_name(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        items = (make.item("backend", "java", text="java"), make.item("frontend", "react", text="react"))
        post = await posted(sessions, source, "java\nreact", make.request(*items), ago=DAY)
        closing = says(CLOSED, role="frontend", core=("react",))
        await posted(sessions, source, "реакт закрыт", closing, reply_to=post.message_id)
        java, react = await listings(sessions)
        assert (java.state, react.state) == (OPEN, CLOSED)

    async def test_of_somebody_else_changes_nothing(self, sessions: Sessions) -> None:
        chat = await a_source(sessions)
        post = await posted(sessions, chat, JAVA, make.request(make.item("backend", "java")), ago=DAY, author="Вера")
        await posted(sessions, chat, "закрыто", says(CLOSED), author="Шутник", reply_to=post.message_id)
        assert (await the_listing(sessions)).state is OPEN


class TestWholeList:
    async def test_closes_what_it_leaves_out_and_opens_what_it_names(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        await posted(sessions, source, JAVA, numbered("1"), ago=5 * DAY)
        await posted(sessions, source, GO, numbered("2", "go"), ago=4 * DAY)
        await posted(sessions, source, "⏸ 2", says(PAUSED, "2"), ago=3 * DAY)
        await posted(sessions, source, "Актуальны: 2, 99", says(OPEN, "2", "99", is_whole_list=True))
        assert await states(sessions) == {"1": CLOSED, "2": OPEN}

    async def test_leaves_alone_what_bears_no_id_or_is_an_offer_or_anothers(self, sessions: Sessions) -> None:
        chat, other = await a_source(sessions), await a_source(sessions)
        await posted(sessions, chat, JAVA, make.request(make.item("backend", "java")), ago=DAY)
        await posted(sessions, chat, GO, make.offer(make.item("backend", "go", request_id="5")), ago=DAY)
        react = make.request(make.item("frontend", "react", request_id="6"))
        await posted(sessions, chat, "React", react, ago=DAY, author="Глеб")
        await posted(sessions, other, "Vue", make.request(make.item("frontend", "vue", request_id="7")), ago=DAY)
        await posted(sessions, chat, "Открыты: 99", says(OPEN, "99", is_whole_list=True), author="Вера")
        assert {listing.state for listing in await listings(sessions)} == {OPEN}

    async def test_leaves_alone_what_was_copied_from_another_network(self, sessions: Sessions) -> None:
        copier = await a_source(sessions)
        await posted(sessions, copier, JAVA, numbered("RD-7"), ago=DAY)
        await posted(sessions, copier, GO, numbered("20417", "go"), ago=DAY)
        react = make.request(make.item("frontend", "react", request_id="7303"))
        await posted(sessions, copier, "React", react, ago=DAY, forward={"channel_id": 5})
        await posted(sessions, copier, "Открыты: 7301, 7302", says(OPEN, "7301", "7302", is_whole_list=True))
        assert {listing.state for listing in await listings(sessions)} == {OPEN}

    async def test_leaves_alone_what_is_posted_after_it(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        await posted(sessions, source, JAVA, numbered("1"))
        await posted(sessions, source, "Открыты: 99", says(OPEN, "99", is_whole_list=True), ago=DAY)
        assert await states(sessions) == {"1": OPEN}

    async def test_of_nothing_open_closes_nothing_unless_it_says_so(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        await posted(sessions, source, JAVA, numbered("1"), ago=DAY)
        await posted(sessions, source, "Актуальное:", says(OPEN, is_whole_list=True))
        assert await states(sessions) == {"1": OPEN}
        await posted(sessions, source, "Всё закрыто", says(CLOSED, is_whole_list=True))
        assert await states(sessions) == {"1": CLOSED}


class TestByWords:
    async def test_changes_the_only_one_they_fit(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        await posted(sessions, source, JAVA, make.request(make.item("backend", "java")), ago=DAY)
        await posted(sessions, source, GO, make.request(make.item("backend", "go")), ago=DAY)
        await posted(sessions, source, "Go на паузе", says(PAUSED, role="backend", core=("go",)))
        java, go = await listings(sessions)
        assert (java.state, go.state) == (OPEN, PAUSED)

    async def test_change_nothing_where_they_fit_two(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        for text in (JAVA, GO):
            await posted(sessions, source, text, make.request(make.item("backend", "java")), ago=DAY)
        await posted(sessions, source, "Java закрыта", says(CLOSED, core=("java",)))
        assert {listing.state for listing in await listings(sessions)} == {OPEN}

    async def test_tell_grades_apart(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        senior = make.item("backend", "java", grades=(Grade.SENIOR,))
        await posted(sessions, source, JAVA, make.request(senior), ago=DAY)
        await posted(sessions, source, GO, make.request(make.item("backend", "java")), ago=DAY)
        await posted(sessions, source, "Java сеньор закрыт", says(CLOSED, core=("java",), grades=(Grade.SENIOR,)))
        first, second = await listings(sessions)
        assert (first.state, second.state) == (CLOSED, OPEN)

    async def test_that_say_nothing_change_nothing(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        await posted(sessions, source, JAVA, make.request(make.item("backend", "java")), ago=DAY)
        await posted(sessions, source, "Закрыто", says(CLOSED))
        assert (await the_listing(sessions)).state is OPEN


class TestEditedPost:
    async def test_that_became_an_update_changes_its_own_listing(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        post = await posted(sessions, source, JAVA, make.request(make.item("backend", "java")), ago=DAY)
        at = post.posted_at + timedelta(hours=3)
        await edited(sessions, post, "❌ Закрыто", says(CLOSED), edited_at=at)
        listing = await the_listing(sessions)
        assert (listing.state, listing.state_changed_at, listing.core) == (CLOSED, at, ["java"])

    async def test_that_is_its_full_self_again_is_open(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        request = make.request(make.item("backend", "java"))
        post = await posted(sessions, source, JAVA, request, ago=DAY)
        await edited(sessions, post, "❌ Закрыто", says(CLOSED), edited_at=post.posted_at + timedelta(hours=3))
        await edited(sessions, post, JAVA, request, edited_at=post.posted_at + timedelta(hours=4))
        assert (await the_listing(sessions)).state is OPEN

    @pytest.mark.parametrize(
        ("text", "state"),
        [
            (f"❌ {JAVA}", CLOSED),
            (f"[FILLED] {JAVA}", CLOSED),
            (f"ЗАКРЫТО!\n{JAVA}", CLOSED),
            (f"⏸ На паузе\n{JAVA}", PAUSED),
            (JAVA + "\nЗакроем за неделю", OPEN),
        ],
    )
    async def test_with_a_mark_at_its_head_is_what_the_mark_says(
        self, sessions: Sessions, text: str, state: ListingState
    ) -> None:
        source = await a_source(sessions)
        request = make.request(make.item("backend", "java"))
        post = await posted(sessions, source, JAVA, request, ago=DAY)
        await edited(sessions, post, text, request, edited_at=post.posted_at + timedelta(hours=3))
        assert (await the_listing(sessions)).state is state

    async def test_without_its_mark_is_open_again(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        request = make.request(make.item("backend", "java"))
        post = await posted(sessions, source, JAVA, request, ago=DAY)
        await edited(sessions, post, f"⏸ {JAVA}", request, edited_at=post.posted_at + timedelta(hours=3))
        await edited(sessions, post, JAVA, request, edited_at=post.posted_at + timedelta(hours=5))
        assert (await the_listing(sessions)).state is OPEN

    async def test_that_is_struck_through_is_closed(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        request = make.request(make.item("backend", "java"))
        post = await posted(sessions, source, JAVA, request, ago=DAY)
        struck = [{"type": "strike", "offset": 0, "length": len(JAVA.encode("utf-16-le")) // 2}]
        at = post.posted_at + timedelta(hours=3)
        await edited(sessions, post, JAVA, request, edited_at=at, entities=struck)
        assert (await the_listing(sessions)).state is CLOSED

    async def test_with_one_line_of_a_list_struck_through_closes_that_item(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        text = "🔥 Ищем:\nJava senior\nReact middle"
        request = make.request(
            make.item("backend", "java", text="🔥 Ищем:\nJava senior"),
            make.item("frontend", "react", text="🔥 Ищем:\nReact middle"),
        )
        post = await posted(sessions, source, text, request, ago=DAY)
        offset = len(text[: text.index("Java")].encode("utf-16-le")) // 2
        await edited(
            sessions, post, text, request, edited_at=post.posted_at + timedelta(hours=3),
            entities=[{"type": "strikethrough", "offset": offset, "length": len("Java senior")}],
        )  # fmt: skip
        java, react = await listings(sessions)
        assert (java.state, react.state) == (CLOSED, OPEN)

    async def test_that_was_wiped_is_closed(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        post = await posted(sessions, source, JAVA, make.request(make.item("backend", "java")), ago=DAY)
        await edited(sessions, post, "", make.junk(), edited_at=post.posted_at + timedelta(hours=3))
        assert (await the_listing(sessions)).state is CLOSED


class TestOrder:
    async def test_of_reading_is_of_no_importance(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        await posted(sessions, source, "❌ 1", says(CLOSED, "1"))
        await posted(sessions, source, JAVA, numbered("1"), ago=DAY)
        assert await states(sessions) == {"1": CLOSED}

    async def test_in_one_batch_is_of_no_importance(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        async with sessions.of_system() as session:
            closing = await make.post(session, source, "❌ 1")
            request = await make.post(session, source, JAVA, ago=DAY)
        await recorded(sessions, {closing.id: says(CLOSED, "1"), request.id: numbered("1")})
        assert await states(sessions) == {"1": CLOSED}

    async def test_a_full_repost_opens_again(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        await posted(sessions, source, JAVA, numbered("1"), ago=3 * DAY)
        await posted(sessions, source, "❌ 1", says(CLOSED, "1"), ago=2 * DAY)
        await posted(sessions, source, JAVA, numbered("1"), ago=DAY)
        assert await states(sessions) == {"1": OPEN}

    async def test_an_older_post_read_late_opens_nothing(self, sessions: Sessions) -> None:
        source, other = await a_source(sessions), await a_source(sessions)
        await posted(sessions, source, JAVA, numbered("1"), ago=3 * DAY)
        await posted(sessions, source, "❌ 1", says(CLOSED, "1"), ago=DAY)
        await posted(sessions, other, JAVA, make.request(make.item("backend", "java")), ago=2 * DAY)
        assert (await the_listing(sessions)).state is CLOSED

    async def test_an_older_closing_read_late_closes_nothing(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        await posted(sessions, source, JAVA, numbered("1"), ago=3 * DAY)
        await posted(sessions, source, JAVA, numbered("1"), ago=DAY)
        await posted(sessions, source, "❌ 1", says(CLOSED, "1"), ago=2 * DAY)
        assert await states(sessions) == {"1": OPEN}


class TestTakeBack:
    async def test_of_what_was_no_update_after_all(self, sessions: Sessions) -> None:
        source = await a_source(sessions)
        await posted(sessions, source, JAVA, numbered("1"), ago=3 * DAY)
        await posted(sessions, source, "⏸ 1", says(PAUSED, "1"), ago=2 * DAY)
        closing = await posted(sessions, source, "1 закрыт?", says(CLOSED, "1"), ago=DAY)
        assert await states(sessions) == {"1": CLOSED}
        await recorded(sessions, {closing.id: make.junk()})
        assert await states(sessions) == {"1": PAUSED}


class TestMarkedStates:
    def test_a_cross_at_the_head_of_an_unedited_post_is_an_ornament(self) -> None:
        post = Post(text="❌ Не для джунов\nGo", entities=[], edited_at=None, kind=Kind.REQUEST)
        assert updates.marked_states(post, {0: post.text}) == {}

    def test_a_mark_above_a_list_is_for_all_of_it(self) -> None:
        post = Post(text="Закрыто\nGo\nJava", entities=[], edited_at=make.NOON)
        assert updates.marked_states(post, {0: "Go", 1: "Java"}) == {0: CLOSED, 1: CLOSED}

    def test_a_mark_on_a_line_is_for_its_item(self) -> None:
        post = Post(text="❌ Go\nJava", entities=[], edited_at=make.NOON)
        assert updates.marked_states(post, {0: "❌ Go", 1: "Java"}) == {0: CLOSED}

    def test_a_question_is_no_mark(self) -> None:
        post = Post(text="Закрыт ли запрос на Go?", entities=[], edited_at=make.NOON)
        assert updates.marked_states(post, {0: post.text}) == {}
