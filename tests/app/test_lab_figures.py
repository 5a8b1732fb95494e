"""What the rules of joining and of states reach on pairs and threads written by hand (tests/data).

Rules were made while looking at ids that are odd or begin with d; even ones were kept aside for the figures.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from app import lab
from language.request_ids import id_key
from ml.labeller import Labeller

DATA = Path(__file__).parent.parent / "data"


def is_kept_aside(id_: str) -> bool:
    return not id_.startswith("d") and int(id_[1:4]) % 2 == 0


def read(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def judged(labeller: Labeller) -> list[tuple[str, bool, bool]]:
    """Of each pair its id, what is so and what was answered."""
    pairs = read("same.jsonl")
    told = [json.loads(line) for line in lab.same_lines((json.dumps(pair) for pair in pairs), labeller)]
    return [(pair["id"], pair["same"], answer["same"]) for pair, answer in zip(pairs, told, strict=True)]


@pytest.fixture(scope="module")
def right(labeller: Labeller) -> dict[str, bool]:
    """By thread, whether it leaves the expected listings with their appearances and states."""
    told = lab.messages((DATA / "threads.jsonl").read_text(encoding="utf-8").splitlines())
    left = {row["thread"]: row["listings"] for row in map(json.loads, lab.replay_lines(told, labeller))}
    expected = {row["thread"]: row["listings"] for row in read("threads_expected.jsonl")}
    assert left.keys() == expected.keys()
    return {thread: shown(left[thread]) == shown(expected[thread]) for thread in expected}


class TestSame:
    def test_is_as_precise_and_complete_as_it_was_made(self, judged: list[tuple[str, bool, bool]]) -> None:
        precision, recall = figures(judged, kept_aside=False)
        assert precision >= 0.98
        assert recall >= 0.92

    def test_is_nearly_so_on_what_was_kept_aside(self, judged: list[tuple[str, bool, bool]]) -> None:
        precision, recall = figures(judged, kept_aside=True)
        assert precision >= 0.96
        assert recall >= 0.88


class TestReplay:
    def test_ends_rightly_as_often_as_it_was_made(self, right: dict[str, bool]) -> None:
        assert share(right, kept_aside=False) >= 0.93

    def test_does_nearly_so_on_what_was_kept_aside(self, right: dict[str, bool]) -> None:
        assert share(right, kept_aside=True) >= 0.85


def figures(judged: Iterable[tuple[str, bool, bool]], *, kept_aside: bool) -> tuple[float, float]:
    """(precision, recall)"""
    part = [(so, said) for id_, so, said in judged if is_kept_aside(id_) is kept_aside]
    hits = sum(so and said for so, said in part)
    return hits / sum(said for _, said in part), hits / sum(so for so, _ in part)


def share(right: dict[str, bool], *, kept_aside: bool) -> float:
    part = [is_right for thread, is_right in right.items() if is_kept_aside(thread) is kept_aside]
    return sum(part) / len(part)


def shown(listings: Iterable[dict[str, Any]]) -> list[tuple[str, str, list[int]]]:
    return sorted((id_key(one["request_id"] or ""), one["state"], sorted(one["appearances"])) for one in listings)
