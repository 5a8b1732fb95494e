"""The main job, as its people live it: an admin comes in, subscribes, is told, takes; the market moves on."""

import asyncio

from aiohttp import ClientSession
from sqlalchemy import func, select

from crm import sources
from db.models import Alert, Channel, Lead, Listing, Post
from tests.bot.talk import PATIENCE, Talk
from tests.flows.conftest import Desk

REQUEST = """ID: 88117
React-разработчик, Senior
Проект: личный кабинет страховой «Тихая заводь»
Обязательно: React, TypeScript, Redux
Будет плюсом: Storybook
Ставка: до 2600 ₽/ч
Формат: удалённо, РФ
CV → @vera_partner"""
REPOST = f"Коллеги, дублирую от партнёров 👇\n\n{REQUEST.replace('@vera_partner', '@oleg_agent')}"
JUNK = "Набор на курс «React с нуля до мидла»! Скидка 40 % до пятницы, промокод REACT. Запись по ссылке"
PUBLIC, AGGREGATOR, CLOSED = 5001, 5002, 5003
SECRET_REQUEST = (
    "Только для клуба: ищем Senior React под банк, ставка 2900 в час, удалённо. Стек React, MobX. @club_only"
)


async def come_in(desk: Desk, language: str = "ru") -> Talk:
    """The first admin, by the one-use link."""
    admin = Talk(desk.api.person(1001, "Анна", language))
    await admin.start(await desk.first_link())
    return admin


async def read(desk: Desk, *links: str) -> None:
    """Add the channels and wait until their history is read."""
    async with desk.sessions.of_system() as session:
        for link in links:
            await sources.add(session, None, link, company_id=1)
    for _ in range(400):
        async with desk.sessions.of_system() as session:
            if all(source.backfilled_at for source in await sources.list_all(session)):
                return
        await asyncio.sleep(0.05)
    raise TimeoutError("the history was not read")


async def press(talk: Talk, part: str) -> None:
    """Tap the newest button whose label holds `part`, waiting for one."""
    shown = await talk.person.wait_for(lambda message: any(part in label for label in message.buttons), PATIENCE)
    talk.person.click(next(label for label in shown.buttons if part in label), shown)


class TestAPostBecomesAnAlert:
    async def test_a_managers_story_from_the_first_link_to_a_taken_lead(self, desk: Desk) -> None:
        desk.cloud.add_channel(PUBLIC, "Запросы партнёрам", "partner_requests", history=["Всем доброе утро!"])
        desk.cloud.add_channel(AGGREGATOR, "Все запросы рынка", "all_requests")
        desk.cloud.add_channel(CLOSED, "Закрытый клуб", invite="ClosedClub77")
        admin = await come_in(desk)
        await read(desk, "@partner_requests", "@all_requests", "https://t.me/+ClosedClub77")

        shown = await admin.say("запросы на react от 2000, без вордпресса")
        assert "React" in shown.text
        assert "WordPress" in shown.text
        await press(admin, "Создать")

        desk.cloud.post(PUBLIC, JUNK)
        first = desk.cloud.post(PUBLIC, REQUEST)
        alert = await admin.sees("личный кабинет страховой")
        assert "2 600" in alert.text.replace("\u00a0", " ")
        assert "Senior" in alert.text

        desk.cloud.post(AGGREGATOR, REPOST)
        both = await admin.person.wait_for(
            lambda message: message.message_id == alert.message_id and "@oleg_agent" in message.text, PATIENCE
        )
        assert "Все запросы рынка" in both.text, "the repost joins the card that was sent"

        await admin.tap_for_toast(next(label for label in both.buttons if "Взять" in label), both)
        taken = await admin.person.wait_for(
            lambda message: message.message_id == alert.message_id and not any("Взять" in b for b in message.buttons),
            PATIENCE,
        )
        assert "Анна" in taken.text or "вы" in taken.text.lower()

        desk.cloud.post(PUBLIC, "❌ Потребность закрыта, ID 88117", reply_to=first.id)
        closed = await admin.person.wait_for(
            lambda message: message.message_id == alert.message_id and "закрыт" in message.text.lower(), PATIENCE
        )
        assert closed.message_id == alert.message_id

        desk.cloud.post(CLOSED, SECRET_REQUEST)
        await admin.sees("Только для клуба")

        async with desk.sessions.of_system() as session:
            told = await session.scalars(select(Listing.role).join(Alert, Alert.listing_id == Listing.id))
            assert told.all() == ["frontend", "frontend"], "each need is told once, the course never"
            assert await session.scalar(select(func.count()).select_from(Lead)) == 1
            assert await session.scalar(select(func.count()).select_from(Post)) == 6

    async def test_the_same_by_mail_and_in_english_until_the_reader_unsubscribes(self, desk: Desk) -> None:
        desk.cloud.add_channel(PUBLIC, "Partner requests", "partner_requests")
        admin = await come_in(desk, "en")
        await read(desk, "@partner_requests")
        await admin.say("/settings")
        await press(admin, "mail")
        await admin.say("anna@example.org")
        letter = (await desk.mailbox.wait_for("anna@example.org", timeout=PATIENCE))[0]

        async with ClientSession(desk.pages.make_url("")) as browser:
            confirm = desk.path_in(letter.text, "confirm")
            assert (await browser.get(confirm)).status == 200
            assert (await browser.post(confirm)).status == 200

            await admin.say("requests for senior react")
            await press(admin, "Create")
            await press(admin, "Notifications")
            await admin.sees("How should I notify")
            await press(admin, "E-mail")
            await press(admin, "Save")
            await admin.sees("in Telegram and by e-mail")
            desk.cloud.post(PUBLIC, REQUEST)
            told = (await desk.mailbox.wait_for("anna@example.org", n=2, timeout=PATIENCE))[1]
            assert "React" in told.subject
            assert "личный кабинет страховой" in told.text
            one_click = desk.path_in(told.text, "unsubscribe")
            answer = await browser.post(one_click, data={"List-Unsubscribe": "One-Click"})
            assert answer.status == 200

        async with desk.sessions.of_system() as session:
            by_mail = select(func.count()).where(Alert.channel == Channel.EMAIL)
            assert await session.scalar(by_mail) == 1
