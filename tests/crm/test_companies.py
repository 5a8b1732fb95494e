import pytest

from crm import companies
from crm.errors import Invalid, NameTaken, NotFound
from db.session import Sessions
from tests import make


class TestAdd:
    async def test_makes_a_company(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            made = await companies.add(session, "  Северный \n мост ")
        async with sessions.of_company(made.id) as session:
            assert [company.name for company in await companies.list_all(session)] == ["Северный мост"]

    async def test_a_name_is_there_once(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            await companies.add(session, "Мост")
            with pytest.raises(NameTaken):
                await companies.add(session, "Мост")
            assert len(await companies.list_all(session)) == 1

    @pytest.mark.parametrize("name", ["", "  ", "а" * 101])
    async def test_a_name_is_of_reasonable_length(self, sessions: Sessions, name: str) -> None:
        async with sessions.of_system() as session:
            with pytest.raises(Invalid):
                await companies.add(session, name)


class TestFind:
    async def test_by_name_whatever_the_case(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            made = await make.company(session, "Северный мост")
            assert await companies.find(session, "северный  МОСТ") is made

    async def test_an_unknown_name(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            with pytest.raises(NotFound):
                await companies.find(session, "Мост")


class TestRowLevelSecurity:
    async def test_another_company_is_not_seen(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            ours, _ = await make.company(session), await make.company(session)
        async with sessions.of_company(ours.id) as session:
            assert [company.id for company in await companies.list_all(session)] == [ours.id]
