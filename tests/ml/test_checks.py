"""The laws of models: a trained one keeps them, and each law finds a model that breaks it."""

import dataclasses

from language.kinds import Kind
from language.prediction import Prediction
from ml import checks
from ml.corpus_files import Example
from ml.labeller import Labeller


class TestBroken:
    def test_a_trained_model_keeps_every_law(self, labeller: Labeller, examples: list[Example]) -> None:
        texts = [example.text for example in examples[::6]]
        assert checks.broken(labeller, texts) == []

    def test_a_model_with_a_mood_is_found(self, labeller: Labeller) -> None:
        class Moody(Labeller):
            calls = 0

            def label(self, texts):
                Moody.calls += 1
                kind = Kind.JUNK if Moody.calls % 2 else Kind.REQUEST
                return [Prediction(kind, 1.0, None) for _ in texts]

        moody = Moody(**{field.name: getattr(labeller, field.name) for field in dataclasses.fields(Labeller)})
        laws = {found.law for found in checks.broken(moody, ["Нужен джавист"])}
        assert {"deterministic", "batch equals single"} <= laws

    def test_a_model_that_reads_case_is_found(self, labeller: Labeller) -> None:
        class Shouting(Labeller):
            def label(self, texts):
                return [Prediction(Kind.JUNK if text.isupper() else Kind.REQUEST, 1.0, None) for text in texts]

        shouting = Shouting(**{field.name: getattr(labeller, field.name) for field in dataclasses.fields(Labeller)})
        found = checks.look_does_not_matter(shouting, ["Нужен джавист"])
        assert [one.law for one in found] == ["capitals leave the kind"]
