from dataclasses import replace

import pytest

from language.kinds import Engagement, Grade, Kind
from language.prediction import Item, Rate
from language.taxonomy import Taxonomy
from ml import corpus_files
from ml.corpus_check import check, skeleton
from ml.corpus_files import Example

GOOD = Example(
    "a1",
    "Ищем Go-разработчика в команду биллинга, ставка до 3000 в час, удалённо, старт в январе, пишите Вере",
    Kind.REQUEST,
    Engagement.OUTSTAFF,
    (Item("backend", core=("go",), grades=(Grade.SENIOR,), rate=Rate("RUB", "hour", None, 3000)),),
)


def with_item(**fields: object) -> Example:
    return replace(GOOD, items=(replace(GOOD.items[0], **fields),))  # type: ignore[arg-type]


class TestCheck:
    def test_the_corpus_that_ships_has_no_mistake(self) -> None:
        assert check(corpus_files.read()) == []

    @pytest.mark.parametrize(
        ("example", "what"),
        [
            (replace(GOOD, text=" "), "has no text"),
            (replace(GOOD, engagement=None), "junk has no engagement, every other kind has one"),
            (replace(GOOD, items=()), "requests and offers have items, updates and junk have none"),
            (with_item(role="wizard"), "no role wizard"),
            (with_item(core=("gopher",)), "no technology gopher"),
            (with_item(extra=("go",)), "go is both core and extra"),
            (with_item(count=0), "count 0"),
            (with_item(rate=Rate("RUB", "week", 1, 2)), "no period week"),
            (with_item(rate=Rate("RUB", "hour")), "a rate without a number"),
            (with_item(rate=Rate("RUB", "hour", 3, 2)), "rate from 3 to 2"),
        ],
    )
    def test_names_what_breaks_the_guide(self, example: Example, what: str) -> None:
        assert [mistake.what for mistake in check([example])] == [what]

    def test_names_a_post_that_stands_twice_and_one_that_says_the_same(self) -> None:
        repost = replace(GOOD, id="a2", text=f"Коллеги, привет! {GOOD.text} @vera")
        assert [mistake.what for mistake in check([GOOD, repost])] == ["says the same as a1"]
        assert "stands 2 times" in {mistake.what for mistake in check([GOOD, GOOD])}

    def test_names_the_template_behind_many_posts(self) -> None:
        filled = [
            replace(GOOD, id=f"t{number}", text=f"Нужен {name}, {grade}, ставка {number}00")
            for number, (name, grade) in enumerate([("Java", "мидл"), ("React", "сеньор"), ("Go", "джун")], start=11)
        ]
        assert [mistake.about for mistake in check(filled)] == ["the corpus"]


class TestSkeleton:
    def test_masks_technologies_professions_grades_numbers_and_names(self) -> None:
        taxonomy = Taxonomy.default()
        one = skeleton("Нужен Java-разработчик, мидл, ставка 2000, пишите @vera", taxonomy)
        assert one == skeleton("Нужен Go-разработчик, сеньор, ставка 3100, пишите @oleg_k", taxonomy)
        assert one != skeleton("Ищем Go-разработчика, сеньора, платим 3100, Олег", taxonomy)
