"""The Bot API methods the sandbox answers, each from a valid request to a result as JSON."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.telegram_bot_api import limits
from sandbox.telegram_bot_api.errors import ApiError, bad_request
from sandbox.telegram_bot_api.markup import found_in, parse
from sandbox.telegram_bot_api.people import People, Toast
from sandbox.telegram_bot_api.requests import Request
from sandbox.telegram_bot_api.world import Chat, Json, World

ACCEPTED_WITHOUT_EFFECT = frozenset(
    {
        "setMyName",
        "setMyDescription",
        "setMyShortDescription",
        "setChatMenuButton",
        "deleteMyCommands",
        "close",
        "logOut",
    }
)
"""Methods that only dress the bot's profile: answered with True."""

SENDING = frozenset({"sendMessage", "sendDocument", "sendPhoto", "copyMessage", "forwardMessage"})
"""Methods that count against Telegram's limits."""

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


class Methods:
    """The methods by their Telegram names; `answer` finds and runs one."""

    def __init__(self, world: World, people: People) -> None:
        self.world = world
        self.people = people
        self.closing = False
        self._allowed: list[str] = []
        self._poll: object = None
        self._table: dict[str, Callable[[Request], Any]] = {
            "getMe": self.get_me,
            "getUpdates": self.get_updates,
            "deleteWebhook": self.delete_webhook,
            "getWebhookInfo": self.get_webhook_info,
            "setMyCommands": self.set_my_commands,
            "deleteMyCommands": self.delete_my_commands,
            "getMyCommands": lambda request: self.world.commands_in(_chat_of_scope(request)),
            "getChat": self.get_chat,
            "sendMessage": self.send_message,
            "sendDocument": lambda request: self.send_media(request, "document"),
            "sendPhoto": lambda request: self.send_media(request, "photo"),
            "copyMessage": self.copy_message,
            "forwardMessage": self.forward_message,
            "editMessageText": lambda request: self.edit(request, "text"),
            "editMessageCaption": lambda request: self.edit(request, "caption"),
            "editMessageReplyMarkup": lambda request: self.edit(request, None),
            "deleteMessage": self.delete_message,
            "deleteMessages": self.delete_messages,
            "answerCallbackQuery": self.answer_callback_query,
            "answerInlineQuery": self.answer_inline_query,
            "sendChatAction": self.send_chat_action,
            "getFile": self.get_file,
        }

    async def answer(self, request: Request) -> Any:
        """The method's result; ApiError as Telegram would refuse, 501 for a method the sandbox does not know."""
        method = self._table.get(request.method)
        if method is None:
            if request.method in ACCEPTED_WITHOUT_EFFECT:
                return True
            raise ApiError(501, f"Not Implemented: the sandbox does not know {request.method}")
        result = method(request)
        return await result if isinstance(result, Awaitable) else result

    # ---- the bot itself and its updates

    def get_me(self, _: Request) -> Json:
        return self.world.bot | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": True,
        }

    async def get_updates(self, request: Request) -> list[Json]:
        """Long poll: an offset acknowledges what is below it; a newer call ends an older one with 409."""
        parameters = request.parameters
        mine = self._poll = object()
        self._allowed = parameters.get("allowed_updates") or self._allowed
        offset = int(parameters.get("offset") or 0)
        if self.world.updates and self.world.updates[0]["update_id"] < offset:
            self.world.change("ack", offset=offset)
        limit = min(int(parameters.get("limit") or limits.UPDATES_PER_CALL), limits.UPDATES_PER_CALL)
        ends_at = time.monotonic() + min(int(parameters.get("timeout") or 0), limits.LONG_POLL_SECONDS)
        self.world.tell({"kind": "poll"})
        while not (updates := self._due(limit)) and not self.closing and (left := ends_at - time.monotonic()) > 0:
            try:
                await asyncio.wait_for(self.world.changed(), left)
            except TimeoutError:
                break
            if self._poll is not mine:
                raise ApiError(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
        return updates

    def _due(self, limit: int) -> list[Json]:
        wanted = (u for u in self.world.updates if not self._allowed or set(u) & set(self._allowed))
        return list(itertools.islice(wanted, limit))

    def delete_webhook(self, request: Request) -> bool:
        if request.parameters.get("drop_pending_updates") and self.world.updates:
            self.world.change("ack", offset=self.world.updates[-1]["update_id"] + 1)
        return True

    def get_webhook_info(self, _: Request) -> Json:
        return {"url": "", "has_custom_certificate": False, "pending_update_count": len(self.world.updates)}

    def set_my_commands(self, request: Request) -> bool:
        """The menu of commands; the page shows a chat's own one or the default scope's, of no language."""
        commands = request.parameters["commands"]
        limits.check_commands(commands)
        self._change_commands(request, commands)
        return True

    def delete_my_commands(self, request: Request) -> bool:
        self._change_commands(request, None if _chat_of_scope(request) else [])
        return True

    def _change_commands(self, request: Request, commands: list[Json] | None) -> None:
        scope = (request.parameters.get("scope") or {"type": "default"})["type"]
        if not request.parameters.get("language_code") and scope in ("default", "chat"):
            self.world.change("commands", chat_id=_chat_of_scope(request), commands=commands)

    def get_chat(self, request: Request) -> Json:
        gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
        shown = self.world.chat(request.parameters["chat_id"]).shown
        return shown | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(gifts, False),
        }

    # ---- sending

    def send_message(self, request: Request) -> Json:
        chat = self.world.chat(request.parameters["chat_id"])
        return self._post(chat, request.parameters, _body(request.parameters, "text"))

    def send_media(self, request: Request, kind: str) -> Json:
        chat = self.world.chat(request.parameters["chat_id"])
        caption = _body(request.parameters, "caption")
        file_id = self._file(request, request.parameters[kind])
        return self._post(chat, request.parameters, self.world.media(kind, file_id) | caption)

    def _file(self, request: Request, reference: str) -> str:
        upload = request.uploads.get(reference.removeprefix("attach://"))
        if upload is not None:
            if len(upload.content) > limits.UPLOAD_BYTES:
                raise ApiError(413, "Request Entity Too Large")
            return self.world.store(upload.name, upload.mime, upload.content)
        if reference in self.world.files:
            return reference
        raise bad_request("wrong file identifier/HTTP URL specified")

    def copy_message(self, request: Request) -> Json:
        parameters = request.parameters
        original = self._original(parameters, "message to copy not found")
        content = {key: value for key, value in original.items() if key in _CONTENT}
        if "caption" in parameters and "text" not in content:
            content = {key: value for key, value in content.items() if not key.startswith("caption")}
            content |= _body(parameters, "caption")
        return {"message_id": self._post(self.world.chat(parameters["chat_id"]), parameters, content)["message_id"]}

    def forward_message(self, request: Request) -> Json:
        parameters = request.parameters
        original = self._original(parameters, "message to forward not found")
        origin = {"type": "user", "date": original["date"], "sender_user": original["from"]}
        content = {key: value for key, value in original.items() if key in _CONTENT}
        return self._post(self.world.chat(parameters["chat_id"]), parameters, content | {"forward_origin": origin})

    def _original(self, parameters: Json, missing: str) -> Json:
        return self.world.message(parameters["from_chat_id"], parameters["message_id"], missing)

    def _post(self, chat: Chat, parameters: Json, content: Json) -> Json:
        markup = parameters.get("reply_markup") or {}
        limits.check_markup(markup)
        reply = parameters.get("reply_parameters") or {"message_id": parameters.get("reply_to_message_id")}
        replied = self.world.replied(chat, reply["message_id"])
        lenient = reply.get("allow_sending_without_reply") or parameters.get("allow_sending_without_reply")
        if reply["message_id"] is not None and not replied and not lenient:
            raise bad_request("message to be replied not found")
        inline = {"reply_markup": markup} if "inline_keyboard" in markup else {}
        message = self.world.post(chat, self.world.bot, content | replied | inline)
        if markup and not inline:
            self.world.change("keyboard", chat_id=chat.id, keyboard=None if markup.get("remove_keyboard") else markup)
        return message

    # ---- changing what was sent

    def edit(self, request: Request, field: str | None) -> Json | bool:
        """Replace text or caption (none: only the buttons); without `reply_markup` the buttons go away."""
        parameters = request.parameters
        inline_id = parameters.get("inline_message_id")
        chat_id, message_id = parameters.get("chat_id"), parameters.get("message_id")
        if inline_id is not None:
            chat_id, message_id = self.world.inline_messages.get(inline_id, (None, None))
            if chat_id is None:
                raise bad_request("MESSAGE_ID_INVALID")
        message = self.world.message(chat_id, message_id, "message to edit not found")
        if inline_id is None and message["from"]["id"] != self.world.bot["id"]:
            raise bad_request("message can't be edited")
        markup = parameters.get("reply_markup") or {}
        limits.check_markup(markup)
        replaced = {"reply_markup", "edit_date"}
        if field:
            if field == "text" and "text" not in message:
                raise bad_request("there is no text in the message to edit")
            replaced |= {field, "entities" if field == "text" else "caption_entities"}
        after = {key: value for key, value in message.items() if key not in replaced}
        after |= _body(parameters, field) if field else {}
        after |= {"reply_markup": markup} if markup.get("inline_keyboard") else {}
        if after == {key: value for key, value in message.items() if key != "edit_date"}:
            raise bad_request(_NOT_MODIFIED)
        after["edit_date"] = int(time.time())
        self.world.change("message", message=after)
        return True if inline_id is not None else after

    def delete_message(self, request: Request) -> bool:
        parameters = request.parameters
        self.world.message(parameters["chat_id"], parameters["message_id"], "message to delete not found")
        self.world.change("delete", chat_id=parameters["chat_id"], message_id=parameters["message_id"])
        return True

    def delete_messages(self, request: Request) -> bool:
        chat = self.world.chat(request.parameters["chat_id"])
        for message_id in request.parameters["message_ids"]:
            self.world.change("delete", chat_id=chat.id, message_id=message_id)
        return True

    # ---- answers to people

    def answer_callback_query(self, request: Request) -> bool:
        parameters = request.parameters
        text = parameters.get("text") or ""
        if len(text) > limits.CALLBACK_ANSWER_CHARACTERS:
            raise bad_request("MESSAGE_TOO_LONG")
        person_id = self.world.callbacks.pop(parameters["callback_query_id"], None)
        if person_id is None:
            raise bad_request(_TOO_OLD)
        alert = bool(parameters.get("show_alert"))
        if text:
            self.people.toasts[person_id].append(Toast(text, alert))
        event = {"kind": "toast", "to": person_id, "text": text, "alert": alert, "url": parameters.get("url")}
        self.world.tell(event | {"query_id": parameters["callback_query_id"]})
        return True

    def answer_inline_query(self, request: Request) -> bool:
        query = self.people.inline_queries.get(request.parameters["inline_query_id"])
        if query is None or query.answer.done():
            raise bad_request(_TOO_OLD)
        results = request.parameters["results"]
        limits.check_inline_results(results)
        for result in results:
            limits.check_markup(result.get("reply_markup") or {})
        query.answer.set_result([result | {"shown": _inline_content(result)} for result in results])
        return True

    def send_chat_action(self, request: Request) -> bool:
        chat = self.world.chat(request.parameters["chat_id"])
        self.world.tell({"kind": "action", "chat_id": chat.id, "action": request.parameters["action"]})
        return True

    def get_file(self, request: Request) -> Json:
        file_id = request.parameters["file_id"]
        file = self.world.files.get(file_id)
        if file is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if len(file.content) > limits.DOWNLOAD_BYTES:
            raise bad_request("file is too big")
        size = len(file.content)
        return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": size, "file_path": f"files/{file_id}"}


_CONTENT = frozenset({"text", "entities", "caption", "caption_entities", "photo", "document"})


def _body(parameters: Json, field: str) -> Json:
    """A text or caption with its entities, parsed and checked."""
    source = parameters.get(field)
    entities_field = "entities" if field == "text" else "caption_entities"
    if source is None:
        if field == "text":
            raise bad_request("message text is empty")
        return {}
    text, entities = parse(source, parameters.get("parse_mode"))
    entities = parameters.get(entities_field) or entities
    limits.check_body(field, text)
    entities = sorted([*entities, *found_in(text, entities)], key=lambda e: (e["offset"], -e["length"]))
    return {field: text} | ({entities_field: entities} if entities else {})


def _inline_content(result: Json) -> Json:
    """What a chosen inline result shows in the chat: its text, else its caption or title."""
    content = result.get("input_message_content")
    if content:
        if "message_text" not in content:
            raise bad_request("the sandbox shows only text in inline results")
        entities = content.get("entities")
        return _body({"text": content["message_text"], "entities": entities, **_mode(content)}, "text")
    return _body({"text": result.get("caption") or result.get("title") or "", **_mode(result)}, "text")


def _mode(source: Json) -> Json:
    return {"parse_mode": source.get("parse_mode")}


def _chat_of_scope(request: Request) -> int | None:
    scope = request.parameters.get("scope") or {}
    return int(scope["chat_id"]) if scope.get("type") == "chat" else None
