import json

import pytest

from benchmarks.report import percentile, show


class TestPercentile:
    def test_is_the_value_that_a_share_does_not_exceed(self) -> None:
        values = [float(number) for number in range(100, 0, -1)]
        assert percentile(values, 0.5) == 51
        assert percentile(values, 0.99) == 100
        assert percentile([7.0], 0.99) == 7


class TestShow:
    def test_ends_with_one_line_of_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        held = show(
            "sums", [{"way": "ours", "ms": 1.5}], facts={"sums": 3}, promises={"under 2 ms": True, "right": False}
        )
        assert not held
        last = capsys.readouterr().out.splitlines()[-1]
        assert json.loads(last) == {
            "benchmark": "sums",
            "rows": [{"way": "ours", "ms": 1.5}],
            "facts": {"sums": 3},
            "promises": {"under 2 ms": True, "right": False},
        }
