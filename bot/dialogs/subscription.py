"""Dialog: a subscription step by step, each step may be skipped; ends in a summary, from which any step opens again."""

from typing import Any

from aiogram.fsm.state import State
from aiogram_dialog import Dialog, Window
from aiogram_dialog.widgets.input import TextInput
from aiogram_dialog.widgets.kbd import Back, Button, Next, Row, ScrollingGroup
from aiogram_dialog.widgets.text import Format

from bot import wizard
from bot.states import Wizard
from bot.widgets import OnTick, Say, tick_list

ROWS_ON_A_PAGE = 8


def _step(state: State, *widgets: Any, clears: bool = False) -> Window:
    """A step's window: its own widgets over the ways on."""
    ways = [
        Row(
            Back(Say("wizard-back"), when="has_back"),
            Next(Say("wizard-next"), when=lambda data, *_: data["steps"] and data["is_set"]),
            Next(Say("wizard-skip"), id="skip", when=lambda data, *_: data["steps"] and not data["is_set"]),
        ),
        Row(
            Button(Say("wizard-clear"), id="clear", on_click=wizard.clear, when="is_set") if clears else Row(),
            Button(Say("wizard-to-summary"), id="to_summary", on_click=wizard.to_summary),
            Button(Say("wizard-save"), id="save_here", on_click=wizard.save, when="is_old"),
        ),
    ]
    return Window(Format("{text}"), *widgets, *ways, state=state, parse_mode="HTML")


def _pages(id: str, on_tick: OnTick) -> ScrollingGroup:
    """A long list, page by page."""
    return ScrollingGroup(
        tick_list(id, on_tick), id=f"{id}_pages", width=2, height=ROWS_ON_A_PAGE, hide_on_single_page=True
    )


def _summary() -> Window:
    return Window(
        Format("{text}"),
        tick_list("fields", wizard.open_field, width=3),
        Row(
            Button(Say("wizard-create"), id="create", on_click=wizard.save, when="is_new"),
            Button(Say("wizard-save"), id="save", on_click=wizard.save, when="is_old"),
            Button(Say("wizard-cancel"), id="cancel", on_click=wizard.cancel),
        ),
        TextInput(id="line", on_success=wizard.type_line),
        state=Wizard.summary,
        parse_mode="HTML",
    )


def dialog() -> Dialog:
    """Built anew for each dispatcher."""
    return Dialog(
        _step(Wizard.kinds, tick_list("kinds", wizard.tick)),
        _step(
            Wizard.roles,
            _pages("roles", wizard.tick),
            clears=True,
        ),
        _step(
            Wizard.technologies,
            tick_list("mode", wizard.choose_mode, width=3),
            tick_list("technologies", wizard.tick_technology, width=3),
            TextInput(id="technology", on_success=wizard.type_technologies),
            clears=True,
        ),
        _step(Wizard.grades, tick_list("grades", wizard.tick), clears=True),
        _step(Wizard.engagements, tick_list("engagements", wizard.tick), clears=True),
        _step(
            Wizard.rate,
            tick_list("rate", wizard.choose_rate, width=3),
            TextInput(id="typed_rate", on_success=wizard.type_rate),
        ),
        _step(
            Wizard.where,
            tick_list("remote", wizard.tick, width=3),
            TextInput(id="place", on_success=wizard.type_places),
            clears=True,
        ),
        _step(Wizard.words, TextInput(id="word", on_success=wizard.type_words), clears=True),
        _step(
            Wizard.sources,
            _pages("sources", wizard.tick_source),
            clears=True,
        ),
        _step(
            Wizard.how,
            tick_list("channels", wizard.choose_how),
            tick_list("rhythm", wizard.choose_how, width=3),
            tick_list("sound", wizard.choose_how),
            tick_list("confidence", wizard.choose_how),
        ),
        _step(Wizard.strict, tick_list("strict", wizard.tick), clears=True),
        _summary(),
        on_start=wizard.begin,
        getter=wizard.data_of,
    )
