"""The pages as a browser or a mail program asks for them, on a real database."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from backoffice import application
from crm import addresses, signing
from db.base import now
from db.models import Address
from db.session import Sessions
from tests import make

SECRET = b"a secret of tests, long enough"


class Browser:
    """Asks for pages; remembers nothing and follows nothing."""

    def __init__(self, client: TestClient[Any, Any]) -> None:
        self._client = client

    async def get(self, path: str, **headers: str) -> ClientResponse:
        return await self.ask("GET", path, headers=headers)

    async def post(self, path: str, form: dict[str, str] | None = None, **headers: str) -> ClientResponse:
        return await self.ask("POST", path, data=form, headers=headers)

    async def ask(self, method: str, path: str, **how: Any) -> ClientResponse:
        answer = await self._client.request(method, path, allow_redirects=False, **how)
        await answer.read()
        return answer


async def browse(sessions: Sessions, public_url: str = "https://platon.example.org", limit: int = 1000) -> Browser:
    built = application.build(sessions, public_url=public_url, secret=SECRET, requests_a_minute=limit)
    client = TestClient(TestServer(built))
    await client.start_server()
    return Browser(client)


@pytest.fixture
async def browser(sessions: Sessions) -> AsyncIterator[Browser]:
    opened = await browse(sessions)
    yield opened
    await opened._client.close()


@pytest.fixture
async def anna(sessions: Sessions) -> Address:
    """Confirmed."""
    async with sessions.of_system() as session:
        person = await make.user(session, await make.company(session))
        address = Address(
            company_id=person.company_id,
            email="anna@example.org",
            user_id=person.id,
            added_by_id=person.id,
            confirmed_at=now(),
        )
        session.add(address)
        await session.flush()
    return address


@pytest.fixture
async def asked(sessions: Sessions, anna: Address) -> str:
    """The token of the question just sent to Anna, who has not confirmed."""
    async with sessions.of_system() as session:
        waiting = await session.get_one(Address, anna.id)
        waiting.confirmed_at = None
        _, token = await addresses.begin_confirmation(session, anna.id)
    return token


async def expire(sessions: Sessions, address: Address) -> None:
    async with sessions.of_system() as session:
        waiting = await session.get_one(Address, address.id)
        waiting.confirm_expires_at = now() - timedelta(seconds=1)


async def stored(sessions: Sessions, address: Address) -> Address:
    async with sessions.of_system() as session:
        return await session.get_one(Address, address.id)


def unsubscribe_path(address: Address, secret: bytes = SECRET, purpose: str = "unsubscribe") -> str:
    return f"/unsubscribe/{signing.sign(secret, purpose, address.id)}"
