"""Pieces of dialogs: texts in the person's language, and lists of things to tick."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, cast

from aiogram.types import CallbackQuery
from aiogram_dialog import DialogManager
from aiogram_dialog.widgets.kbd import Group, Select
from aiogram_dialog.widgets.kbd.select import OnItemClick
from aiogram_dialog.widgets.text import Format, Text

from bot.cards import cut
from i18n.translator import Translate

BUTTON_CHARACTERS = 60
OnTick = Callable[[CallbackQuery, Any, DialogManager, str], Awaitable[None]]


class Say(Text):
    """A text of the locales by its key."""

    def __init__(self, key: str, when: Any = None) -> None:
        super().__init__(when=when)
        self.key = key

    async def _render_text(self, data: dict[str, Any], manager: DialogManager) -> str:
        t: Translate = manager.middleware_data["t"]
        return t(self.key)


@dataclass(frozen=True)
class Tick:
    """A button of a list: its id and its label, ticked or not."""

    id: str
    text: str


def ticks(pairs: Iterable[tuple[str, str]], chosen: Iterable[str], t: Translate) -> list[Tick]:
    """Buttons of (id, name), those of `chosen` ticked."""
    marked = set(chosen)
    return [
        Tick(id_, cut(t("wizard-checked" if id_ in marked else "wizard-unchecked", name=name), BUTTON_CHARACTERS))
        for id_, name in pairs
    ]


def tick_list(id: str, on_tick: OnTick, width: int = 2) -> Group:
    """A list whose buttons the window's getter gives under the widget's id, as `ticks`."""
    select: Select[str] = Select(
        Format("{item.text}"),
        id=id,
        item_id_getter=attrgetter("id"),
        items=id,
        on_click=cast(OnItemClick[Select[str], str], on_tick),
    )
    return Group(select, width=width)
