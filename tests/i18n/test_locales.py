"""Russian and English say the same things, and nothing is said outside of them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as fluent
from fluent.syntax.serializer import FluentSerializer

from crm import errors
from i18n.translator import LANGUAGES, LOCALES

ROOT = Path(__file__).parents[2]
CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
MAY_HOLD_CYRILLIC = ("i18n", "language", "ml", "sandbox", "tests", "benchmarks")
PACKAGES = ("app", "worker", "bot", "backoffice", "collector", "mail", "crm", "db")


def messages(language: str) -> dict[str, fluent.Message]:
    found: dict[str, fluent.Message] = {}
    for path in sorted((LOCALES / language).glob("*.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, fluent.Junk), f"{path.name}: {entry.content}"
            if isinstance(entry, fluent.Message):
                assert entry.id.name not in found, f"{entry.id.name} is there twice"
                found[entry.id.name] = entry
    return found


def variables(node: object) -> set[str]:
    """Names of the variables anywhere below."""
    if isinstance(node, fluent.VariableReference):
        return {node.id.name}
    if isinstance(node, list):
        return set().union(*map(variables, node)) if node else set()
    if isinstance(node, fluent.BaseNode):
        return variables([value for name, value in vars(node).items() if name != "span"])
    return set()


class TestLocales:
    def test_both_languages_have_the_same_files(self) -> None:
        files = [{path.name for path in (LOCALES / language).glob("*.ftl")} for language in LANGUAGES]
        assert files[0] == files[1]

    def test_both_languages_have_the_same_keys(self) -> None:
        assert messages("ru").keys() == messages("en").keys()

    def test_both_languages_use_the_same_variables(self) -> None:
        russian, english = messages("ru"), messages("en")
        differing = {key for key in russian if variables(russian[key]) != variables(english[key])}
        assert differing == set()

    def test_english_texts_hold_no_cyrillic(self) -> None:
        cyrillic = {
            key
            for key, message in messages("en").items()
            if CYRILLIC.search(FluentSerializer().serialize_entry(message))
        }
        assert cyrillic == {"settings-button-language"}


def leaves(kind: type[errors.CrmError]) -> Iterator[type[errors.CrmError]]:
    for child in kind.__subclasses__():
        yield child
        yield from leaves(child)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_of_the_business_has_a_text(language: str) -> None:
    assert {error.key for error in leaves(errors.CrmError)} - messages(language).keys() == set()


def literals(path: Path) -> Iterator[ast.Constant]:
    """String literals of a module that are not its documentation."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = {
        id(statement.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        for statement in node.body
        if isinstance(statement, ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node


def test_no_text_for_people_is_written_in_code() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{literal.lineno}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for literal in literals(path)
        if CYRILLIC.search(literal.value)
    ]
    assert found == []
