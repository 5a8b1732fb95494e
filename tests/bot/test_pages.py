"""Every page says something in both languages."""

import pytest

from db.models import Company, Role
from db.session import Sessions
from i18n.translator import LANGUAGES, translator
from sandbox.telegram_bot_api import BotApi
from tests import make
from tests.bot import market
from tests.bot.talk import talk
from tests.i18n.test_locales import CYRILLIC

PAGES = (
    "/start",
    "/help",
    "/subscriptions",
    "/subscribe",
    "/settings",
    "/team",
    "/sources",
    "/review",
    "/models",
    "/nonsense",
    "?",
)


@pytest.mark.usefixtures("running_bot")
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_speaks_the_persons_language(
    api: BotApi, sessions: Sessions, company: Company, language: str
) -> None:
    boss = await talk(api, sessions, company, "Boris", language, role=Role.ADMIN, is_operator=True)
    async with sessions.of_system() as session:
        source = await make.source(session, title="Bridge")
        await market.labelled(session, source, "Anybody?", market.prediction("Anybody?", confidence=0.4))
    said = [await boss.say(page) for page in PAGES]
    taps = {
        "settings-button-timezone": said[4],
        "settings-button-email": await boss.say("/settings"),
        "subscription-new": said[2],
        "source-button-add": said[6],
        "review-button-fix": said[7],
    }
    for label, page in taps.items():
        said.append(await boss.tap(translator(language)(label), page))
    for shown in said:
        words = " ".join([shown.text, *shown.buttons]).replace("Русский", "")
        assert bool(CYRILLIC.search(words)) == (language == "ru"), words
