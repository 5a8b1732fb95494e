"""Told by e-mail, through a real SMTP client and a mailbox that greylists, refuses and loses answers as asked."""

from collections.abc import AsyncIterator
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from sqlalchemy import update

from crm import alerts, signing
from crm.alerts import settling
from db.base import now
from db.models import Address, AddressStop, Alert, AlertState, Bundle, Channel, Source
from db.session import Sessions
from mail.sender import SmtpMailer
from sandbox.mailbox import Mailbox
from tests import make, telling
from tests.worker.conftest import AtWork
from worker.email_sender import EmailSender

SECRET = b"a secret of the tests"
URL = "https://platon.example.org"


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    sink = await Mailbox().start()
    yield sink
    await sink.stop()


@pytest.fixture
def sender(sessions: Sessions, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> EmailSender:
    monkeypatch.setitem(settling.PAUSES, Channel.EMAIL, [timedelta(0)] * 4)
    mailer = SmtpMailer(mailbox.host, mailbox.smtp_port, sender="Platon <desk@example.org>", security="none")
    return EmailSender(sessions, mailer, URL, SECRET)


class World:
    """Anna, who wants everything by e-mail at her confirmed address."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions

    async def begin(self) -> "World":
        async with self.sessions.of_system() as session:
            self.anna = await make.user(session, await make.company(session))
            self.address = await telling.address(session, self.anna, email="anna@example.org")
            self.subscription = await make.subscription(session, self.anna, by_telegram=False, by_email=True)
            self.source = await make.source(session)
        return self

    async def promise(self, *locations: str, **how: Any) -> None:
        for location in locations:
            async with self.sessions.of_system() as session:
                source = await session.get_one(Source, self.source.id)
                listing = await telling.listing(session, source, location=location)
                await telling.promise(session, listing, **{"now": now()} | how)

    async def ledger(self) -> list[Alert]:
        return await telling.ledger(self.sessions)


@pytest.fixture
async def world(sessions: Sessions) -> World:
    return await World(sessions).begin()


class TestTelling:
    async def test_letters_come_in_the_order_of_promises(
        self, world: World, sender: EmailSender, mailbox: Mailbox
    ) -> None:
        await world.promise("Омск", "Томск", "Псков")
        async with AtWork(sender) as work:
            await work.until_settled()
        letters = mailbox.of("anna@example.org")
        assert [place for letter in letters for place in ("Омск", "Томск", "Псков") if place in letter.text] == [
            "Омск", "Томск", "Псков",
        ]  # fmt: skip
        assert {alert.state for alert in await world.ledger()} == {AlertState.DELIVERED}

    async def test_a_letter_can_be_unsubscribed_from_by_its_signed_link(
        self, world: World, sender: EmailSender, mailbox: Mailbox
    ) -> None:
        await world.promise("Омск")
        async with AtWork(sender) as work:
            await work.until_settled()
        (letter,) = mailbox.of("anna@example.org")
        shown = message_from_bytes(letter.source, policy=policy.default)
        link = str(shown["List-Unsubscribe"]).strip("<>")
        assert link.startswith(f"{URL}/unsubscribe/")
        assert signing.verify(SECRET, "unsubscribe", link.rsplit("/", 1)[1]) == world.address.id
        assert shown["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    async def test_what_gathered_overnight_comes_in_one_letter(
        self, world: World, sender: EmailSender, mailbox: Mailbox
    ) -> None:
        await world.promise("Омск", "Томск", now=now() - timedelta(hours=1), recovered=True)
        async with AtWork(sender) as work:
            await work.until_settled()
        assert len(mailbox.of("anna@example.org")) == 1
        assert {(alert.state, alert.bundle) for alert in await world.ledger()} == {
            (AlertState.DELIVERED, Bundle.RECOVERED)
        }

    async def test_a_recipient_without_telegram_is_written_to(
        self, world: World, sender: EmailSender, mailbox: Mailbox
    ) -> None:
        async with world.sessions.of_system() as session:
            partner = await telling.address(session, world.anna, is_own=False, email="partner@example.org")
            await telling.recipient(session, world.subscription, partner)
        await world.promise("Омск")
        async with AtWork(sender) as work:
            await work.until_settled()
        assert [len(mailbox.of(f"{name}@example.org")) for name in ("anna", "partner")] == [1, 1]


class TestRefusals:
    async def test_a_greylisted_letter_comes_the_second_time_and_is_not_overtaken(
        self, world: World, sender: EmailSender, mailbox: Mailbox
    ) -> None:
        mailbox.refuse("anna@example.org", 451, "4.7.1 Try again later")
        await world.promise("Омск", "Томск")
        async with AtWork(sender) as work:
            await work.until_settled()
        assert ["Омск" in letter.text for letter in mailbox.of("anna@example.org")] == [True, False]
        assert [alert.attempts for alert in await world.ledger()] == [2, 1]

    async def test_after_five_tries_it_fails(self, world: World, sender: EmailSender, mailbox: Mailbox) -> None:
        mailbox.refuse("anna@example.org", 451, "4.7.1 Try again later", times=5)
        await world.promise("Омск")
        async with AtWork(sender) as work:
            await work.until_settled()
        (alert,) = await world.ledger()
        assert (alert.state, alert.attempts) == (AlertState.FAILED, 5)
        assert "4.7.1" in (alert.error or "")

    async def test_a_mailbox_that_is_no_more_gets_no_further_letters(
        self, world: World, sender: EmailSender, mailbox: Mailbox
    ) -> None:
        mailbox.refuse("anna@example.org", 550, "5.1.1 No such user")
        await world.promise("Омск", "Томск")
        async with AtWork(sender) as work:
            await work.until_settled()
        assert mailbox.of("anna@example.org") == []
        assert [(alert.state, alert.attempts) for alert in await world.ledger()] == [
            (AlertState.FAILED, 1),
            (AlertState.WITHDRAWN, 0),
        ]
        async with world.sessions.of_system() as session:
            address = await session.get_one(Address, world.address.id)
        assert (address.stop_reason, address.stop_detail) == (AddressStop.REFUSED, "550 5.1.1 No such user")

    async def test_a_letter_refused_for_itself_does_not_stop_the_address(
        self, world: World, sender: EmailSender, mailbox: Mailbox
    ) -> None:
        mailbox.refuse("anna@example.org", 552, "5.2.2 Mailbox full")
        await world.promise("Омск", "Томск")
        async with AtWork(sender) as work:
            await work.until_settled()
        assert [alert.state for alert in await world.ledger()] == [AlertState.FAILED, AlertState.DELIVERED]

    async def test_one_address_does_not_keep_back_another(
        self, world: World, sender: EmailSender, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(settling.PAUSES, Channel.EMAIL, [timedelta(hours=1)] * 4)
        async with world.sessions.of_system() as session:
            partner = await telling.address(session, world.anna, is_own=False, email="partner@example.org")
            await telling.recipient(session, world.subscription, partner)
        mailbox.refuse("anna@example.org", 451, "4.7.1 Try again later")
        await world.promise("Омск")
        async with AtWork(sender):
            await mailbox.wait_for("partner@example.org")
        states = {alert.address_id: alert.state for alert in await world.ledger()}
        assert states == {world.address.id: AlertState.PROMISED, partner.id: AlertState.DELIVERED}

    async def test_who_unsubscribed_meanwhile_gets_nothing(
        self, world: World, sender: EmailSender, mailbox: Mailbox
    ) -> None:
        await world.promise("Омск")
        async with world.sessions.of_system() as session:
            await session.execute(update(Address).values(stopped_at=now(), stop_reason=AddressStop.UNSUBSCRIBED))
        async with AtWork(sender) as work:
            await work.until_settled()
        assert mailbox.messages == []
        assert [alert.state for alert in await world.ledger()] == [AlertState.WITHDRAWN]


class TestLostAnswers:
    async def test_it_is_sent_again_once_under_the_same_message_id(
        self, world: World, sender: EmailSender, mailbox: Mailbox
    ) -> None:
        mailbox.lose_answer()
        await world.promise("Омск")
        async with AtWork(sender) as work:
            await work.until_settled()
        ids = {message_from_bytes(letter.source)["Message-ID"] for letter in mailbox.of("anna@example.org")}
        assert (len(mailbox.messages), len(ids)) == (2, 1)
        (alert,) = await world.ledger()
        assert (alert.state, alert.possible_double) == (AlertState.DELIVERED, True)

    async def test_lost_twice_it_is_given_up(self, world: World, sender: EmailSender, mailbox: Mailbox) -> None:
        mailbox.lose_answer(times=2)
        await world.promise("Омск")
        async with AtWork(sender) as work:
            await work.until_settled()
        (alert,) = await world.ledger()
        assert (alert.state, alert.error) == (AlertState.FAILED, settling.LOST_TWICE)


class TestBacklog:
    async def test_it_counts_by_state_and_names_the_oldest_due(self, world: World) -> None:
        promised_at = now() - timedelta(minutes=5)
        await world.promise("Омск", "Томск", now=promised_at)
        async with world.sessions.of_system() as session:
            first = (await world.ledger())[0]
            await session.execute(update(Alert).where(Alert.id == first.id).values(state=AlertState.FAILED))
            found = await alerts.backlog(session, now=now())
        assert found.counts == {AlertState.FAILED: 1, AlertState.PROMISED: 1}
        assert found.oldest_due == {Channel.EMAIL: promised_at}
        assert found.stale == 0
