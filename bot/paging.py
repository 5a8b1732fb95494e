"""Long lists in pages: what is shown of them, and the buttons that turn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from aiogram.types import InlineKeyboardButton

from bot.cards import button

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    shown: Sequence[Item]
    number: int
    """from 1"""
    count: int
    """of pages; at least 1"""


def page_of(items: Sequence[Item], number: int, on_a_page: int) -> Page[Item]:
    """The page of that number, or the nearest there is."""
    count = max(1, -(-len(items) // on_a_page))
    number = min(max(number, 1), count)
    return Page(items[(number - 1) * on_a_page : number * on_a_page], number, count)


def turns(page: Page[Item], data: Callable[[int], str]) -> list[InlineKeyboardButton]:
    """« and » where there is a page; `data` makes the callback data of a page's number."""
    back = [button("«", data(page.number - 1))] if page.number > 1 else []
    on = [button("»", data(page.number + 1))] if page.number < page.count else []
    return back + on
