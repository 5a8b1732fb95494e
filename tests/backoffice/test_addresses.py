"""Links in letters do what their page says, when its button is pressed, and only then."""

import pytest

from crm import addresses, jobs
from db.base import now
from db.models import Address, AddressStop
from db.session import Sessions
from tests import make
from tests.backoffice.conftest import Browser, expire, stored, unsubscribe_path


async def waiting_jobs(sessions: Sessions) -> int:
    async with sessions.of_system() as session:
        return (await jobs.depth(session)).waiting


class TestConfirm:
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    async def test_a_program_that_follows_links_confirms_nothing(
        self, method: str, browser: Browser, sessions: Sessions, anna: Address, asked: str
    ) -> None:
        answer = await browser.ask(method, f"/confirm/{asked}")
        assert answer.status == 200
        assert (await stored(sessions, anna)).confirmed_at is None

    async def test_the_page_says_which_address_and_has_one_button(
        self, browser: Browser, anna: Address, asked: str
    ) -> None:
        page = await (await browser.get(f"/confirm/{asked}")).text()
        assert "anna@example.org" in page
        assert page.count("<button") == 1
        assert '<form method="post">' in page

    async def test_the_button_confirms(self, browser: Browser, sessions: Sessions, anna: Address, asked: str) -> None:
        answer = await browser.post(f"/confirm/{asked}")
        assert answer.status == 200
        assert "Адрес подтверждён" in await answer.text()
        assert addresses.is_active(await stored(sessions, anna))

    async def test_a_second_press_says_that_it_is_done(self, browser: Browser, asked: str) -> None:
        await browser.post(f"/confirm/{asked}")
        for answer in (await browser.post(f"/confirm/{asked}"), await browser.get(f"/confirm/{asked}")):
            assert answer.status == 200
            assert "Адрес подтверждён" in await answer.text()

    async def test_an_old_link_offers_a_new_letter(
        self, browser: Browser, sessions: Sessions, anna: Address, asked: str
    ) -> None:
        await expire(sessions, anna)
        for answer in (await browser.get(f"/confirm/{asked}"), await browser.post(f"/confirm/{asked}")):
            assert answer.status == 410
            assert f'action="/confirm/{asked}/again"' in await answer.text()
        assert (await stored(sessions, anna)).confirmed_at is None

    async def test_the_new_letter_is_a_job(
        self, browser: Browser, sessions: Sessions, anna: Address, asked: str
    ) -> None:
        async with sessions.of_system() as session:
            (await session.get_one(Address, anna.id)).confirm_expires_at = now() - addresses.GOOD_FOR
        answer = await browser.post(f"/confirm/{asked}/again")
        assert answer.status == 200
        assert "Письмо отправляется" in await answer.text()
        assert await waiting_jobs(sessions) == 1

    async def test_a_mailbox_cannot_be_filled_with_letters(
        self, browser: Browser, sessions: Sessions, asked: str
    ) -> None:
        answer = await browser.post(f"/confirm/{asked}/again")
        assert answer.status == 409
        assert "через 5 минут" in await answer.text()
        assert await waiting_jobs(sessions) == 0

    @pytest.mark.parametrize("path", ["/confirm/forged", "/confirm/forged/again", "/confirm/%00%D1%84"])
    async def test_a_forged_link_says_what_to_do(self, path: str, browser: Browser, asked: str) -> None:
        answer = await browser.post(path)
        assert answer.status == 404
        assert "Откройте самое новое письмо" in await answer.text()

    async def test_a_link_confirms_its_own_address_alone(
        self, browser: Browser, sessions: Sessions, anna: Address, asked: str
    ) -> None:
        async with sessions.of_system() as session:
            other = await make.user(session, await make.company(session))
            theirs = Address(company_id=other.company_id, email="anna@example.org", added_by_id=other.id)
            session.add(theirs)
        await browser.post(f"/confirm/{asked}")
        assert addresses.is_active(await stored(sessions, anna))
        assert (await stored(sessions, theirs)).confirmed_at is None


class TestUnsubscribe:
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    async def test_a_program_that_follows_links_unsubscribes_nobody(
        self, method: str, browser: Browser, sessions: Sessions, anna: Address
    ) -> None:
        answer = await browser.ask(method, unsubscribe_path(anna))
        assert answer.status == 200
        assert addresses.is_active(await stored(sessions, anna))

    async def test_the_page_has_one_button_that_unsubscribes(
        self, browser: Browser, sessions: Sessions, anna: Address
    ) -> None:
        page = await (await browser.get(unsubscribe_path(anna))).text()
        assert "anna@example.org" in page
        assert page.count("<button") == 1
        answer = await browser.post(unsubscribe_path(anna))
        assert answer.status == 200
        assert "Вы отписаны" in await answer.text()
        after = await stored(sessions, anna)
        assert after.stop_reason is AddressStop.UNSUBSCRIBED
        assert not addresses.is_active(after)

    async def test_a_mail_program_does_it_with_one_click(
        self, browser: Browser, sessions: Sessions, anna: Address
    ) -> None:
        answer = await browser.post(unsubscribe_path(anna), {"List-Unsubscribe": "One-Click"})
        assert answer.status == 200
        assert (await stored(sessions, anna)).stop_reason is AddressStop.UNSUBSCRIBED

    async def test_twice_is_as_good_as_once(self, browser: Browser, sessions: Sessions, anna: Address) -> None:
        await browser.post(unsubscribe_path(anna))
        first = (await stored(sessions, anna)).stopped_at
        assert (await browser.post(unsubscribe_path(anna))).status == 200
        assert (await stored(sessions, anna)).stopped_at == first
        assert "Вы отписаны" in await (await browser.get(unsubscribe_path(anna))).text()

    async def test_undoing_sends_a_question_and_subscribes_nobody(
        self, browser: Browser, sessions: Sessions, anna: Address
    ) -> None:
        page = await (await browser.post(unsubscribe_path(anna))).text()
        undo = f"{unsubscribe_path(anna)}/undo"
        assert f'action="{undo}"' in page
        answer = await browser.post(undo)
        assert "Письмо отправляется" in await answer.text()
        assert await waiting_jobs(sessions) == 1
        assert not addresses.is_active(await stored(sessions, anna))

    async def test_undoing_what_was_not_done_says_that_all_is_well(
        self, browser: Browser, sessions: Sessions, anna: Address
    ) -> None:
        answer = await browser.post(f"{unsubscribe_path(anna)}/undo")
        assert "Адрес подтверждён" in await answer.text()
        assert await waiting_jobs(sessions) == 0

    async def test_a_forged_link_changes_nothing_and_says_what_to_do(
        self, browser: Browser, sessions: Sessions, anna: Address
    ) -> None:
        forged = [
            f"/unsubscribe/{anna.id}",
            f"/unsubscribe/{anna.id}.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            unsubscribe_path(anna, secret=b"the secret of somebody else"),
            unsubscribe_path(anna, purpose="confirm"),
            "/unsubscribe/99999999999999999999999.x",
        ]
        for path in forged:
            for answer in (await browser.get(path), await browser.post(path), await browser.post(f"{path}/undo")):
                assert answer.status == 404, path
                assert "нажмите «Отписаться» внизу" in await answer.text()
        assert addresses.is_active(await stored(sessions, anna))

    async def test_a_link_of_an_address_that_is_gone_says_so(
        self, browser: Browser, sessions: Sessions, anna: Address
    ) -> None:
        async with sessions.of_system() as session:
            await session.delete(await session.get_one(Address, anna.id))
        assert (await browser.post(unsubscribe_path(anna))).status == 404

    async def test_the_same_mailbox_at_another_company_goes_on(
        self, browser: Browser, sessions: Sessions, anna: Address
    ) -> None:
        async with sessions.of_system() as session:
            other = await make.user(session, await make.company(session))
            theirs = Address(
                company_id=other.company_id, email="anna@example.org", added_by_id=other.id, confirmed_at=now()
            )
            session.add(theirs)
        await browser.post(unsubscribe_path(anna))
        assert not addresses.is_active(await stored(sessions, anna))
        assert addresses.is_active(await stored(sessions, theirs))
