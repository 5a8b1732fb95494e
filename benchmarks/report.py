"""How every benchmark tells its figures: a table for people, and once more as one line of JSON at the end."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0-1) of the values do not exceed."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def show(
    name: str, rows: Sequence[Mapping[str, Any]], *, facts: Mapping[str, Any], promises: Mapping[str, bool]
) -> bool:
    """Prints rows of figures (all with the same columns), what they were measured on, and which promises held.

    Returns whether all did; the last line printed is JSON of everything.
    """
    console = Console()
    table = Table(title=name)
    for column in rows[0]:
        table.add_column(column, justify="left" if isinstance(rows[0][column], str) else "right")
    for row in rows:
        table.add_row(*(_shown(value) for value in row.values()))
    console.print(table)
    for fact, value in facts.items():
        console.print(f"{fact}: {_shown(value)}")
    for promise, held in promises.items():
        console.print(f"{'yes' if held else 'NO '}  {promise}")
    told = {"benchmark": name, "rows": list(rows), "facts": dict(facts), "promises": dict(promises)}
    print(json.dumps(told, ensure_ascii=False), flush=True)
    return all(promises.values())


def _shown(value: Any) -> str:
    return f"{value:,.3f}" if isinstance(value, float) else str(value)
