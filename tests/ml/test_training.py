"""Training: reproducible, told as it goes, refused where there is too little to learn from."""

import pytest

from language.kinds import Kind
from ml.corpus_files import Example
from ml.training import NotEnoughExamples, Trained, train

FIGURES = ("relevance", "kind", "engagement", "items", "stack", "core", "grade", "role", "exact")


class TestTrain:
    def test_the_report_has_the_figures_of_posts_held_out(self, trained: Trained, examples: list[Example]) -> None:
        held_out = trained.report["held_out"]
        assert held_out["posts"] == len(examples)
        assert all(0.5 < held_out[name] <= 1 for name in FIGURES)
        assert 0 <= held_out["calibration_error"] < 0.1

    def test_the_manifest_says_what_the_model_was_made_of(self, trained: Trained, examples: list[Example]) -> None:
        assert trained.report["examples"] == len(examples)
        assert len(trained.report["data_sha256"]) == 64
        assert set(trained.report["libraries"]) == {"catboost", "numpy", "scipy", "scikit-learn"}

    def test_the_same_posts_and_seed_give_the_same_bytes(self, examples: list[Example]) -> None:
        few = examples[::3]
        assert train(few, seed=3).artifact == train(few, seed=3).artifact

    def test_progress_is_told_and_only_grows(self, examples: list[Example]) -> None:
        told: list[tuple[float, str]] = []
        train(examples[::3], progress=lambda share, words: told.append((share, words)))
        shares = [share for share, _ in told]
        assert shares == sorted(shares)
        assert (shares[0], shares[-1]) == (0.0, 1.0)
        assert all(words.startswith("training-") for _, words in told)

    def test_without_posts_of_a_kind_it_is_refused(self, examples: list[Example]) -> None:
        with pytest.raises(NotEnoughExamples, match="update"):
            train([example for example in examples if example.kind is not Kind.UPDATE])

    def test_without_engagements_it_is_refused(self, examples: list[Example]) -> None:
        one = next(example.engagement for example in examples if example.engagement)
        with pytest.raises(NotEnoughExamples, match="engagements"):
            train([example for example in examples if example.engagement in (None, one)])
