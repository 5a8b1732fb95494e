"""How an alert looks: what is on it, in both languages, within Telegram's limits."""

import pytest

from bot import notices, reasons
from bot.cards import TEXT_LIMIT, Card, alert_card, cut
from crm.alerts import Told
from db.models import Bundle, Role
from i18n.translator import LANGUAGES, translator
from language.kinds import Engagement, Kind, ListingState
from sandbox.telegram_bot_api.limits import check_body, check_markup
from sandbox.telegram_bot_api.markup import parse
from tests.bot import samples

t = translator("ru")
LATER = samples.user(id=2, name="Борис <3")

CARDS = {
    "plain": samples.told(),
    "no rate, role, place": samples.told(
        samples.listing(
            role=None,
            core=[],
            extra=[],
            grades=[],
            count=1,
            rate_min=None,
            rate_max=None,
            hourly_min=None,
            hourly_max=None,
            location=None,
            remote=None,
            engagement=Engagement.UNKNOWN,
        ),
        reasons=[],
    ),
    "dollars a month": samples.told(
        samples.listing(
            rate_min=None, rate_max=4000, rate_currency="USD", rate_period="month", hourly_min=None, hourly_max=1900
        )
    ),
    "offer": samples.told(samples.listing(kind=Kind.OFFER)),
    "unsure": samples.told(samples.listing(confidence=0.44), is_unsure=True),
    "closed": samples.told(samples.listing(state=ListingState.CLOSED, state_changed_at=samples.AT)),
    "paused": samples.told(samples.listing(state=ListingState.PAUSED)),
    "deleted": samples.told(samples.listing(withdrawn_at=samples.AT)),
    "taken": samples.told(owner=LATER),
    "mine": samples.told(owner=samples.user()),
    "dismissed": samples.told(is_dismissed=True),
    "hidden": samples.told(is_hidden=True),
    "seen often": samples.told(appearances=[samples.seen(f"Канал <{number}>") for number in range(8)]),
    "closed source, direct client": samples.told(
        samples.listing(direct_client=True), [samples.seen(username=None, contact=None)], possible_double=True
    ),
    "no appearance left": samples.told(appearances=[]),
    "everything too long": samples.told(
        samples.listing(location="Ы" * 5000, core=["react"] * 300, extra=["я" * 900] * 20),
        [samples.seen("<&>" * 3000, contact="&" * 3000, item_text="💣" * 9000) for _ in range(40)],
        reasons=[{"filter": "word", "value": "слово" * 400 + str(number)} for number in range(50)],
        subscription="&" * 5000,
        owner=samples.user(id=2, name="Щ" * 3000),
    ),
}


def shown(card: Card) -> str:
    """The text as Telegram would show it, checked against its limits."""
    plain, _ = parse(card.text, "HTML")
    check_body("text", plain)
    if card.buttons is not None:
        check_markup(card.buttons.model_dump(mode="json", exclude_none=True))
    return plain


def drawn(told: Told, language: str = "ru", **fields: object) -> str:
    return shown(alert_card(told, samples.user(language, **fields), translator(language)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CARDS)
class TestEveryCard:
    def test_renders_within_limits(self, name: str, language: str) -> None:
        assert drawn(CARDS[name], language)

    def test_renders_for_viewers(self, name: str, language: str) -> None:
        assert drawn(CARDS[name], language, role=Role.VIEWER)

    def test_is_explained(self, name: str, language: str) -> None:
        assert shown(Card(reasons.why(CARDS[name], translator(language)), None))

    @pytest.mark.parametrize("bundle", [Bundle.DIGEST, Bundle.MORNING, Bundle.RECOVERED])
    def test_renders_as_a_line_of_a_digest(self, name: str, language: str, bundle: Bundle) -> None:
        one = CARDS[name]._replace()
        one.alert.bundle = bundle
        cards = notices.digest(samples.delivery(one, one, language=language), translator(language))
        assert [shown(card) for card in cards]


class TestAlertCard:
    def test_shows_what_is_asked(self) -> None:
        lines = drawn(CARDS["plain"]).replace("\N{NO-BREAK SPACE}", " ").splitlines()
        assert lines[:5] == [
            "Запрос: Frontend-разработчик",
            "React, TypeScript · GraphQL",
            "Middle, Senior · 2 человека · аутстафф",
            "💰 2 000–2 500 ₽/ч",
            "📍 Москва · удалённо",
        ]

    def test_shows_when_where_and_why(self) -> None:
        text = drawn(CARDS["plain"])
        assert "Северный мост" in text
        assert "@hr_anna" in text
        assert "Подошло: Запрос, React, Middle, от 2\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}₽/ч" in text
        assert "Подписка «React <средний>»" in text

    def test_says_foreign_money_in_roubles_too(self) -> None:
        text = drawn(CARDS["dollars a month"]).replace("\N{NO-BREAK SPACE}", " ")
        assert "до 4 000 $ в месяц ≈ до 1 900 ₽/ч" in text

    def test_lists_five_appearances_and_counts_the_rest(self) -> None:
        text = drawn(CARDS["seen often"])
        assert "8 публикаций в 8 источниках" in text
        assert text.count("• ") == 5
        assert "ещё 3" in text

    @pytest.mark.parametrize(
        ("username", "start"), [("northbridge", "https://t.me/northbridge/"), (None, "https://t.me/c/1234567890/")]
    )
    def test_links_to_the_original(self, username: str | None, start: str) -> None:
        card = alert_card(samples.told(appearances=[samples.seen(username=username)]), samples.user(), t)
        _, entities = parse(card.text, "HTML")
        assert any(entity.get("url", "").startswith(start) for entity in entities)

    @pytest.mark.parametrize(("name", "mark"), [("closed", "⛔ Закрыт"), ("paused", "⏸ На паузе"), ("deleted", "🗑")])
    def test_strikes_through_what_is_over(self, name: str, mark: str) -> None:
        card = alert_card(CARDS[name], samples.user(), t)
        plain, entities = parse(card.text, "HTML")
        struck = [e for e in entities if e["type"] == "strikethrough"]
        assert plain.startswith(mark)
        assert len(struck) == 1

    def test_doubt_is_a_mark_and_a_first_row_of_buttons(self) -> None:
        card = alert_card(CARDS["unsure"], samples.user(), t)
        assert "Не уверен, что это запрос" in shown(card)
        assert card.buttons is not None
        assert [button.text for button in card.buttons.inline_keyboard[0]] == [
            t("card-button-is-request"),
            t("card-button-is-not"),
        ]

    def test_a_colleagues_lead_cannot_be_taken(self) -> None:
        card = alert_card(CARDS["taken"], samples.user(), t)
        assert "Взял(а) Борис <3" in shown(card)
        assert card.buttons is not None
        labels = [button.text for row in card.buttons.inline_keyboard for button in row]
        assert t("card-button-take") not in labels

    def test_the_longest_card_still_ends_with_its_subscription(self) -> None:
        text = drawn(CARDS["everything too long"])
        assert "Подписка «" in text[-80:]
        assert len(text.encode("utf-16-le")) // 2 <= TEXT_LIMIT


class TestDigest:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_is_split_into_messages_that_fit_and_loses_none(self, language: str) -> None:
        many = [samples.told(bundle=Bundle.MORNING) for _ in range(40)]
        cards = notices.digest(samples.delivery(*many, language=language), translator(language))
        assert len(cards) > 1
        assert [id_ for card in cards for id_ in card.alert_ids] == [one.alert.id for one in many]
        for card in cards:
            plain = shown(card)
            assert f"{len(card.alert_ids)}. " in plain
            assert card.buttons is not None
            assert len(card.buttons.inline_keyboard) == len(card.alert_ids)

    def test_names_what_it_is(self) -> None:
        headings = {
            bundle: shown(notices.digest(samples.delivery(samples.told(bundle=bundle)), t)[0]).splitlines()[0]
            for bundle in (Bundle.DIGEST, Bundle.MORNING, Bundle.RECOVERED)
        }
        assert "Сводка" in headings[Bundle.DIGEST]
        assert "утро" in headings[Bundle.MORNING]
        assert "Догнали" in headings[Bundle.RECOVERED]

    def test_stays_one_message_when_all_its_lines_grow(self) -> None:
        growing = [samples.told(samples.listing(), bundle=Bundle.DIGEST) for _ in range(40)]
        (first, *_) = notices.digest(samples.delivery(*growing), t)
        part = [one for one in growing if one.alert.id in first.alert_ids]
        for one in part:
            one.card.listing.state = ListingState.CLOSED
        taken = [Told(one.alert, samples.told(one.card.listing, owner=LATER).card, "") for one in part]
        assert len(notices.digest(samples.delivery(*taken), t)) == 1


class TestWhy:
    def test_quotes_the_words_among_their_neighbours(self) -> None:
        text = "Добрый день! Очень срочно ищем толкового react-разработчика на долгий проект банка."
        assert (
            reasons.quoted(["толкового"], text, t)
            == "«…день! Очень срочно ищем <b>толкового</b> react-разработчика на…»"
        )

    def test_a_short_word_is_shown_where_it_stands_by_itself(self) -> None:
        assert reasons.quoted(["в"], "Веб-тестировщик в банк", t) == "«Веб-тестировщик <b>в</b> банк»"

    def test_shows_words_that_the_text_has_in_another_form_by_themselves(self) -> None:
        assert reasons.quoted(["искать <"], "Ищем", t) == "«<b>искать &lt;</b>»"


@pytest.mark.parametrize(("text", "at_most", "short"), [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("💣💣💣", 4, "💣…")])
def test_cut_counts_as_telegram_does(text: str, at_most: int, short: str) -> None:
    assert cut(text, at_most) == short
