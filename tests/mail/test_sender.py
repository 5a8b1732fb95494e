"""Letters go to a real SMTP server on loopback that takes, refuses or loses them."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mail.sender import Letter, Refused, SmtpMailer, TryLater, Uncertain
from sandbox.mailbox import Mailbox

ANNA, BORIS = "anna@example.org", "boris@example.org"
SENDER = "Платон <platon@example.org>"


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    sink = await Mailbox().start()
    yield sink
    await sink.stop()


@pytest.fixture
def mailer(mailbox: Mailbox) -> SmtpMailer:
    return SmtpMailer(mailbox.host, mailbox.smtp_port, sender=SENDER, security="none", timeout=5)


def letter(to: str = ANNA, **fields: Any) -> Letter:
    filled = {
        "subject": "Запрос: Java-разработчик",
        "text": "Нужен Java-разработчик\n.\n..две точки\n",
        "html": "<p>Нужен <b>Java</b></p>\n",
        "message_id": "<alert-1@example.org>",
        "language": "ru",
    } | fields
    return Letter(to=to, **filled)


class TestSend:
    async def test_a_letter_arrives_as_it_was_written(self, mailbox: Mailbox, mailer: SmtpMailer) -> None:
        sent = await mailer.send(letter(headers={"References": "<listing-7@example.org>"}))
        (came,) = await mailbox.wait_for(ANNA)
        assert sent.message_id == came.parsed["Message-ID"] == "<alert-1@example.org>"
        assert came.sender == "platon@example.org"
        assert came.parsed["From"] == SENDER
        assert came.subject == "Запрос: Java-разработчик"
        assert came.text == "Нужен Java-разработчик\n.\n..две точки\n"
        assert came.html == "<p>Нужен <b>Java</b></p>\n"
        assert came.parsed["References"] == "<listing-7@example.org>"
        assert came.parsed["Content-Language"] == "ru"
        assert came.parsed["Auto-Submitted"] == "auto-generated"
        assert came.parsed["Date"].datetime

    async def test_a_header_cannot_be_smuggled_in(self, mailbox: Mailbox, mailer: SmtpMailer) -> None:
        with pytest.raises(ValueError, match=r"newline|linefeed"):
            await mailer.send(letter(subject="Запрос\r\nBcc: everybody@example.org"))
        assert mailbox.messages == []

    async def test_greylisting_says_try_later_and_the_second_try_arrives(
        self, mailbox: Mailbox, mailer: SmtpMailer
    ) -> None:
        mailbox.refuse(ANNA, 451, "4.7.1 Greylisted")
        with pytest.raises(TryLater, match=r"451 4\.7\.1 Greylisted"):
            await mailer.send(letter())
        await mailer.send(letter())
        assert len(mailbox.of(ANNA)) == 1

    @pytest.mark.parametrize(
        ("code", "answer", "is_dead"),
        [
            (550, "5.1.1 No such user", True),
            (550, "no such user here", True),
            (553, "mailbox name not allowed", True),
            (550, "5.2.1 Mailbox disabled", True),
            (552, "5.2.2 Mailbox full", False),
            (550, "5.7.1 Your server is on a block list", False),
            (554, "Transaction failed", False),
        ],
    )
    async def test_a_refusal_says_whether_the_address_is_dead(
        self, mailbox: Mailbox, mailer: SmtpMailer, code: int, answer: str, is_dead: bool
    ) -> None:
        mailbox.refuse(ANNA, code, answer)
        with pytest.raises(Refused, match=re.escape(answer)) as refused:
            await mailer.send(letter())
        assert refused.value.address_is_dead is is_dead
        assert mailbox.messages == []

    async def test_one_recipients_refusal_does_not_touch_another(self, mailbox: Mailbox, mailer: SmtpMailer) -> None:
        mailbox.refuse(ANNA, 550, "5.1.1 No such user")
        outcomes = await asyncio.gather(mailer.send(letter(ANNA)), mailer.send(letter(BORIS)), return_exceptions=True)
        assert isinstance(outcomes[0], Refused)
        assert len(mailbox.of(BORIS)) == 1
        assert mailbox.of(ANNA) == []

    async def test_a_lost_answer_leaves_it_uncertain(self, mailbox: Mailbox, mailer: SmtpMailer) -> None:
        mailbox.lose_answer()
        with pytest.raises(Uncertain):
            await mailer.send(letter())
        assert len(mailbox.of(ANNA)) == 1

    async def test_a_server_that_is_away_says_try_later(self, mailbox: Mailbox, mailer: SmtpMailer) -> None:
        await mailbox.stop()
        with pytest.raises(TryLater, match="SMTPConnectError"):
            await mailer.send(letter())

    @pytest.mark.parametrize(
        ("answers", "error"),
        [
            ({"MAIL": "550 5.7.1 sender is not known here"}, TryLater),
            ({"MAIL": "421 going down"}, TryLater),
            ({"BODY": "452 4.3.1 disk is full"}, TryLater),
            ({"BODY": "554 5.7.1 looks like spam"}, Refused),
            ({"BODY": None}, Uncertain),
            ({"HELLO": "554 go away"}, TryLater),
            ({"HELLO": None}, TryLater),
        ],
    )
    async def test_each_step_has_its_own_way_to_fail(
        self, answers: dict[str, str | None], error: type[Exception]
    ) -> None:
        """None: the server never answers that step."""
        server = await asyncio.start_server(lambda r, w: _answer(answers, r, w), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        try:
            with pytest.raises(error):
                await SmtpMailer("127.0.0.1", port, sender=SENDER, security="none", timeout=0.3).send(letter())
        finally:
            server.close()
            await server.wait_closed()


async def _answer(answers: dict[str, str | None], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A mail server of fixed answers, by the step that is answered."""
    usual = {"HELLO": "220 hello", "DATA": "354 go on", "QUIT": "221 bye"}
    step = "HELLO"
    while step:
        said = (usual | answers).get(step, "250 OK")
        if said is not None:
            writer.write(f"{said}\r\n".encode())
            await writer.drain()
        if step == "DATA":
            await reader.readuntil(b"\r\n.\r\n")
            step = "BODY"
        else:
            step = (await reader.readline()).decode()[:4]
    writer.close()
    await writer.wait_closed()


class Locked:
    """A mail server with a certificate and one account."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []

    async def handle_DATA(self, server: SMTP, session: object, envelope: Envelope) -> str:
        self.letters.append(envelope.content)
        return "250 OK"


def authenticate(server: SMTP, session: object, envelope: object, mechanism: str, given: LoginPassword) -> AuthResult:
    is_right = (given.login, given.password) == (b"platon", b"correct horse")
    return AuthResult(success=is_right, handled=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of 127.0.0.1, signed by itself; key and certificate in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
async def locked(certificate: Path) -> AsyncIterator[tuple[Locked, int]]:
    """Letters only after STARTTLS and signing in."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    handler, loop = Locked(), asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(
            handler, loop=loop, tls_context=context, require_starttls=True, auth_required=True,
            authenticator=authenticate,
        ),
        "127.0.0.1",
        0,
    )  # fmt: skip
    yield handler, server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


class TestSecurity:
    async def test_a_letter_goes_through_starttls_and_sign_in(
        self, locked: tuple[Locked, int], certificate: Path
    ) -> None:
        handler, port = locked
        mailer = SmtpMailer(
            "127.0.0.1", port, sender=SENDER, username="platon", password="correct horse", security="starttls",
            tls=ssl.create_default_context(cafile=str(certificate)),
        )  # fmt: skip
        await mailer.send(letter())
        assert len(handler.letters) == 1

    async def test_a_certificate_of_nobody_we_trust_is_not_talked_to(self, locked: tuple[Locked, int]) -> None:
        handler, port = locked
        mailer = SmtpMailer("127.0.0.1", port, sender=SENDER, username="platon", password="correct horse")
        with pytest.raises(TryLater, match="certificate"):
            await mailer.send(letter())
        assert handler.letters == []

    async def test_a_wrong_password_says_try_later_and_is_not_told(
        self, locked: tuple[Locked, int], certificate: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        _, port = locked
        mailer = SmtpMailer(
            "127.0.0.1", port, sender=SENDER, username="platon", password="battery staple", security="starttls",
            tls=ssl.create_default_context(cafile=str(certificate)),
        )  # fmt: skip
        with caplog.at_level("DEBUG"), pytest.raises(TryLater, match="SMTPAuthenticationError") as told:
            await mailer.send(letter())
        assert "battery staple" not in caplog.text + str(told.value)

    async def test_a_server_without_starttls_gets_no_password(self, mailbox: Mailbox) -> None:
        mailer = SmtpMailer(
            mailbox.host, mailbox.smtp_port, sender=SENDER, username="platon", password="battery staple"
        )
        with pytest.raises(TryLater, match=r"SMTPException|SMTPNotSupported"):
            await mailer.send(letter())
        assert mailbox.messages == []

    async def test_implicit_tls(self, certificate: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        handler, loop = Locked(), asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(handler, loop=loop), "127.0.0.1", 0, ssl=context)
        trusted = ssl.create_default_context(cafile=str(certificate))
        port = server.sockets[0].getsockname()[1]
        try:
            await SmtpMailer("127.0.0.1", port, sender=SENDER, security="tls", tls=trusted).send(letter())
        finally:
            server.close()
            await server.wait_closed()
        assert len(handler.letters) == 1
