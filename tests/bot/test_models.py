"""/models, and what operators are told of trainings."""

from typing import Any

import pytest
from aiogram import Bot

from bot import operator_notices
from crm import model_versions
from crm.drift import Drift
from db.models import Company, ModelVersion, VersionStatus
from db.session import Sessions
from i18n.translator import LANGUAGES, translator
from sandbox.telegram_bot_api import BotApi
from tests import make
from tests.bot.talk import Talk, talk

t = translator("ru")

SHARES = {"relevance": 0.97, "kind": 0.95, "core": 0.93, "grade": 0.98, "exact": 0.9}
BEFORE = {name: share - 0.01 for name, share in SHARES.items()}
REPORT: dict[str, Any] = {
    "examples": 4000,
    "labels": 31,
    "held_out": SHARES,
    "refused_because": [],
    "left_out": [],
    "trial": {"sets": {"fixed": {"posts": 400, "champion": BEFORE, "challenger": SHARES}}},
}
REFUSED = REPORT | {
    "refused_because": [
        {"reason": "worse", "set": "newest", "figure": "core", "champion": 0.93, "challenger": 0.905},
        {"reason": "not-better", "gain": -0.01},
        {"reason": "law", "law": "capitals leave the kind"},
        {"reason": "champion-changed"},
    ],
    "left_out": [{"batch": "Ада <3, Рога, import", "labels": 120, "contradicted": 22, "sure": 98}],
}


async def add(sessions: Sessions, report: dict[str, Any], *, promote: bool) -> ModelVersion:
    async with sessions.of_system() as session:
        return await model_versions.add(session, b"trees", report, promote)


async def champion(sessions: Sessions) -> int | None:
    async with sessions.of_system() as session:
        found = await model_versions.champion(session)
    return found.id if found else None


@pytest.fixture
async def operator(api: BotApi, sessions: Sessions, company: Company, running_bot: Bot) -> Talk:
    return await talk(api, sessions, company, "Ольга", is_operator=True)


class TestModels:
    async def test_are_listed_with_their_state_and_figure(self, sessions: Sessions, operator: Talk) -> None:
        await add(sessions, REPORT, promote=True)
        await add(sessions, REFUSED, promote=False)
        page = await operator.say("/models")
        assert "✅ 1 · " in page.text
        assert "всё верно 90\u00a0%" in page.text
        assert page.text.index("✖️ 2") < page.text.index("✅ 1")

    async def test_details_say_why_one_is_not_at_work(self, sessions: Sessions, operator: Talk) -> None:
        await add(sessions, REPORT, promote=True)
        await add(sessions, REFUSED, promote=False)
        await operator.say("/models")
        shown = await operator.tap(t("models-button-show", id="2"))
        assert "стек: хуже, 90,5\u00a0% вместо 93\u00a0% — на свежих метках" in shown.text
        assert "Ада <3, Рога, import: 120 меток не учли — 22 из 98" in shown.text
        assert t("models-button-promote", id="2") in shown.buttons

    async def test_a_version_is_put_to_work_after_a_second_yes(self, sessions: Sessions, operator: Talk) -> None:
        await add(sessions, REPORT, promote=True)
        second = await add(sessions, REFUSED, promote=False)
        await operator.say("/models")
        await operator.tap(t("models-button-show", id="2"))
        asked = await operator.tap(t("models-button-promote", id="2"))
        assert asked.text == t("models-sure", id="2", champion="1")
        assert await champion(sessions) == 1
        await operator.tap(t("models-button-sure"))
        assert await champion(sessions) == second.id

    async def test_rolling_back_can_be_thought_over(self, sessions: Sessions, operator: Talk) -> None:
        await add(sessions, REPORT, promote=True)
        await add(sessions, REPORT, promote=True)
        await operator.say("/models")
        await operator.tap(t("models-button-roll-back", id="1"))
        await operator.tap(t("bot-button-cancel"))
        assert await champion(sessions) == 2
        await operator.tap(t("models-button-roll-back", id="1"))
        await operator.tap(t("models-button-sure"))
        assert await champion(sessions) == 1

    async def test_without_one_it_says_what_to_do(self, operator: Talk) -> None:
        assert "platon train" in (await operator.say("/models")).text

    async def test_is_for_operators(self, api: BotApi, sessions: Sessions, company: Company, operator: Talk) -> None:
        anna = await talk(api, sessions, company)
        assert (await anna.say("/models")).text == t("error-forbidden")


class TestNotices:
    def version(self, report: dict[str, Any], status: VersionStatus) -> ModelVersion:
        return ModelVersion(id=7, report=report, status=status, created_at=make.NOON)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_better_model_comes_with_figures_and_the_way_back(self, language: str) -> None:
        t = translator(language)
        previous = self.version(REPORT, VersionStatus.RETIRED)
        card = operator_notices.of_version(self.version(REPORT, VersionStatus.CHAMPION), previous, t)
        assert t("model-figure-against", figure="exact", now=90.0, before=89.0) in card.text
        assert card.buttons is not None
        assert card.buttons.inline_keyboard[0][0].text == t("models-button-roll-back", id="7")

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_refused_one_comes_with_the_reasons(self, language: str) -> None:
        t = translator(language)
        card = operator_notices.of_version(self.version(REFUSED, VersionStatus.CHALLENGER), None, t)
        assert card.text.count("• ") == 5
        assert "Ада &lt;3" in card.text
        assert card.buttons is not None
        assert [one.text for row in card.buttons.inline_keyboard for one in row] == [t("models-button-show", id="7")]

    def test_one_that_was_changed_since_says_so(self) -> None:
        card = operator_notices.of_version(self.version(REPORT, VersionStatus.RETIRED), None, t)
        assert card.text == t("notice-model-since", id="7")

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_drift_names_what_moved(self, language: str) -> None:
        t = translator(language)
        card = operator_notices.of_drift([Drift("unknown-words", 0.1, 0.255)], t)
        assert t("notice-drift-figure", figure="unknown-words", now=25.5, before=10.0) in card.text
