"""A challenger is tried on posts that no one learned from; poisoned labels teach nothing. Real models, small ones."""

import random
from dataclasses import replace

import pytest

from language.kinds import Engagement, Kind
from ml import corpus_files, labeller, training, trial
from ml.corpus_files import Example
from ml.lessons import Labelled, Tried

GROUPS = (
    *("requests_partner_network", "requests_2_network", "requests_freelance"),
    *("offers_bench", "offers_2_bench", "offers_freelance"),
    *("junk_courses", "junk_2_courses_events", "junk_2_other_fraud"),
    *("updates_closings", "updates_2_closings"),
)
BATCH = "Ада, Рога и копыта, import"


@pytest.fixture(scope="module")
def plain() -> list[Example]:
    """Posts that even a small model tells apart, with enough of each sort."""
    known = [example for example in corpus_files.read() if example.group in GROUPS]
    return [example for example in known if example.engagement in (None, Engagement.OUTSTAFF, Engagement.FREELANCE)]


@pytest.fixture(scope="module")
def corpus(plain: list[Example]) -> list[Example]:
    return plain[::2]


@pytest.fixture(scope="module")
def champion_understudy(corpus: list[Example]) -> bytes:
    return training.train(trial.split(corpus)[0]).artifact


def labelled(examples: list[Example], flipped: float = 0.0, batch: str | None = BATCH) -> list[Labelled]:
    wrong = set(random.Random(7).sample(range(len(examples)), round(flipped * len(examples))))
    return [Labelled(flip(one) if n in wrong else one, True, batch) for n, one in enumerate(examples)]


def flip(example: Example) -> Example:
    kind = Kind.REQUEST if example.kind is Kind.JUNK else Kind.JUNK
    return replace(example, kind=kind, engagement=None, items=())


class TestSplit:
    def test_a_tenth_is_fixed_whatever_else_is_there(self, plain: list[Example]) -> None:
        learnt, fixed = trial.split(plain)
        assert len(learnt) + len(fixed) == len(plain)
        assert 0.05 < len(fixed) / len(plain) < 0.15
        assert [one for one in trial.split(plain[::2])[1] if one not in fixed] == []


@pytest.fixture(scope="module")
def poisoned(plain: list[Example], corpus: list[Example], champion_understudy: bytes) -> Tried:
    return trial.try_challenger(corpus, labelled(plain[1::4], flipped=0.2), champion_understudy)


class TestTryChallenger:
    def test_a_poisoned_batch_is_refused_and_named(self, poisoned: Tried) -> None:
        assert [one["reason"] for one in poisoned.report["refused_because"]] == ["not-better"]
        (left_out,) = poisoned.report["left_out"]
        assert left_out["batch"] == BATCH
        assert left_out["contradicted"] / left_out["sure"] > 0.1

    def test_what_is_refused_is_kept_as_it_was_measured(self, poisoned: Tried) -> None:
        assert poisoned.artifact == poisoned.understudy
        assert poisoned.report["trial"]["sets"].keys() == {"fixed"}

    def test_who_knows_more_wins_and_learns_everything(self, plain: list[Example], corpus: list[Example]) -> None:
        """The champion learned from a sixth of what the challenger has, and of one kind almost nothing."""
        learnt = trial.split(corpus)[0]
        few = [one for one in learnt if one.kind is not Kind.UPDATE][::4]
        few += [one for one in learnt if one.kind is Kind.UPDATE][:4]
        people = labelled(plain[1::8], batch=None)
        tried = trial.try_challenger(corpus, people, training.train(few).artifact)
        assert tried.report["refused_because"] == []
        assert tried.report["examples"] == len(corpus) + len(people)
        assert tried.artifact != tried.understudy
        assert tried.report["trial"]["sets"]["newest"]["posts"] == round(0.2 * len(people))


class TestBatches:
    def left_out(self, champion_understudy: bytes, corpus: list[Example], people: list[Labelled]) -> list[str]:
        champion = labeller.load(champion_understudy)
        return [one["batch"] for one in trial._without_contradicting(people, champion, trial.split(corpus)[1])[1]]

    def test_honest_ones_are_believed(
        self, plain: list[Example], corpus: list[Example], champion_understudy: bytes
    ) -> None:
        assert self.left_out(champion_understudy, corpus, labelled(plain[1::4])) == []

    def test_corrections_may_contradict(
        self, plain: list[Example], corpus: list[Example], champion_understudy: bytes
    ) -> None:
        assert self.left_out(champion_understudy, corpus, labelled(plain[1::4], flipped=1.0, batch=None)) == []

    def test_a_few_wrong_labels_condemn_nobody(
        self, plain: list[Example], corpus: list[Example], champion_understudy: bytes
    ) -> None:
        assert self.left_out(champion_understudy, corpus, labelled(plain[1::100], flipped=0.5)) == []


class TestFirst:
    def test_without_a_champion_there_is_nobody_to_beat(self, corpus: list[Example]) -> None:
        tried = trial.first(corpus[::3], [])
        assert (tried.understudy, tried.report["refused_because"], tried.report["labels"]) == (None, [], 0)
        assert tried.report["figures"]["posts"] == len(corpus[::3])
