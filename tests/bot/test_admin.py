"""/team, /sources and /review."""

import re

import pytest
from aiogram import Bot
from sqlalchemy import select

from bot.handlers import review
from crm import labels, users
from db.models import Company, Label, LabelSource, Post, Role, Source, SourceState
from db.session import Sessions
from i18n.translator import translator
from language.kinds import Kind
from sandbox.telegram_bot_api import BotApi
from tests import make
from tests.bot import market
from tests.bot.talk import Talk, talk

t = translator("ru")


@pytest.fixture
async def boss(api: BotApi, sessions: Sessions, company: Company, running_bot: Bot) -> Talk:
    return await talk(api, sessions, company, "Борис", role=Role.ADMIN)


@pytest.fixture
async def anna(api: BotApi, sessions: Sessions, company: Company, running_bot: Bot) -> Talk:
    return await talk(api, sessions, company, "Анна <3")


class TestTeam:
    async def test_an_admin_invites_by_a_one_use_link(self, api: BotApi, sessions: Sessions, boss: Talk) -> None:
        await boss.say("/team")
        await boss.tap(t("team-button-invite", role=t("role-viewer")))
        invited = await boss.sees("https://t.me/")
        link = re.search(rf"https://t\.me/{api.username}\?start=(\S+)", invited.text)
        assert link is not None
        await Talk(api.person(77, "Вера")).start(link[1])
        async with sessions.of_system() as session:
            vera = await users.by_telegram(session, 77)
        assert vera is not None
        assert vera.role is Role.VIEWER

    async def test_an_admin_removes_after_a_second_yes(self, sessions: Sessions, boss: Talk, anna: Talk) -> None:
        await boss.say("/team")
        asked = await boss.tap(t("team-button-remove", name="Анна <3"))
        assert asked.text == t("team-remove-sure", name="Анна <3")
        page = await boss.tap(t("team-button-remove-sure"))
        assert "Анна" not in page.text
        assert (await anna.say("/subscriptions")).text == t("bot-stranger")

    async def test_many_come_in_pages(self, sessions: Sessions, company: Company, boss: Talk) -> None:
        async with sessions.of_system() as session:
            for number in range(30):
                await make.user(session, company, name=f"Человек {number:02}")
        page = await boss.say("/team")
        assert "Человек 29" not in page.text
        page = await boss.tap("»")
        assert "31. Человек 29" in page.text
        assert t("team-button-remove", name="Человек 29") in page.buttons

    async def test_is_not_for_managers(self, anna: Talk) -> None:
        assert (await anna.say("/team")).text == t("error-forbidden")


class TestSources:
    async def test_are_listed_with_state_problem_and_last_post(self, sessions: Sessions, boss: Talk) -> None:
        async with sessions.of_system() as session:
            await make.source(session, title="Северный <мост>", last_post_at=make.NOON)
            await make.source(session, title="Тихий", state=SourceState.WAITING)
            await make.source(
                session, title="Закрытый", state=SourceState.UNREADABLE, problem="error-closed-needs-account"
            )
        page = await boss.say("/sources")
        assert "✅ Северный <мост> · 10 марта, 15:00" in page.text
        assert "⏳ Тихий — ещё не читали" in page.text
        assert "⚠️ Закрытый — Закрытый канал можно читать только аккаунтом" in page.text

    async def test_an_admin_adds_one_by_its_link(self, sessions: Sessions, boss: Talk) -> None:
        await boss.say("/sources")
        await boss.tap(t("source-button-add"))
        await boss.say("https://t.me/s/northbridge/12")
        async with sessions.of_system() as session:
            (source,) = (await session.scalars(select(Source))).all()
        assert source.username == "northbridge"

    async def test_a_wrong_link_is_explained_and_asked_again(self, sessions: Sessions, boss: Talk) -> None:
        await boss.say("/sources")
        await boss.tap(t("source-button-add"))
        assert (await boss.say("привет, мир")).text == t("error-not-a-link")
        await boss.say("@northbridge")
        async with sessions.of_system() as session:
            assert len((await session.scalars(select(Source))).all()) == 1

    async def test_many_come_in_pages(self, sessions: Sessions, boss: Talk) -> None:
        async with sessions.of_system() as session:
            for number in range(25):
                await make.source(session, title=f"Канал {number:02}")
        page = await boss.say("/sources")
        assert "Канал 24" not in page.text
        page = await boss.tap("»")
        assert "Канал 24" in page.text

    async def test_managers_see_them_and_add_none(self, anna: Talk) -> None:
        assert t("source-button-add") not in (await anna.say("/sources")).buttons


class TestReview:
    @pytest.fixture
    async def doubtful(self, sessions: Sessions) -> list[str]:
        """Two doubtful posts, the newest last."""
        texts = ["Кто-нибудь знает толкового <реактера>?", "Есть мысль поискать джависта, но не точно"]
        async with sessions.of_system() as session:
            source = await make.source(session, title="Курилка")
            for text in texts:
                await market.labelled(session, source, text, market.prediction(text, confidence=0.4))
        return texts

    async def test_says_that_there_are_more_than_it_counts(
        self, anna: Talk, doubtful: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(review, "COUNTED", 1)
        assert "осталось 1+" in (await anna.say("/review")).text
        assert "осталось 1\n" in (await anna.tap(t("review-button-skip"))).text

    async def test_goes_through_doubtful_posts_one_by_one(
        self, sessions: Sessions, anna: Talk, doubtful: list[str]
    ) -> None:
        first = await anna.say("/review")
        assert doubtful[1] in first.text
        assert t("kind-request") in first.buttons
        second = await anna.tap(t("kind-junk"))
        assert doubtful[0] in second.text
        done = await anna.tap(t("kind-request"))
        assert done.text.startswith("Сомнительных постов нет")
        assert "Разобрано 2" in done.text
        async with sessions.of_system() as session:
            given = (await session.scalars(select(Label).order_by(Label.id))).all()
        assert [(label.kind, label.source) for label in given] == [
            (Kind.JUNK, LabelSource.REVIEW),
            (Kind.REQUEST, LabelSource.REVIEW),
        ]

    async def test_the_last_answer_can_be_undone(self, sessions: Sessions, anna: Talk, doubtful: list[str]) -> None:
        await anna.say("/review")
        await anna.tap(t("kind-junk"))
        again = await anna.tap(t("review-button-undo"))
        assert doubtful[1] in again.text
        async with sessions.of_system() as session:
            assert await session.scalar(select(Label).where(Label.withdrawn_at.is_(None))) is None

    async def test_a_post_can_be_skipped(self, anna: Talk, doubtful: list[str]) -> None:
        await anna.say("/review")
        second = await anna.tap(t("review-button-skip"))
        assert doubtful[0] in second.text

    async def test_what_colleagues_see_differently_comes_first_with_their_words(
        self, api: BotApi, sessions: Sessions, company: Company, anna: Talk, doubtful: list[str]
    ) -> None:
        boris, vera = [await talk(api, sessions, company, name) for name in ("Борис", "Вера")]
        for who, kind in ((anna, Kind.REQUEST), (boris, Kind.JUNK)):
            async with sessions.of_company(company.id) as session:
                oldest = (await session.scalars(select(Post).order_by(Post.id).limit(1))).one()
                await labels.give(session, who.actor, oldest.id, kind)
        page = await vera.say("/review")
        assert doubtful[0] in page.text
        assert t("review-said", name="Борис", kind=t("kind-junk")).replace("<b>", "").replace("</b>", "") in page.text
        toast = await vera.tap_for_toast(t("kind-request"))
        assert toast == t("review-differs", kind=t("kind-request"), name="Борис", other=t("kind-junk"))

    async def test_without_doubt_there_is_nothing_to_do(self, anna: Talk) -> None:
        assert (await anna.say("/review")).text.strip() == "Сомнительных постов нет."

    async def test_is_not_for_viewers(self, api: BotApi, sessions: Sessions, company: Company, anna: Talk) -> None:
        viewer = await talk(api, sessions, company, "Глеб", role=Role.VIEWER)
        assert (await viewer.say("/review")).text == t("error-forbidden")
