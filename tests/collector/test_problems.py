"""A source that cannot be read says why, and stops nobody else."""

import re
from pathlib import Path
from typing import Any

import pytest
from telethon import errors
from telethon.tl import functions

from collector import problems
from collector.accounts import back_off
from crm import sources, telegram_accounts
from db.models import SourceReader, SourceState, TelegramAccount
from db.session import Sessions
from i18n.translator import LANGUAGES, translator
from sandbox.telegram_mtproto import Cloud
from tests.collector.conftest import API, CLOSED, INVITE, NAME, PUBLIC, READER, Collecting, until


class TestUnreadableSources:
    @pytest.mark.parametrize(
        ("link", "problem"),
        [("@nobody_here", "source-problem-unknown-name"), ("t.me/+Expired123", "source-problem-invite-expired")],
    )
    async def test_it_is_shown_and_the_others_are_read(
        self, collecting: Collecting, account: TelegramAccount, link: str, problem: str
    ) -> None:
        bad, good = await collecting.add(link), await collecting.add(f"@{NAME}")
        async with collecting.running():
            shown = await collecting.until_problem(bad, problem)
            read = await collecting.until_read(good, 30)
        assert (shown.state, read.state) == (SourceState.UNREADABLE, SourceState.READING)
        assert len(await collecting.posts()) == 30

    async def test_a_channel_that_shut_us_out_is_shown_and_read_again_once_it_opens(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount
    ) -> None:
        source = await collecting.add(f"@{NAME}")
        async with collecting.running():
            await collecting.until_read(source, 30)
            cloud.make_private(PUBLIC)
            await collecting.until_problem(source, "source-problem-private")
            cloud.make_private(PUBLIC, private=False)
            cloud.post(PUBLIC, "снова открыт", push=False)
            read = await collecting.until_read(source, 31)
            cleared = await collecting.until(source.id, lambda seen: seen.problem is None)
        assert (read.cursor, cleared.state) == (31, SourceState.READING)

    async def test_the_same_channel_by_another_link_is_named(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount
    ) -> None:
        cloud.channels[PUBLIC].invite = INVITE + "x"
        first = await collecting.add(f"@{NAME}")
        async with collecting.running():
            await collecting.until_read(first, 30)
            second = await collecting.add(f"t.me/+{INVITE}x")
            shown = await collecting.until_problem(second, "source-problem-known")
        assert shown.problem_detail == "Вакансии Москва"

    async def test_a_retry_looks_at_once(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount, sessions: Sessions
    ) -> None:
        source = await collecting.add("@late_comer")
        async with collecting.running(compare_seconds=60.0):
            await collecting.until_problem(source, "source-problem-unknown-name")
            cloud.add_channel(1005, "Опоздавший", "late_comer", history=["и вот"])
            async with sessions.of_system() as session:
                await sources.retry(session, None, source.id)
            read = await collecting.until_read(source, 1)
        assert read.title == "Опоздавший"

    async def test_a_short_flood_wait_is_slept_through(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount
    ) -> None:
        cloud.fail(functions.messages.GetHistoryRequest, "FLOOD_WAIT_1")
        source = await collecting.add(f"@{NAME}")
        async with collecting.running():
            read = await collecting.until_read(source, 30)
        assert read.problem is None

    async def test_a_long_flood_wait_pauses_the_account_and_tells_until_when(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount, sessions: Sessions
    ) -> None:
        cloud.fail(functions.messages.GetHistoryRequest, "FLOOD_WAIT_900", times=100)
        source = await collecting.add(f"@{NAME}")
        async with collecting.running():
            shown = await collecting.until_problem(source, "source-problem-flood")
            asked = len(cloud.calls)
            other = await collecting.add(f"t.me/+{INVITE}")
            await collecting.until(other.id, lambda seen: seen.account_id == account.id)
            async with sessions.of_system() as session:
                paused = await telegram_accounts.find(session, account.id)
        assert paused.problem == "source-account-flood"
        assert "UTC" in (paused.problem_detail or "")
        assert "UTC" in (shown.problem_detail or "")
        history = functions.messages.GetHistoryRequest
        assert not any(isinstance(call, history) for call in cloud.calls[asked:])

    async def test_a_flood_wait_for_joining_does_not_stop_reading(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount
    ) -> None:
        cloud.fail(functions.messages.ImportChatInviteRequest, "FLOOD_WAIT_900", times=100)
        closed, public = await collecting.add(f"t.me/+{INVITE}"), await collecting.add(f"@{NAME}")
        async with collecting.running():
            await collecting.until_problem(closed, "source-problem-flood")
            cloud.post(PUBLIC, "читаем дальше", push=False)
            await collecting.until_read(public, 31)
        assert CLOSED not in cloud.users[READER].joined

    async def test_without_an_account_it_waits_and_says_so(self, collecting: Collecting) -> None:
        source = await collecting.add(f"@{NAME}", reader=SourceReader.USERBOT)
        async with collecting.running(api=None):
            shown = await collecting.until_problem(source, "source-problem-no-account")
        assert shown.state is SourceState.WAITING


class TestAccounts:
    async def test_a_session_ended_from_outside_is_shown_on_the_account(
        self, collecting: Collecting, cloud: Cloud, account: TelegramAccount, sessions: Sessions
    ) -> None:
        source = await collecting.add(f"@{NAME}")
        async with collecting.running():
            await collecting.until_read(source, 30)
            cloud.revoke(READER)
            shown = await self._until_problem(collecting, sessions, account, "source-account-signed-out")
        assert shown.problem == "source-account-signed-out"

    async def test_a_key_that_does_not_fit_is_shown_on_the_account(
        self, collecting: Collecting, account: TelegramAccount, sessions: Sessions
    ) -> None:
        other = type(API)(API.api_id, API.api_hash, b"A" * 43 + b"=")
        async with collecting.running(api=other):
            shown = await self._until_problem(collecting, sessions, account, "source-account-key")
        assert shown.problem_detail == "error-wrong-encryption-key"

    async def _until_problem(
        self, collecting: Collecting, sessions: Sessions, account: TelegramAccount, key: str
    ) -> TelegramAccount:

        async def look() -> TelegramAccount:
            async with sessions.of_system() as session:
                return await telegram_accounts.find(session, account.id)

        return await until(look, lambda seen: seen.problem == key)


class TestTexts:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_problem_says_what_to_do(self, language: str) -> None:
        t = translator(language)
        request: Any = None
        raised: list[Exception] = [
            errors.UsernameNotOccupiedError(request),
            errors.InviteHashExpiredError(request),
            errors.ChannelPrivateError(request),
            errors.ChannelsTooMuchError(request),
            errors.InviteRequestSentError(request),
            errors.FloodWaitError(request, capture=7),
            ConnectionError(),
            errors.ChatWriteForbiddenError(request),
            KeyError(),
        ]
        told = [problems.of_error(error) for error in raised] + [problems.of_account(error) for error in raised]
        told.append(problems.of_account(errors.AuthKeyUnregisteredError(request)))
        texts = {problem.key: t(problem.key, detail=problem.detail) for problem in told}
        assert len(texts) == 9 + 4
        assert all(text.strip() for text in texts.values())

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_key_named_in_the_code_has_a_text(self, language: str) -> None:
        t = translator(language)
        code = "".join(path.read_text() for path in Path(problems.__file__).parent.glob("*.py"))
        keys = sorted(set(re.findall(r'"(source-(?:problem|account|login)-[a-z-]+)"', code)))
        assert len(keys) > 20
        assert all(len(t(key, detail="")) > 20 for key in keys)


class TestBackOff:
    def test_it_doubles_and_ends_at_an_hour(self) -> None:
        assert [back_off(60.0, failures) for failures in (0, 1, 2, 3, 50)] == [60.0, 120.0, 240.0, 480.0, 3600.0]
