import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from telethon import functions

from sandbox.channels import Talker
from sandbox.sample_channels import read_channels
from sandbox.telegram_mtproto import Cloud
from tests.sandbox.telegram_mtproto.conftest import COLLECTOR, Clients, Heard

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
FIRST, SECOND = 2000001, 2000002
REQUEST = (
    "Ищем Java разработчика на проект в банк, удалённо, от 3 лет опыта, ставка 2500 руб/час. " * 2 + "Пишите @anna_hr"
)
FILES: dict[str, list[dict[str, Any]]] = {
    "first": [
        {"channel": FIRST, "title": "Первый", "username": "first_ch", "invite": None, "about": "", "megagroup": False},
        {"n": 1, "ago": "10d", "text": REQUEST},
        {"n": 2, "ago": "2d", "text": "Подробности тут", "links": [["тут", "https://example.org/v"]], "author": "Анна"},
        {"n": 3, "ago": "5d", "text": "Закрыто", "reply_to": 1},
        {"n": 4, "ago": "1d", "text": "Подробности нигде", "edit_of": 2},
        {"n": 5, "ago": "12h", "delete_of": [3]},
        {"n": 6, "live": True, "text": "живое раз"},
        {"n": 7, "live": True, "text": "живое исправлено", "edit_of": 6},
        {"n": 8, "live": True, "text": "пересылка", "forward_from": {"channel": SECOND, "n": 3}},
        {"n": 9, "live": True, "delete_of": [8]},
    ],
    "second": [
        {"channel": SECOND, "title": "Второй", "username": None, "invite": "Hash", "about": "", "megagroup": False},
        {"n": 1, "ago": "3d", "text": "альбом", "album": 1},
        {"n": 2, "ago": "3d", "text": "", "album": 1},
        {"n": 3, "live": True, "text": "источник пересылки"},
    ],
}


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    directory = tmp_path / "samples"
    directory.mkdir()
    for name, records in FILES.items():
        lines = (json.dumps(record, ensure_ascii=False) for record in records)
        (directory / f"{name}.jsonl").write_text("\n".join(lines))
    return directory


def talker(cloud: Cloud, samples: Path, state_dir: Path | None = None, pace: float = 6) -> Talker:
    made = Talker(cloud, read_channels(samples), state_dir=state_dir, pace=pace)
    made.load(NOW)
    return made


def texts(cloud: Cloud, channel_id: int) -> dict[int, str]:
    return {message_id: message.message for message_id, message in cloud.channels[channel_id].messages.items()}


class TestLoad:
    def test_history_is_dated_back_and_numbered_by_time(self, samples: Path) -> None:
        cloud = Cloud()
        talker(cloud, samples)
        assert texts(cloud, FIRST) == {1: REQUEST, 3: "Подробности нигде"}
        messages = cloud.channels[FIRST].messages
        assert messages[1].date == NOW - timedelta(days=10)
        assert (messages[3].date, messages[3].edit_date) == (NOW - timedelta(days=2), NOW - timedelta(days=1))
        assert messages[3].post_author == "Анна"

    def test_an_album_is_one_group_of_photos(self, samples: Path) -> None:
        cloud = Cloud()
        talker(cloud, samples)
        first, second = cloud.channels[SECOND].messages.values()
        assert first.grouped_id == second.grouped_id
        assert (first.message, second.message) == ("альбом", "")
        assert cloud.blobs[first.media.photo.id].startswith(b"\x89PNG")

    def test_loading_again_after_a_restart_changes_nothing(self, samples: Path, tmp_path: Path) -> None:
        first = Cloud(tmp_path / "state")
        talker(first, samples, tmp_path)
        second = Cloud(tmp_path / "state")
        talker(second, samples, tmp_path)
        assert texts(second, FIRST) == texts(first, FIRST)
        assert second.channels[SECOND].last_id == 2

    def test_an_interrupted_load_is_finished_without_repeats(self, samples: Path, tmp_path: Path) -> None:
        cloud = Cloud()
        cloud.add_channel(FIRST, "Первый", history=[REQUEST, "Закрыто"])
        talker(cloud, samples, tmp_path)
        assert texts(cloud, FIRST) == {1: REQUEST, 3: "Подробности нигде"}


class TestStep:
    def test_live_lines_happen_in_order_once_what_they_name_is_there(self, samples: Path) -> None:
        cloud = Cloud()
        made = talker(cloud, samples)
        for _ in range(4):
            made.step()
        assert texts(cloud, FIRST)[4] == "живое исправлено"
        forwarded = cloud.channels[FIRST].messages[5]
        assert (forwarded.fwd_from.from_id.channel_id, forwarded.fwd_from.channel_post) == (SECOND, 3)
        made.step()
        assert 5 not in cloud.channels[FIRST].messages

    def test_after_the_live_lines_requests_come_again_with_small_edits(self, samples: Path) -> None:
        cloud = Cloud()
        made = talker(cloud, samples)
        for _ in range(6):
            made.step()
        repeated = texts(cloud, SECOND)[4]
        assert repeated != REQUEST
        assert REQUEST.split(".")[0] in repeated

    def test_it_goes_on_where_it_stopped(self, samples: Path, tmp_path: Path) -> None:
        first = Cloud(tmp_path / "state")
        made = talker(first, samples, tmp_path)
        made.step()
        made.step()
        second = Cloud(tmp_path / "state")
        again = talker(second, samples, tmp_path)
        for _ in range(3):
            again.step()
        assert texts(second, FIRST)[4] == "живое исправлено"
        assert texts(second, SECOND)[3] == "источник пересылки"
        assert 5 not in second.channels[FIRST].messages
        assert second.channels[FIRST].last_id == 5

    async def test_a_client_that_joined_hears_it(self, samples: Path) -> None:
        cloud, clients = Cloud(), Clients()
        cloud.add_user(COLLECTOR, "+79990000001", "Сборщик")
        await cloud.start()
        made = talker(cloud, samples)
        client = await clients.signed_in(cloud, sequential_updates=True)
        await client(functions.channels.JoinChannelRequest("first_ch"))
        heard = Heard(client)
        made.step()
        made.step()
        assert await heard.until(2) == [("new", 4, "живое раз"), ("edited", 4, "живое исправлено")]
        await clients.close()
        await cloud.stop()


class TestPace:
    async def test_a_changed_pace_takes_effect_at_once(self, samples: Path) -> None:
        cloud = TalkedTo()
        made = talker(cloud, samples, pace=0)
        talking = asyncio.create_task(made.run())
        await asyncio.sleep(0)
        assert cloud.channels[FIRST].last_id == 3
        made.pace = 60_000
        async with asyncio.timeout(10):
            await cloud.repeated.wait()
        talking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await talking


class TalkedTo(Cloud):
    """A cloud that notices when the fifth post came to the first channel."""

    def __init__(self) -> None:
        super().__init__()
        self.repeated = asyncio.Event()

    def post(self, channel: Any, text: str, **details: Any) -> Any:
        message = super().post(channel, text, **details)
        if self.channels[FIRST].last_id >= 5:
            self.repeated.set()
        return message
