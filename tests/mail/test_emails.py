"""What letters say, how they look to mail programs, and that nothing from outside gets through unescaped."""

import re
from email import message_from_bytes, policy
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from crm import signing
from db.models import Bundle
from i18n.translator import LANGUAGES, LOCALES, translator
from mail import emails
from mail.sender import Letter, SmtpMailer
from sandbox.mailbox import Mailbox
from tests.mail import deliveries

PUBLIC_URL = "https://platon.example.org/desk"
SECRET = b"a secret of tests, long enough"
EVIL = '<script>alert("1")</script><img src=x onerror=alert(1)>'
GMAIL_CLIPS_AT = 102_000


def sign(address_id: int) -> str:
    return signing.sign(SECRET, "unsubscribe", address_id)


def alert(*tellings: deliveries.Told, language: str = "ru", **to: Any) -> Letter:
    made = deliveries.delivery(*tellings, **to)
    return emails.alert(made, translator(language), PUBLIC_URL, sign)


def digest(bundle: Bundle, *tellings: deliveries.Told, language: str = "ru") -> Letter:
    for told in tellings:
        told.alert.bundle = bundle
    return alert(*tellings, language=language)


def every_letter(language: str) -> dict[str, Letter]:
    """Each e-mail in each of its forms."""
    t, recipient = translator(language), deliveries.address(user_id=None)
    offer = deliveries.told(deliveries.listing(id=8, kind="offer", core=[], extra=[], rate_max=None), id=3)
    bundles = {
        str(bundle): digest(bundle, deliveries.rich(), offer, language=language)
        for bundle in Bundle
        if bundle is not Bundle.ALONE
    }
    return bundles | {
        "alert": alert(language=language),
        "alert, everything": alert(deliveries.rich(), language=language),
        "alert, to a recipient": alert(language=language, to=recipient),
        "alert, nothing known": alert(
            deliveries.told(
                deliveries.listing(
                    role=None, core=[], extra=[], grades=[], count=1, engagement="unknown", rate_max=None,
                    hourly_max=None, location=None, remote=None,
                ),
                deliveries.seen(contact=None, rate_max=None),
                reasons=[],
            ),
            language=language,
        ),
        "confirmation": emails.confirmation(deliveries.address(), "token", t, PUBLIC_URL),
        "confirmation, to a recipient": emails.confirmation(recipient, "token", t, PUBLIC_URL),
    }  # fmt: skip


class Tags(HTMLParser):
    """Every tag and attribute of a page; fails on one that is not closed."""

    VOID = frozenset({"meta", "br", "img", "hr", "link"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(page)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


class TestEveryLetter:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_is_whole_in_both_languages(self, language: str) -> None:
        for name, letter in every_letter(language).items():
            assert letter.subject, name
            assert "\n" not in letter.subject, name
            assert letter.text.strip(), name
            assert f'<html lang="{language}">' in letter.html, name
            assert "None" not in letter.text + letter.html, name
            assert not re.search(r"\n\n\n\n|· ·|: *\n\n", letter.text), name
            if language == "en":
                ours = re.sub(r"> .*|Канал № \d+|друзья|собеседовани", "", letter.text)
                assert not re.search("[а-яё]", ours, re.IGNORECASE), name

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_loads_nothing_and_runs_nothing(self, language: str) -> None:
        for letter in every_letter(language).values():
            tags = Tags(letter.html).seen
            assert {tag for tag, _ in tags}.isdisjoint({"script", "img", "link", "iframe", "form", "object"})
            assert not any(name.startswith("on") or name == "src" for _, attributes in tags for name in attributes)
            assert "url(" not in letter.html

    def test_every_key_of_the_letters_is_used(self) -> None:
        source = "".join(
            path.read_text(encoding="utf-8")
            for folder in ("mail/templates", "mail")
            for path in sorted(Path(folder).rglob("*"))
            if path.suffix in {".py", ".txt", ".html"}
        )
        keys = re.findall(r"^([a-z-]+) =", (LOCALES / "ru" / "mail.ftl").read_text(encoding="utf-8"), re.MULTILINE)
        assert [key for key in keys if key not in source and not key.startswith("mail-fact-")] == []


class TestAlert:
    def test_it_shows_the_essentials(self) -> None:
        letter = alert()
        assert letter.to == "anna@example.org"
        assert letter.subject == "Запрос: Backend-разработчик · Java, Spring, Kafka"
        for said in (
            "Senior", "2 человека", "до 3\xa0500\xa0₽/ч", "Москва · удалённо", "аутстафф", "Kubernetes",
            "10 марта, 17:00", "Канал № 1", "https://t.me/channel_1/101", "@anna_partner", "Java senior",
            "Ищем Senior Java-разработчика",
        ):  # fmt: skip
            assert said.replace("\xa0", " ") in letter.text.replace("\xa0", " "), said
            assert said.replace("\xa0", " ") in letter.html.replace("\xa0", " "), said
        assert "Подошло: Запрос, Java, Senior" in letter.text

    def test_the_core_of_the_stack_comes_first_and_in_bold(self) -> None:
        assert "<strong>Java, Spring, Kafka</strong> · <span" in alert().html

    def test_everything_that_must_be_said_first_is(self) -> None:
        text = alert(deliveries.rich()).text.replace("\xa0", " ")
        head = text[: text.index("Запрос: ")]
        assert head.startswith("⏸ На паузе с 11 марта, 17:00\n❔ Не уверен, что это запрос\n🔁 Пишем ещё раз")
        assert "Возможно, вы это уже видели" in head

    def test_what_people_said_themselves_is_not_doubted(self) -> None:
        doubtful = deliveries.told(is_unsure=True)
        assert "Не уверен" in alert(doubtful).text
        sure = doubtful._replace(card=deliveries.labelled(doubtful.card))
        assert "Не уверен" not in alert(sure).text

    def test_each_appearance_has_its_own_source_contact_and_rate(self) -> None:
        letter = alert(deliveries.rich())
        assert "13 публикаций в 13 источниках" in letter.text
        assert "… и ещё 3" in letter.text
        for link in (
            "https://t.me/anna_partner", "mailto:hr@partner.example", "https://t.me/boris_hr", "tel:+79001234567",
            "https://t.me/channel_2/102", "https://t.me/c/5004/104",
        ):  # fmt: skip
            assert f'href="{link}"' in letter.html

    def test_a_rate_in_another_form_is_also_said_in_roubles_an_hour(self) -> None:
        said = alert(deliveries.rich()).text.replace("\xa0", " ")
        assert "3 000–4 500 $ в месяц ≈ 1 450–2 180 ₽/ч" in said

    def test_a_recipient_without_telegram_reads_moscow_time_and_why_they_get_it(self) -> None:
        letter = alert(to=deliveries.address(user_id=None))
        assert "10 марта, 15:00 МСК" in letter.text
        assert "коллега добавил ваш адрес" in letter.text

    def test_nothing_from_outside_is_markup(self) -> None:
        told = deliveries.told(
            deliveries.listing(location=EVIL, request_id=EVIL, core=[EVIL], role=EVIL),
            deliveries.seen(item_text=EVIL, contact=EVIL, title=EVIL),
            deliveries.seen(2, contact="javascript:alert(1)"),
            subscription=EVIL,
            reasons=[{"filter": "word", "value": EVIL}],
        )
        for letter in (alert(told), digest(Bundle.DIGEST, told)):
            tags = {tag for tag, _ in Tags(letter.html).seen}
            assert tags.isdisjoint({"script", "img"})
            assert "javascript:" not in re.findall(r'href="([^"]*)"', letter.html)

    def test_a_long_post_is_cut(self) -> None:
        letter = alert(deliveries.told(None, deliveries.seen(item_text="очень длинный текст " * 10_000)))
        assert len(letter.html) < 10_000
        assert "…" in letter.text


class TestDigest:
    @pytest.mark.parametrize(
        ("bundle", "subject"),
        [
            (Bundle.DIGEST, "Сводка: 2 новых объявления"),
            (Bundle.MORNING, "За ночь: 2 новых объявления"),
            (Bundle.RECOVERED, "Догнали пропущенное: 2 новых объявления"),
        ],
    )
    def test_it_says_what_it_is_and_how_much(self, bundle: Bundle, subject: str) -> None:
        letter = digest(bundle, deliveries.told(), deliveries.told(id=2))
        assert letter.subject == subject
        assert ("не могли читать каналы" in letter.text) is (bundle is Bundle.RECOVERED)

    def test_one_alone_is_a_digest_too_when_it_was_promised_so(self) -> None:
        assert digest(Bundle.MORNING, deliveries.told()).subject == "За ночь: 1 новое объявление"

    def test_listings_stand_under_their_subscription(self) -> None:
        text = digest(
            Bundle.DIGEST,
            deliveries.told(id=1, subscription="Первая"),
            deliveries.told(id=2, subscription="Вторая"),
            deliveries.told(id=3, subscription="Первая"),
        ).text
        assert text.count("«Первая»") == text.count("«Вторая»") == 1
        assert text.index("«Первая»") < text.index("2. Запрос") < text.index("«Вторая»")

    def test_the_largest_is_not_clipped_by_gmail(self) -> None:
        many = [deliveries.told(id=number, subscription=f"Подписка {number % 5}") for number in range(200)]
        assert len(digest(Bundle.DIGEST, *many).html.encode()) < GMAIL_CLIPS_AT


class TestThreads:
    def test_letters_about_one_listing_make_a_thread(self) -> None:
        first, second = alert(deliveries.told(id=1)), alert(deliveries.told(id=2, telling=2))
        assert first.message_id != second.message_id
        assert first.headers["References"] == second.headers["References"] == first.headers["In-Reply-To"]
        assert first.subject == second.subject

    def test_other_listings_have_their_own(self) -> None:
        other = alert(deliveries.told(deliveries.listing(id=8), id=2))
        assert other.headers["References"] != alert().headers["References"]

    def test_the_same_told_again_after_a_lost_answer_is_known_by_its_id(self) -> None:
        assert alert(deliveries.told(possible_double=True)).message_id == alert().message_id

    def test_a_bundle_that_grew_meanwhile_is_another_letter(self) -> None:
        one, two = deliveries.told(id=1), deliveries.told(id=2)
        assert digest(Bundle.DIGEST, one).message_id != digest(Bundle.DIGEST, one, two).message_id

    def test_an_address_of_numbers_makes_a_valid_id(self) -> None:
        made = emails.alert(deliveries.delivery(), translator("ru"), "http://[::1]:8080", sign)
        assert re.fullmatch(r"<alerts-[\w-]+@\[::1\]>", made.message_id)


class TestUnsubscribing:
    async def test_mail_programs_find_the_one_click_link(self) -> None:
        mailbox = await Mailbox().start()
        mailer = SmtpMailer(mailbox.host, mailbox.smtp_port, sender="Платон <p@example.org>", security="none")
        await mailer.send(alert())
        await mailbox.stop()
        (came,) = mailbox.of("anna@example.org")
        assert came.unsubscribe_url is not None
        assert signing.verify(SECRET, "unsubscribe", came.unsubscribe_url.rpartition("/")[2]) == 11
        assert came.unsubscribe_url in came.text
        assert came.unsubscribe_url in came.html
        raw = message_from_bytes(came.source, policy=policy.compat32)
        assert "=?" not in raw["List-Unsubscribe"] + raw["References"] + raw["Message-ID"]
        assert max(map(len, came.source.splitlines())) < 998

    def test_the_question_to_an_address_carries_its_token_and_nothing_to_unsubscribe_from(self) -> None:
        letter = emails.confirmation(deliveries.address(), "t0ken", translator("ru"), PUBLIC_URL)
        assert f"{PUBLIC_URL}/confirm/t0ken" in letter.text
        assert f'href="{PUBLIC_URL}/confirm/t0ken"' in letter.html
        assert "48 часов" in letter.text
        assert letter.headers == {}
