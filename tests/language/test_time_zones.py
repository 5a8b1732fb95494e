from zoneinfo import ZoneInfo

import pytest

from language.time_zones import STEMS, find_time_zone, label


class TestFindTimeZone:
    @pytest.mark.parametrize(
        ("text", "zone"),
        [
            ("Europe/Moscow", "Europe/Moscow"),
            ("asia/almaty", "Asia/Almaty"),
            ("Москва", "Europe/Moscow"),
            ("по московскому времени", "Europe/Moscow"),
            ("Екатеринбург", "Asia/Yekaterinburg"),
            ("Нижний Новгород", "Europe/Moscow"),
            ("я в Новосибирске", "Asia/Novosibirsk"),
            ("Омск", "Asia/Omsk"),
            ("Томск", "Asia/Tomsk"),
            ("Almaty", "Asia/Almaty"),
            ("new york", "America/New_York"),
            ("UTC", "UTC"),
            ("UTC+5", "Etc/GMT-5"),
            ("gmt -03:00", "Etc/GMT+3"),
            ("+0300", "Etc/GMT-3"),
            ("МСК+2", "Etc/GMT-5"),
            ("МСК-3", "Etc/UTC"),
            ("msk", "Europe/Moscow"),
        ],
    )
    def test_understood(self, text: str, zone: str) -> None:
        assert find_time_zone(text) == zone

    @pytest.mark.parametrize("text", ["", "дома", "UTC+25", "+99", "Москва или Омск", "UTC+5:30"])
    def test_not_understood(self, text: str) -> None:
        assert find_time_zone(text) is None

    def test_every_known_place_has_a_zone(self) -> None:
        assert all(ZoneInfo(zone).key == zone for zone in STEMS.values())


class TestLabel:
    @pytest.mark.parametrize(
        ("typed", "shown"), [("UTC+5", "UTC+5"), ("-3", "UTC-3"), ("utc", "UTC"), ("New York", "New York")]
    )
    def test_shows_what_was_meant(self, typed: str, shown: str) -> None:
        zone = find_time_zone(typed)
        assert zone is not None
        assert label(zone) == shown
