"""Figures with intervals, for people."""

import numpy as np
import pytest

from language.kinds import Engagement, Kind
from language.prediction import Item
from ml import figures
from ml.corpus_files import Example


def example(kind: Kind, *core: str) -> Example:
    items = (Item("backend", core),) if core else ()
    return Example("a", "text", kind, None if kind is Kind.JUNK else Engagement.OUTSTAFF, items)


EXAMPLES = [example(Kind.REQUEST, "java", "spring"), example(Kind.REQUEST, "java"), example(Kind.JUNK)]
FOUND = [(Item("backend", ("java",), ("spring",)),), (), (Item("backend", ("java",)),)]
SHOWN = figures.figures(EXAMPLES, ["request", "junk", "request"], np.array([0.9, 0.4, 0.8]), FOUND)


class TestFigures:
    def test_precision_and_recall_of_kinds(self) -> None:
        assert list(SHOWN["kinds"]) == ["request", "junk"]
        request = SHOWN["kinds"]["request"]
        assert (request["precision"]["value"], request["precision"]["of"]) == (0.5, 2)
        assert (request["recall"]["value"], request["recall"]["of"]) == (0.5, 2)

    def test_technologies_are_core_and_extra_together_the_most_frequent_first(self) -> None:
        assert list(SHOWN["technologies"]) == ["java", "spring"]
        java, spring = SHOWN["technologies"].values()
        assert (java["precision"]["value"], java["recall"]["value"]) == (0.5, 0.5)
        assert (spring["precision"]["value"], spring["recall"]["value"]) == (1.0, 1.0)

    def test_confusion_counts_what_was_taken_for_what(self) -> None:
        assert SHOWN["confusion"]["request"] == {"request": 1, "offer": 0, "update": 0, "junk": 1}
        assert SHOWN["confusion"]["junk"]["request"] == 1

    def test_calibration_goes_from_the_least_sure(self) -> None:
        assert [one["confidence"] for one in SHOWN["calibration"]] == [0.4, 0.8, 0.9]
        assert [one["right"]["value"] for one in SHOWN["calibration"]] == [0.0, 0.0, 1.0]

    def test_of_no_posts_there_is_nothing_to_say(self) -> None:
        shown = figures.figures([], [], np.array([]), [])
        assert (shown["posts"], shown["kinds"], shown["calibration"]) == (0, {}, [])


class TestWilson:
    @pytest.mark.parametrize(
        ("right", "of", "low", "high"), [(8, 10, 0.490, 0.943), (0, 10, 0.0, 0.278), (95, 100, 0.888, 0.978)]
    )
    def test_agrees_with_the_tables(self, right: int, of: int, low: float, high: float) -> None:
        assert figures.wilson(right, of) == pytest.approx((low, high), abs=0.001)

    def test_of_nothing_nothing_is_known(self) -> None:
        assert figures.wilson(0, 0) == (0.0, 1.0)
