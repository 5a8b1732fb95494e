"""Letters leave here, one recipient each, so that no refusal of one touches another."""

import contextlib
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, localtime, parseaddr
from typing import Literal, Protocol

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

Security = Literal["none", "starttls", "tls"]

TIMEOUT_SECONDS = 30.0
ANSWER_SHOWN = 300
LINE_AT_MOST = 998
GONE = {550, 551, 553}
ENHANCED_CODE = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")
ENHANCED_GONE = re.compile(r"5\.1\.\d+|5\.2\.1")
"""no such mailbox, or a disabled one; 5.2.2 is a full one, 5.7.x a server that does not like us"""


@dataclass(frozen=True)
class Letter:
    """In text and HTML, both saying the same."""

    to: str
    """one bare address"""
    subject: str
    text: str
    html: str
    message_id: str
    """with its angle brackets; the same for a second try, so that mail programs show a double once"""
    language: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sent:
    """A mail server took the letter over."""

    message_id: str
    answer: str
    """of the server, which often names its own number of the letter"""


class TryLater(Exception):
    """It was certainly not sent, and may be another time: 4xx, the network, or we ourselves are not let in."""


class Refused(Exception):
    """It was certainly not sent, and trying again would not help."""

    def __init__(self, detail: str, *, address_is_dead: bool) -> None:
        super().__init__(detail)
        self.address_is_dead = address_is_dead
        """nothing will ever arrive there; else it was about this letter, a full mailbox, or us"""


class Uncertain(Exception):
    """Perhaps sent: the connection was lost before the server said that it took the letter."""


class Mailer(Protocol):
    async def send(self, letter: Letter) -> Sent:
        """Raises TryLater, Refused, Uncertain."""
        ...


class _WholeLinks(EmailPolicy):
    """Long links and ids stay as they are: the standard one turns them into encoded words, which nobody reads there."""

    def fold_binary(self, name: str, value: str) -> bytes:
        line = f"{name}: {value}"
        if line.isascii() and len(line) < LINE_AT_MOST:
            return f"{line}\r\n".encode()
        return super().fold_binary(name, value)


_WHOLE_LINKS = _WholeLinks(linesep="\r\n")


class SmtpMailer:
    """By a mail server. `sender` is "Name <address>"; certificates are always verified."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        sender: str,
        username: str | None = None,
        password: str | None = None,
        security: Security = "starttls",
        timeout: float = TIMEOUT_SECONDS,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._host, self._port, self._sender = host, port, sender
        self._username, self._password = username, password
        self._security, self._timeout = security, timeout
        self._tls = None if security == "none" else tls or ssl.create_default_context()

    async def send(self, letter: Letter) -> Sent:
        """Over a connection of its own. Raises TryLater, Refused, Uncertain."""
        content = self._message(letter).as_bytes()
        client = SMTP(
            hostname=self._host,
            port=self._port,
            username=self._username,
            password=self._password,
            timeout=self._timeout,
            use_tls=self._security == "tls",
            start_tls=self._security == "starttls",
            tls_context=self._tls,
        )
        try:
            await client.connect()
            await client.mail(parseaddr(self._sender)[1])
            await client.rcpt(letter.to)
            answer = await _hand_over(client, content)
        except SMTPRecipientRefused as error:
            raise _by_code(error.code, error.message, address_is_dead=_is_gone(error.code, error.message)) from error
        except (SMTPException, OSError) as error:
            raise TryLater(_words(error)) from error
        finally:
            await _leave(client)
        return Sent(letter.message_id, answer)

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(_WHOLE_LINKS)
        message["From"], message["To"], message["Subject"] = self._sender, letter.to, letter.subject
        message["Date"], message["Message-ID"] = format_datetime(localtime()), letter.message_id
        message["Auto-Submitted"] = "auto-generated"  # so that no holiday notice answers
        for name, value in letter.headers.items():
            message[name] = value
        message.set_content(letter.text, cte="base64")
        message.add_alternative(letter.html, subtype="html", cte="base64")
        message["Content-Language"] = letter.language  # set_content drops it
        return message


async def _hand_over(client: SMTP, content: bytes) -> str:
    try:
        answer = await client.data(content)
    except SMTPDataError as error:
        raise _by_code(error.code, error.message, address_is_dead=False) from error
    except (SMTPServerDisconnected, SMTPTimeoutError, OSError) as error:
        raise Uncertain(_words(error)) from error
    return answer.message


async def _leave(client: SMTP) -> None:
    """Politely where possible; what the server says to that changes nothing any more."""
    if client.is_connected:
        with contextlib.suppress(SMTPException, OSError):
            await client.quit()
    client.close()


def _by_code(code: int, message: str, *, address_is_dead: bool) -> Exception:
    detail = f"{code} {message}"[:ANSWER_SHOWN]
    return Refused(detail, address_is_dead=address_is_dead) if code >= 500 else TryLater(detail)


def _is_gone(code: int, message: str) -> bool:
    """Whether an answer to RCPT says that there is no such mailbox. Enhanced codes (RFC 3463) say it more exactly."""
    enhanced = ENHANCED_CODE.search(message)
    return bool(ENHANCED_GONE.fullmatch(enhanced[0])) if enhanced else code in GONE


def _words(error: Exception) -> str:
    """What went wrong, without what we sent."""
    return f"{type(error).__name__}: {error}"[:ANSWER_SHOWN]
