"""When a challenger is better, and when it is not."""

from language.kinds import Engagement, Grade, Kind
from language.prediction import Item, Prediction
from ml.comparison import FIGURES, Compared, Measured, compare, measure
from ml.corpus_files import Example

JAVA = Item("backend", ("java",), grades=(Grade.SENIOR,))
GO = Item("backend", ("go",), grades=(Grade.SENIOR,))


def posts(right: int, of: int, *, taken_for: Kind = Kind.JUNK, found: Item = JAVA) -> Measured:
    """A model that is right on so many requests; the others it takes for something else, or finds another item in."""
    examples = [Example(str(n), "text", Kind.REQUEST, Engagement.OUTSTAFF, (JAVA,)) for n in range(of)]
    wrong = Prediction(taken_for, 0.9, None, items=(found,) if taken_for is Kind.REQUEST else ())
    good = Prediction(Kind.REQUEST, 0.9, None, items=(JAVA,))
    return measure(examples, [good if n < right else wrong for n in range(of)], [True] * of)


def against(champion: Measured, challenger: Measured) -> Compared:
    return compare({"fixed": (champion, challenger)}, seed=1)


def reasons(compared: Compared) -> list[tuple[str, str | None]]:
    return [(one["reason"], one.get("figure")) for one in compared.refused_because]


class TestMeasure:
    def test_each_respect_is_counted_by_itself(self) -> None:
        examples = [
            Example("1", "text", Kind.REQUEST, None, (JAVA,)),
            Example("2", "text", Kind.OFFER, None, (JAVA,)),
            Example("3", "text", Kind.JUNK, None, ()),
        ]
        predictions = [
            Prediction(Kind.REQUEST, 0.9, None, items=(GO,)),
            Prediction(Kind.REQUEST, 0.9, None, items=(JAVA,)),
            Prediction(Kind.UPDATE, 0.9, None, items=(JAVA,)),
        ]
        shown = measure(examples, predictions, [True] * 3).figures()
        assert shown == {"relevance": 0.6667, "kind": 0.3333, "core": 0.5, "grade": 1.0, "exact": 0.0}

    def test_items_that_nobody_said_do_not_count(self) -> None:
        example = Example("1", "text", Kind.REQUEST, None, (JAVA,))
        measured = measure([example], [Prediction(Kind.REQUEST, 0.9, None, items=(GO,))], [False])
        assert measured.of.tolist() == [[1, 1, 0, 0, 0]]


class TestCompare:
    def test_clearly_better_is_put_to_work(self) -> None:
        compared = against(posts(160, 200), posts(180, 200))
        assert compared.refused_because == ()
        assert compared.gain > 0.05
        assert compared.certainty == 1.0

    def test_the_same_is_not_better(self) -> None:
        assert reasons(against(posts(180, 200), posts(180, 200))) == [("not-better", None)]

    def test_a_gain_that_may_be_luck_is_not_better(self) -> None:
        compared = against(posts(180, 200), posts(181, 200))
        assert reasons(compared) == [("not-better", None)]
        assert compared.gain > 0.002

    def test_worse_in_one_respect_is_refused_whatever_else_is_better(self) -> None:
        champion = posts(150, 200, taken_for=Kind.REQUEST, found=Item("backend", ("go",)))
        challenger = posts(190, 200, taken_for=Kind.JUNK)
        compared = against(champion, challenger)
        assert compared.gain > 0.002
        assert reasons(compared) == [("worse", "relevance"), ("worse", "kind")]
        assert compared.refused_because[0] == {
            "reason": "worse",
            "set": "fixed",
            "figure": "relevance",
            "champion": 1.0,
            "challenger": 0.95,
        }

    def test_one_post_of_a_small_set_is_no_loss(self) -> None:
        sets = {"fixed": (posts(150, 200), posts(190, 200)), "newest": (posts(10, 10), posts(9, 10))}
        assert compare(sets, seed=1).refused_because == ()

    def test_a_loss_on_the_newest_posts_counts_as_one_on_the_fixed(self) -> None:
        sets = {"fixed": (posts(150, 200), posts(190, 200)), "newest": (posts(10, 10), posts(6, 10))}
        assert {one["set"] for one in compare(sets, seed=1).refused_because if one["reason"] == "worse"} == {"newest"}

    def test_the_report_has_both_models_figures(self) -> None:
        shown = against(posts(160, 200), posts(180, 200)).as_json()
        assert shown["sets"]["fixed"]["posts"] == 200
        assert list(shown["sets"]["fixed"]["champion"]) == list(FIGURES)
        assert shown["sets"]["fixed"]["challenger"]["kind"] == 0.9
