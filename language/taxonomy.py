"""Technologies and roles by any of their names. The tables are in language/tables, one row an id, easy to add to.

An alias with `?` is an everyday word too («next», «кролик»): it counts only in the company of another technology,
a grade, or a word such as «разработчик» or «стек» nearby on its line.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from language import ambiguity
from language.normalise import Folded, Token, fold, fold_with_places, tokens
from language.phrases import Found, Phrases, rows

TABLES = Path(__file__).parent / "tables"
_NOT_A_TECHNOLOGY = "-"
_COMPANY_REACH = 3
"""How many words away company may stand."""


@dataclass(frozen=True)
class Technology:
    id: str
    name: str
    category: str
    role: str | None
    """whom a post seeks that names this technology and no profession"""


@dataclass(frozen=True)
class Role:
    id: str
    name_ru: str
    name_en: str


@dataclass(frozen=True)
class Mention:
    """`words` as they stand in the text from `start` to `end`."""

    id: str
    start: int
    end: int
    words: str


class Taxonomy:
    """Pure: built from the tables and the aliases that admins added, [(alias, technology id)]."""

    def __init__(
        self,
        technologies: Iterable[dict[str, str]],
        roles: Iterable[dict[str, str]],
        not_technologies: Iterable[dict[str, str]],
        added: Iterable[tuple[str, str]] = (),
    ) -> None:
        technologies, roles = list(technologies), list(roles)
        self.technologies = {
            row["id"]: Technology(row["id"], row["name"], row["category"], row.get("role") or None)
            for row in technologies
        }
        self.roles = {row["id"]: Role(row["id"], row["name_ru"], row["name_en"]) for row in roles}
        names: list[tuple[str, Sequence[str]]] = [(row["words"], [_NOT_A_TECHNOLOGY]) for row in not_technologies]
        names += [(alias, [id_]) for alias, id_ in added]
        names += [(alias, _ids(row, alias)) for row in technologies for alias in [*_aliases(row), row["name"]]]
        self._searched = [(fold(alias.rstrip("*?")), row["id"]) for row in technologies for alias in _searchable(row)]
        self._technologies = Phrases(names)
        self._roles = Phrases([(alias, [row["id"]]) for row in roles for alias in _aliases(row)])

    @classmethod
    def default(cls) -> "Taxonomy":
        """The tables alone."""
        return _default()

    def find(self, text: str) -> list[Mention]:
        """Technologies in the order of the text; a mention of two (1С:ERP) is two with one place."""
        folded = fold_with_places(text)
        words = folded.words
        found = self._technologies.find(folded, words)
        sure = [hit for hit in found if not hit.phrase.in_company_only]
        return [
            Mention(
                id_, words[hit.first].start, words[hit.last].end, text[words[hit.first].start : words[hit.last].end]
            )
            for hit in found
            if hit in sure or _has_company(hit, sure, folded, words)
            for id_ in hit.phrase.ids
            if id_ != _NOT_A_TECHNOLOGY and ambiguity.is_meant(id_, text, folded, words, hit.first, hit.last, sure)
        ]

    def search(self, typed: str, limit: int = 8) -> list[Technology]:
        """Technologies whose name or alias begins with what was typed; exact names first, then by length."""
        wanted = fold(typed).strip()
        hits = sorted(
            (alias != wanted, len(alias), id_) for alias, id_ in self._searched if wanted and alias.startswith(wanted)
        )
        return [self.technologies[id_] for id_ in dict.fromkeys(id_ for *_, id_ in hits)][:limit]

    def find_roles(self, text: str, *, alone: bool = False) -> list[Mention]:
        """Professions in the order of the text; `alone`: «аналитики» needs no company to be one."""
        folded = fold_with_places(text)
        words = folded.words
        return [
            Mention(
                id_, words[hit.first].start, words[hit.last].end, text[words[hit.first].start : words[hit.last].end]
            )
            for hit in self._roles.find(folded, words)
            if alone or not hit.phrase.in_company_only or _has_company(hit, [], folded, words)
            for id_ in hit.phrase.ids
        ]


@cache
def _default() -> Taxonomy:
    return Taxonomy(
        rows(TABLES / "technologies.tsv"), rows(TABLES / "roles.tsv"), rows(TABLES / "not_technologies.tsv")
    )


def _mention(id_: str, text: str, start: int, end: int) -> Mention:
    return Mention(id_, start, end, text[start:end])


def _aliases(row: dict[str, str]) -> list[str]:
    return [alias.strip() for alias in (row.get("aliases") or "").split("|") if alias.strip()]


def _searchable(row: dict[str, str]) -> list[str]:
    return [row["id"], row["name"], *_aliases(row)]


def _ids(row: dict[str, str], alias: str) -> list[str]:
    """«1С ЗУП» names the platform and the configuration, «ЗУП» the configuration alone."""
    is_configuration = row["id"].startswith("1c-") and tokens(alias)[:1] == ["1с"]
    return ["1c", row["id"]] if is_configuration else [row["id"]]


def _has_company(hit: Found, sure: Sequence[Found], folded: Folded, words: Sequence[Token]) -> bool:
    """Another technology, a grade or a working word within reach, no line end between."""
    near = range(max(0, hit.first - _COMPANY_REACH), min(len(words), hit.last + _COMPANY_REACH + 1))
    named = {place for other in sure if other is not hit for place in range(other.first, other.last + 1)}
    for place in near:
        if hit.first <= place <= hit.last:
            continue
        if (place in named or ambiguity.is_working_word(words[place].text)) and _on_one_line(
            folded, words, place, hit.first
        ):
            return True
    return False


def _on_one_line(folded: Folded, words: Sequence[Token], one: int, other: int) -> bool:
    first, last = sorted((one, other))
    return "\n" not in folded.text[words[first].folded_end : words[last].folded_start]
