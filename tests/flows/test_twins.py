"""The same request in a company's closed chat and in a public channel, as two companies live it."""

from sqlalchemy import select

from crm import companies, invitations
from db.models import Alert, Listing, Role
from tests.bot.talk import PATIENCE, Talk
from tests.flows.conftest import Desk
from tests.flows.test_post_becomes_alert import CLOSED, PUBLIC, REQUEST, come_in, press, read

FORWARDED = f"Коллеги, от партнёров 👇\n\n{REQUEST.replace('@vera_partner', '@oleg_agent')}"
RAISED = REQUEST.replace("2600", "2900")


async def stranger(desk: Desk) -> Talk:
    """An admin of another company."""
    async with desk.sessions.of_system() as session:
        company = await companies.add(session, "Копыта и рога")
        token = await invitations.issue(session, company.id, Role.ADMIN)
    talk = Talk(desk.api.person(1002, "Глеб", "ru"))
    await talk.start(token)
    return talk


class TestTwins:
    async def test_are_one_card_to_the_company_and_a_secret_to_the_other(self, desk: Desk) -> None:
        desk.cloud.add_channel(PUBLIC, "Запросы партнёрам", "partner_requests")
        desk.cloud.add_channel(CLOSED, "Закрытый клуб", invite="ClosedClub77")
        anna, gleb = await come_in(desk), await stranger(desk)
        await read(desk, "@partner_requests", "https://t.me/+ClosedClub77")
        for talk in (anna, gleb):
            await talk.say("запросы на react от 2000")
            await press(talk, "Создать")

        desk.cloud.post(CLOSED, REQUEST)
        card = await anna.sees("личный кабинет страховой")
        desk.cloud.post(PUBLIC, FORWARDED)
        both = await anna.person.wait_for(
            lambda message: message.message_id == card.message_id and "@oleg_agent" in message.text, PATIENCE
        )
        assert "Закрытый клуб" in both.text
        assert "Запросы партнёрам" in both.text
        theirs = await gleb.sees("личный кабинет страховой")

        desk.cloud.post(CLOSED, RAISED)
        again = await anna.person.wait_for(
            lambda message: message.message_id > card.message_id and "2 900" in message.text.replace("\u00a0", " "),
            PATIENCE,
        )
        await anna.tap_for_toast(next(label for label in again.buttons if "Взять" in label), again)
        await anna.person.wait_for(
            lambda message: message.message_id == card.message_id and not any("Взять" in b for b in message.buttons),
            PATIENCE,
        )

        held = next(message for message in gleb.person.messages() if message.message_id == theirs.message_id)
        assert any("Взять" in label for label in held.buttons)
        for secret in ("клуб", "@vera_partner", "2 900"):
            assert secret not in held.text.replace("\u00a0", " ")
        async with desk.sessions.of_system() as session:
            told = await session.execute(
                select(Alert.company_id, Listing.company_id).join(Listing, Listing.id == Alert.listing_id)
            )
            assert sorted(told.all(), key=str) == [(1, 1), (1, 1), (2, None)]
