"""What updates say of earlier listings."""

import pytest

from language.kinds import Grade, ListingState
from language.prediction import StateChange
from language.state_changes import state_changes
from language.taxonomy import Taxonomy

CLOSED, PAUSED, OPEN = ListingState.CLOSED, ListingState.PAUSED, ListingState.OPEN

BY_NUMBER: list[tuple[str, list[StateChange]]] = [
    ("❌ Потребность закрыта, ID 10482", [StateChange(CLOSED, ("10482",))]),
    ("Заморозили: ID 190, 194, 197", [StateChange(PAUSED, ("190", "194", "197"))]),
    ("⏸ ID 311 на паузе", [StateChange(PAUSED, ("311",))]),
    ("Снова открыт ID 4410", [StateChange(OPEN, ("4410",))]),
    ("Reopened: 5077. Same terms.", [StateChange(OPEN, ("5077",))]),
    ("ID 311 закрыт. ID 318 на паузе.", [StateChange(CLOSED, ("311",)), StateChange(PAUSED, ("318",))]),
    ("551 — на холде\n552 — закрыта", [StateChange(PAUSED, ("551",)), StateChange(CLOSED, ("552",))]),
    (
        "Актуальные позиции на сегодня: ID 311, 318",
        [StateChange(OPEN, ("311", "318"), is_whole_list=True)],
    ),
]

IN_WORDS: list[tuple[str, list[StateChange]]] = [
    (
        "На паузе: React Middle",
        [StateChange(PAUSED, role="frontend", core=("react",), grades=(Grade.MIDDLE,))],
    ),
    ("Отбой по девопсу", [StateChange(CLOSED, role="devops")]),
    (
        "Kotlin: closed. PHP: hold.",
        [
            StateChange(CLOSED, role="backend", core=("kotlin",)),
            StateChange(PAUSED, role="backend", core=("php",)),
        ],
    ),
]


class TestStateChanges:
    @pytest.mark.parametrize(("text", "expected"), BY_NUMBER, ids=[case[0][:40] for case in BY_NUMBER])
    def test_listings_are_named_by_number(self, text: str, expected: list[StateChange]) -> None:
        assert state_changes(text, Taxonomy.default()) == expected

    @pytest.mark.parametrize(("text", "expected"), IN_WORDS, ids=[case[0][:40] for case in IN_WORDS])
    def test_listings_are_named_in_words(self, text: str, expected: list[StateChange]) -> None:
        assert state_changes(text, Taxonomy.default()) == expected

    def test_a_correction_changes_no_state(self) -> None:
        assert state_changes("Поправка: ставка не 2100, а 2200", Taxonomy.default()) == []
