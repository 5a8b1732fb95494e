import pytest

from language.kinds import ListingState
from language.state_changes import replaced_ids
from language.states import leading_state


class TestLeadingState:
    @pytest.mark.parametrize(
        "text",
        [
            "❌ Закрыто. Java Middle",
            "[FILLED] Senior React",
            "ЗАКРЫТА ПОТРЕБНОСТЬ\nJava",
            "❌❌ Потребность закрыта ❌",
            "🔴 CLOSED | React",
            "Неактуально!\nJava",
        ],
    )
    def test_reads_that_it_is_closed(self, text: str) -> None:
        assert leading_state(text, is_edited=False) is ListingState.CLOSED

    @pytest.mark.parametrize("text", ["⏸ Java Middle", "На паузе: React", "[ON HOLD] Go"])
    def test_reads_that_it_is_paused(self, text: str) -> None:
        assert leading_state(text, is_edited=False) is ListingState.PAUSED

    @pytest.mark.parametrize(
        "text",
        ["Закрыт ли запрос на Java?", "Закрытый клуб разработчиков", "Ищем Java\nЗакрыто", "Кто закроет", ""],
    )
    def test_reads_nothing_elsewhere(self, text: str) -> None:
        assert leading_state(text, is_edited=True) is None

    def test_takes_a_cross_alone_for_a_closing_in_an_edit_only(self) -> None:
        assert leading_state("❌ Java Middle", is_edited=True) is ListingState.CLOSED
        assert leading_state("❌ Java Middle", is_edited=False) is None


class TestReplacedIds:
    def test_reads_what_is_replaced(self) -> None:
        assert replaced_ids("ID: 7318 (взамен 7307)\nJava") == ("7307",)
        assert replaced_ids("This replaces RD-511") == ("RD-511",)
        assert replaced_ids("вместо запроса № 20417 теперь этот") == ("20417",)

    @pytest.mark.parametrize("text", ["вместо 2300 ₽ теперь до 2500", "вместо 180к", "взамен ушедшего", "ID 7318"])
    def test_takes_no_money_for_an_id(self, text: str) -> None:
        assert replaced_ids(text) == ()
