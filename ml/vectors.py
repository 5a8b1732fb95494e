"""Texts to sparse TF-IDF vectors: words, pairs of words and letters inside words.

Plain numpy and dictionaries, so that a vectoriser is saved as words and numbers and loading it runs no code. The
letters of a word are looked up once and remembered: texts repeat their words.
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Tokens = Sequence[str]
_LETTERS = (3, 4, 5)
_SHORTEST_WORD = 3
_REMEMBERED_WORDS = 50_000


@dataclass
class Vectoriser:
    """TF-IDF with sublinear counts; the block of words and the block of letters each have length one."""

    words: list[str]
    letters: list[str]
    word_idf: NDArray[np.float32]
    letter_idf: NDArray[np.float32]
    _word_index: dict[str, int] = field(init=False, repr=False)
    _letter_index: dict[str, int] = field(init=False, repr=False)
    _letters_of: dict[str, tuple[int, ...]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._word_index = {word: index for index, word in enumerate(self.words)}
        self._letter_index = {gram: index for index, gram in enumerate(self.letters)}

    @property
    def width(self) -> int:
        return len(self.words) + len(self.letters)

    def transform(self, texts: Sequence[Tokens]) -> sparse.csr_matrix:
        """One row a text, words first, then letters. float32."""
        indices: list[NDArray[np.int32]] = []
        values: list[NDArray[np.float32]] = []
        ends = [0]
        for tokens in texts:
            found = [
                self._block(self._word_ids(tokens), self.word_idf, 0),
                self._block(self._letter_ids(tokens), self.letter_idf, len(self.words)),
            ]
            indices.extend(part[0] for part in found)
            values.extend(part[1] for part in found)
            ends.append(ends[-1] + sum(len(part[0]) for part in found))
        return sparse.csr_matrix(
            (
                np.concatenate(values) if values else np.zeros(0, np.float32),
                np.concatenate(indices) if indices else np.zeros(0, np.int32),
                np.array(ends, np.int64),
            ),
            shape=(len(texts), self.width),
        )

    def name(self, column: int) -> str | None:
        """The word or the pair of words of a column; None for letters, which say nothing to people."""
        return self.words[column] if column < len(self.words) else None

    def unknown_share(self, tokens: Tokens) -> float:
        """Of a text's different words the share that is none of ours; signs and numbers are no words."""
        words = {token for token in tokens if len(token) >= _SHORTEST_WORD and token.isalpha()}
        return sum(word not in self._word_index for word in words) / len(words) if words else 0.0

    def _word_ids(self, tokens: Tokens) -> Counter[int]:
        index = self._word_index
        return Counter(found for gram in _word_grams(tokens) if (found := index.get(gram)) is not None)

    def _letter_ids(self, tokens: Tokens) -> Counter[int]:
        counts: Counter[int] = Counter()
        for token in tokens:
            known = self._letters_of.get(token)
            if known is None:
                index = self._letter_index
                known = tuple(index[gram] for gram in letter_grams(token) if gram in index)
                if len(self._letters_of) < _REMEMBERED_WORDS:
                    self._letters_of[token] = known
            counts.update(known)
        return counts

    @staticmethod
    def _block(
        counts: Counter[int], idf: NDArray[np.float32], offset: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        ids = np.array(sorted(counts), dtype=np.int32)
        if not len(ids):
            return ids, np.zeros(0, np.float32)
        weights = (1 + np.log(np.array([counts[int(column)] for column in ids], dtype=np.float32))) * idf[ids]
        return ids + np.int32(offset), (weights / np.linalg.norm(weights)).astype(np.float32)


def fit(texts: Sequence[Tokens], *, word_texts: int = 2, letter_texts: int = 3, letters: int = 60_000) -> Vectoriser:
    """Learns words met in at least `word_texts` texts and the `letters` most met grams of at least `letter_texts`."""
    word_counts: Counter[str] = Counter()
    letter_counts: Counter[str] = Counter()
    for tokens in texts:
        word_counts.update(set(_word_grams(tokens)))
        letter_counts.update({gram for token in set(tokens) for gram in letter_grams(token)})
    words = sorted(word for word, count in word_counts.items() if count >= word_texts)
    frequent = sorted(letter_counts.items(), key=lambda pair: (-pair[1], pair[0]))[:letters]
    grams = sorted(gram for gram, count in frequent if count >= letter_texts)
    return Vectoriser(
        words=words,
        letters=grams,
        word_idf=_idf((word_counts[word] for word in words), len(texts)),
        letter_idf=_idf((letter_counts[gram] for gram in grams), len(texts)),
    )


def letter_grams(token: str) -> set[str]:
    """Three to five letters of a word with its edges marked; signs and masks have none."""
    if len(token) < 3 or not token[0].isalpha():
        return set()
    edged = f" {token[:30]} "
    return {edged[start : start + size] for size in _LETTERS for start in range(len(edged) - size + 1)}


def _word_grams(tokens: Tokens) -> Iterable[str]:
    yield from tokens
    for first, second in itertools.pairwise(tokens):
        yield f"{first} {second}"


def _idf(counts: Iterable[int], texts: int) -> NDArray[np.float32]:
    met = np.array(list(counts), dtype=np.float32)
    return (np.log((1 + texts) / (1 + met)) + 1).astype(np.float32)
