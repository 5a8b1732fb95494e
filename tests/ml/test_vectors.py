"""TF-IDF of our own."""

import numpy as np

from ml import vectors

TEXTS = [["нужен", "джавист"], ["нужен", "реактер"], ["нужен", "джавист", "джавист"]]


class TestTransform:
    def test_words_met_often_enough_are_columns(self) -> None:
        fitted = vectors.fit(TEXTS, word_texts=2, letter_texts=2)
        assert fitted.words == ["джавист", "нужен", "нужен джавист"]
        assert " дж" in fitted.letters

    def test_each_block_has_length_one(self) -> None:
        fitted = vectors.fit(TEXTS, word_texts=2, letter_texts=2)
        table = fitted.transform(TEXTS).toarray()
        words, letters = table[:, : len(fitted.words)], table[:, len(fitted.words) :]
        assert np.allclose(np.linalg.norm(words, axis=1), 1)
        assert np.allclose(np.linalg.norm(letters, axis=1), 1)

    def test_rarer_words_weigh_more(self) -> None:
        fitted = vectors.fit(TEXTS, word_texts=2, letter_texts=2)
        row = fitted.transform([["нужен", "джавист"]]).toarray()[0]
        assert row[fitted.words.index("джавист")] > row[fitted.words.index("нужен")]

    def test_unknown_words_and_no_words_are_zeros(self) -> None:
        fitted = vectors.fit(TEXTS, word_texts=2, letter_texts=2)
        assert fitted.transform([["🙂"], []]).nnz == 0

    def test_unknown_share_is_of_different_words_alone(self) -> None:
        fitted = vectors.fit(TEXTS, word_texts=2, letter_texts=2)
        assert fitted.unknown_share(["нужен", "сеньор", "сеньор", "джавист", "нужен", "и", "!", "12"]) == 1 / 3
        assert fitted.unknown_share(["!"]) == 0

    def test_letters_have_no_names(self) -> None:
        fitted = vectors.fit(TEXTS, word_texts=2, letter_texts=2)
        assert fitted.name(0) == "джавист"
        assert fitted.name(len(fitted.words)) is None
