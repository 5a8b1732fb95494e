"""Telegram Desktop exports: streamed, gone on with, idempotent, silent; what is damaged is said and loses nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from collector.export import Counts, import_file
from crm.errors import ExportCut, ExportIsClosed, NotAnExport
from db.models import Arrival, Post, Source, SourceReader
from db.session import Sessions
from tests import make
from tests.collector.exported import write

CHANNEL = 1487851422


def message(number: int, text: Any = None, **fields: Any) -> dict[str, Any]:
    return {
        "id": number,
        "type": "message",
        "date": "2023-07-13T10:24:38",
        "date_unixtime": str(1_689_233_078 + number),
        "from": "Вакансии Москва",
        "from_id": f"channel{CHANNEL}",
        "text": f"Пост {number}" if text is None else text,
    } | fields


def chat(*messages: Any, kind: str = "public_channel", id_: int = CHANNEL, name: str = "Вакансии Москва") -> Any:
    return {"name": name, "type": kind, "id": id_, "messages": list(messages)}


async def posts(sessions: Sessions) -> list[Post]:
    async with sessions.of_system() as session:
        return list(await session.scalars(select(Post).order_by(Post.channel_id, Post.message_id)))


class TestOneChat:
    async def test_every_message_becomes_a_post_and_none_alerts(self, sessions: Sessions, tmp_path: Path) -> None:
        path = write(tmp_path / "result.json", chat(*(message(n) for n in range(1, 1201))))
        shown: list[Counts] = []
        counts = await import_file(path, sessions, progress=shown.append)
        assert (counts.read, counts.new, counts.known, counts.unreadable) == (1200, 1200, 0, 0)
        stored = await posts(sessions)
        assert [post.message_id for post in stored] == list(range(1, 1201))
        assert {post.arrival for post in stored} == {Arrival.IMPORT}
        assert [step.read for step in shown] == [500, 1000, 1200]
        assert [step.share for step in shown] == sorted(step.share for step in shown)
        async with sessions.of_system() as session:
            source = (await session.scalars(select(Source))).one()
        assert (source.company_id, source.channel_id, source.title) == (None, CHANNEL, "Вакансии Москва")
        assert (source.reader, source.cursor) == (SourceReader.EXPORT, 0)

    async def test_a_second_time_nothing_is_new(self, sessions: Sessions, tmp_path: Path) -> None:
        path = write(tmp_path / "result.json", chat(message(1), message(2)))
        await import_file(path, sessions)
        again = await import_file(path, sessions)
        assert (again.was_finished, again.new) == (True, 2)
        later = await import_file(write(tmp_path / "later.json", chat(message(1), message(2), message(3))), sessions)
        assert (later.new, later.known) == (1, 2)
        assert len(await posts(sessions)) == 3

    async def test_what_a_message_holds(self, sessions: Sessions, tmp_path: Path) -> None:
        rich = [
            {"type": "bold", "text": "🔥 Python"},
            " — ",
            {"type": "text_link", "text": "тут", "href": "https://example.org/a"},
            {"type": "mention_name", "text": "Иван", "user_id": 18},
            {"type": "link", "text": "example.org"},
        ]
        full = message(
            7, rich, author="Анна", forwarded_from="Мост", reply_to_message_id=3, photo="(File not included.)",
            edited_unixtime="1689233402", text_entities=[],
        )  # fmt: skip
        path = write(tmp_path / "result.json", chat(full, message(8, forwarded_from=None), message(9, "")))
        await import_file(path, sessions)
        first, second, third = await posts(sessions)
        assert first.text == "🔥 Python — тутИванexample.org"
        assert first.entities == [
            {"type": "bold", "offset": 0, "length": 9},
            {"type": "text_link", "offset": 12, "length": 3, "url": "https://example.org/a"},
            {"type": "text_mention", "offset": 15, "length": 4, "url": "tg://user?id=18"},
            {"type": "url", "offset": 19, "length": 11},
        ]
        assert (first.author, first.forward, first.reply_to, first.media) == ("Анна", {"name": "Мост"}, 3, "photo")
        assert first.edited_at is not None
        assert first.posted_at.timestamp() == 1_689_233_085
        assert (second.forward, second.author, third.text) == ({"name": ""}, None, "")

    async def test_old_files_without_unix_time_and_group_authors(self, sessions: Sessions, tmp_path: Path) -> None:
        old = message(1) | {"from": "Пётр"}
        del old["date_unixtime"]
        await import_file(write(tmp_path / "result.json", chat(old, kind="public_supergroup")), sessions)
        (post,) = await posts(sessions)
        assert (post.author, post.posted_at.hour) == ("Пётр", 10)

    async def test_a_200_kb_post_is_kept_whole(self, sessions: Sessions, tmp_path: Path) -> None:
        long = "Нужен разработчик, срочно! " * 4_500
        await import_file(write(tmp_path / "result.json", chat(message(1, long))), sessions)
        (post,) = await posts(sessions)
        assert post.text == long
        assert len(post.text.encode()) > 200_000

    async def test_what_cannot_be_read_is_counted_and_the_rest_is_stored(
        self, sessions: Sessions, tmp_path: Path
    ) -> None:
        bad = [
            {"id": 2, "type": "unsupported"},
            message(3) | {"id": "три"},
            message(4) | {"date_unixtime": "вчера"},
            ["не", "сообщение"],
            message(5, {"не": "текст"}),
        ]
        service = {"id": 6, "type": "service", "action": "pin_message", "text": ""}
        counts = await import_file(write(tmp_path / "result.json", chat(message(1), *bad, service)), sessions)
        assert (counts.read, counts.new, counts.unreadable) == (7, 2, 4)
        assert [(post.message_id, post.text) for post in await posts(sessions)] == [(1, "Пост 1"), (5, "")]
        async with sessions.of_system() as session:
            assert (await session.scalars(select(Source))).one().unreadable_blocks == 4


class TestAccount:
    async def test_channels_are_read_and_private_talk_is_left_out(self, sessions: Sessions, tmp_path: Path) -> None:
        async with sessions.of_system() as session:
            company = await make.company(session)
        account = {
            "about": "Here is the data you requested.",
            "personal_information": {"user_id": 1, "first_name": "Анна"},
            "chats": {
                "about": "…",
                "list": [
                    chat(message(1, "маме"), kind="personal_chat", id_=5),
                    chat(message(1), message(2)),
                    chat(message(1, "секрет"), kind="private_channel", id_=77, name="Клуб"),
                    {"type": "saved_messages", "id": 6, "messages": [message(1, "себе")]},
                ],
            },
            "left_chats": {"about": "…", "list": [chat(message(9, "ушли"), kind="public_supergroup", id_=88)]},
        }
        path = write(tmp_path / "result.json", account)
        without = await import_file(path, sessions)
        assert (without.read, without.new, without.skipped) == (6, 3, 3)
        assert [post.text for post in await posts(sessions)] == ["ушли", "Пост 1", "Пост 2"]

        with_company = await import_file(path, sessions, company_id=company.id)
        assert (with_company.new, with_company.known, with_company.skipped) == (1, 3, 2)
        async with sessions.of_market() as session:
            assert "секрет" not in list(await session.scalars(select(Post.text)))
        async with sessions.of_company(company.id) as session:
            assert "секрет" in list(await session.scalars(select(Post.text)))


class TestDamaged:
    async def test_a_file_cut_in_the_middle_stores_what_it_holds_and_says_so(
        self, sessions: Sessions, tmp_path: Path
    ) -> None:
        whole = json.dumps(chat(*(message(n) for n in range(1, 801))), ensure_ascii=False)
        path = tmp_path / "result.json"
        path.write_text(whole[: whole.index('"id": 701')], encoding="utf-8")
        for _ in range(2):
            with pytest.raises(ExportCut) as cut:
                await import_file(path, sessions)
            assert cut.value.params == {"read": 700, "new": 700}
        assert len(await posts(sessions)) == 700

        path.write_text(whole, encoding="utf-8")
        counts = await import_file(path, sessions)
        assert (counts.read, counts.new, counts.known) == (800, 100, 700)
        assert len(await posts(sessions)) == 800

    async def test_a_run_that_broke_off_goes_on_where_it_stopped(self, sessions: Sessions, tmp_path: Path) -> None:
        path = write(tmp_path / "result.json", chat(*(message(n) for n in range(1, 1201))))

        def unplug(counts: Counts) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            await import_file(path, sessions, progress=unplug)
        assert len(await posts(sessions)) == 500
        shown: list[Counts] = []
        counts = await import_file(path, sessions, progress=shown.append)
        assert [step.read for step in shown] == [1000, 1200]
        assert (counts.new, counts.known) == (1200, 0)

    @pytest.mark.parametrize(
        "content", ["", "   ", "<html>", "{", "[]", "{}", '{"messages": []}', "не json", '{"a": 1}']
    )
    async def test_what_is_no_export_is_refused(self, sessions: Sessions, tmp_path: Path, content: str) -> None:
        path = tmp_path / "result.json"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(NotAnExport):
            await import_file(path, sessions)
        assert await posts(sessions) == []

    async def test_binary_rubbish_is_refused(self, sessions: Sessions, tmp_path: Path) -> None:
        path = tmp_path / "result.json"
        path.write_bytes(bytes(range(256)) * 10)
        with pytest.raises(NotAnExport):
            await import_file(path, sessions)

    async def test_a_closed_chat_needs_a_company(self, sessions: Sessions, tmp_path: Path) -> None:
        path = write(tmp_path / "result.json", chat(message(1), kind="private_supergroup", name="Клуб"))
        with pytest.raises(ExportIsClosed) as refused:
            await import_file(path, sessions)
        assert refused.value.params == {"title": "Клуб"}
        assert await posts(sessions) == []

    async def test_a_file_that_is_not_there_is_the_system_s_error(self, sessions: Sessions, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            await import_file(tmp_path / "nothing.json", sessions)
