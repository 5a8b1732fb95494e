"""An SMTP server on loopback that keeps every mail, and a page to read them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox import mailbox_page
from sandbox.mailbox_letters import Letter, load, save

OK = "250 OK"
LETTER_BYTES = 32 << 20


@dataclass
class _Refusal:
    answer: str
    left: int


class Mailbox:
    """Accepts mail for anybody; refuses, delays or breaks off where a test asks it to."""

    def __init__(self) -> None:
        self.messages: list[Letter] = []
        self.host = ""
        self.smtp_port = 0
        self.url = ""
        self._state_dir: Path | None = None
        self._refusals: defaultdict[str, list[_Refusal]] = defaultdict(list)
        self._lost_answers = 0
        self._arrived = asyncio.Condition()
        self._server: asyncio.Server | None = None
        self._transports: set[asyncio.BaseTransport] = set()
        self._runner: web.AppRunner | None = None

    async def start(
        self, host: str = "127.0.0.1", smtp_port: int = 0, web_port: int = 0, state_dir: Path | None = None
    ) -> Self:
        """Listen for mail and for the page; port 0 takes a free one. `state_dir` holds the mails of earlier runs."""
        self._state_dir = state_dir
        if state_dir:
            self.messages = load(state_dir)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Server(self, loop), host, smtp_port)
        self.host, self.smtp_port = self._server.sockets[0].getsockname()[:2]
        app = web.Application()
        mailbox_page.add_routes(app, self.messages)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, web_port).start()
        address = self._runner.addresses[0]
        self.url = f"http://{address[0]}:{address[1]}"
        return self

    async def stop(self) -> None:
        """Close both doors and the connections that are still open."""
        if self._server:
            self._server.close()
            for transport in list(self._transports):
                transport.close()
            await self._server.wait_closed()
        if self._runner:
            await self._runner.cleanup()

    # ---- for tests

    def refuse(self, address: str, code: int, text: str, times: int = 1) -> None:
        """Answer the next `times` RCPT for this address with the code: 451 is a greylisting, 550 a final refusal."""
        self._refusals[address.lower()].append(_Refusal(f"{code} {text}", times))

    def lose_answer(self, times: int = 1) -> None:
        """Keep the next `times` mails but close the connection in place of the answer to DATA."""
        self._lost_answers += times

    def of(self, address: str) -> list[Letter]:
        """The mails that came for an address, oldest first."""
        wanted = address.lower()
        return [letter for letter in self.messages if wanted in map(str.lower, letter.recipients)]

    async def wait_for(self, address: str, n: int = 1, timeout: float = 5.0) -> list[Letter]:
        """The mails of an address once there are at least `n`; TimeoutError tells how many came."""
        try:
            async with asyncio.timeout(timeout), self._arrived:
                await self._arrived.wait_for(lambda: len(self.of(address)) >= n)
        except TimeoutError:
            raise TimeoutError(f"{len(self.of(address))} of {n} mails for {address} after {timeout} s") from None
        return self.of(address)

    # ---- what aiosmtpd calls

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        """Accept a recipient unless a refusal is due."""
        due = next((refusal for refusal in self._refusals[address.lower()] if refusal.left), None)
        if due:
            due.left -= 1
            return due.answer
        envelope.rcpt_tos.append(address)
        return OK

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep a mail, and answer unless the answer is to be lost."""
        number = self.messages[-1].number + 1 if self.messages else 1
        recipients = tuple(envelope.rcpt_tos)
        source = envelope.original_content or b""
        letter = Letter.read(number, envelope.mail_from or "", recipients, datetime.now(UTC), source)
        if self._state_dir:
            save(letter, self._state_dir)
        self.messages.append(letter)
        async with self._arrived:
            self._arrived.notify_all()
        if self._lost_answers:
            self._lost_answers -= 1
            if isinstance(server.transport, asyncio.Transport):
                server.transport.abort()
        return OK


class _Server(SMTP):
    """One connection, known to the mailbox so that it can be closed."""

    def __init__(self, mailbox: Mailbox, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(mailbox, loop=loop, data_size_limit=LETTER_BYTES, enable_SMTPUTF8=True)
        self._open = mailbox._transports

    def connection_made(self, transport: Any) -> None:
        self._open.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._open.discard(self.transport)
        super().connection_lost(error)
