"""Lines of JSON to lines of the guide's form."""

import json

import pytest

from language.prediction import prediction_to_json
from ml.lab import BadLine, classify_lines
from ml.labeller import Labeller

TEXT = "Нужен Java Senior, до 3000"


class TestClassifyLines:
    def test_each_line_is_answered_in_order_as_the_labeller_does(self, labeller: Labeller) -> None:
        texts = [f"{TEXT}, заказ {number}" for number in range(205)]
        lines = [json.dumps({"id": number, "text": text}) for number, text in enumerate(texts)]
        answers = [json.loads(answer) for answer in classify_lines([*lines[:3], "\n", *lines[3:]], labeller)]
        expected = [
            {"id": number, **prediction_to_json(prediction)} for number, prediction in enumerate(labeller.label(texts))
        ]
        assert answers == json.loads(json.dumps(expected))

    @pytest.mark.parametrize(
        ("line", "what"),
        [
            ("{", "not JSON"),
            ("[]", "an object"),
            ('{"text": "x"}', "no id"),
            ('{"id": true, "text": "x"}', "no id"),
            ('{"id": "x"}', "no text"),
            ('{"id": "x", "text": 5}', "no text"),
        ],
    )
    def test_a_bad_line_is_named_by_its_number(self, labeller: Labeller, line: str, what: str) -> None:
        good = json.dumps({"id": "a", "text": TEXT})
        with pytest.raises(BadLine, match=f"line 3: .*{what}") as caught:
            list(classify_lines([good, "", line], labeller))
        assert caught.value.number == 3
