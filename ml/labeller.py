"""Posts to predictions: the one thing that workers and `platon lab` ask of a model."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from language.asking import asks_or_offers
from language.kinds import Engagement, Kind
from language.prediction import Item, Prediction
from language.state_changes import describes_position, is_about_states, state_changes
from language.taxonomy import Taxonomy
from ml import artifact, extraction, facts, reasons
from ml.classifier import Decision, Linear, Texts
from ml.reading import Reading, read
from ml.technology_choice import TechnologyChoice
from ml.vectors import Vectoriser

_MAY_BE_RELEVANT = 0.1
"""an abstained post at least this probably relevant has its items guessed"""

_OF_LINEAR = ("weights", "fact_weights", "fact_bounds", "bias")


@dataclass(frozen=True)
class Labeller:
    """A trained model. Pure: the same texts give the same predictions, alone or in a batch, in any order."""

    vectoriser: Vectoriser
    kind: Decision
    engagement: Decision
    technologies: TechnologyChoice | None
    """None where rules decide core and extra"""
    abstain_below: float
    rule_shares: dict[str, float]
    """how often an item's decision by a rule was right on posts that the rules were not made from: «role title»"""
    manifest: dict[str, Any]
    taxonomy: Taxonomy

    def label(self, texts: Sequence[str]) -> list[Prediction]:
        """One prediction a text, in order."""
        if not texts:
            return []
        readings = [read(text, self.taxonomy) for text in texts]
        seen = Texts(self.vectoriser.transform([reading.tokens for reading in readings]), facts.table(readings))
        kinds = self.kind.probabilities(seen)
        engagements = self.engagement.probabilities(with_kinds(seen, kinds))
        return [
            self._prediction(reading, seen, row, kinds[row], engagements[row]) for row, reading in enumerate(readings)
        ]

    def kind_probabilities(self, texts: Sequence[str]) -> list[dict[Kind, float]]:
        """How probable each kind is, for each text in order, without anything else of its prediction."""
        readings = [read(text, self.taxonomy) for text in texts]
        seen = Texts(self.vectoriser.transform([reading.tokens for reading in readings]), facts.table(readings))
        kinds = [Kind(label) for label in self.kind.labels]
        return [dict(zip(kinds, map(float, row), strict=True)) for row in self.kind.probabilities(seen)]

    def save(self, path: Path) -> None:
        path.write_bytes(self.to_bytes())

    def to_bytes(self) -> bytes:
        """One artifact; `load` gives an equal labeller."""
        parts = artifact.Parts(
            self.manifest,
            settings={"abstain_below": self.abstain_below, "rule_shares": self.rule_shares},
            words={"vectoriser.words": self.vectoriser.words, "vectoriser.letters": self.vectoriser.letters},
            arrays={
                "vectoriser.word_idf": self.vectoriser.word_idf,
                "vectoriser.letter_idf": self.vectoriser.letter_idf,
            },
        )
        for name, decision in (("kind", self.kind), ("engagement", self.engagement)):
            parts.trees[name] = decision.trees
            parts.words[f"{name}.labels"] = list(decision.labels)
            for part in _OF_LINEAR:
                parts.arrays[f"{name}.{part}"] = getattr(decision.linear, part)
            parts.arrays[f"{name}.meaning"] = decision.meaning
            parts.settings[name] = {"temperature": decision.temperature}
        if self.technologies is not None:
            parts.trees["technologies"] = self.technologies.trees
            parts.settings["technologies"] = {"slope": self.technologies.slope, "shift": self.technologies.shift}
        return artifact.pack(parts)

    def _prediction(
        self,
        reading: Reading,
        seen: Texts,
        row: int,
        kinds: NDArray[np.float64],
        engagements: NDArray[np.float64],
    ) -> Prediction:
        best = int(kinds.argmax())
        kind = Kind(self.kind.labels[best])
        abstain = bool(kinds[best] < self.abstain_below)
        # Trees know few of the words by which people close and open; the rules that act on them know more.
        is_news = abstain and is_about_states(reading.text, self.taxonomy)
        if is_news:
            kind = Kind.UPDATE
        elif kind is Kind.UPDATE and describes_position(reading.text, self.taxonomy):
            kind = asks_or_offers(reading.text) or Kind.REQUEST
        relevance = float(sum(kinds[self.kind.labels.index(name)] for name in (Kind.REQUEST, Kind.OFFER)))
        chosen = int(engagements.argmax())
        engagement = Engagement(self.engagement.labels[chosen])
        is_listing = kind in (Kind.REQUEST, Kind.OFFER)
        found: list[Item] = []
        if is_listing or (abstain and not is_news and relevance >= _MAY_BE_RELEVANT):
            found = [
                self._with_confidence(decided) for decided in extraction.items(reading, engagement, self.technologies)
            ]
        said = state_changes(reading.text, self.taxonomy) if kind in (Kind.UPDATE, Kind.JUNK) else []
        return Prediction(
            kind=kind,
            kind_confidence=float(kinds[best]),
            engagement=None if kind is Kind.JUNK else engagement,
            engagement_confidence=float(engagements[chosen]),
            abstain=abstain,
            relevance=relevance,
            items=tuple(found),
            changes=tuple(said),
            reasons=tuple(reasons.reasons(reading, seen.words[row], self.kind.linear.weights, best, self.vectoriser)),
            unknown_words=self.vectoriser.unknown_share(reading.tokens),
        )

    def _with_confidence(self, decided: extraction.Decided) -> Item:
        shares = self.rule_shares
        return replace(
            decided.item,
            role_confidence=shares.get(f"role {decided.role_rule}", shares["role"]),
            core_confidence=shares.get(f"core {decided.core_rule}", shares["core"])
            if decided.core_confidence is None
            else decided.core_confidence,
            grades_confidence=shares.get(f"grades {decided.grades_rule}", shares["grades"]),
        )


def with_kinds(seen: Texts, kinds: NDArray[np.float64]) -> Texts:
    """What the engagement is decided from: the same and the probabilities of the kinds."""
    return Texts(seen.words, np.hstack([seen.facts, kinds]).astype(np.float32))


def load(data: bytes, taxonomy: Taxonomy | None = None) -> Labeller:
    """A labeller from the bytes of an artifact. Raises artifact.BadArtifact."""
    parts = artifact.unpack(data)
    try:
        return Labeller(
            vectoriser=Vectoriser(
                words=parts.words["vectoriser.words"],
                letters=parts.words["vectoriser.letters"],
                word_idf=parts.arrays["vectoriser.word_idf"],
                letter_idf=parts.arrays["vectoriser.letter_idf"],
            ),
            kind=_decision(parts, "kind"),
            engagement=_decision(parts, "engagement"),
            technologies=TechnologyChoice(parts.trees["technologies"], **parts.settings["technologies"])
            if "technologies" in parts.trees
            else None,
            abstain_below=parts.settings["abstain_below"],
            rule_shares=parts.settings["rule_shares"],
            manifest=parts.manifest,
            taxonomy=taxonomy or Taxonomy.default(),
        )
    except KeyError as error:
        raise artifact.BadArtifact(f"the model has no part {error}") from error


def load_file(path: Path, taxonomy: Taxonomy | None = None) -> Labeller:
    """A labeller from a file. Raises OSError where it cannot be read, artifact.BadArtifact where it is no model."""
    return load(path.read_bytes(), taxonomy)


def _decision(parts: artifact.Parts, name: str) -> Decision:
    return Decision(
        labels=tuple(parts.words[f"{name}.labels"]),
        linear=Linear(**{part: parts.arrays[f"{name}.{part}"] for part in _OF_LINEAR}),
        meaning=parts.arrays[f"{name}.meaning"],
        trees=parts.trees[name],
        temperature=parts.settings[name]["temperature"],
    )
