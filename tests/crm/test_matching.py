from typing import Any

import pytest

from crm.matching import ListingFacts, Wish, occurs, spaced, wants, wish_of
from language.kinds import Engagement, Grade, Kind, Remote


def facts(**fields: Any) -> ListingFacts:
    """A middle React developer, remote, 2000-2500 an hour, unless told otherwise."""
    filled: dict[str, Any] = {
        "listing_id": 1,
        "company_id": None,
        "kind": Kind.REQUEST,
        "role": "frontend",
        "core": ("react", "typescript"),
        "extra": ("docker",),
        "grades": (Grade.MIDDLE,),
        "engagement": Engagement.OUTSTAFF,
        "hourly_min": 2000,
        "hourly_max": 2500,
        "remote": Remote.REMOTE,
        "location": "Москва, РФ",
        "text": "Нужен React-разработчик в банк, старт сразу",
        "source_ids": (7,),
        "confidence": 0.9,
    } | fields
    return ListingFacts(**filled)


SILENT = facts(
    role=None,
    core=(),
    extra=(),
    grades=(),
    engagement=Engagement.UNKNOWN,
    hourly_min=None,
    hourly_max=None,
    remote=None,
    location=None,
)


def matches(listing: ListingFacts, **filters: Any) -> bool:
    return wants(Wish(**filters), listing) is not None


class TestWants:
    def test_a_wish_without_filters_wants_everything_and_has_no_reasons(self) -> None:
        assert wants(Wish(), facts()) == ()

    def test_kind(self) -> None:
        assert matches(facts(), kinds=(Kind.REQUEST,))
        assert not matches(facts(), kinds=(Kind.OFFER,))

    def test_role(self) -> None:
        assert matches(facts(), roles=("backend", "frontend"))
        assert not matches(facts(), roles=("backend",))

    def test_any_of_the_technologies_in_core_or_extra_is_enough(self) -> None:
        assert matches(facts(), technologies_any=("vue", "react"))
        assert matches(facts(), technologies_any=("docker",))
        assert not matches(facts(), technologies_any=("vue", "angular"))

    def test_all_of_the_technologies_must_be_there(self) -> None:
        assert matches(facts(), technologies_all=("react", "docker"))
        assert not matches(facts(), technologies_all=("react", "vue"))

    def test_none_of_the_technologies_may_be_there(self) -> None:
        assert matches(facts(), technologies_none=("wordpress",))
        assert not matches(facts(), technologies_none=("docker",))

    def test_one_of_the_grades(self) -> None:
        assert matches(facts(grades=(Grade.MIDDLE, Grade.SENIOR)), grades=(Grade.SENIOR,))
        assert not matches(facts(), grades=(Grade.SENIOR, Grade.LEAD))

    def test_engagement(self) -> None:
        assert matches(facts(), engagements=(Engagement.OUTSTAFF,))
        assert not matches(facts(), engagements=(Engagement.INHOUSE,))

    def test_the_best_rate_must_reach_the_minimum(self) -> None:
        assert matches(facts(), min_rate=2500)
        assert not matches(facts(), min_rate=2501)

    def test_an_open_upper_bound_is_judged_by_the_lower_one(self) -> None:
        assert matches(facts(hourly_max=None), min_rate=2000)
        assert not matches(facts(hourly_max=None), min_rate=2001)

    def test_remote(self) -> None:
        assert matches(facts(), remote=(Remote.REMOTE, Remote.HYBRID))
        assert not matches(facts(remote=Remote.OFFICE), remote=(Remote.REMOTE,))

    def test_place(self) -> None:
        assert matches(facts(), places=("москва",))
        assert matches(facts(location="офис в Москве"), places=("Москва",))
        assert matches(facts(location="Moscow"), places=("Москва",))
        assert not matches(facts(), places=("Казань",))

    def test_remote_or_place_is_enough_where_both_are_asked(self) -> None:
        both = {"remote": (Remote.REMOTE,), "places": ("Москва",)}
        assert matches(facts(remote=Remote.OFFICE, location="Москва"), **both)
        assert matches(facts(remote=Remote.REMOTE, location="Казань"), **both)
        assert not matches(facts(remote=Remote.OFFICE, location="Казань"), **both)
        assert matches(facts(remote=None, location="Казань"), **both)

    def test_any_of_the_words_is_enough(self) -> None:
        assert matches(facts(), words=("финтех", "банк"))
        assert not matches(facts(), words=("финтех",))

    def test_a_minus_word_rules_out(self) -> None:
        assert not matches(facts(), minus_words=("банк",))
        assert matches(facts(), minus_words=("казино",))

    def test_source(self) -> None:
        assert matches(facts(source_ids=(7, 8)), source_ids=(8,))
        assert not matches(facts(), source_ids=(8,))

    def test_the_confidence_must_reach_the_minimum(self) -> None:
        assert matches(facts(confidence=0.3))
        assert not matches(facts(confidence=0.29))
        assert matches(facts(confidence=0.1), min_confidence=0.05)


UNSTATED = {
    "roles": {"roles": ("backend",)},
    "technologies": {"technologies_any": ("go",), "technologies_all": ("go",), "technologies_none": ("php",)},
    "grades": {"grades": (Grade.SENIOR,)},
    "engagement": {"engagements": (Engagement.INHOUSE,)},
    "min_rate": {"min_rate": 3000},
    "remote": {"remote": (Remote.OFFICE,)},
    "places": {"places": ("Казань",)},
}


class TestUnstated:
    @pytest.mark.parametrize("field", UNSTATED)
    def test_a_field_that_a_post_does_not_state_passes(self, field: str) -> None:
        assert not matches(facts(), **UNSTATED[field])
        assert matches(SILENT, **UNSTATED[field])

    @pytest.mark.parametrize("field", UNSTATED)
    def test_a_strict_wish_asks_for_it_to_be_stated(self, field: str) -> None:
        assert not matches(SILENT, **UNSTATED[field], strict=(field,))

    @pytest.mark.parametrize("field", UNSTATED)
    def test_strictness_needs_no_filter(self, field: str) -> None:
        assert not matches(SILENT, strict=(field,))
        assert matches(facts(), strict=(field,))

    def test_strictness_about_one_field_leaves_the_others_open(self) -> None:
        assert matches(facts(grades=()), grades=(Grade.SENIOR,), strict=("min_rate",))


class TestReasons:
    def test_each_filter_says_what_of_the_listing_met_it(self) -> None:
        wish = Wish(
            kinds=(Kind.REQUEST,),
            roles=("frontend",),
            technologies_any=("docker", "vue"),
            technologies_all=("react",),
            grades=(Grade.MIDDLE, Grade.SENIOR),
            engagements=(Engagement.OUTSTAFF,),
            min_rate=2000,
            remote=(Remote.REMOTE,),
            places=("Москва", "Казань"),
            words=("банк", "финтех"),
            source_ids=(7, 9),
        )
        assert wants(wish, facts()) == (
            {"filter": "kind", "value": "request"},
            {"filter": "role", "value": "frontend"},
            {"filter": "core", "value": "react"},
            {"filter": "extra", "value": "docker"},
            {"filter": "grade", "value": "middle"},
            {"filter": "engagement", "value": "outstaff"},
            {"filter": "rate", "value": 2000},
            {"filter": "remote", "value": "remote"},
            {"filter": "place", "value": "Москва"},
            {"filter": "word", "value": "банк"},
            {"filter": "source", "value": 7},
        )

    def test_what_is_not_stated_is_no_reason(self) -> None:
        wish = Wish(kinds=(Kind.REQUEST,), grades=(Grade.SENIOR,), min_rate=3000, places=("Казань",))
        assert wants(wish, SILENT) == ({"filter": "kind", "value": "request"},)


class TestOccurs:
    @pytest.mark.parametrize(
        ("word", "text"),
        [
            ("банк", "проект для банка"),
            ("ВордПресс", "сайт на вордпрессе"),
            ("big data", "опыт с Big Data обязателен"),
            ("стажёр", "возьмём стажера"),
            ("go", "пишем на Go, немного Python"),
            ("банк", "крупный\u200b Банк."),
        ],
    )
    def test_found(self, word: str, text: str) -> None:
        assert occurs(word, spaced(text))

    @pytest.mark.parametrize(
        ("word", "text"),
        [
            ("go", "работа в google"),
            ("банк", "фотобанк картинок"),
            ("big data", "big new data"),
            ("!!!", "срочно!!!"),
            ("банк", ""),
        ],
    )
    def test_not_found(self, word: str, text: str) -> None:
        assert not occurs(word, spaced(text))


class TestWishOf:
    def test_a_wish_of_a_wish_is_the_same(self) -> None:
        wish = Wish(kinds=("offer",), words=("банк",), source_ids=(1,), min_confidence=0.7, strict=("grades",))
        assert wish_of(wish) == wish

    def test_sources_and_confidence_may_be_given_beside(self) -> None:
        assert wish_of(Wish(), source_ids=[3], min_confidence=0.5) == Wish(source_ids=(3,), min_confidence=0.5)
