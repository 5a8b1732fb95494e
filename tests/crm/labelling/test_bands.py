from crm.labelling.bands import BANDS, bands
from language.near_duplicates import shingle_text, shingles
from tests.labelled import GO, JAVA, JAVA_REPOSTED


def of(text: str) -> set[int]:
    return set(bands(shingles(shingle_text(text))))


class TestBands:
    def test_are_shared_by_near_duplicates_alone(self) -> None:
        assert of(JAVA) & of(JAVA_REPOSTED)
        assert not of(JAVA) & of(GO)

    def test_of_a_text_never_change(self) -> None:
        first = bands(frozenset(("java", "java senior")))
        assert len(first) == BANDS
        assert first[:2] == [1612783458, 8093901849]

    def test_of_no_words_are_none(self) -> None:
        assert bands(frozenset()) == []
