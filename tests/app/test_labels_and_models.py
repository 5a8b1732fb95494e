"""platon labels and platon models, as a person types them."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from app.__main__ import program
from crm import labels, model_versions
from db.models import Company, Role
from db.session import Sessions
from language.kinds import Kind
from tests import make

Platon = Callable[..., Awaitable[Result]]


@pytest.fixture
def platon(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Platon:
    """Runs a command on the test's database."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")

    async def run(*arguments: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, program, arguments)

    return run


@pytest.fixture
async def company(sessions: Sessions) -> Company:
    async with sessions.of_system() as session:
        made = await make.company(session, "Рога и копыта")
        await make.user(session, made, role=Role.ADMIN, name="Анна")
        return made


class TestLabels:
    async def test_go_in_and_out_again(self, platon: Platon, company: Company, tmp_path: Path) -> None:
        rows = [{"text": "Курс по Go", "kind": "junk"}, {"text": "Нужен джавист", "kind": "request"}]
        given = tmp_path / "given.jsonl"
        given.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
        for said in ("2 new labels, 0 known, 2 posts", "0 new labels, 2 known, 0 posts"):
            result = await platon("labels", "import", str(given), "--company", "рога и копыта")
            assert result.exit_code == 0, result.output
            assert said in result.output
        out = tmp_path / "out.jsonl"
        result = await platon("labels", "export", str(out))
        assert result.exit_code == 0, result.output
        written = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
        assert {row["text"]: row["kind"] for row in written} == {row["text"]: row["kind"] for row in rows}

    async def test_a_bad_line_is_named_and_the_others_are_taken(
        self, platon: Platon, company: Company, tmp_path: Path
    ) -> None:
        given = tmp_path / "given.jsonl"
        given.write_text('{"text": "x", "kind": "spam"}\n\n{"text": "Курс", "kind": "junk"}\n{', encoding="utf-8")
        result = await platon("labels", "import", str(given))
        assert result.exit_code == 1
        assert "Line 1: the kind spam is none of" in result.output
        assert "Line 4: this is not JSON" in result.output
        assert "1 new labels" in result.output

    async def test_disagreements_say_who_said_what(self, platon: Platon, sessions: Sessions, company: Company) -> None:
        async with sessions.of_system() as session:
            post = await make.post(session, await make.source(session), "Нужен джавист")
            for name, kind in (("Борис", Kind.JUNK), ("Вера", Kind.REQUEST)):
                person = await make.user(session, company, name=name)
                await labels.give(session, make.actor(person), post.id, kind)
        result = await platon("labels", "disagreements")
        assert "Борис: junk" in result.output
        assert "Вера: request" in result.output


class TestModels:
    async def test_are_promoted_and_rolled_back(self, platon: Platon, sessions: Sessions, tmp_path: Path) -> None:
        async with sessions.of_system() as session:
            for artifact in (b"one", b"two"):
                await model_versions.add(session, artifact, {"held_out": {"exact": 0.9}}, promote=artifact == b"one")
        assert "at work" in (await platon("models", "promote", "2")).output
        listed = (await platon("models", "list")).output.splitlines()
        assert [line.split()[:2] for line in listed[1:]] == [["2", "champion"], ["1", "retired"]]
        assert (await platon("models", "rollback")).exit_code == 0
        async with sessions.of_system() as session:
            champion = await model_versions.champion(session)
        assert champion is not None
        assert champion.id == 1

    async def test_show_has_the_figures_as_tables(self, platon: Platon, sessions: Sessions) -> None:
        share = {"value": 0.9, "low": 0.85, "high": 0.94, "of": 200}
        both = {"precision": share, "recall": share}
        confusion = {kind: dict.fromkeys(Kind, 5) for kind in Kind}
        shares = dict.fromkeys(("relevance", "kind", "core", "grade", "exact"), 0.9)
        report = {
            "figures": {
                "kinds": {"request": both},
                "technologies": {"java": both},
                "confusion": confusion,
                "calibration": [{"confidence": 0.8, "right": share}],
            },
            "trial": {"sets": {"fixed": {"posts": 200, "champion": shares, "challenger": shares}}},
            "curve": [{"posts": 100, **shares}, {"posts": 400, **shares}],
            "refused_because": [{"reason": "not-better", "gain": 0.0}],
        }
        async with sessions.of_system() as session:
            await model_versions.add(session, b"one", report, promote=False)
        result = await platon("models", "show", "1")
        assert result.exit_code == 0, result.output
        for said in (
            "90.0 % (85.0–94.0)",
            "java",
            "What was taken for what",
            "Calibration",
            "200 fixed posts",
            "Learning curve",
        ):
            assert said in result.output
        assert "not enough better" in result.output
