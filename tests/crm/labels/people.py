"""People who say what posts are."""

from typing import Any

from crm import labels
from db.base import Json
from db.models import Company, Label, Post, User
from db.session import Sessions
from language.kinds import Kind
from tests import make
from tests.labelled import JAVA, posted

ITEM: Json = {"role": "backend", "core": ["java"], "extra": [], "grades": ["senior"], "count": 1}


async def person_and_post(sessions: Sessions, text: str = JAVA, **fields: Any) -> tuple[User, Post]:
    """A manager of a company of their own, and a doubtful post of a source of its own."""
    async with sessions.of_system() as session:
        person = await make.user(session, await make.company(session))
        source = await make.source(session)
    doubtful = make.request(make.item("backend", "java"), confidence=0.4, abstain=True)
    return person, await posted(sessions, source, text, doubtful, **fields)


async def colleague(sessions: Sessions, of: User, **fields: Any) -> User:
    async with sessions.of_system() as session:
        return await make.user(session, await session.get_one(Company, of.company_id), **fields)


async def give(sessions: Sessions, person: User, post: Post, kind: Kind, **said: Any) -> Label:
    async with sessions.of_company(person.company_id) as session:
        return await labels.give(session, make.actor(person), post.id, kind, **said)
