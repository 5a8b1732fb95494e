"""Sessions under two database roles. Whoever opens a session commits it, by leaving the block."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session as OrmSession
from sqlalchemy.orm import SessionTransaction

APPLICATION_ROLE = "platon_app"
SYSTEM_ROLE = "platon_system"


class Session(AsyncSession):
    """Under row-level security: sees the market and one company, nothing else."""


class SystemSession(Session):
    """Sees every company. A function that asks for one is listed in tests/test_architecture.py."""


ENTER_ROLE = text("SELECT set_config('role', :role, true), set_config('app.company_id', :company_id, true)")


def _enter_role(session: OrmSession, transaction: SessionTransaction, connection: Connection) -> None:
    if "role" in session.info:
        connection.execute(ENTER_ROLE, {"role": session.info["role"], "company_id": session.info["company_id"]})


event.listen(OrmSession, "after_begin", _enter_role)


class Sessions:
    """Opens sessions of one database. `url` is SQLAlchemy's, with the asyncpg driver."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.engine: AsyncEngine = create_async_engine(
            url, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True
        )
        self._company = async_sessionmaker(self.engine, class_=Session, expire_on_commit=False)
        self._system = async_sessionmaker(self.engine, class_=SystemSession, expire_on_commit=False)

    @asynccontextmanager
    async def of_company(self, company_id: int) -> AsyncIterator[Session]:
        """One transaction that sees the market and this company."""
        async with self._company.begin() as session:
            session.info.update(_role(APPLICATION_ROLE, str(company_id)))
            yield session

    @asynccontextmanager
    async def of_market(self) -> AsyncIterator[Session]:
        """One transaction that sees the market alone."""
        async with self._company.begin() as session:
            session.info.update(_role(APPLICATION_ROLE, ""))
            yield session

    @asynccontextmanager
    async def of_system(self) -> AsyncIterator[SystemSession]:
        """One transaction that sees every company."""
        async with self._system.begin() as session:
            session.info.update(_role(SYSTEM_ROLE, ""))
            yield session

    async def close(self) -> None:
        await self.engine.dispose()


def _role(role: str, company_id: str) -> dict[str, Any]:
    return {"role": role, "company_id": company_id}
