"""The sandbox's Bot API server: what a test or `make run` starts."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, NamedTuple, Self

from aiohttp import web

from sandbox.telegram_bot_api import page, requests
from sandbox.telegram_bot_api.errors import ApiError
from sandbox.telegram_bot_api.faults import Faults
from sandbox.telegram_bot_api.limits import UPLOAD_BYTES
from sandbox.telegram_bot_api.methods import SENDING, Methods
from sandbox.telegram_bot_api.pace import Pace
from sandbox.telegram_bot_api.people import People
from sandbox.telegram_bot_api.person import Person
from sandbox.telegram_bot_api.requests import Request
from sandbox.telegram_bot_api.world import BOT_USERNAME, Json, World


class Delivery(NamedTuple):
    """One accepted message of the bot; `at` is `time.monotonic()` seconds."""

    at: float
    chat_id: int
    text: str
    message_id: int


class BotApi:
    """A Bot API on loopback for one bot, and the chat page at its root.

    `limits` turns Telegram's sending limits on (`strict_limits`: without its tolerance of short bursts);
    `record` keeps every accepted message in `deliveries`; `state_dir` keeps chats between starts.
    """

    username = BOT_USERNAME

    def __init__(
        self,
        state_dir: Path | None = None,
        limits: bool = False,
        strict_limits: bool = False,
        record: bool = False,
    ) -> None:
        self.world = World(state_dir)
        self.people = People(self.world)
        self.deliveries: list[Delivery] = []
        self.url = ""
        self._methods = Methods(self.world, self.people)
        self._faults = Faults()
        self._pace = Pace(strict_limits) if limits or strict_limits else None
        self._record = record
        self._runner: web.AppRunner | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> Self:
        """Listen; port 0 takes a free one. `url` is set when this returns."""
        app = web.Application(client_max_size=UPLOAD_BYTES + (1 << 20))
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/files/{file_id}", self._download)
        page.add_routes(app, self.people)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        address = self._runner.addresses[0]
        self.url = f"http://{address[0]}:{address[1]}"
        return self

    async def stop(self) -> None:
        """End the open polls and pages, and close."""
        self._methods.closing = True
        self.world.tell({"kind": "closing"})
        if self._runner:
            await self._runner.cleanup()
        self.world.close()

    # ---- for tests

    def person(self, user_id: int, first_name: str = "Anna", language_code: str = "ru") -> Person:
        """A person whose private chat with the bot is open."""
        self.people.join(first_name, language_code, user_id)
        self.people.open_private(user_id)
        return Person(self.people, user_id, user_id)

    def group(self, title: str, *members: Person, with_bot: bool = True) -> int:
        """A group of these people (the first owns it); its chat id."""
        owner, *invited = [member.user_id for member in members]
        return self.people.make_group(owner, title, invited, with_bot).id

    def fail(
        self,
        method_name: str,
        status: int,
        description: str,
        retry_after: int | None = None,
        times: int = 1,
        chat_id: int | None = None,
    ) -> None:
        """Refuse the next calls of a method (`*`: any), of one chat if given."""
        self._faults.refuse(method_name, ApiError(status, description, retry_after), times, chat_id)

    def drop_answer(self, method_name: str, times: int = 1) -> None:
        """Do what the next calls ask for and close their connections without an answer."""
        self._faults.drop(method_name, times)

    def block(self, chat_id: int) -> None:
        """The person blocks the bot: 403 from now on."""
        self.people.block(chat_id, blocked=True)

    def unblock(self, chat_id: int) -> None:
        """The person lets the bot in again."""
        self.people.block(chat_id, blocked=False)

    # ---- HTTP

    async def _call(self, http: web.Request) -> web.Response:
        method_name = http.match_info["method"]
        try:
            if not http.match_info["token"].partition(":")[2]:
                raise ApiError(401, "Unauthorized")
            request = await requests.read(http, method_name)
            result = await self._answer(request)
        except ApiError as error:
            return _refusal(error)
        if self._faults.answer_is_lost(request.method) and http.transport:
            http.transport.abort()
        return web.json_response({"ok": True, "result": result})

    async def _answer(self, request: Request) -> Any:
        chat_id = request.parameters.get("chat_id")
        self._faults.check(request.method, chat_id)
        counted = request.method in SENDING
        if counted and self._pace:
            self._pace.take(self.world.chat(chat_id).id)
        result = await self._methods.answer(request)
        requests.check_result(request.method, result)
        if counted and self._record and isinstance(chat_id, int):
            self._keep_delivery(chat_id, result)
        return result

    def _keep_delivery(self, chat_id: int, result: Any) -> None:
        message = self.world.chats[chat_id].messages[result["message_id"]]
        text = message.get("text") or message.get("caption") or ""
        self.deliveries.append(Delivery(time.monotonic(), chat_id, text, message["message_id"]))

    async def _download(self, http: web.Request) -> web.Response:
        file = self.world.files.get(http.match_info["file_id"])
        if file is None:
            return _refusal(ApiError(404, "Not Found"))
        return web.Response(body=file.content, content_type="application/octet-stream")


def _refusal(error: ApiError) -> web.Response:
    body: Json = {"ok": False, "error_code": error.status, "description": error.description}
    if error.retry_after is not None:
        body["parameters"] = {"retry_after": error.retry_after}
    return web.json_response(body, status=error.status)
