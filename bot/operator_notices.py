"""What the bot tells operators unasked: of trainings and of drift. Pure: the worker sends it."""

from collections.abc import Iterable

from bot.answers import escape
from bot.callbacks import Models
from bot.cards import Card, button, rows
from crm.drift import Drift
from db.models import ModelVersion, VersionStatus
from i18n import model_words
from i18n.translator import Translate


def of_version(version: ModelVersion, way_back: ModelVersion | None, t: Translate) -> Card:
    """What became of a challenger; `way_back` is the version that a roll-back would return to."""
    report = version.report
    labels = str(report.get("labels", 0))
    if version.status is VersionStatus.CHALLENGER:
        lines = [
            t("notice-model-refused", id=str(version.id), labels=labels),
            *_bullets(model_words.refusals(report, t)),
        ]
    elif version.status is VersionStatus.RETIRED:
        lines = [t("notice-model-since", id=str(version.id))]
    else:
        lines = [t("notice-model-better", id=str(version.id), labels=labels), *_bullets(model_words.figures(report, t))]
    if left_out := model_words.left_out(report, t):
        lines += [t("notice-model-left-out"), *_bullets(left_out)]
    buttons = [button(t("models-button-show", id=str(version.id)), Models(act="show", version_id=version.id).pack())]
    if way_back is not None:
        back = Models(act="ask", version_id=way_back.id).pack()
        buttons.insert(0, button(t("models-button-roll-back", id=str(way_back.id)), back))
    return Card("\n".join(lines), rows(buttons))


def of_drift(found: Iterable[Drift], t: Translate) -> Card:
    lines = [
        t(
            "notice-drift-figure",
            figure=one.figure,
            now=model_words.percent(one.now),
            before=model_words.percent(one.before),
        )
        for one in found
    ]
    return Card("\n".join([t("notice-drift"), *_bullets(lines), t("notice-drift-advice")]), None)


def _bullets(lines: Iterable[str]) -> list[str]:
    return [f"• {escape(line)}" for line in lines]
