"""What the subscription dialog keeps and how each step changes it. The windows are in bot.dialogs.subscription.

`manager.dialog_data` is {filters, how, subscription_id, name, mode, found, note, from_summary}, all plain JSON.
"""

import re
import time
from collections.abc import Iterable
from typing import Any

from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message
from aiogram_dialog import DialogManager, ShowMode

from bot import answers, wishes
from bot.answers import escape
from bot.states import TOUCHED_AT, Wizard
from bot.widgets import Tick, ticks
from crm import addresses, sources, subscriptions
from crm.actors import Actor
from crm.matching import STRICT_FIELDS, Wish, needle
from db.base import Json
from db.models import Rhythm
from db.session import Sessions
from i18n import wording
from i18n.translator import Translate
from language.commands import understand_subscription
from language.kinds import Engagement, Grade, Kind, Remote
from language.rates import find_rates
from language.taxonomy import Taxonomy

MODES = {"any": "technologies_any", "all": "technologies_all", "none": "technologies_none"}
RATES = (1000, 1500, 2000, 2500, 3000, 3500)
HOURS = (8, 9, 10, 13, 18)
CONFIDENCES = (30, 50, 70, 90)
WORDS_AT_MOST = 30
WORD_CHARACTERS = 50
PLAIN_NUMBER = re.compile(r"\d[\d  ]*")

STEPS: dict[str, tuple[str, ...]] = {
    "kinds": ("kinds",),
    "roles": ("roles",),
    "technologies": tuple(MODES.values()),
    "grades": ("grades",),
    "engagements": ("engagements",),
    "rate": ("min_rate",),
    "where": ("remote", "places"),
    "words": ("words", "minus_words"),
    "sources": ("source_ids",),
    "strict": ("strict",),
}
"""The filters that a step is about."""


async def begin(start_data: Any, manager: DialogManager) -> None:
    """With {"filters"} a new subscription from a draft; with {"subscription_id"} one to edit; else a new one."""
    given: Json = start_data or {}
    kept: Json = {"filters": wishes.empty(), "how": wishes.usual_telling(), "subscription_id": None, "mode": "any"}
    if "filters" in given:
        kept |= {"filters": given["filters"], "from_summary": True}
    elif "subscription_id" in given:
        async with _sessions(manager).of_company(_actor(manager).company_id) as session:
            subscription = await subscriptions.get(session, _actor(manager), given["subscription_id"])
        kept |= {
            "filters": wishes.to_json(subscription),
            "how": wishes.telling_of(subscription),
            "subscription_id": subscription.id,
            "name": subscription.name,
            "from_summary": True,
        }
    manager.dialog_data.update(kept)
    # What is typed from now on answers the dialog, not a question asked before.
    await manager.middleware_data["state"].set_state(None)


async def data_of(dialog_manager: DialogManager, t: Translate, **_: Any) -> dict[str, Any]:
    """What every window shows."""
    kept = dialog_manager.dialog_data
    kept[TOUCHED_AT] = time.time()
    step = _step(dialog_manager)
    from_summary = bool(kept.get("from_summary"))
    return {
        "text": await _text(step, dialog_manager, t),
        "steps": not from_summary,
        "has_back": not from_summary and step != "kinds",
        "is_new": kept["subscription_id"] is None,
        "is_old": kept["subscription_id"] is not None,
        "is_set": step not in STEPS or any(kept["filters"].get(field) for field in STEPS[step]),
        **_lists(step, kept, t),
        "sources": await _source_list(dialog_manager, t) if step == "sources" else [],
    }


async def _text(step: str, manager: DialogManager, t: Translate) -> str:
    kept, filters = manager.dialog_data, wishes.from_json(manager.dialog_data["filters"])
    if step == "summary":
        return await _summary(manager, filters, t)
    lines = [t(f"wizard-{step}")]
    if step == "technologies":
        lines.append(t("wizard-technologies-mode", mode=kept["mode"]))
    if note := kept.pop("note", None):
        lines.append(t(note["key"], typed=escape(note["typed"])))
    if step == "how":
        lines.append(wishes.describe_telling(kept["how"], t))
    elif step in ("technologies", "rate", "where", "words"):
        chosen = {field: kept["filters"][field] for field in STEPS[step]}
        lines.append(wishes.describe_only(wishes.from_json(wishes.nothing() | chosen), t))
    return "\n\n".join(line for line in lines if line)


async def _summary(manager: DialogManager, filters: Wish, t: Translate) -> str:
    kept = manager.dialog_data
    async with _sessions(manager).of_company(_actor(manager).company_id) as session:
        count = await subscriptions.replay(session, _actor(manager), _wish(kept))
    title = t("subscription-title", name=escape(kept["name"])) if kept.get("name") else t("wizard-summary")
    about = f"{title}\n{wishes.describe(filters, t)}\n{wishes.describe_telling(kept['how'], t)}"
    return f"{about}\n\n{t('subscription-would', count=count)}\n\n{t('wizard-summary-hint')}"


def _lists(step: str, kept: Json, t: Translate) -> dict[str, Any]:
    """The buttons to tick in a step, under their widgets' ids."""
    filters, how = kept["filters"], kept["how"]
    match step:
        case "kinds":
            pairs = _words((Kind.REQUEST, Kind.OFFER), "kinds", t)
            return {"kinds": ticks(pairs, filters["kinds"], t)}
        case "roles":
            roles = [(role, wording.role_name(role, t)) for role in Taxonomy.default().roles]
            return {"roles": ticks(roles, filters["roles"], t)}
        case "technologies":
            return _technology_lists(kept, t)
        case "grades":
            return {"grades": ticks(_words(Grade, "grade", t), filters["grades"], t)}
        case "engagements":
            known = [engagement for engagement in Engagement if engagement is not Engagement.UNKNOWN]
            return {"engagements": ticks(_words(known, "engagement", t), filters["engagements"], t)}
        case "rate":
            rates = [(str(rate), wording.rate_words(rate, None, *wording.HOURLY_ROUBLES, t) or "") for rate in RATES]
            chosen = str(filters["min_rate"] or "any")
            return {"rate": ticks([*rates, ("any", t("wizard-rate-any"))], [chosen], t)}
        case "where":
            return {"remote": ticks(_words(Remote, "remote", t), filters["remote"], t)}
        case "strict":
            pairs = [(field, t(f"wish-strict-{field.replace('_', '-')}")) for field in STRICT_FIELDS]
            return {"strict": ticks(pairs, filters["strict"], t)}
        case "how":
            return _how_lists(how, t)
        case "summary":
            return {"fields": _fields(kept, t)}
    return {}


def _technology_lists(kept: Json, t: Translate) -> dict[str, Any]:
    chosen = kept["filters"][MODES[kept["mode"]]]
    shown = dict.fromkeys([*chosen, *kept.get("found", [])])
    return {
        "technologies": ticks([(id_, wording.technology_name(id_)) for id_ in shown], chosen, t),
        "mode": ticks([(mode, t(f"wizard-mode-{mode}")) for mode in MODES], [kept["mode"]], t),
    }


async def _source_list(manager: DialogManager, t: Translate) -> list[Tick]:
    async with _sessions(manager).of_company(_actor(manager).company_id) as session:
        known = await sources.list_all(session, _actor(manager))
    chosen = [str(id_) for id_ in manager.dialog_data["filters"]["source_ids"]]
    return ticks([(str(source.id), sources.title(source)) for source in known], chosen, t)


def _how_lists(how: Json, t: Translate) -> dict[str, Any]:
    is_digest = how["rhythm"] == Rhythm.DIGEST
    digests = [(f"digest-{hour}", t("wizard-how-digest", hour=wishes.hour(hour))) for hour in HOURS]
    sure = [(f"from-{percent}", t("wizard-how-confidence", percent=percent)) for percent in CONFIDENCES]
    channels = [(channel, t(f"wizard-how-{channel}")) for channel in ("telegram", "email")]
    chosen_hour = f"digest-{9 if how['digest_hour'] is None else how['digest_hour']}"
    return {
        "channels": ticks(channels, [channel for channel, _ in channels if how[f"by_{channel}"]], t),
        "rhythm": ticks([("at_once", t("wizard-how-at-once")), *digests], [chosen_hour if is_digest else "at_once"], t),
        "sound": ticks(
            [(sound, t(f"wizard-how-{sound}")) for sound in ("loud", "silent")],
            ["silent" if how["is_silent"] else "loud"],
            t,
        ),
        "confidence": ticks(sure, [f"from-{wording.percent(how['min_confidence'])}"], t),
    }


def _fields(kept: Json, t: Translate) -> list[Tick]:
    counts = {step: sum(_count(kept["filters"][field]) for field in fields) for step, fields in STEPS.items()}
    names = [*list(STEPS)[:-1], "how", "strict"]
    labels = [t("wizard-field", field=t(f"wizard-field-{step}"), value=counts.get(step, 0)) for step in names]
    return ticks(zip(names, labels, strict=True), [], t)


async def tick(query: CallbackQuery, select: Any, manager: DialogManager, value: str) -> None:
    """A value of a list of filters goes in or out; the widget's id is the field."""
    _toggle(manager.dialog_data["filters"], select.widget_id, value)


async def tick_source(query: CallbackQuery, select: Any, manager: DialogManager, value: str) -> None:
    """A source goes in or out."""
    _toggle(manager.dialog_data["filters"], "source_ids", int(value))


async def tick_technology(query: CallbackQuery, select: Any, manager: DialogManager, value: str) -> None:
    """In or out of the current mode's list, and out of the other modes'."""
    kept = manager.dialog_data
    for mode, field in MODES.items():
        if mode != kept["mode"] and value in kept["filters"][field]:
            kept["filters"][field].remove(value)
    kept["found"] = list(dict.fromkeys([*kept.get("found", []), value]))
    _toggle(kept["filters"], MODES[kept["mode"]], value)


async def choose_mode(query: CallbackQuery, select: Any, manager: DialogManager, value: str) -> None:
    manager.dialog_data["mode"] = value


async def type_technologies(message: Message, widget: Any, manager: DialogManager, typed: str) -> None:
    """Whole names are taken at once; a beginning gives buttons to choose from."""
    kept, taxonomy = manager.dialog_data, Taxonomy.default()
    whole = list(dict.fromkeys(mention.id for mention in taxonomy.find(typed)))
    found = [technology.id for technology in taxonomy.search(typed)]
    if whole and (len(whole) > 1 or len(found) <= 1):
        for id_ in whole:
            if id_ not in kept["filters"][MODES[kept["mode"]]]:
                await tick_technology(None, widget, manager, id_)  # type: ignore[arg-type]
        return
    kept["found"] = found or whole
    if not kept["found"]:
        kept["note"] = {"key": "wizard-technologies-unknown", "typed": typed[:WORD_CHARACTERS]}


async def choose_rate(query: CallbackQuery, select: Any, manager: DialogManager, value: str) -> None:
    manager.dialog_data["filters"]["min_rate"] = None if value == "any" else int(value)


async def type_rate(message: Message, widget: Any, manager: DialogManager, typed: str) -> None:
    rate = read_rate(typed)
    if rate is None:
        manager.dialog_data["note"] = {"key": "wizard-rate-not-understood", "typed": typed[:WORD_CHARACTERS]}
    else:
        manager.dialog_data["filters"]["min_rate"] = rate


def read_rate(typed: str) -> int | None:
    """Roubles an hour from «2000», «2 000 ₽/ч», «от 2к»; None for anything else."""
    written = typed.strip()
    if PLAIN_NUMBER.fullmatch(written):
        rate = int(re.sub(r"\D", "", written))
        return rate if 0 < rate < 1_000_000 else None
    draft = understand_subscription(written)
    if draft is not None and draft.min_rate:
        return draft.min_rate
    found = [one.rate for one in find_rates(written) if one.rate.currency == "RUB" and one.rate.period == "hour"]
    return found[0].min or found[0].max if found else None


async def type_places(message: Message, widget: Any, manager: DialogManager, typed: str) -> None:
    manager.dialog_data["filters"]["places"] = _split(typed)


async def type_words(message: Message, widget: Any, manager: DialogManager, typed: str) -> None:
    words = _split(typed)
    filters = manager.dialog_data["filters"]
    filters["words"] = [word for word in words if not word.startswith(("-", "−", "–"))]
    filters["minus_words"] = [bare for word in words if word.startswith(("-", "−", "–")) and (bare := word[1:].strip())]


async def type_line(message: Message, widget: Any, manager: DialogManager, typed: str) -> None:
    """On the summary: a new line in place of the filters so far."""
    draft = understand_subscription(typed)
    if draft is not None:
        manager.dialog_data["filters"] = wishes.to_json(draft)


async def choose_how(query: CallbackQuery, select: Any, manager: DialogManager, value: str) -> None:
    kept = manager.dialog_data
    how = kept["how"]
    name, _, number = value.partition("-")
    match name:
        case "telegram" | "email":
            if how[f"by_{name}"] and not how["by_email" if name == "telegram" else "by_telegram"]:
                kept["note"] = {"key": "wizard-how-nowhere", "typed": ""}
                return
            if name == "email" and not how["by_email"] and not await _has_address(manager):
                kept["note"] = {"key": "wizard-how-no-email", "typed": ""}
            how[f"by_{name}"] = not how[f"by_{name}"]
        case "at_once":
            how |= {"rhythm": str(Rhythm.AT_ONCE), "digest_hour": None}
        case "digest":
            how |= {"rhythm": str(Rhythm.DIGEST), "digest_hour": int(number)}
        case "loud" | "silent":
            how["is_silent"] = name == "silent"
        case "from":
            how["min_confidence"] = int(number) / 100


async def clear(query: CallbackQuery, button: Any, manager: DialogManager) -> None:
    """The step's filters filter nothing again."""
    for field in STEPS[_step(manager)]:
        manager.dialog_data["filters"][field] = None if field == "min_rate" else []


async def open_field(query: CallbackQuery, select: Any, manager: DialogManager, value: str) -> None:
    manager.dialog_data["from_summary"] = True
    await manager.switch_to(getattr(Wizard, value))


async def to_summary(query: CallbackQuery, button: Any, manager: DialogManager) -> None:
    manager.dialog_data["from_summary"] = True
    await manager.switch_to(Wizard.summary)


async def save(query: CallbackQuery, button: Any, manager: DialogManager) -> None:
    """Make or change the subscription, and only then say so."""
    kept, t, actor = manager.dialog_data, manager.middleware_data["t"], _actor(manager)
    wish, how = _wish(kept), dict(kept["how"])
    how["rhythm"] = Rhythm(how["rhythm"])
    async with _sessions(manager).of_company(actor.company_id) as session:
        if kept["subscription_id"] is None:
            name = wishes.short_name(wish, t)
            saved = await subscriptions.add(session, actor, wish, name=name, **how)
        else:
            saved = await subscriptions.change(session, actor, kept["subscription_id"], wish, **how)
    key = "subscription-created" if kept["subscription_id"] is None else "subscription-saved"
    await _end(query, manager, *wishes.made(saved, key, t))


async def cancel(query: CallbackQuery, button: Any, manager: DialogManager) -> None:
    """Nothing is made, nothing is changed."""
    t, is_new = manager.middleware_data["t"], manager.dialog_data["subscription_id"] is None
    await _end(query, manager, t("subscription-cancelled" if is_new else "subscription-not-changed"), None)


async def _end(query: CallbackQuery, manager: DialogManager, text: str, buttons: InlineKeyboardMarkup | None) -> None:
    """The window becomes the last word."""
    await manager.done(show_mode=ShowMode.NO_UPDATE)
    await answers.send(manager.middleware_data["bot"], [answers.redraw(query, text, buttons)])


async def _has_address(manager: DialogManager) -> bool:
    async with _sessions(manager).of_company(_actor(manager).company_id) as session:
        return await addresses.own(session, _actor(manager)) is not None


def _wish(kept: Json) -> Wish:
    return wishes.from_json(kept["filters"] | {"min_confidence": kept["how"]["min_confidence"]})


def _toggle(filters: Json, field: str, value: str | int) -> None:
    values = filters[field]
    filters[field] = [one for one in values if one != value] if value in values else [*values, value]


def _split(typed: str) -> list[str]:
    parts = [" ".join(part.split())[:WORD_CHARACTERS] for part in re.split(r"[,;\n]", typed)]
    return list(dict.fromkeys(part for part in parts if needle(part) is not None))[:WORDS_AT_MOST]


def _count(value: Any) -> int:
    return len(value) if isinstance(value, list) else int(bool(value))


def _words(values: Iterable[str], prefix: str, t: Translate) -> list[tuple[str, str]]:
    return [(str(value), t(f"{prefix}-{value}")) for value in values]


def _step(manager: DialogManager) -> str:
    state = manager.current_context().state.state or ""
    return state.rpartition(":")[2]


def _sessions(manager: DialogManager) -> Sessions:
    sessions: Sessions = manager.middleware_data["sessions"]
    return sessions


def _actor(manager: DialogManager) -> Actor:
    actor: Actor = manager.middleware_data["actor"]
    return actor
