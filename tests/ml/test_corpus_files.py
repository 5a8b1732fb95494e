"""The labelled posts on disk."""

import json
from pathlib import Path

import pytest

from language.kinds import Engagement, Grade, Kind, Remote
from language.prediction import Item, Rate
from language.taxonomy import Taxonomy
from ml import corpus_files

REQUEST = {
    "id": "r1",
    "text": "Java Senior, до 3000, удалённо",
    "kind": "request",
    "engagement": "outstaff",
    "items": [
        {
            "role": "backend",
            "core": ["java"],
            "extra": [],
            "grades": ["senior"],
            "count": 1,
            "rate": {"max": 3000, "currency": "RUB", "period": "hour"},
            "remote": "remote",
        }
    ],
}


def write(folder: Path, *lines: str) -> None:
    (folder / "posts.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


class TestRead:
    def test_a_line_is_an_example(self, tmp_path: Path) -> None:
        write(tmp_path, json.dumps(REQUEST, ensure_ascii=False), "")
        (example,) = corpus_files.read(tmp_path)
        assert example == corpus_files.Example(
            "r1",
            "Java Senior, до 3000, удалённо",
            Kind.REQUEST,
            Engagement.OUTSTAFF,
            (
                Item(
                    "backend",
                    ("java",),
                    grades=(Grade.SENIOR,),
                    rate=Rate("RUB", "hour", None, 3000),
                    remote=Remote.REMOTE,
                ),
            ),
            "posts",
        )

    @pytest.mark.parametrize("line", ["{", "[]", '{"id": "x"}', '{"id": "x", "text": "", "kind": "sale"}'])
    def test_a_line_that_is_no_example_is_named(self, tmp_path: Path, line: str) -> None:
        write(tmp_path, json.dumps(REQUEST), line)
        with pytest.raises(corpus_files.BadCorpus, match=r"posts\.jsonl, line 2"):
            corpus_files.read(tmp_path)

    def test_an_id_used_twice_is_named(self, tmp_path: Path) -> None:
        write(tmp_path, json.dumps(REQUEST), json.dumps(REQUEST))
        with pytest.raises(corpus_files.BadCorpus, match="r1 is used twice"):
            corpus_files.read(tmp_path)

    def test_the_corpus_names_only_known_technologies_and_roles(self) -> None:
        taxonomy = Taxonomy.default()
        items = [item for example in corpus_files.read() for item in example.items]
        assert {item.role for item in items} <= set(taxonomy.roles)
        assert {id_ for item in items for id_ in (*item.core, *item.extra)} <= set(taxonomy.technologies)


class TestWeight:
    @pytest.mark.parametrize(
        ("group", "weight"), [("requests_chat", 1.0), ("requests_2_odd", 0.3), ("tricky_relevant", 0.3)]
    )
    def test_posts_written_to_mislead_count_less(self, group: str, weight: float) -> None:
        assert corpus_files.Example("x", "", Kind.JUNK, None, (), group).weight == weight
