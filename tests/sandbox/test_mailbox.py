"""A real SMTP client sends to the sandbox's mailbox; a browser's requests read it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import aiohttp
import aiosmtplib
import pytest
from aiohttp import web

from sandbox.mailbox import Mailbox


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    sink = await Mailbox().start()
    yield sink
    await sink.stop()


@pytest.fixture
async def browser(mailbox: Mailbox) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(base_url=mailbox.url, headers={"Accept-Language": "ru-RU"}) as session:
        yield session


def letter(*to: str, subject: str = "Новый запрос: Java", unsubscribe: str = "") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Platon <desk@example.org>", ", ".join(to), subject
    if unsubscribe:
        mail["List-Unsubscribe"] = f"<{unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content("Нужен Java-разработчик\n")
    mail.add_alternative("<p>Нужен <b>Java</b><script>alert(1)</script></p>", subtype="html")
    return mail


async def send(mailbox: Mailbox, mail: EmailMessage) -> dict[str, aiosmtplib.SMTPResponse]:
    refused, _ = await aiosmtplib.send(mail, hostname=mailbox.host, port=mailbox.smtp_port, start_tls=False)
    return refused


class TestKeeping:
    async def test_a_mail_is_kept_with_its_text_and_html(self, mailbox: Mailbox) -> None:
        await send(mailbox, letter("anna@example.org"))
        (mail,) = await mailbox.wait_for("anna@example.org")
        assert mail.subject == "Новый запрос: Java"
        assert mail.text == "Нужен Java-разработчик\n"
        assert "<b>Java</b>" in mail.html
        assert mail.sender == "desk@example.org"

    async def test_a_second_start_shows_the_same_mails_and_numbers_go_on(self, tmp_path: Path) -> None:
        first = await Mailbox().start(state_dir=tmp_path)
        await send(first, letter("anna@example.org", "boris@example.org"))
        await first.stop()
        second = await Mailbox().start(state_dir=tmp_path)
        await send(second, letter("anna@example.org", subject="Ещё"))
        await second.stop()
        assert second.messages[0].source == first.messages[0].source
        assert second.messages[0].recipients == ("anna@example.org", "boris@example.org")
        assert second.messages[0].received_at == first.messages[0].received_at
        assert [mail.number for mail in second.messages] == [1, 2]

    async def test_waiting_in_vain_says_how_many_came(self, mailbox: Mailbox) -> None:
        await send(mailbox, letter("anna@example.org"))
        with pytest.raises(TimeoutError, match="1 of 2 mails for anna@"):
            await mailbox.wait_for("anna@example.org", n=2, timeout=0.01)


class TestFaults:
    async def test_a_greylisted_address_is_accepted_the_second_time(self, mailbox: Mailbox) -> None:
        mailbox.refuse("anna@example.org", 451, "4.7.1 Try again later")
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
            await send(mailbox, letter("anna@example.org"))
        assert refused.value.recipients[0].code == 451
        await send(mailbox, letter("anna@example.org"))
        assert len(mailbox.of("anna@example.org")) == 1

    async def test_one_refused_recipient_does_not_keep_the_mail_from_the_others(self, mailbox: Mailbox) -> None:
        mailbox.refuse("gone@example.org", 550, "5.1.1 No such user", times=5)
        refused = await send(mailbox, letter("gone@example.org", "anna@example.org"))
        assert {address: answer.code for address, answer in refused.items()} == {"gone@example.org": 550}
        assert mailbox.messages[0].recipients == ("anna@example.org",)

    async def test_a_lost_answer_leaves_the_mail_accepted(self, mailbox: Mailbox) -> None:
        mailbox.lose_answer()
        with pytest.raises(aiosmtplib.SMTPServerDisconnected):
            await send(mailbox, letter("anna@example.org"))
        assert len(mailbox.messages) == 1
        await send(mailbox, letter("anna@example.org"))
        assert len(mailbox.messages) == 2


class TestPage:
    async def test_the_list_can_be_narrowed_to_one_recipient(
        self, mailbox: Mailbox, browser: aiohttp.ClientSession
    ) -> None:
        await send(mailbox, letter("anna@example.org", subject="для Анны"))
        await send(mailbox, letter("boris@example.org", subject="для Бориса"))
        everything = await (await browser.get("/")).text()
        only_anna = await (await browser.get("/", params={"to": "anna@example.org"})).text()
        assert "для Анны" in everything
        assert "для Бориса" in everything
        assert "для Анны" in only_anna
        assert "для Бориса" not in only_anna

    async def test_a_mails_html_is_shown_where_nothing_can_run(
        self, mailbox: Mailbox, browser: aiohttp.ClientSession
    ) -> None:
        await send(mailbox, letter("anna@example.org", subject="<script>"))
        page = await (await browser.get("/letters/1")).text()
        html = await browser.get("/letters/1/html")
        assert "<script>" not in page
        assert 'iframe sandbox="allow-popups' in page
        assert html.headers["Content-Security-Policy"].startswith("sandbox allow-popups ")
        assert "allow-scripts" not in page + html.headers["Content-Security-Policy"]
        assert "Subject: " in await (await browser.get("/letters/1/source")).text()

    async def test_the_unsubscribe_button_posts_one_click_and_shows_the_answer(
        self, mailbox: Mailbox, browser: aiohttp.ClientSession
    ) -> None:
        posted: list[str] = []

        async def unsubscribe(request: web.Request) -> web.Response:
            posted.append(str((await request.post())["List-Unsubscribe"]))
            return web.Response()

        app = web.Application()
        app.router.add_post("/u/token", unsubscribe)
        runner = web.AppRunner(app, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        await send(mailbox, letter("anna@example.org", unsubscribe=f"http://127.0.0.1:{port}/u/token"))
        answer = await (await browser.post("/letters/1/unsubscribe")).text()
        await runner.cleanup()
        assert posted == ["One-Click"]
        assert "Сайт ответил: 200 OK" in answer

    async def test_a_mail_that_is_not_there_is_404(self, browser: aiohttp.ClientSession) -> None:
        assert (await browser.get("/letters/9")).status == 404
        assert (await browser.post("/letters/9/unsubscribe")).status == 404

    async def test_the_page_speaks_the_browsers_language(self, mailbox: Mailbox) -> None:
        async with aiohttp.ClientSession(base_url=mailbox.url, headers={"Accept-Language": "en"}) as english:
            assert "No mail yet" in await (await english.get("/")).text()
