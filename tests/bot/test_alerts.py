"""The buttons of an alert's card, tapped by people."""

import asyncio

import pytest
from aiogram import Bot
from sqlalchemy import select

from crm import leads
from db.models import Alert, Bundle, Company, Label, Lead, Listing, Post, Role
from db.session import Sessions
from i18n.translator import translator
from language.kinds import Engagement, Kind, ListingState
from sandbox.telegram_bot_api import BotApi
from tests import make
from tests.bot import market
from tests.bot.talk import Talk, talk

t = translator("ru")


@pytest.fixture
async def anna(api: BotApi, sessions: Sessions, company: Company) -> Talk:
    return await talk(api, sessions, company, "Анна")


@pytest.fixture
async def boris(api: BotApi, sessions: Sessions, company: Company) -> Talk:
    return await talk(api, sessions, company, "Борис")


async def told_to(
    bot: Bot, sessions: Sessions, *people: Talk, confidence: float = 0.97, bundle: Bundle = Bundle.ALONE, count: int = 1
) -> tuple[Listing, Post]:
    """A new listing (or several) told to each."""
    async with sessions.of_system() as session:
        source = await make.source(session, title="Северный мост", username="northbridge")
        found = []
        for number in range(count):
            text = market.TEXT if not number else f"{number} нужен java-разработчик на проект номер {number}"
            said = None if not number else make.request(make.item("backend", "java", text=text))
            found.append(await market.listing(session, source, text, confidence=confidence, said=said))
        alerts = {
            person.person.user_id: [
                await market.promise(session, person, listing, bundle=bundle, is_unsure=confidence < 0.5)
                for listing, _ in found
            ]
            for person in people
        }
    for person in people:
        await market.tell(bot, sessions, person, alerts[person.person.user_id])
    return found[0]


async def labels(sessions: Sessions) -> list[Label]:
    async with sessions.of_system() as session:
        return list(await session.scalars(select(Label).where(Label.withdrawn_at.is_(None))))


class TestTake:
    async def test_makes_a_lead_and_the_card_shows_whose(
        self, running_bot: Bot, sessions: Sessions, anna: Talk
    ) -> None:
        listing, _ = await told_to(running_bot, sessions, anna)
        card = await anna.tap(t("card-button-take"))
        assert t("card-taken-by-you") in card.text
        assert t("card-button-release") in card.buttons
        async with sessions.of_system() as session:
            lead = await session.scalar(select(Lead).where(Lead.listing_id == listing.id))
        assert lead is not None
        assert anna.user is not None
        assert lead.owner_id == anna.user.id

    async def test_by_two_people_at_once_gives_it_to_one_and_tells_the_other_who(
        self, running_bot: Bot, sessions: Sessions, anna: Talk, boris: Talk
    ) -> None:
        await told_to(running_bot, sessions, anna, boris)
        anna.person.click(t("card-button-take"))
        boris.person.click(t("card-button-take"))
        await anna.person.wait_until(lambda: bool(anna.person.toasts and boris.person.toasts), 20)
        winner, loser = sorted((anna, boris), key=lambda one: one.toast != t("card-toast-taken"))
        assert winner.toast == t("card-toast-taken")
        assert winner.user is not None
        assert loser.toast == t("error-lead-already-taken", owner=winner.user.name)
        await loser.sees(t("card-taken", who=winner.user.name))

    async def test_colleagues_cards_are_marked_to_be_drawn_anew(
        self, running_bot: Bot, sessions: Sessions, anna: Talk, boris: Talk
    ) -> None:
        await told_to(running_bot, sessions, anna, boris)
        await anna.tap(t("card-button-take"))
        assert boris.user is not None
        async with sessions.of_system() as session:
            alert = await session.scalar(select(Alert).where(Alert.user_id == boris.user.id))
        assert alert is not None
        assert alert.stale_since is not None

    async def test_may_be_released(self, running_bot: Bot, sessions: Sessions, anna: Talk) -> None:
        await told_to(running_bot, sessions, anna)
        await anna.tap(t("card-button-take"))
        card = await anna.tap(t("card-button-release"))
        assert t("card-button-take") in card.buttons

    async def test_of_a_listing_that_was_closed_meanwhile_says_so(
        self, running_bot: Bot, sessions: Sessions, anna: Talk
    ) -> None:
        listing, _ = await told_to(running_bot, sessions, anna)
        async with sessions.of_system() as session:
            closed = await session.get(Listing, listing.id)
            assert closed is not None
            closed.state = ListingState.CLOSED
        card = await anna.tap(t("card-button-take"))
        assert "Закрыт" in anna.toast
        assert "Закрыт" in card.text

    async def test_viewers_have_no_button_for_it(
        self, running_bot: Bot, api: BotApi, sessions: Sessions, company: Company
    ) -> None:
        viewer = await talk(api, sessions, company, "Глеб", role=Role.VIEWER)
        await told_to(running_bot, sessions, viewer)
        assert viewer.newest.buttons == [t("card-button-dismiss"), t("card-button-why")]

    async def test_of_another_persons_alert_is_not_found(
        self, running_bot: Bot, sessions: Sessions, anna: Talk, boris: Talk
    ) -> None:
        await told_to(running_bot, sessions, anna)
        async with sessions.of_system() as session:
            alert_id = await session.scalar(select(Alert.id))
        shown = await boris.say("/help")
        boris.person.people.tap(boris.person.user_id, boris.person.chat_id, shown.message_id, f"al:take:{alert_id}")
        await boris.person.wait_until(lambda: bool(boris.person.toasts), 20)
        assert boris.toast == t("error-not-found")


class TestDismiss:
    async def test_shrinks_the_card_and_can_be_undone(self, running_bot: Bot, sessions: Sessions, anna: Talk) -> None:
        await told_to(running_bot, sessions, anna)
        full = anna.newest.text
        card = await anna.tap(t("card-button-dismiss"))
        assert card.text.startswith(t("card-dismissed"))
        assert len(card.text) < 80
        back = await anna.tap(t("card-button-undismiss"))
        assert back.text == full


class TestDoubt:
    @pytest.mark.parametrize(
        ("answer", "kind"), [("card-button-is-request", Kind.REQUEST), ("card-button-is-not", Kind.JUNK)]
    )
    async def test_is_resolved_by_a_label(
        self, running_bot: Bot, sessions: Sessions, anna: Talk, answer: str, kind: Kind
    ) -> None:
        _, post = await told_to(running_bot, sessions, anna, confidence=0.45)
        assert t("card-unsure", kind="request") in anna.newest.text
        card = await anna.tap(t(answer))
        (label,) = await labels(sessions)
        assert (label.post_id, label.kind) == (post.id, kind)
        assert t("card-unsure", kind="request") not in card.text
        assert card.text.startswith(t("card-hidden")) == (kind is Kind.JUNK)

    async def test_a_no_can_be_taken_back(self, running_bot: Bot, sessions: Sessions, anna: Talk) -> None:
        await told_to(running_bot, sessions, anna, confidence=0.45)
        await anna.tap(t("card-button-is-not"))
        card = await anna.tap(t("card-button-undismiss"))
        assert t("card-button-is-not") in card.buttons
        assert await labels(sessions) == []


class TestFixLabels:
    async def test_is_filled_in_with_the_guess_and_stores_what_was_changed(
        self, running_bot: Bot, sessions: Sessions, anna: Talk
    ) -> None:
        _, post = await told_to(running_bot, sessions, anna)
        form = await anna.tap(t("card-button-fix"))
        assert "Frontend-разработчик" in form.text
        await anna.tap(t("labels-button-role"), form)
        await anna.tap("Fullstack-разработчик")
        await anna.tap(t("labels-button-grades"))
        await anna.tap("✅ Middle")
        await anna.tap(t("labels-button-done"))
        await anna.tap(t("labels-button-engagement"))
        await anna.tap("в штат")
        await anna.tap(t("labels-button-stack"))
        unknown = await anna.say("ничего такого")
        assert "Не узнал ни одной" in unknown.text
        await anna.say("vue, node.js + docker")
        saved = await anna.tap(t("labels-button-save"))
        assert "Fullstack-разработчик" in saved.text

        (label,) = await labels(sessions)
        assert (label.post_id, label.kind, label.engagement) == (post.id, Kind.REQUEST, Engagement.INHOUSE)
        assert label.items is not None
        (item,) = label.items
        assert (item["role"], item["core"], item["extra"]) == ("fullstack", ["vue", "nodejs"], ["docker"])
        assert (item["grades"], item["count"]) == (["senior"], 2)

    async def test_can_be_undone(self, running_bot: Bot, sessions: Sessions, anna: Talk) -> None:
        await told_to(running_bot, sessions, anna)
        await anna.tap(t("card-button-fix"))
        await anna.tap(t("kind-junk"))
        await anna.tap(t("labels-button-save"))
        assert len(await labels(sessions)) == 1
        undone = await anna.tap(t("labels-button-undo"))
        assert undone.text == t("labels-withdrawn")
        assert await labels(sessions) == []


class TestWhy:
    async def test_quotes_the_words_that_decided_and_what_matched(
        self, running_bot: Bot, sessions: Sessions, anna: Talk
    ) -> None:
        await told_to(running_bot, sessions, anna)
        why = await anna.tap(t("card-button-why"))
        bold = [why.text[e["offset"] : e["offset"] + e["length"]] for e in why.entities if e["type"] == "bold"]
        assert {"Ищем", "разработчика", "быстро"} <= set(bold)
        assert "подписка «React <средний>»" in why.text
        assert "React" in why.text.split("подписка")[1]


class TestDigest:
    async def test_a_line_is_taken_in_place_and_opened_as_a_card(
        self, running_bot: Bot, sessions: Sessions, anna: Talk
    ) -> None:
        await told_to(running_bot, sessions, anna, bundle=Bundle.MORNING, count=2)
        digest = anna.newest
        assert "1. Запрос: Frontend-разработчик" in digest.text
        await anna.tap("1 · 🤝 Взять", digest)
        taken = await anna.sees("1. Запрос: Frontend-разработчик")
        assert taken.message_id == digest.message_id
        assert t("card-taken-by-you") in taken.text
        assert "1 · 🤝 Взять" not in taken.buttons
        card = await anna.tap("2 · Подробнее", taken)
        assert card.message_id != digest.message_id
        assert "Java" in card.text


async def test_a_card_that_was_deleted_is_sent_anew(running_bot: Bot, sessions: Sessions, anna: Talk) -> None:
    await told_to(running_bot, sessions, anna)
    card = anna.newest
    data = card.rows[0][0]["callback_data"]
    anna.person.people.tap(anna.person.user_id, anna.person.chat_id, card.message_id, data)
    await running_bot.delete_message(anna.person.chat_id, card.message_id)
    again = await anna.sees(t("card-taken-by-you"))
    assert again.message_id != card.message_id


async def test_two_taps_of_one_person_are_handled_one_after_another(
    running_bot: Bot, sessions: Sessions, company: Company, anna: Talk
) -> None:
    listing, _ = await told_to(running_bot, sessions, anna)
    anna.person.click(t("card-button-take"))
    anna.person.click(t("card-button-take"))
    await anna.person.wait_until(lambda: len(anna.person.toasts) == 2, 20)
    async with asyncio.timeout(20), sessions.of_company(company.id) as session:
        lead = await leads.take(session, anna.actor, listing.id)
    assert anna.user is not None
    assert lead.owner_id == anna.user.id
