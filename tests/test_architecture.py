"""Rules that import-linter cannot see."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EDGES = ["bot", "backoffice", "collector", "mail", "worker", "app"]
FLOORS = [*EDGES, "crm", "db", "ml", "i18n", "language"]
FORBIDDEN_NAMES = {"utils", "common", "core", "helpers", "services", "repositories", "dto", "interfaces", "managers"}
SPEAKS_RUSSIAN = ("i18n/", "language/", "ml/corpus/", "sandbox/", "tests/", "benchmarks/")
LONGEST_FILE = 400


def sources(*packages: str) -> Iterator[Path]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "versions" not in path.parts:
                yield path


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_edges_pass_the_session_on_but_never_use_it() -> None:
    used = [
        f"{name(path)}:{node.lineno}"
        for path in sources(*EDGES)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "session"
    ]
    assert used == []


def test_nobody_commits_by_hand() -> None:
    commits = [name(path) for path in sources(*EDGES, "crm") if ".commit(" in path.read_text(encoding="utf-8")]
    assert commits == []


def test_every_package_has_its_place_in_the_contracts() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert packages == set(config["root_packages"])


def test_no_module_has_a_name_that_says_nothing() -> None:
    named = [name(path) for path in sources(*FLOORS) if {path.stem, *path.parent.parts} & FORBIDDEN_NAMES]
    assert named == []


def test_user_texts_live_in_the_locales() -> None:
    """No Cyrillic in a string outside the packages that speak it."""
    spoken = [
        f"{name(path)}:{node.lineno}"
        for path in sources(*FLOORS)
        if not name(path).startswith(SPEAKS_RUSSIAN)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search("[а-яА-ЯёЁ]", node.value)
        if not _is_docstring(node, path)
    ]
    assert spoken == []


def test_files_fit_a_newcomers_patience() -> None:
    long = [
        f"{name(path)}: {lines}"
        for path in sources(*FLOORS, "sandbox", "benchmarks")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    ]
    assert long == []


def test_every_job_has_a_task() -> None:
    from typing import get_args

    from crm import jobs
    from worker.runner import TASKS

    assert set(get_args(jobs.Job)) == set(TASKS)


def _is_docstring(constant: ast.Constant, path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.value.lineno == constant.lineno
        for node in ast.walk(tree)
    )
