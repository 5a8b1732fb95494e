"""/settings by taps and typed words, in both languages."""

import pytest
from sqlalchemy import select, text

from crm import addresses, users
from db.models import Address, AddressStop, Company, User
from db.session import Sessions
from i18n.translator import translator
from sandbox.telegram_bot_api import BotApi
from tests.bot.talk import Talk, talk

pytestmark = pytest.mark.usefixtures("running_bot")
t = translator("ru")


@pytest.fixture
async def anna(api: BotApi, sessions: Sessions, company: Company) -> Talk:
    return await talk(api, sessions, company)


async def now_of(sessions: Sessions, who: Talk) -> User:
    async with sessions.of_company(who.actor.company_id) as session:
        return await users.get(session, who.actor.user_id)


class TestLanguage:
    async def test_is_switched_there_and_back(self, sessions: Sessions, anna: Talk) -> None:
        await anna.say("/settings")
        page = await anna.tap(t("settings-button-language"))
        assert page.text.startswith(translator("en")("settings-title").replace("<b>", "").replace("</b>", ""))
        assert anna.toast == translator("en")("settings-language-set")
        assert (await anna.say("/help")).text.startswith("What I can do")
        await anna.tap(translator("en")("settings-button-language"), page)
        assert (await now_of(sessions, anna)).language == "ru"


class TestTimezone:
    async def test_by_button(self, sessions: Sessions, anna: Talk) -> None:
        await anna.say("/settings")
        await anna.tap(t("settings-button-timezone"))
        page = await anna.tap(t("zone-samara"))
        assert "Самара" in page.text
        assert (await now_of(sessions, anna)).timezone == "Europe/Samara"

    @pytest.mark.parametrize(
        ("typed", "zone"), [("Екатеринбург", "Asia/Yekaterinburg"), ("Белград", "Europe/Belgrade")]
    )
    async def test_by_a_typed_city(self, sessions: Sessions, anna: Talk, typed: str, zone: str) -> None:
        await anna.say("/settings")
        await anna.tap(t("settings-button-timezone"))
        await anna.say(typed)
        assert (await now_of(sessions, anna)).timezone == zone

    async def test_an_unknown_place_is_asked_again(self, sessions: Sessions, anna: Talk) -> None:
        await anna.say("/settings")
        await anna.tap(t("settings-button-timezone"))
        assert (await anna.say("Нарния")).text == t("error-not-a-timezone")
        await anna.say("Казань")
        assert (await now_of(sessions, anna)).timezone == "Europe/Moscow"

    async def test_a_command_ends_the_question(self, sessions: Sessions, anna: Talk) -> None:
        await anna.say("/settings")
        await anna.tap(t("settings-button-timezone"))
        await anna.say("/help")
        answer = await anna.say("Самара")
        assert "Самара" in answer.text
        assert (await now_of(sessions, anna)).timezone == "Europe/Moscow"


class TestQuietHours:
    async def test_are_set_and_lifted(self, sessions: Sessions, anna: Talk) -> None:
        await anna.say("/settings")
        await anna.tap(t("settings-button-quiet"))
        page = await anna.tap("22:00–08:00")
        assert "Тихие часы: 22:00–08:00" in page.text
        user = await now_of(sessions, anna)
        assert (user.quiet_from, user.quiet_to) == (22, 8)
        await anna.tap(t("settings-button-quiet"))
        await anna.tap(t("settings-quiet-none"))
        assert (await now_of(sessions, anna)).quiet_from is None


class TestEmail:
    @pytest.mark.parametrize("language", ["ru", "en"])
    async def test_waits_for_confirmation_and_shows_each_state(
        self, api: BotApi, sessions: Sessions, company: Company, language: str
    ) -> None:
        anna, t = await talk(api, sessions, company, language=language), translator(language)
        await anna.say("/settings")
        await anna.tap(t("settings-button-email"))
        sent = await anna.say("Anna@Example.com")
        assert "Anna@example.com" in sent.text
        async with sessions.of_system() as session:
            jobs = await session.scalar(
                text("SELECT count(*) FROM queue.pgqueuer WHERE entrypoint = 'SendConfirmation'")
            )
        assert jobs == 1
        assert "⏳" in (await anna.say("/settings")).text

        async with sessions.of_system() as session:
            address = await session.scalar(select(Address))
            assert address is not None
            _, token = await addresses.begin_confirmation(session, address.id)
            await addresses.confirm(session, token)
        assert "✅" in (await anna.say("/settings")).text

        async with sessions.of_system() as session:
            await addresses.stop(session, address.id, AddressStop.REFUSED, "no such mailbox")
        page = await anna.say("/settings")
        assert "⚠️" in page.text
        assert await anna.tap_for_toast(t("settings-button-email-again"), page) == t(
            "settings-email-sent-again", email="Anna@example.com"
        )

    async def test_a_letter_is_not_sent_twice_in_a_row(self, sessions: Sessions, anna: Talk) -> None:
        await anna.say("/settings")
        await anna.tap(t("settings-button-email"))
        await anna.say("anna@example.com")
        async with sessions.of_system() as session:
            address = await session.scalar(select(Address))
            assert address is not None
            await addresses.begin_confirmation(session, address.id)
        page = await anna.say("/settings")
        assert await anna.tap_for_toast(t("settings-button-email-again"), page) == t("error-too-soon", minutes=5)

    @pytest.mark.parametrize("typed", ["не адрес", "anna@", "@example.com", "a b@example.com"])
    async def test_that_is_none_is_refused_with_an_example(self, sessions: Sessions, anna: Talk, typed: str) -> None:
        await anna.say("/settings")
        await anna.tap(t("settings-button-email"))
        assert (await anna.say(typed)).text == t("error-not-an-address")
        async with sessions.of_system() as session:
            assert await session.scalar(select(Address)) is None
