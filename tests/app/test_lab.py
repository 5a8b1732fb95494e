"""`platon lab same` and `platon lab replay`: what they answer, and what they say of lines that are none."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.__main__ import program
from ml.training import Trained

JAVA = """ID 4410. Java-разработчик, Senior
Проект: ипотечный конвейер банка
Java 17, Spring, Kafka
До 2900 руб/ч, удалённо. Писать @mortgage_pm"""


@pytest.fixture(scope="session")
def model_file(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("lab") / "model.platon"
    file.write_bytes(trained.artifact)
    return file


def written(folder: Path, *rows: object) -> Path:
    file = folder / "asked.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def ran(command: str, file: Path, model_file: Path) -> Result:
    return CliRunner().invoke(program, ["lab", command, str(file), "--model", str(model_file)])


def answers(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def message(message_id: int, text: str, hour: int, **fields: object) -> dict[str, object]:
    return {
        "thread": "t1",
        "channel": "partners",
        "message_id": message_id,
        "reply_to": None,
        "date": f"2026-03-10T{hour:02}:00:00+00:00",
        "text": text,
        "edited": False,
    } | fields


class TestSame:
    def test_tells_of_each_pair_whether_it_is_one_listing(self, tmp_path: Path, model_file: Path) -> None:
        repost = "Коллеги, всё ещё ищем!\n" + JAVA.replace("2900", "3100").replace("@mortgage_pm", "@other_pm")
        file = written(
            tmp_path,
            {"id": "repost", "a": JAVA, "b": repost},
            "",
            {"id": 2, "a": JAVA, "b": JAVA.replace("4410", "4411")},
        )
        assert answers(ran("same", file, model_file)) == [{"id": "repost", "same": True}, {"id": 2, "same": False}]

    @pytest.mark.parametrize(
        ("line", "complaint"),
        [
            ("{", "line 2: this is not JSON"),
            ("[]", "line 2: an object with id, a and b is expected"),
            ('{"a": "x", "b": "y"}', "line 2: it has no id"),
            ('{"id": "1", "a": "x"}', "line 2: it has no b"),
        ],
    )
    def test_ends_at_a_line_that_is_no_pair(self, line: str, complaint: str, tmp_path: Path, model_file: Path) -> None:
        result = ran("same", written(tmp_path, {"id": 1, "a": JAVA, "b": JAVA}, line), model_file)
        assert result.exit_code == 1
        assert json.loads(result.stdout.splitlines()[0]) == {"id": 1, "same": True}
        assert complaint in " ".join(result.stderr.split())

    def test_says_that_there_is_no_such_file(self, tmp_path: Path, model_file: Path) -> None:
        result = ran("same", tmp_path / "nowhere.jsonl", model_file)
        assert result.exit_code == 1
        assert "There is no file" in result.stderr


class TestReplay:
    def test_tells_what_each_thread_leaves(self, tmp_path: Path, model_file: Path) -> None:
        file = written(
            tmp_path,
            message(1, JAVA, 9),
            message(2, JAVA.replace("4410", "4411").replace("ипотечный конвейер банка", "расчёт пенсий"), 10),
            message(3, "❌ Потребность закрыта, ID 4410", 11),
            message(1, JAVA, 9, thread="t2"),
        )
        found = answers(ran("replay", file, model_file))
        assert [
            (row["thread"], [(one["request_id"], one["state"], one["appearances"]) for one in row["listings"]])
            for row in found
        ] == [("t1", [("4410", "closed", [1]), ("4411", "open", [2])]), ("t2", [("4410", "open", [1])])]
        assert found[1]["listings"][0]["role"] == "backend"
        assert found[1]["listings"][0]["grades"] == ["senior"]

    def test_a_message_wiped_by_an_edit_closes_what_it_showed(self, tmp_path: Path, model_file: Path) -> None:
        file = written(tmp_path, message(1, JAVA, 9), message(1, "", 10, edited=True))
        (thread,) = answers(ran("replay", file, model_file))
        assert [(one["state"], one["appearances"]) for one in thread["listings"]] == [("closed", [1])]

    def test_ten_reposts_are_one_listing(self, tmp_path: Path, model_file: Path) -> None:
        posts = [
            message(number, JAVA + "!" * number, number, channel=f"channel {number % 4}") for number in range(1, 11)
        ]
        (thread,) = answers(ran("replay", written(tmp_path, *posts), model_file))
        assert [one["appearances"] for one in thread["listings"]] == [list(range(1, 11))]

    @pytest.mark.parametrize(
        ("fields", "complaint"),
        [
            ({"date": "yesterday"}, "its date is not like"),
            ({"message_id": "7"}, "it has no message_id"),
            ({"text": None}, "it has no text"),
            ({"edited": "no"}, "it has no edited"),
            ({"reply_to": "1"}, "it has no reply_to"),
        ],
    )
    def test_ends_at_a_line_that_is_no_message(
        self, fields: dict[str, object], complaint: str, tmp_path: Path, model_file: Path
    ) -> None:
        result = ran("replay", written(tmp_path, message(1, JAVA, 9) | fields), model_file)
        assert result.exit_code == 1
        assert f"line 1: {complaint}" in " ".join(result.stderr.split())

    def test_takes_a_date_without_a_zone_and_a_line_without_edited(self, tmp_path: Path, model_file: Path) -> None:
        row = message(1, JAVA, 9, date="2026-03-10T12:00:00")
        del row["edited"]
        (thread,) = answers(ran("replay", written(tmp_path, row), model_file))
        assert [one["state"] for one in thread["listings"]] == ["open"]
