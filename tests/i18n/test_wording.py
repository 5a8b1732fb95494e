import pytest

from i18n.translator import translator
from i18n.wording import person_name, rate_and_hourly, zone_name

ru, en = translator("ru"), translator("en")


class TestZoneName:
    @pytest.mark.parametrize(
        ("zone", "russian", "english"),
        [
            ("Europe/Belgrade", "Белград", "Belgrade"),
            ("America/New_York", "Нью-Йорк", "New York"),
            ("Etc/GMT-5", "UTC+5", "UTC+5"),
            ("Etc/UTC", "UTC", "UTC"),
            ("UTC", "UTC", "UTC"),
        ],
    )
    def test_a_city_is_named_in_the_persons_language_and_an_offset_as_it_was_meant(
        self, zone: str, russian: str, english: str
    ) -> None:
        assert (zone_name(zone, ru), zone_name(zone, en)) == (russian, english)


class TestPersonName:
    def test_a_role_outside_of_the_known_ones_is_a_specialist(self) -> None:
        assert person_name("other", en) == person_name(None, en) == "IT specialist"
        assert person_name("backend", ru) == "Backend-разработчик"


class TestRateAndHourly:
    def test_roubles_an_hour_are_said_once(self) -> None:
        assert rate_and_hourly(2000, 2500, "RUB", "hour", (2000, 2500), en) == "₽2,000–2,500/h"

    def test_another_currency_is_said_in_roubles_an_hour_too(self) -> None:
        assert rate_and_hourly(5000, None, "USD", "month", (2500, None), en) == "from $5,000 a month ≈ from ₽2,500/h"

    def test_no_amount_says_nothing(self) -> None:
        assert rate_and_hourly(None, None, None, None, (None, None), ru) is None
