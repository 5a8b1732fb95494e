"""How the report of a model version is said: its figures, and why it was refused. Plain text."""

from collections.abc import Mapping
from typing import Any

from i18n.translator import Translate

Report = Mapping[str, Any]

FIGURES = ("relevance", "kind", "core", "grade", "exact")


def percent(share: float) -> float:
    """To a tenth: versions differ by little."""
    return round(100 * share, 1)


def figures(report: Report, t: Translate) -> list[str]:
    """«Grades: 93 %» on posts held out; where it was tried, on the fixed posts and what the champion had."""
    tried = _tried(report)
    if tried is None:
        return [
            t("model-figure", figure=name, now=percent(report["held_out"][name]))
            for name in FIGURES
            if name in report.get("held_out", {})
        ]
    now, before = tried["challenger"], tried["champion"]
    return [
        t("model-figure-against", figure=name, now=percent(now[name]), before=percent(before[name])) for name in FIGURES
    ]


def main_figure(report: Report) -> float | None:
    """Posts with everything right, in per cent; None of a model that was never measured."""
    tried = _tried(report)
    share = tried["challenger"]["exact"] if tried else report.get("held_out", {}).get("exact")
    return None if share is None else percent(share)


def refusals(report: Report, t: Translate) -> list[str]:
    """Why it was not put to work; nothing where it was good enough."""
    return [_refusal(reason, t) for reason in report.get("refused_because", [])]


def left_out(report: Report, t: Translate) -> list[str]:
    """Whose labels were not used, and why."""
    return [
        t(
            "model-left-out",
            batch=one["batch"],
            labels=one["labels"],
            contradicted=one["contradicted"],
            sure=one["sure"],
        )
        for one in report.get("left_out", [])
    ]


def _tried(report: Report) -> Any:
    return report.get("trial", {}).get("sets", {}).get("fixed")


def _refusal(reason: Mapping[str, Any], t: Translate) -> str:
    match reason["reason"]:
        case "worse":
            shares = {"now": percent(reason["challenger"]), "before": percent(reason["champion"])}
            return t("model-refused-worse", figure=reason["figure"], set=reason["set"], **shares)
        case "law":
            return t("model-refused-law", law=reason["law"])
        case other:
            return t(f"model-refused-{other}")
