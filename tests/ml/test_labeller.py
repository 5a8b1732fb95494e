"""A trained labeller on posts that it has not seen."""

from pathlib import Path

import pytest

from language.kinds import Engagement, Grade, Kind, ListingState
from language.prediction import Rate
from ml import artifact
from ml.labeller import Labeller, load, load_file
from ml.training import Trained

REQUEST = "Запрос: 2 Java Middle+, Spring, Kafka. Ставка до 2300 ₽/ч, удалённо, РФ. Проект банка на полгода. @anna_hr1"
OFFER = "На бенче освободился Go Senior, 6 лет опыта: gRPC, PostgreSQL. Рейт 2900, выход с понедельника"
CLOSED = "❌ Потребность закрыта, ID 10482. Всем спасибо!"
JUNK = "Набор на курс «Java с нуля до Middle»: скидка 30 % до пятницы, подписывайтесь на канал!"


class TestLabel:
    @pytest.mark.parametrize(
        ("text", "kind"),
        [(REQUEST, Kind.REQUEST), (OFFER, Kind.OFFER), (CLOSED, Kind.UPDATE), (JUNK, Kind.JUNK)],
    )
    def test_a_plain_post_has_its_kind(self, labeller: Labeller, text: str, kind: Kind) -> None:
        assert labeller.label([text])[0].kind is kind

    def test_a_request_has_its_item(self, labeller: Labeller) -> None:
        prediction = labeller.label([REQUEST])[0]
        (item,) = prediction.items
        assert prediction.engagement is Engagement.OUTSTAFF
        assert (item.role, set(item.core), item.grades, item.count) == (
            "backend",
            {"java", "spring", "kafka"},
            (Grade.MIDDLE,),
            2,
        )
        assert item.rate == Rate("RUB", "hour", None, 2300)
        assert item.contact == "@anna_hr1"
        assert all(0 < share < 1 for share in (item.role_confidence, item.core_confidence, item.grades_confidence))

    def test_an_update_has_its_changes_and_no_items(self, labeller: Labeller) -> None:
        prediction = labeller.label([CLOSED])[0]
        assert prediction.items == ()
        assert [(change.state, change.request_ids) for change in prediction.changes] == [
            (ListingState.CLOSED, ("10482",))
        ]

    def test_junk_has_no_engagement_and_items_only_where_it_is_doubted(self, labeller: Labeller) -> None:
        prediction = labeller.label([JUNK])[0]
        assert (prediction.engagement, prediction.changes) == (None, ())
        assert prediction.abstain or prediction.items == ()

    def test_relevance_is_the_probability_of_a_listing(self, labeller: Labeller) -> None:
        request, junk = labeller.label([REQUEST, JUNK])
        assert request.relevance >= request.kind_confidence
        assert junk.relevance <= 1 - junk.kind_confidence + 1e-9

    def test_reasons_are_words_of_the_text(self, labeller: Labeller) -> None:
        prediction = labeller.label([OFFER])[0]
        assert prediction.reasons
        assert all(reason.words in OFFER for reason in prediction.reasons)

    def test_no_texts_have_no_predictions(self, labeller: Labeller) -> None:
        assert labeller.label([]) == []


class TestLoad:
    def test_a_file_is_read(self, labeller: Labeller, tmp_path: Path) -> None:
        labeller.save(tmp_path / "model")
        assert load_file(tmp_path / "model").label([REQUEST]) == labeller.label([REQUEST])

    @pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
    def test_bytes_that_are_no_model_are_refused(self, data: bytes) -> None:
        with pytest.raises(artifact.BadArtifact, match="no model of Platon"):
            load(data)

    def test_half_a_file_is_refused(self, trained: Trained) -> None:
        with pytest.raises(artifact.BadArtifact):
            load(trained.artifact[: len(trained.artifact) // 2])

    def test_a_model_of_another_format_is_refused(self) -> None:
        data = artifact.pack(artifact.Parts({"format": 99}))
        with pytest.raises(artifact.BadArtifact, match="format 99"):
            load(data)

    def test_a_model_without_a_part_is_refused(self) -> None:
        with pytest.raises(artifact.BadArtifact, match="has no part"):
            load(artifact.pack(artifact.Parts({})))
