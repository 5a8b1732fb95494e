"""What an item says, case by case of the guide."""

from typing import Any

import pytest

from language.kinds import Engagement, Grade, Remote
from language.prediction import Item, Rate
from language.taxonomy import Taxonomy
from ml.extraction import items
from ml.reading import read


def extracted(text: str, engagement: Engagement | None = Engagement.OUTSTAFF) -> list[Item]:
    return [decided.item for decided in items(read(text, Taxonomy.default()), engagement)]


def only(text: str, engagement: Engagement | None = Engagement.OUTSTAFF) -> Item:
    found = extracted(text, engagement)
    assert len(found) == 1
    return found[0]


CORE_AND_EXTRA: list[tuple[str, set[str], set[str]]] = [
    ("Нужен Java Middle, Spring, Kafka", {"java", "spring", "kafka"}, set()),
    ("Java Middle. Kotlin будет плюсом", {"java"}, {"kotlin"}),
    ("Java Middle. Желательно Kafka, Redis", {"java"}, {"kafka", "redis"}),
    ("Java Middle. Kafka и Redis приветствуются", {"java"}, {"kafka", "redis"}),
    ("DevOps: кубер, хелм, немного терраформа", {"kubernetes", "helm"}, {"terraform"}),
    ("Python Senior, Django. SQL базово", {"python", "django"}, {"sql"}),
    ("React Native не предлагать, нужен натив: Kotlin, Android", {"kotlin", "android"}, set()),
    ("BI developer, Tableau. Power BI is not relevant here", {"tableau"}, set()),
    ("Java Senior, Git, Jira, Maven", {"java"}, {"git", "jira", "maven"}),
    ("Java Senior, Docker", {"java"}, {"docker"}),
    ("DevOps Senior, Docker, Jenkins", {"docker", "jenkins"}, set()),
    ("QA manual, Postman, Swagger", {"postman", "swagger"}, set()),
    ("UX/UI-дизайнер, Figma", {"figma"}, set()),
    ("#php #laravel #middle\nПроект — агрегатор запчастей. MySQL, Redis", {"php", "laravel", "mysql", "redis"}, set()),
    ("Java-разработчик\nСтек: Java 17, Spring\nБудет плюсом: Kafka", {"java", "spring"}, {"kafka"}),
    ("Go developer\nRequirements:\n- Go, gRPC\nNice to have:\n- Kubernetes", {"go", "grpc"}, {"kubernetes"}),
    (
        "Python Senior\nЗадачи:\n- перенос витрин с Oracle\nТребования:\n- Python\n- Airflow",
        {"python", "airflow"},
        {"oracle"},
    ),
    ("Битрикс-разработчик. Фронт на Vue делает смежный подрядчик", {"bitrix"}, set()),
    ("PHP-разработчик, Symfony. Что не нужно: WordPress", {"php", "symfony"}, set()),
    ("React разработчик", {"react"}, set()),
    ("1С ЗУП, программист", {"1c", "1c-zup"}, set()),
]

ROLES = [
    ("Нужен джавист, Spring", "backend"),
    ("Системный аналитик Middle+", "system-analyst"),
    ("Бизнес-аналитик, BPMN", "business-analyst"),
    ("тимлид Java", "team-lead"),
    ("QA Lead, автотесты", "qa-manual"),
    ("React-разработчик", "frontend"),
    ("вьюшник мидл", "frontend"),
    ("Flutter dev", "mobile-cross"),
    ("иосник синьор", "ios"),
    ("Архитектор DWH", "architect"),
    ("DevOps Senior", "devops"),
    ("Data Engineer, Airflow", "data-engineer"),
    ("Тестировщик Selenium + Java", "qa-auto"),
    ("1С-программист", "1c"),
    ("Unity developer", "gamedev"),
    ("C++/Qt разработчик", "desktop"),
    ("DBA PostgreSQL", "dba"),
    ("Go Senior. Собеседование с тимлидом", "backend"),
]

GRADES: list[tuple[str, tuple[Grade, ...]]] = [
    ("Java Middle+", (Grade.MIDDLE,)),
    ("Java Middle+/Senior", (Grade.MIDDLE, Grade.SENIOR)),
    ("джавист, можно джуна", (Grade.JUNIOR,)),
    ("Ведущий разработчик Java", (Grade.SENIOR,)),
    ("тимлид Java", (Grade.LEAD,)),
    ("Java, 5 лет опыта", ()),
    ("Java Senior. Будете ментором джунов", (Grade.SENIOR,)),
    ("Java Middle. Пишите нашему лиду", (Grade.MIDDLE,)),
]

RATES: list[tuple[str, Engagement, Rate | None]] = [
    ("Java Middle, 2300", Engagement.OUTSTAFF, Rate("RUB", "hour", 2300, 2300)),
    ("Java Middle, до 2300", Engagement.OUTSTAFF, Rate("RUB", "hour", None, 2300)),
    ("Java Senior. 2 850. Удалённо", Engagement.OUTSTAFF, Rate("RUB", "hour", 2850, 2850)),
    ("Java Senior — 2800–3000", Engagement.OUTSTAFF, Rate("RUB", "hour", 2800, 3000)),
    ("Java Senior, 40 €/h", Engagement.OUTSTAFF, Rate("EUR", "hour", 40, 40)),
    ("Java Senior в штат, 300 net", Engagement.INHOUSE, Rate("RUB", "month", 300_000, 300_000)),
    ("сделать парсер на python, 15к", Engagement.FREELANCE, Rate("RUB", "project", 15_000, 15_000)),
    ("Администратор Windows Server 2016, Senior", Engagement.OUTSTAFF, None),
    ("ID 2450. Java Senior, ставка по договорённости", Engagement.OUTSTAFF, None),
    ("Java Senior, проект на 2000 человек", Engagement.OUTSTAFF, None),
]


class TestItems:
    @pytest.mark.parametrize(("text", "core", "extra"), CORE_AND_EXTRA, ids=[case[0][:40] for case in CORE_AND_EXTRA])
    def test_place_and_wording_tell_core_from_extra(self, text: str, core: set[str], extra: set[str]) -> None:
        item = only(text)
        assert (set(item.core), set(item.extra)) == (core, extra)

    @pytest.mark.parametrize(("text", "role"), ROLES)
    def test_the_title_names_the_role(self, text: str, role: str) -> None:
        assert only(text).role == role

    @pytest.mark.parametrize(("text", "grades"), GRADES)
    def test_grades_are_the_positions_own(self, text: str, grades: tuple[Grade, ...]) -> None:
        assert only(text).grades == grades

    @pytest.mark.parametrize(("text", "engagement", "rate"), RATES)
    def test_rates_are_read_by_size_and_engagement(self, text: str, engagement: Engagement, rate: Rate | None) -> None:
        assert only(text, engagement).rate == rate

    @pytest.mark.parametrize(
        ("text", "remote"),
        [
            ("Java Middle, удалённо", Remote.REMOTE),
            ("Java Middle, Москва, офис", Remote.OFFICE),
            ("Java Middle, гибрид", Remote.HYBRID),
            ("Java Middle, 2 дня в офисе", Remote.HYBRID),
            ("Java Middle", None),
        ],
    )
    def test_where_one_works_is_read(self, text: str, remote: Remote | None) -> None:
        assert only(text).remote is remote

    def test_whole_post_conditions_go_to_every_item(self) -> None:
        found = extracted(
            "Запросы:\n- Java Senior, до 3000\n- React Middle, до 2300\n\nЛокация: РФ, удалённо. @anna_hr1"
        )
        assert [(item.remote, item.location, item.contact) for item in found] == [
            (Remote.REMOTE, "РФ", "@anna_hr1")
        ] * 2
        assert [item.rate for item in found] == [Rate("RUB", "hour", None, 3000), Rate("RUB", "hour", None, 2300)]

    def test_a_rate_said_for_a_role_goes_to_that_role(self) -> None:
        found = extracted(
            "- аналитики системные мидл — 4 чел\n- ручные тестировщики мидл — 3 чел\n"
            "рейт по аналитикам 2100-2300, по тестировщикам 1400-1500"
        )
        assert [(item.role, item.count, item.rate) for item in found] == [
            ("system-analyst", 4, Rate("RUB", "hour", 2100, 2300)),
            ("qa-manual", 3, Rate("RUB", "hour", 1400, 1500)),
        ]

    def test_a_unit_said_once_counts_for_the_list(self) -> None:
        found = extracted("Цена в тыс. руб. за месяц:\n- Тимлид React — 540\n- Системный аналитик, Senior — 430")
        assert [item.rate for item in found] == [
            Rate("RUB", "month", 540_000, 540_000),
            Rate("RUB", "month", 430_000, 430_000),
        ]

    @pytest.mark.parametrize(
        ("text", "field", "value"),
        [
            ("ID 10482. Java Senior, до 3000", "request_id", "10482"),
            ("Запрос №А-517/2\nAndroid developer", "request_id", "А-517/2"),
            ("Java Senior. Пишите @anna_hr1", "contact", "@anna_hr1"),
            ("Java Senior. cv@firm.example", "contact", "cv@firm.example"),
            ("Java Senior, прямой заказчик", "direct_client", True),
            ("Java Senior, работаем напрямую", "direct_client", True),
            ("Java Senior, до 3000", "direct_client", False),
            ("Java Middle, 2 человека", "count", 2),
        ],
    )
    def test_particulars_are_read(self, text: str, field: str, value: Any) -> None:
        assert getattr(only(text), field) == value

    def test_an_items_text_holds_its_part_and_what_is_shared(self) -> None:
        java, react = extracted("Свободны:\n- Java Senior, 2900\n- React Middle, 2100\n\nВсе удалённо")
        assert java.text == "Свободны:\n- Java Senior, 2900\nВсе удалённо"
        assert "React" not in java.text
        assert "Java" not in react.text
