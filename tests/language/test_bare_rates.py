import pytest

from language.bare_rates import find_bare_rates
from language.kinds import Engagement
from language.normalise import fold
from language.prediction import Rate

STAFF, INHOUSE, FREELANCE = Engagement.OUTSTAFF, Engagement.INHOUSE, Engagement.FREELANCE

BARE = [
    ("Java Middle, 2300", STAFF, Rate("RUB", "hour", 2300, 2300)),
    ("Java Senior, Spring, удалённо, 350 000", INHOUSE, Rate("RUB", "month", 350_000, 350_000)),
    ("РП, мидл, 180 тысяч", INHOUSE, Rate("RUB", "month", 180_000, 180_000)),
    ("обернуть сайт в приложение. 25 000", FREELANCE, Rate("RUB", "project", 25_000, 25_000)),
    ("за всё 12000", FREELANCE, Rate("RUB", "project", 12_000, 12_000)),
]
NO_RATE = [
    ("№ запроса | 3300", STAFF),
    ("нагрузка 350 000 запросов", INHOUSE),
    ("Заявка 12500", STAFF),
    ("Windows Server 2019", STAFF),
]


class TestFindBareRates:
    @pytest.mark.parametrize(("text", "engagement", "rate"), BARE)
    def test_a_number_alone_is_money_by_its_size_and_company(
        self, text: str, engagement: Engagement, rate: Rate
    ) -> None:
        assert [found.rate for found in find_bare_rates(fold(text), engagement)] == [rate]

    @pytest.mark.parametrize(("text", "engagement"), NO_RATE)
    def test_other_numbers_are_no_money(self, text: str, engagement: Engagement) -> None:
        assert find_bare_rates(fold(text), engagement) == []
