"""A refusal of the business becomes a sentence; anything else is our fault: it is logged under a number and told so."""

import logging
import secrets

from aiogram import Router
from aiogram.filters import ExceptionTypeFilter
from aiogram.types import ErrorEvent, User
from aiogram_dialog.api.exceptions import DialogsError

from bot.answers import Answer
from bot.middlewares import language_of, refusal
from crm.errors import CrmError
from i18n.translator import LANGUAGES, Translate, translator

log = logging.getLogger(__name__)


def say_error(error: CrmError, t: Translate) -> str:
    """A refusal of the business in the person's language."""
    return t(error.key, **error.params)


async def refuse(event: ErrorEvent, t: Translate) -> Answer | None:
    assert isinstance(event.exception, CrmError)  # noqa: S101  its filter says so
    return refusal(event.update, say_error(event.exception, t))


async def is_over(event: ErrorEvent, t: Translate) -> Answer | None:
    """A button of a dialog that was finished, or left behind by a restart."""
    return refusal(event.update, t("bot-dialog-is-over"))


async def apologise(
    event: ErrorEvent, event_from_user: User | None = None, t: Translate | None = None
) -> Answer | None:
    number = secrets.token_hex(3)
    log.error("incident %s: update %s", number, event.update.update_id, exc_info=event.exception)
    if t is None:
        t = translator(language_of(event_from_user) if event_from_user else LANGUAGES[0])
    return refusal(event.update, t("bot-incident", number=number))


def router() -> Router:
    made = Router(name=__name__)
    made.errors.register(refuse, ExceptionTypeFilter(CrmError))
    made.errors.register(is_over, ExceptionTypeFilter(DialogsError))
    made.errors.register(apologise)
    return made
