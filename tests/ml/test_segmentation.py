"""How a post is cut into positions."""

import pytest

from language.taxonomy import Taxonomy
from ml.reading import read
from ml.segmentation import Segment, count_in, segments

LISTS = [
    ("dashes", "Свободны:\n- Java Senior, Spring, 2900\n- React Middle, 2100\n- QA manual, 1500\nПишите в лс", 3),
    ("numbers", "Запросы:\n1. Go Senior, до 3000\n2. Python Middle, до 2300", 2),
    ("numbers with brackets", "1) Java Middle+, 2250 р/ч\n2) Vue Middle, 1950 р/ч", 2),
    ("keycaps", "1️⃣ Ruby-разработчик, 250 000 ₽\n2️⃣ Scala-разработчик, до 500 000 ₽", 2),
    (
        "signs of one list in several colours",
        "🟢 DevOps — Senior — k8s\n🟡 SRE — Senior — Go\n🟢 Java — Middle — Spring",
        3,
    ),
    ("a table", "| Role | Level | Rate |\n| Java | Senior | $38/h |\n| Go | Middle | $33/h |", 2),
    ("numbers of requests", "30112 | Java Developer | Senior | до 3000\n30115 | React | Middle | до 2350", 2),
    ("ids", "🔹 ID 7731 — Java Senior, до 3100 ₽/ч\n🔹 ID 7734 — React Middle+, до 2450 ₽/ч", 2),
    ("lines without marks", "Data Engineer, Senior. Spark. 3000 руб.\nData Scientist, Middle+. 2500 руб.", 2),
    (
        "headings between",
        "BACK\nJava Senior — 2 — от 2800\nPython Middle — 1 — 2100\nFRONT\nReact Middle+ — 3 — 2200",
        3,
    ),
    (
        "blocks of several lines",
        "1. Java Senior\nСтек: Spring, Kafka\nДо 3000\n\n2. React Middle\nСтек: TypeScript\nДо 2300\n\nВсе удалённо",
        2,
    ),
    ("one sentence", "Нужны 2 Java Middle, 1 React Senior", 2),
    ("chat", "на бенче: два реактера (мидл+ и синьор, TS), один ангулярщик мидл, и иосник синьор", 3),
    ("a sentence in English", "a Senior Angular dev at $35/h, a middle Java dev at $30/h", 2),
]

WHOLE = [
    ("a request of one line", "Нужен Java Middle+, Spring, Kafka, до 2300"),
    ("requirements", "Java Senior\n\nТребования:\n- Java 17\n- Spring Boot\n- PostgreSQL\n- Kafka\n\nДо 3000 ₽/ч"),
    ("a form", "🔹 Роль: DevOps\n🔹 Грейд: Middle+\n🔹 Обязательно: Kubernetes, Helm\n🔹 Рейт: 2500–2800"),
    ("two grades", "iOS Middle+/Senior на аутстаф, Swift, до 2950"),
    ("a team around", "Ищем Go Senior.\nКоманда: два фронтендера, тестировщик и аналитик.\nУдалённо, 350к"),
    ("a career told", "Backend Python, 5 лет. Ищу роль сеньора. Раньше был тимлидом на PHP. 300к на руки"),
    ("nothing", ""),
]


def cut(text: str) -> list[Segment]:
    return segments(read(text, Taxonomy.default()))


class TestSegments:
    @pytest.mark.parametrize(("text", "positions"), [case[1:] for case in LISTS], ids=[case[0] for case in LISTS])
    def test_each_position_of_a_list_is_a_segment(self, text: str, positions: int) -> None:
        assert len(cut(text)) == positions

    @pytest.mark.parametrize("text", [case[1] for case in WHOLE], ids=[case[0] for case in WHOLE])
    def test_a_post_about_one_position_stays_whole(self, text: str) -> None:
        assert len(cut(text)) == 1

    def test_what_stands_around_a_list_is_shared(self) -> None:
        text = "Свободны с мая:\n- Java Senior, 2900\n- React Middle, 2100\n\nВсе удалённо, НДС"
        reading = read(text, Taxonomy.default())
        for segment in segments(reading):
            shared = [reading.written(*span) for span in segment.shared]
            assert shared == ["Свободны с мая:", "Все удалённо, НДС"]

    def test_lines_below_a_title_are_its_own(self) -> None:
        reading = read("1. Java Senior\nСтек: Spring\n\n2. React Middle\nСтек: TypeScript", Taxonomy.default())
        own = [reading.written(*segment.own[0]) for segment in segments(reading)]
        assert own == ["1. Java Senior\nСтек: Spring", "2. React Middle\nСтек: TypeScript"]


class TestCountIn:
    @pytest.mark.parametrize(
        ("line", "count"),
        [
            ("java middle, 2 чел.", 2),
            ("нагрузочники, 2 шт", 2),
            ("3 программиста 1с", 3),
            ("два реактера", 2),
            ("ios middle ×2", 2),
            ("2x middle java", 2),
            ("frontend angular | 4 человека", 4),
            ("java middle, 2300", None),
            ("от 3 лет", None),
        ],
    )
    def test_people_are_counted(self, line: str, count: int | None) -> None:
        assert count_in(line) == count
