"""How long things may be, as the Bot API documents it, and the check of one request against it."""

from __future__ import annotations

from typing import Any

from sandbox.telegram_bot_api.errors import bad_request

TEXT_CHARACTERS = 4096
CAPTION_CHARACTERS = 1024
CALLBACK_DATA_BYTES = 64
CALLBACK_ANSWER_CHARACTERS = 200
START_PAYLOAD_CHARACTERS = 64
INLINE_RESULTS = 50
INLINE_RESULT_ID_BYTES = 64
INLINE_QUERY_CHARACTERS = 256
COMMANDS = 100
COMMAND_CHARACTERS = 32
COMMAND_DESCRIPTION_CHARACTERS = 256
KEYBOARD_BUTTONS = 100
UPDATES_PER_CALL = 100
LONG_POLL_SECONDS = 50
DOWNLOAD_BYTES = 20 << 20
UPLOAD_BYTES = 50 << 20

INLINE_BUTTON_KINDS = frozenset(
    {
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    }
)


def check_body(field: str, text: str) -> None:
    """Refuse a text or caption (entities already parsed) that Telegram would find empty or too long."""
    if field == "text" and not text.strip():
        raise bad_request("message text is empty")
    limit = TEXT_CHARACTERS if field == "text" else CAPTION_CHARACTERS
    if len(text.encode("utf-16-le")) // 2 > limit:
        raise bad_request("message is too long" if field == "text" else "message caption is too long")


def check_markup(markup: dict[str, Any]) -> None:
    """Refuse inline buttons without exactly one action or with callback data over 64 bytes, and empty keyboards."""
    if "keyboard" in markup and not any(markup["keyboard"]):
        raise bad_request("reply markup keyboard must be non-empty")
    rows = markup.get("inline_keyboard", [])
    if sum(map(len, rows)) > KEYBOARD_BUTTONS:
        raise bad_request("reply markup is too long")
    for button in (button for row in rows for button in row):
        if not button["text"].strip():
            raise bad_request("can't parse inline keyboard button: Text buttons must be non-empty")
        if len(INLINE_BUTTON_KINDS & button.keys()) != 1:
            raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
        if not 1 <= len(button.get("callback_data", "x").encode()) <= CALLBACK_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")


def check_commands(commands: list[dict[str, Any]]) -> None:
    """Refuse a command menu with too many, too long or wrongly written commands."""
    if len(commands) > COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for entry in commands:
        name, description = entry["command"].removeprefix("/"), entry["description"]
        fits = 1 <= len(name) <= COMMAND_CHARACTERS and name.isascii() and name == name.lower()
        if not fits or not name.replace("_", "a").isalnum():
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= COMMAND_DESCRIPTION_CHARACTERS:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")


def check_inline_results(results: list[dict[str, Any]]) -> None:
    """Refuse too many results, doubled ids and ids over 64 bytes."""
    if len(results) > INLINE_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    ids = [str(result["id"]) for result in results]
    if len(set(ids)) != len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    if not all(1 <= len(result_id.encode()) <= INLINE_RESULT_ID_BYTES for result_id in ids):
        raise bad_request("RESULT_ID_INVALID")
