"""The form in which a person says what a post is: what it keeps between taps, and how it looks.

Kept as JSON in the person's state: {post_id, kind, engagement, items, item}; items are the guide's.
"""

from collections.abc import Iterable
from typing import Any

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.answers import escape
from bot.callbacks import OnLabels
from bot.cards import button, cut, rows
from db.base import Json
from db.models import Label, Post
from i18n import wording
from i18n.translator import Translate
from language.kinds import Engagement, Grade, Kind
from language.taxonomy import Taxonomy

HAS_ITEMS = (Kind.REQUEST, Kind.OFFER)
PARTS = ("engagement", "role", "grades", "stack")


def begin(post: Post, label: Label | None, item: int = 0) -> Json:
    """Filled in with what a person said before, else with the model's guess."""
    guess: Json = post.prediction or {}
    kind = label.kind if label else post.kind or Kind.REQUEST
    engagement = label.engagement if label else post.engagement
    items = label.items if label and label.items is not None else guess.get("items")
    items = [dict(one) for one in items or [empty_item()]]
    return {
        "post_id": post.id,
        "kind": str(kind),
        "engagement": str(engagement or Engagement.UNKNOWN),
        "items": items,
        "item": min(item, len(items) - 1),
    }


def empty_item() -> Json:
    return {"role": "backend", "core": [], "extra": [], "grades": [], "count": 1}


def has_items(form: Json) -> bool:
    return form["kind"] in HAS_ITEMS


def current(form: Json) -> Json:
    """The item that is being edited."""
    item: Json = form["items"][form["item"]]
    return item


def toggle_grade(item: Json, grade: str) -> None:
    """In or out."""
    grades = item["grades"]
    item["grades"] = [one for one in grades if one != grade] if grade in grades else [*grades, grade]


def set_stack(item: Json, typed: str) -> bool:
    """The technologies of a typed line, those after a lone plus sign as extra; False where it names none."""
    taxonomy = Taxonomy.default()
    wanted, _, nice = typed.partition(" + ")
    core = list(dict.fromkeys(mention.id for mention in taxonomy.find(wanted)))
    extra = [id_ for id_ in dict.fromkeys(mention.id for mention in taxonomy.find(nice)) if id_ not in core]
    if not core and not extra:
        return False
    item["core"], item["extra"] = core, extra
    return True


def main(form: Json, t: Translate) -> tuple[str, InlineKeyboardMarkup | None]:
    """What is said so far, the kinds, and ways to the rest."""
    kinds = [_ticked(form, "kind", kind, t(f"kind-{kind}"), kind == form["kind"], t) for kind in Kind]
    parts: list[list[InlineKeyboardButton]] = []
    if has_items(form):
        opens = [_button(form, f"open-{name}", t(f"labels-button-{name}")) for name in PARTS]
        parts = [opens[:2], opens[2:]]
        if len(form["items"]) > 1:
            following = (form["item"] + 1) % len(form["items"])
            label = t("labels-button-next-item", number=str(following + 1), count=str(len(form["items"])))
            parts.append([_button(form, "item", label, str(following))])
    ends = [_button(form, "save", t("labels-button-save")), _button(form, "close", t("labels-button-close"))]
    return _text(form, t), rows(kinds[:2], kinds[2:], *parts, ends)


def choice(form: Json, of: str, t: Translate) -> tuple[str, InlineKeyboardMarkup | None]:
    """The buttons of engagement, role or grades."""
    done = [_button(form, "main", t("labels-button-done"))]
    if of == "engagement":
        names = [(str(engagement), t(f"engagement-{engagement}")) for engagement in Engagement]
        return _text(form, t), rows(*_pairs(form, "engagement", names, [form["engagement"]], t), done)
    if of == "role":
        names = [(role, wording.role_name(role, t)) for role in Taxonomy.default().roles]
        return _text(form, t), rows(*_pairs(form, "role", names, [current(form)["role"]], t), done)
    names = [(str(grade), t(f"grade-{grade}")) for grade in Grade]
    return _text(form, t), rows(*_pairs(form, "grade", names, current(form)["grades"], t), done)


def summary(form: Json, t: Translate) -> str:
    """Plain text: «Запрос · Frontend-разработчик · React»."""
    parts = [t(f"kind-{form['kind']}")]
    if has_items(form):
        parts += [", ".join(wording.role_name(item["role"], t) for item in form["items"][:3])]
        parts += [wording.technology_names(current(form)["core"], 5)]
    return " · ".join(part for part in parts if part)


def undo(post_id: int, t: Translate) -> InlineKeyboardMarkup | None:
    """The way back from a label just given."""
    return rows([button(t("labels-button-undo"), OnLabels(what="undo", post_id=post_id).pack())])


def _text(form: Json, t: Translate) -> str:
    lines = [t("labels-title"), t("labels-kind", value=t(f"kind-{form['kind']}"))]
    if has_items(form):
        item, nothing = current(form), t("labels-not-stated")
        if len(form["items"]) > 1:
            lines.append(t("labels-item", number=str(form["item"] + 1), count=str(len(form["items"]))))
        lines += [
            t("labels-engagement", value=t(f"engagement-{form['engagement']}")),
            t("labels-role", value=escape(wording.role_name(item["role"], t))),
            t("labels-grades", value=wording.grade_names(item["grades"], t) or nothing),
            t("labels-core", value=escape(wording.technology_names(item["core"], 20)) or nothing),
        ]
        if item["extra"]:
            lines.append(t("labels-extra", value=escape(wording.technology_names(item["extra"], 20))))
    return "\n".join(lines)


def _pairs(
    form: Json, what: str, names: Iterable[tuple[str, str]], chosen: Iterable[str], t: Translate
) -> list[list[InlineKeyboardButton]]:
    marked = set(chosen)
    buttons = [_ticked(form, what, value, cut(name, 40), value in marked, t) for value, name in names]
    return [buttons[at : at + 2] for at in range(0, len(buttons), 2)]


def _ticked(form: Json, what: str, value: str, name: str, is_chosen: bool, t: Translate) -> InlineKeyboardButton:
    return _button(form, what, t("wizard-checked" if is_chosen else "wizard-unchecked", name=name), value)


def _button(form: Json, what: str, text: str, value: Any = "") -> InlineKeyboardButton:
    return button(text, OnLabels(what=what, post_id=form["post_id"], value=str(value)).pack())
