from typing import Any

import pytest

from language.commands import understand_subscription

UNDERSTOOD: list[tuple[str, dict[str, Any]]] = [
    (
        "запросы на middle react от 2000, без вордпресса",
        {"kinds": ("request",), "technologies_any": ("react",), "technologies_none": ("wordpress",),
         "grades": ("middle",), "min_rate": 2000},
    ),
    (
        "requests for senior go or rust, remote only, at least 3000",
        {"kinds": ("request",), "technologies_any": ("go", "rust"), "grades": ("senior",), "min_rate": 3000,
         "remote": ("remote",)},
    ),
    ("java и kafka сеньор", {"technologies_all": ("java", "kafka"), "grades": ("senior",)}),
    ("на го и раст", {"technologies_any": ("go", "rust")}),
    ("девопс удалёнка", {"roles": ("devops",), "remote": ("remote",)}),
    ("покажи аналитиков в Москве", {"roles": ("system-analyst",), "places": ("Москва",)}),
    ("бенч python", {"kinds": ("offer",), "technologies_any": ("python",)}),
    ("1с от 2500 в час без битрикса и php",
     {"technologies_any": ("1c",), "technologies_none": ("bitrix", "php"), "min_rate": 2500}),
    ("java, аутстафф, кроме банков",
     {"technologies_any": ("java",), "engagements": ("outstaff",), "minus_words": ("банков",)}),
    ("go", {"technologies_any": ("go",)}),
    ("react или vue, от $25/h", {"technologies_any": ("react", "vue"), "min_rate": 2250}),
    ("дизайнеры, «финтех»", {"roles": ("designer",), "words": ("финтех",)}),
    ("без джунов, java", {"technologies_any": ("java",)}),
    ("java до 3000", {"technologies_any": ("java",)}),
    ("запросы", {"kinds": ("request",)}),
]  # fmt: skip

MEANINGLESS = [
    "привет как дела",
    "асдф",
    "спасибо большое",
    "какая погода от 20 градусов",
    "",
    "не присылать ничего",
    "???",
]


class TestUnderstandSubscription:
    @pytest.mark.parametrize(("line", "filters"), UNDERSTOOD)
    def test_reads_the_filters_of_a_line(self, line: str, filters: dict[str, Any]) -> None:
        draft = understand_subscription(line)
        assert draft is not None
        assert {name: value for name, value in vars(draft).items() if value} == filters

    @pytest.mark.parametrize("line", MEANINGLESS)
    def test_a_line_without_a_filter_means_nothing(self, line: str) -> None:
        assert understand_subscription(line) is None
