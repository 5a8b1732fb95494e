"""Companies: each sees the market and its own rows."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from crm.errors import Invalid, NameTaken, NotFound
from db.base import now
from db.models import Company
from db.session import SystemSession

LONGEST_NAME = 100


async def add(session: SystemSession, name: str) -> Company:
    """Raises Invalid for an empty or overlong name, NameTaken."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid(field="name", value=name[:LONGEST_NAME])
    made = insert(Company).values(name=name, created_at=now()).on_conflict_do_nothing().returning(Company)
    company = (await session.scalars(made)).one_or_none()
    if company is None:
        raise NameTaken(name=name)
    return company


async def find(session: SystemSession, name: str) -> Company:
    """By its name, whatever the case. Raises NotFound."""
    wanted = " ".join(name.split()).casefold()
    for company in await list_all(session):
        if company.name.casefold() == wanted:
            return company
    raise NotFound(name=name)


async def list_all(session: SystemSession) -> list[Company]:
    return list(await session.scalars(select(Company).order_by(Company.id)))
