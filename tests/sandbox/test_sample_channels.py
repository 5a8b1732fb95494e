import json
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.sample_channels import parse_ago, read_channels

HEAD = {"channel": 2000001, "title": "Заявки", "username": "zayavki", "invite": None, "about": "о чём"}


def write(directory: Path, *records: object, name: str = "a.jsonl") -> None:
    (directory / name).write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records) + "\n")


class TestReadChannels:
    def test_a_file_is_a_channel_and_its_lines(self, tmp_path: Path) -> None:
        post = {"n": 1, "ago": "2d 3h", "text": "тут", "links": [["тут", "https://example.org"]], "author": "Иван"}
        forward = {"n": 2, "live": True, "text": "x", "forward_from": {"channel": 5, "n": 4}, "album": 3}
        write(tmp_path, HEAD, post, forward, {"n": 3, "ago": "1h", "delete_of": [1]})
        (channel,) = read_channels(tmp_path)
        assert (channel.id, channel.title, channel.username, channel.megagroup) == (2000001, "Заявки", "zayavki", False)
        first, second, third = channel.lines
        assert (first.ago, first.links) == (timedelta(days=2, hours=3), (("тут", "https://example.org"),))
        assert (second.ago, second.forward_from, second.album) == (None, (5, 4), 3)
        assert (third.delete_of, third.is_post) == ((1,), False)

    @pytest.mark.parametrize(
        "broken",
        [{"n": 1, "text": "без времени"}, {"n": 1, "ago": "вчера", "text": "x"}, {"n": 1, "ago": "1d"}, "не объект"],
    )
    def test_a_mistake_is_named_by_file_and_line(self, tmp_path: Path, broken: object) -> None:
        write(tmp_path, HEAD, {"n": 7, "ago": "1d", "text": "хорошо"}, broken)
        with pytest.raises(ValueError, match=r"a\.jsonl, line 3"):
            read_channels(tmp_path)

    def test_an_empty_file_is_a_mistake(self, tmp_path: Path) -> None:
        (tmp_path / "empty.jsonl").write_text("")
        with pytest.raises(ValueError, match=r"empty\.jsonl"):
            read_channels(tmp_path)


class TestParseAgo:
    @pytest.mark.parametrize(
        ("text", "duration"),
        [
            ("12d 4h 10m", timedelta(days=12, hours=4, minutes=10)),
            ("45m", timedelta(minutes=45)),
            ("1h30m5s", timedelta(hours=1, minutes=30, seconds=5)),
        ],
    )
    def test_days_hours_minutes_and_seconds_add_up(self, text: str, duration: timedelta) -> None:
        assert parse_ago(text) == duration

    @pytest.mark.parametrize("text", ["", "soon", "3 weeks", "1d and a bit"])
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="not a duration"):
            parse_ago(text)
