"""/settings: language, time zone, quiet hours, e-mail."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from aiogram import F, Router
from aiogram.filters import Command, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot import menu, wishes
from bot.answers import Answers, escape, redraw, say, toast
from bot.callbacks import Settings
from bot.cards import button, rows
from bot.email_state import email_state
from bot.states import Ask
from crm import addresses, users
from crm.actors import Actor
from db.models import Address, User
from db.session import Session
from i18n import wording
from i18n.translator import Translate, translator

ZONES = {
    "kaliningrad": "Europe/Kaliningrad",
    "moscow": "Europe/Moscow",
    "samara": "Europe/Samara",
    "yekaterinburg": "Asia/Yekaterinburg",
    "novosibirsk": "Asia/Novosibirsk",
    "vladivostok": "Asia/Vladivostok",
}
QUIET = ((22, 8), (23, 9), (20, 9), (19, 10))


async def show(message: Message, session: Session, user: User, actor: Actor, t: Translate) -> Answers:
    return [say(message, *_page(user, await addresses.own(session, actor), t))]


async def show_again(
    query: CallbackQuery, session: Session, state: FSMContext, user: User, actor: Actor, t: Translate
) -> Answers:
    await state.clear()
    return [redraw(query, *_page(user, await addresses.own(session, actor), t))]


async def switch_language(query: CallbackQuery, session: Session, actor: Actor, user: User) -> Answers:
    changed = await users.set_language(session, actor, "en" if user.language == "ru" else "ru")
    t = translator(changed.language)
    page = _page(changed, await addresses.own(session, actor), t)
    commands = menu.of_person(changed.telegram_id, actor, t)
    return [toast(query, t("settings-language-set")), redraw(query, *page), commands]


async def ask_timezone(query: CallbackQuery, state: FSMContext, t: Translate) -> Answers:
    await state.set_state(Ask.timezone)
    zones = [button(t(f"zone-{name}"), Settings(act="zone", value=name).pack()) for name in ZONES]
    return [redraw(query, t("settings-timezone-ask"), rows(zones[:2], zones[2:4], zones[4:], [_back(t)]))]


async def choose_timezone(
    query: CallbackQuery, callback_data: Settings, session: Session, state: FSMContext, actor: Actor, t: Translate
) -> Answers:
    await state.clear()
    user = await users.set_timezone(session, actor, ZONES.get(callback_data.value, callback_data.value))
    page = _page(user, await addresses.own(session, actor), t)
    return [toast(query, t("settings-saved")), redraw(query, *page)]


async def hear_timezone(message: Message, session: Session, state: FSMContext, actor: Actor, t: Translate) -> Answers:
    user = await users.set_timezone(session, actor, message.text or "")
    await state.clear()
    return [say(message, t("settings-timezone-set", **_zone(user, t)), rows([_back(t)]))]


async def ask_quiet(query: CallbackQuery, t: Translate) -> Answers:
    spans = [button(_hours(*span), Settings(act="hush", value=f"{span[0]}-{span[1]}").pack()) for span in QUIET]
    never = button(t("settings-quiet-none"), Settings(act="hush", value="none").pack())
    text = f"{t('settings-quiet-ask')}\n{t('settings-quiet-explained')}"
    return [redraw(query, text, rows(spans[:2], spans[2:], [never], [_back(t)]))]


async def choose_quiet(
    query: CallbackQuery, callback_data: Settings, session: Session, actor: Actor, t: Translate
) -> Answers:
    start, _, end = callback_data.value.partition("-")
    hours = (int(start), int(end)) if end else (None, None)
    user = await users.set_quiet_hours(session, actor, *hours)
    page = _page(user, await addresses.own(session, actor), t)
    return [toast(query, t("settings-saved")), redraw(query, *page)]


async def ask_email(query: CallbackQuery, state: FSMContext, t: Translate) -> Answers:
    await state.set_state(Ask.email)
    return [redraw(query, t("settings-email-ask"), rows([_back(t)]))]


async def hear_email(message: Message, session: Session, state: FSMContext, actor: Actor, t: Translate) -> Answers:
    address = await addresses.add_own(session, actor, message.text or "")
    await state.clear()
    return [say(message, t("settings-email-sent", email=escape(address.email)), rows([_back(t)]))]


async def send_again(query: CallbackQuery, session: Session, actor: Actor, t: Translate) -> Answers:
    address = await addresses.own(session, actor)
    if address is None:
        return [toast(query, t("bot-old-button"), alert=True)]
    await addresses.send_again(session, actor, address.id)
    return [toast(query, t("settings-email-sent-again", email=address.email), alert=True)]


def _page(user: User, address: Address | None, t: Translate) -> tuple[str, InlineKeyboardMarkup | None]:
    quiet = t("settings-quiet-off")
    if user.quiet_from is not None and user.quiet_to is not None:
        quiet = _hours(user.quiet_from, user.quiet_to)
    state = email_state(address)
    lines = [
        t("settings-title"),
        t("settings-language", language=t("language-name")),
        t("settings-timezone", **_zone(user, t)),
        t("settings-quiet", hours=quiet),
        t("settings-email", state=state, email=escape(address.email) if address else ""),
    ]
    again = [button(t("settings-button-email-again"), Settings(act="again").pack())]
    keyboard = rows(
        [
            button(t("settings-button-language"), Settings(act="language").pack()),
            button(t("settings-button-timezone"), Settings(act="zones").pack()),
        ],
        [
            button(t("settings-button-quiet"), Settings(act="quiet").pack()),
            button(t("settings-button-email"), Settings(act="email").pack()),
        ],
        again if state in ("waiting", "unsubscribed", "refused") else [],
    )
    return "\n".join(lines), keyboard


def _zone(user: User, t: Translate) -> dict[str, str]:
    names = {zone: t(f"zone-{name}") for name, zone in ZONES.items()}
    return {
        "timezone": names.get(user.timezone) or wording.zone_name(user.timezone, t),
        "time": wording.clock(datetime.now(UTC), user.timezone),
    }


def _hours(start: int, end: int) -> str:
    return f"{wishes.hour(start)}–{wishes.hour(end)}"


def _back(t: Translate) -> InlineKeyboardButton:
    return button(t("settings-button-back"), Settings(act="page").pack())


def router() -> Router:
    made = Router(name=__name__)
    made.message.register(show, Command("settings"))
    by_act: dict[str, Callable[..., Any]] = {
        "page": show_again,
        "language": switch_language,
        "zones": ask_timezone,
        "zone": choose_timezone,
        "quiet": ask_quiet,
        "hush": choose_quiet,
        "email": ask_email,
        "again": send_again,
    }
    for act, handler in by_act.items():
        made.callback_query.register(handler, Settings.filter(F.act == act))
    made.message.register(hear_timezone, StateFilter(Ask.timezone), F.text)
    made.message.register(hear_email, StateFilter(Ask.email), F.text)
    return made
