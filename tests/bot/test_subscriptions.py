"""Subscriptions in the chat: typed, step by step, and their later life."""

import pytest
from sqlalchemy import text

from crm import subscriptions
from crm.matching import Wish
from db.models import Company, Rhythm, Role, Subscription
from db.session import Sessions
from i18n.translator import translator
from sandbox.telegram_bot_api import BotApi
from tests import make, telling
from tests.bot.talk import Talk, talk

pytestmark = pytest.mark.usefixtures("running_bot")
LINES = {
    "ru": "запросы на middle react от 2000, без вордпресса",
    "en": "requests for middle react from 2000, without wordpress",
}


async def kept(sessions: Sessions, who: Talk) -> list[Subscription]:
    async with sessions.of_company(who.actor.company_id) as session:
        return await subscriptions.of_user(session, who.actor)


@pytest.fixture
async def anna(api: BotApi, sessions: Sessions, company: Company) -> Talk:
    return await talk(api, sessions, company)


class TestTypedLine:
    @pytest.mark.parametrize("language", ["ru", "en"])
    async def test_is_shown_back_and_made_after_a_yes(
        self, api: BotApi, sessions: Sessions, company: Company, language: str
    ) -> None:
        anna, t = await talk(api, sessions, company, language=language), translator(language)

        shown = await anna.say(LINES[language])
        for words in ("React", "Middle", "WordPress", "2\N{NO-BREAK SPACE}000" if language == "ru" else "₽2,000"):
            assert words in shown.text
        assert await kept(sessions, anna) == []
        await anna.tap(t("subscription-button-create"))
        await anna.sees(t("subscription-button-create")[0])
        await anna.person.wait_for(lambda shown: t("subscription-button-list") in shown.buttons)

        (made,) = await kept(sessions, anna)
        assert (made.kinds, made.technologies_any, made.technologies_none) == (["request"], ["react"], ["wordpress"])
        assert (made.grades, made.min_rate) == (["middle"], 2000)

    async def test_tells_how_many_there_would_have_been(self, sessions: Sessions, anna: Talk) -> None:
        shown = await anna.say("/subscribe react")
        assert "ни одной" in shown.text

    async def test_is_made_once_however_often_the_button_is_tapped(self, sessions: Sessions, anna: Talk) -> None:
        t = translator("ru")
        shown = await anna.say(LINES["ru"])
        anna.person.click(t("subscription-button-create"), shown)
        anna.person.click(t("subscription-button-create"), shown)
        await anna.person.wait_until(lambda: bool(anna.person.toasts))
        assert anna.toast == t("subscription-draft-is-old")
        assert len(await kept(sessions, anna)) == 1

    async def test_may_be_cancelled(self, sessions: Sessions, anna: Talk) -> None:
        t = translator("ru")
        await anna.say(LINES["ru"])
        changed = await anna.tap(t("subscription-button-cancel"))
        assert changed.text == t("subscription-cancelled")
        assert await kept(sessions, anna) == []

    @pytest.mark.parametrize("line", ["привет", "сколько времени?", "🤷", "/subscribe абракадабра"])
    async def test_that_means_nothing_gets_an_example(self, anna: Talk, line: str) -> None:
        answer = await anna.say(line)
        assert translator("ru")("subscription-example-1") in answer.text

    async def test_command_without_a_line_asks_for_one(self, anna: Talk) -> None:
        answer = await anna.say("/subscribe")
        assert "/subscribe запросы на middle react" in answer.text

    async def test_an_example_is_as_good_as_typing_it(self, anna: Talk) -> None:
        t = translator("ru")
        await anna.start()
        shown = await anna.tap(t("subscription-example-2"))
        assert "Kotlin" in shown.text

    async def test_change_opens_the_dialog_with_what_was_understood(self, sessions: Sessions, anna: Talk) -> None:
        t = translator("ru")
        await anna.say(LINES["ru"])
        await anna.tap(t("subscription-button-change"))
        summary = await anna.sees(t("wizard-summary-hint"))
        assert "React" in summary.text
        await anna.tap("Грейды · 1", summary)
        await anna.tap("Senior")
        await anna.tap(t("wizard-to-summary"))
        await anna.tap(t("wizard-create"))
        await anna.sees("создана")
        (made,) = await kept(sessions, anna)
        assert made.grades == ["middle", "senior"]


class TestDialog:
    async def test_leads_step_by_step_to_a_subscription(self, sessions: Sessions, anna: Talk) -> None:
        t = translator("ru")
        async with sessions.of_system() as session:
            source = await make.source(session, title="Северный мост")
        await anna.say("/subscriptions")
        await anna.tap(t("subscription-new"))
        await anna.sees("Что вам нужно?")
        await anna.tap(t("wizard-next"))
        await anna.tap("Frontend-разработчик")
        await anna.tap(t("wizard-next"))
        await anna.sees("Какие технологии?")
        found = await anna.say("реак")
        await anna.tap("React", found)
        await anna.tap(t("wizard-mode-none"))
        typed = await anna.say("wordpress, php")
        assert "Без: WordPress, PHP" in typed.text
        await anna.tap(t("wizard-next"))
        await anna.tap("Middle")
        await anna.tap(t("wizard-next"))
        await anna.tap("аутстафф")
        await anna.tap(t("wizard-next"))
        wrong = await anna.say("много")
        assert "Не понял ставку «много»" in wrong.text
        await anna.say("1 900")
        await anna.tap(t("wizard-next"))
        await anna.tap("удалённо")
        await anna.say("Казань, Самара")
        await anna.tap(t("wizard-next"))
        answer = await anna.say("банк, -казино")
        assert "Со словами: банк" in answer.text
        await anna.tap(t("wizard-next"))
        await anna.tap("Северный мост")
        await anna.tap(t("wizard-next"))
        await anna.tap("Сводка 10:00")
        await anna.tap(t("wizard-how-silent"))
        await anna.tap(t("wizard-next"))
        await anna.tap("ставка")
        await anna.tap(t("wizard-next"))
        summary = await anna.sees(t("wizard-summary-hint"))
        assert "сводкой в 10:00, в Telegram, без звука" in summary.text
        await anna.tap(t("wizard-create"))
        await anna.sees("создана")

        (made,) = await kept(sessions, anna)
        assert (made.roles, made.technologies_any, made.technologies_none) == (
            ["frontend"],
            ["react"],
            ["wordpress", "php"],
        )
        assert (made.grades, made.engagements, made.min_rate) == (["middle"], ["outstaff"], 1900)
        assert (made.remote, made.places) == (["remote"], ["Казань", "Самара"])
        assert (made.words, made.minus_words, made.strict) == (["банк"], ["казино"], ["min_rate"])
        assert made.source_ids == [source.id]
        assert (made.rhythm, made.digest_hour, made.is_silent) == (Rhythm.DIGEST, 10, True)

    @pytest.mark.parametrize("language", ["ru", "en"])
    async def test_every_step_may_be_skipped(
        self, api: BotApi, sessions: Sessions, company: Company, language: str
    ) -> None:
        anna, t = await talk(api, sessions, company, language=language), translator(language)
        await anna.say("/subscriptions")
        window = await anna.tap(t("subscription-new"))
        steps = 0
        while t("wizard-create") not in window.buttons:
            onward = t("wizard-next") if t("wizard-next") in window.buttons else t("wizard-skip")
            window = await anna.tap(onward, window)
            steps += 1
        assert steps == 11
        await anna.tap(t("wizard-create"))
        await anna.sees("✅")
        (made,) = await kept(sessions, anna)
        assert (made.kinds, made.roles, made.min_rate) == (["request"], [], None)

    async def test_neither_telegram_nor_mail_is_refused(self, anna: Talk) -> None:
        t = translator("ru")
        await anna.say(LINES["ru"])
        await anna.tap(t("subscription-button-change"))
        await anna.tap("Как сообщать")
        refused = await anna.tap("✅ Telegram")
        assert t("wizard-how-nowhere") in refused.text

    async def test_an_unknown_technology_is_said_to_be_unknown(self, anna: Talk) -> None:
        t = translator("ru")
        await anna.say(LINES["ru"])
        await anna.tap(t("subscription-button-change"))
        await anna.tap("Технологии · 2")
        answer = await anna.say("<b>фублюгик")
        assert "«<b>фублюгик»" in answer.text

    async def test_a_line_on_the_summary_replaces_the_filters(self, anna: Talk) -> None:
        t = translator("ru")
        await anna.say(LINES["ru"])
        await anna.tap(t("subscription-button-change"))
        answer = await anna.say("senior go")
        assert "Go" in answer.text
        assert "React" not in answer.text

    async def test_a_command_leaves_the_dialog_be(self, anna: Talk) -> None:
        await anna.say(LINES["ru"])
        await anna.tap(translator("ru")("subscription-button-change"))
        answer = await anna.say("/help")
        assert "Что я умею" in answer.text

    async def test_that_nobody_touched_for_an_hour_takes_no_more_words(self, sessions: Sessions, anna: Talk) -> None:
        t = translator("ru")
        await anna.say(LINES["ru"])
        await anna.tap(t("subscription-button-change"))
        await anna.tap("Слова")
        async with sessions.of_system() as session:
            await session.execute(
                text(
                    "UPDATE dialog_states SET data = jsonb_set(data, '{dialog_data,touched_at}', to_jsonb(0))"
                    " WHERE data ? 'dialog_data'"
                )
            )
        answer = await anna.say("senior kotlin")
        assert answer.text.startswith(t("subscription-understood"))

    async def test_ends_a_question_asked_before(self, anna: Talk) -> None:
        t = translator("ru")
        listed = await anna.say("/subscriptions")
        await anna.say("/settings")
        await anna.tap(t("settings-button-timezone"))
        window = await anna.tap(t("subscription-new"), listed)
        await anna.tap(t("wizard-next"), window)
        await anna.tap(t("wizard-skip"))
        answer = await anna.say("самара")
        assert "«самара»" in answer.text

    async def test_a_button_of_a_finished_dialog_says_so(self, anna: Talk) -> None:
        t = translator("ru")
        await anna.say(LINES["ru"])
        window = await anna.tap(t("subscription-button-change"))
        label = next(label for label in window.buttons if label.startswith("Грейды"))
        data = next(button["callback_data"] for row in window.rows for button in row if button["text"] == label)
        await anna.tap(t("wizard-cancel"))
        await anna.sees(t("subscription-cancelled"))
        anna.person.people.tap(anna.person.user_id, anna.person.chat_id, window.message_id, data)
        await anna.person.wait_until(lambda: bool(anna.person.toasts))
        assert anna.toast == t("bot-dialog-is-over")


class TestLife:
    @pytest.fixture
    async def subscription(self, sessions: Sessions, anna: Talk) -> Subscription:
        async with sessions.of_company(anna.actor.company_id) as session:
            return await subscriptions.add(
                session, anna.actor, Wish(kinds=("request",), technologies_any=("react",)), name="React <3"
            )

    async def open(self, anna: Talk) -> None:
        await anna.say("/subscriptions")
        await anna.tap("🔔 React <3")

    async def test_paused_and_resumed(self, sessions: Sessions, anna: Talk, subscription: Subscription) -> None:
        t = translator("ru")
        await self.open(anna)
        page = await anna.tap(t("subscription-button-pause"))
        assert t("subscription-is-paused") in page.text
        assert (await kept(sessions, anna))[0].paused_at is not None
        await anna.tap(t("subscription-button-resume"))
        assert (await kept(sessions, anna))[0].paused_at is None

    async def test_deleted_after_a_second_yes_and_brought_back(
        self, sessions: Sessions, anna: Talk, subscription: Subscription
    ) -> None:
        t = translator("ru")
        await self.open(anna)
        asked = await anna.tap(t("subscription-button-delete"))
        assert asked.text == t("subscription-delete-sure", name="React <3")
        assert len(await kept(sessions, anna)) == 1
        await anna.tap(t("subscription-button-delete-sure"))
        assert await kept(sessions, anna) == []
        await anna.tap(t("subscription-button-restore"))
        assert len(await kept(sessions, anna)) == 1

    async def test_filters_edited_in_the_dialog(
        self, sessions: Sessions, anna: Talk, subscription: Subscription
    ) -> None:
        t = translator("ru")
        await self.open(anna)
        await anna.tap(t("subscription-button-edit"))
        await anna.tap("Грейды")
        await anna.tap("Lead")
        await anna.tap(t("wizard-to-summary"))
        await anna.tap(t("wizard-save"))
        await anna.sees("изменена")
        (changed,) = await kept(sessions, anna)
        assert (changed.grades, changed.technologies_any, changed.name) == (["lead"], ["react"], "React <3")

    async def test_the_way_of_telling_changed(self, sessions: Sessions, anna: Talk, subscription: Subscription) -> None:
        t = translator("ru")
        await self.open(anna)
        await anna.tap(t("subscription-button-how"))
        window = await anna.tap(t("wizard-how-email"))
        assert t("wizard-how-no-email") in window.text
        await anna.tap("Уверенность от 70\N{NO-BREAK SPACE}%")
        await anna.tap(t("wizard-to-summary"))
        await anna.tap(t("wizard-save"))
        await anna.sees("изменена")
        (changed,) = await kept(sessions, anna)
        assert (changed.by_telegram, changed.by_email, changed.min_confidence) == (True, True, 0.7)

    async def test_a_colleagues_subscription_is_not_found(
        self, api: BotApi, sessions: Sessions, company: Company, anna: Talk, subscription: Subscription
    ) -> None:
        boris = await talk(api, sessions, company, "Борис")
        async with sessions.of_company(company.id) as session:
            assert boris.user is not None
            await make.subscription(session, boris.user, name="Своя")
        await boris.say("/subscriptions")
        page = await boris.tap("🔔 Своя")
        data = next(button["callback_data"] for row in page.rows for button in row if "Удалить" in button["text"])
        forged = ":".join([*data.split(":")[:2], str(subscription.id), *data.split(":")[3:]])
        boris.person.people.tap(boris.person.user_id, boris.person.chat_id, page.message_id, forged)
        await boris.person.wait_until(lambda: bool(boris.person.toasts))
        assert boris.toast == translator("ru")("error-not-found")

    async def test_recipients_are_added_and_removed_by_managers(
        self, sessions: Sessions, anna: Talk, subscription: Subscription
    ) -> None:
        t = translator("ru")
        await self.open(anna)
        await anna.tap(t("subscription-button-recipients"))
        await anna.tap(t("recipients-add"))
        wrong = await anna.say("не адрес")
        assert wrong.text == t("error-not-an-address")
        await anna.say("client@example.com")
        page = await anna.sees("⏳ client@example.com")
        await anna.tap(t("recipients-remove", email="client@example.com"), page)
        await anna.sees(t("recipients-none"))

    async def test_many_recipients_come_in_pages(
        self, sessions: Sessions, anna: Talk, subscription: Subscription
    ) -> None:
        t = translator("ru")
        assert anna.user is not None
        async with sessions.of_system() as session:
            for number in range(10):
                address = await telling.address(session, anna.user, is_own=False, email=f"r{number}@example.com")
                await telling.recipient(session, subscription, address)
        await self.open(anna)
        page = await anna.tap(t("subscription-button-recipients"))
        assert page.text.count("@example.com") == 8
        assert "«" not in page.buttons
        page = await anna.tap("»", page)
        assert "r8@example.com" in page.text
        assert page.text.count("@example.com") == 2
        page = await anna.tap("«", page)
        assert "r0@example.com" in page.text

    async def test_viewers_add_no_recipients(self, api: BotApi, sessions: Sessions, company: Company) -> None:
        t = translator("ru")
        viewer = await talk(api, sessions, company, "Глеб", role=Role.VIEWER)
        await viewer.say(LINES["ru"])
        await viewer.tap(t("subscription-button-create"))
        made = await viewer.sees("создана")
        await viewer.tap(t("subscription-button-list"), made)
        (subscription,) = await kept(sessions, viewer)
        page = await viewer.tap(f"🔔 {subscription.name}")
        assert t("subscription-button-recipients") not in page.buttons
