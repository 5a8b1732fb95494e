import pytest

from language.prediction import Rate
from language.rates import default_table, find_rates, hourly_roubles, parse_amount

RATES = [
    ("Ставка: до 2300 ₽/ч", Rate("RUB", "hour", None, 2300)),
    ("рейт 2900", Rate("RUB", "hour", 2900, 2900)),
    ("от 180к", Rate("RUB", "month", 180_000)),
    ("от 200 до 260 на руки", Rate("RUB", "month", 200_000, 260_000)),
    ("в штат, рельсы, до 280", Rate("RUB", "month", None, 280_000)),
    ("$4,000–5,500 per month", Rate("USD", "month", 4000, 5500)),
    ("2 500 - 3 500 USD/month", Rate("USD", "month", 2500, 3500)),
    ("200-260к gross", Rate("RUB", "month", 200_000, 260_000)),
    ("ставка 15$/h", Rate("USD", "hour", 15, 15)),
    ("бюджет 30к", Rate("RUB", "project", 30_000, 30_000)),
    ("€60/hour", Rate("EUR", "hour", 60, 60)),
    ("до 3к/час", Rate("RUB", "hour", None, 3000)),
    ("зп 120-150", Rate("RUB", "month", 120_000, 150_000)),
    ("2000+ р/ч", Rate("RUB", "hour", 2000)),
    ("за всё 25 000 руб", Rate("RUB", "project", 25_000, 25_000)),
    ("Ставка (с НДС): 2200", Rate("RUB", "hour", 2200, 2200)),
    ("15000 руб/день", Rate("RUB", "day", 15_000, 15_000)),
    ("120k USD per year", Rate("USD", "month", 10_000, 10_000)),
    ("1500-1700", Rate("RUB", "hour", 1500, 1700)),
    ("до 1,5 млн руб за проект", Rate("RUB", "project", None, 1_500_000)),
    ("отдадим за 2000", Rate("RUB", "hour", 2000, 2000)),
    ("оплата за день: 18 000 рублей", Rate("RUB", "day", 18_000, 18_000)),
    ("30 000 в день", Rate("RUB", "day", 30_000, 30_000)),
    ("$26/h max", Rate("USD", "hour", None, 26)),
    ("2300 ₽/ч максимум", Rate("RUB", "hour", None, 2300)),
    ("EUR 550/day", Rate("EUR", "day", 550, 550)),
    ("AED 22,000 – 26,000 per month", Rate("AED", "month", 22_000, 26_000)),
    ("INR 1,10,000 / month", Rate("INR", "month", 110_000, 110_000)),
    ("900р. Словарь", Rate("RUB", "hour", 900, 900)),
]

NOT_RATES = [
    "опыт от 3 лет", "5 человек, 20 минут", "с 10 до 19", "ID 10482", "40 ч в неделю", "с 1 декабря 2026",
    "тел +7 999 123-45-67", "Срок: 6-9 мес", "React 18, Java 17", "8-917-***-**-**", "300+ экранных форм",
    "Луч • 3007", "Заявка 25/311", "ID 7311 (взамен 7307)", ".NET 8, EF",
]  # fmt: skip


class TestFindRates:
    @pytest.mark.parametrize(("text", "rate"), RATES)
    def test_reads_money_as_people_write_it(self, text: str, rate: Rate) -> None:
        assert [found.rate for found in find_rates(text)] == [rate]

    @pytest.mark.parametrize("text", NOT_RATES)
    def test_leaves_other_numbers_alone(self, text: str) -> None:
        assert find_rates(text) == []

    def test_does_not_join_numbers_of_two_lines(self) -> None:
        rates = [found.rate for found in find_rates("- вьюшник до 2100\n- 1сник, 3 шт")]
        assert rates == [Rate("RUB", "hour", None, 2100)]

    def test_says_what_was_guessed_and_where_it_stands(self) -> None:
        text = "Java, ставка до 2300, удалённо"
        found = find_rates(text)[0]
        assert found.guessed
        assert text[found.start : found.end] == "до 2300"
        assert not find_rates("до 2300 ₽/ч")[0].guessed


class TestHourlyRoubles:
    def test_compares_across_currencies_and_periods(self) -> None:
        table = {"RUB": 1.0, "USD": 90.0}
        assert hourly_roubles(Rate("RUB", "month", 168_000, 336_000), table) == (1000, 2000)
        assert hourly_roubles(Rate("USD", "hour", None, 30), table) == (None, 2700)
        assert hourly_roubles(Rate("RUB", "day", 16_000, 16_000), table) == (2000, 2000)

    def test_knows_no_hourly_worth_of_a_task_or_of_an_unknown_currency(self) -> None:
        assert hourly_roubles(Rate("RUB", "project", 30_000, 30_000)) == (None, None)
        assert hourly_roubles(Rate("XXX", "hour", 10, 10), default_table()) == (None, None)


class TestParseAmount:
    @pytest.mark.parametrize(
        ("number", "multiplier", "value"),
        [
            ("2 300", None, 2300),
            ("2.300", None, 2300),
            ("1,5", "млн", 1_500_000),
            ("180", "к", 180_000),
            ("2.5", "k", 2500),
        ],
    )
    def test_reads_separators_and_multipliers(self, number: str, multiplier: str | None, value: float) -> None:
        assert parse_amount(number, multiplier) == value
