"""What the models do, on lines of JSON: for `platon lab`, without a database."""

import json
from collections.abc import Iterable, Iterator

from language.prediction import prediction_to_json
from ml.labeller import Labeller

_BATCH = 200


class BadLine(ValueError):
    """A line that is no `{"id", "text"}`."""

    def __init__(self, number: int, what: str) -> None:
        super().__init__(f"line {number}: {what}")
        self.number = number


def classify_lines(lines: Iterable[str], labeller: Labeller) -> Iterator[str]:
    """A line of the guide's form for each line of {"id", "text"}; empty lines are passed over. Raises BadLine."""
    batch: list[tuple[str | int, str]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        batch.append(_post(number, line))
        if len(batch) == _BATCH:
            yield from _labelled(batch, labeller)
            batch = []
    yield from _labelled(batch, labeller)


def _post(number: int, line: str) -> tuple[str | int, str]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadLine(number, f"this is not JSON ({error.msg})") from error
    if not isinstance(row, dict):
        raise BadLine(number, "an object with id and text is expected")
    id_, text = row.get("id"), row.get("text")
    if not isinstance(id_, str | int) or isinstance(id_, bool):
        raise BadLine(number, "it has no id")
    if not isinstance(text, str):
        raise BadLine(number, "it has no text")
    return id_, text


def _labelled(batch: list[tuple[str | int, str]], labeller: Labeller) -> Iterator[str]:
    predictions = labeller.label([text for _, text in batch])
    for (id_, _), prediction in zip(batch, predictions, strict=True):
        yield json.dumps({"id": id_, **prediction_to_json(prediction)}, ensure_ascii=False)
