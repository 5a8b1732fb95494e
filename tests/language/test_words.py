import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from language.grades import find_grades, grades_of
from language.near_duplicates import is_same, jaccard, shingle_text, shingles
from language.normalise import fold, fold_with_places, tokens
from language.places import find_places, place_name


class TestFold:
    @pytest.mark.parametrize(
        ("typed", "folded"),
        [
            ("Jаvа", "java"),
            ("Ёж", "еж"),
            ("𝗕𝗼𝗹𝗱", "bold"),
            ("С++ и С#", "c++ и c#"),
            ("1C", "1с"),
            ("ре\u200bакт", "реакт"),
            ("и\u0306", "й"),
        ],
    )
    def test_gives_one_spelling(self, typed: str, folded: str) -> None:
        assert fold(typed) == folded

    def test_leaves_words_of_two_alphabets_that_are_meant_so(self) -> None:
        assert tokens("java-разраб, k8s, .NET") == ["java", "разраб", "k8s", ".net"]

    @given(st.text() | st.text("аеорсхaeopcxЁёйиИ\u0306\u0308\u0301\u200b\ufe0f🔥№½²ΣσςİIı…—.#+1ﬁＡ𝐑"))
    @example("Нyжен С++ разработчик")
    def test_is_the_same_whether_places_are_kept_or_not(self, text: str) -> None:
        assert fold(text) == fold_with_places(text).text


class TestGrades:
    @pytest.mark.parametrize(
        ("text", "grades"),
        [
            ("Middle+/Senior", ["middle", "senior"]),
            ("от джуна до сеньора", ["junior", "middle", "senior"]),
            ("джунов не предлагать", []),
            ("не ниже мидла", ["middle"]),
            ("Middle и выше", ["middle"]),
            ("Team Lead", ["lead"]),
            ("Lead Android", ["lead"]),
            ("lead generation, новые лиды", []),
            ("старший разработчик", ["senior"]),
            ("Ведущий инженер", ["senior"]),
            ("без джунов, сеньор", ["senior"]),
            ("стажёр", ["junior"]),
            ("тимлидил команду", []),
            ("mid-senior", ["middle", "senior"]),
            ("two seniors and a middle", ["middle", "senior"]),
            ("разработчик среднего уровня", ["middle"]),
            ("уровень «средний»", ["middle"]),
            ("в среднем 300 писем", []),
            ("ищу младшенького", ["junior"]),
        ],
    )
    def test_reads_grades_in_words(self, text: str, grades: list[str]) -> None:
        assert [str(grade) for grade in grades_of(text)] == grades

    def test_says_where_they_stand(self) -> None:
        text = "Нужен Мидл+ на React"
        assert find_grades(text)[0].words == "Мидл+"


REQUEST = """ID: 7303
React-разработчик, Middle+
Проект: страховая «Тихая гавань», калькулятор полисов
Обязательно: React 18, TypeScript, Redux Toolkit
Ставка: до 2250 ₽/ч
CV → @vera"""


class TestNearDuplicates:
    def test_a_repost_with_other_order_rate_and_contact_is_the_same(self) -> None:
        repost = """Коллеги, срочно!
React-разработчик Middle+
Обязательно: React 18, TypeScript, Redux Toolkit
Проект: страховая «Тихая гавань», калькулятор полисов
Ставка до 2400
@oleg"""
        assert is_same(shingle_text(REQUEST), shingle_text(repost))

    def test_the_same_form_for_another_project_is_another(self) -> None:
        other = """ID: 7304
React-разработчик, Middle+
Проект: банк, кредитный конвейер
Обязательно: React 17, MobX
Ставка: до 2250 ₽/ч
CV → @vera"""
        assert not is_same(shingle_text(REQUEST), shingle_text(other))

    def test_empty_texts_are_alike_in_nothing(self) -> None:
        assert jaccard(shingles(""), shingles("")) == 0.0


class TestPlaces:
    def test_knows_a_place_in_any_case_and_language(self) -> None:
        assert find_places("офис в Москве или Moscow, можно из РФ и Алматы") == ("Москва", "Россия", "Казахстан")
        assert find_places("никаких мест, перманентно, грузить вагоны, Russian-speaking") == ()

    def test_names_it_in_the_readers_language(self) -> None:
        assert place_name("Москва", "en") == "Moscow"
        assert place_name("Урюпинск", "en") == "Урюпинск"
