"""The figures of a model version as tables for the terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.table import Table

from i18n.model_words import FIGURES

TECHNOLOGIES = 40


def tables(report: Mapping[str, Any]) -> Iterator[tuple[str, Table]]:
    """With their titles; those that the report has something for."""
    figures = report.get("figures")
    if figures:
        yield "Kinds", _shares(figures["kinds"])
        yield f"Technologies, the {TECHNOLOGIES} most frequent", _shares(dict(_first(figures["technologies"])))
        yield "What was taken for what", _confusion(figures["confusion"])
        yield "Calibration", _calibration(figures["calibration"])
    for name, compared in report.get("trial", {}).get("sets", {}).items():
        yield f"Against the champion, {compared['posts']} {name} posts", _compared(compared)
    if report.get("curve"):
        yield "Learning curve", _curve(report["curve"])


def _first(technologies: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """JSON in the database keeps no order."""
    return sorted(technologies.items(), key=lambda pair: (-pair[1]["recall"]["of"], pair[0]))[:TECHNOLOGIES]


def _table(*headings: str) -> Table:
    return Table(*headings, box=None, header_style="bold")


def _shares(named: Mapping[str, Any]) -> Table:
    table = _table("", "precision", "of", "recall", "of")
    for name, both in named.items():
        cells = [cell for one in ("precision", "recall") for cell in (_share(both[one]), str(both[one]["of"]))]
        table.add_row(name, *cells)
    return table


def _share(share: Mapping[str, Any]) -> str:
    if not share["of"]:
        return "–"
    return f"{100 * share['value']:.1f} % ({100 * share['low']:.1f}–{100 * share['high']:.1f})"


def _confusion(confusion: Mapping[str, Mapping[str, int]]) -> Table:
    table = _table("is", *confusion)
    for name, taken in confusion.items():
        table.add_row(name, *(str(taken[other]) for other in confusion))
    return table


def _calibration(bins: list[Mapping[str, Any]]) -> Table:
    table = _table("sure", "right", "posts")
    for one in bins:
        table.add_row(f"{100 * one['confidence']:.1f} %", _share(one["right"]), str(one["right"]["of"]))
    return table


def _compared(compared: Mapping[str, Any]) -> Table:
    table = _table("", "champion", "challenger")
    for name in FIGURES:
        table.add_row(name, f"{compared['champion'][name]:.4f}", f"{compared['challenger'][name]:.4f}")
    return table


def _curve(points: list[Mapping[str, Any]]) -> Table:
    table = _table("posts", *FIGURES)
    for point in points:
        table.add_row(str(point["posts"]), *(f"{point[name]:.4f}" for name in FIGURES))
    return table
