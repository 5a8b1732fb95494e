"""The chat page: a person in a browser tab, their chats, live by server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web

from sandbox.telegram_bot_api.people import People
from sandbox.telegram_bot_api.world import BOT_ID, Chat, Json

HERE = Path(__file__).parent
INLINE_ANSWER_SECONDS = 10.0
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def add_routes(app: web.Application, people: People) -> None:
    """Put the page and what it calls into the application."""
    page = _Page(people)
    app.router.add_get("/", page.show)
    app.router.add_static("/static/", HERE / "static")
    app.router.add_get("/page/people", page.list_people)
    app.router.add_get("/page/events", page.events)
    app.router.add_get("/page/file/{file_id}", page.file)
    app.router.add_post("/page/file", page.upload)
    for name in ("join", "send", "start", "click", "group", "invite", "inline", "choose", "block"):
        app.router.add_post(f"/page/{name}", _posted(getattr(page, name)))


def _posted(act: Callable[[Json], Awaitable[object]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Take JSON from our own page only; what is not there is 404, what makes no sense 422."""

    async def handler(http: web.Request) -> web.Response:
        _refuse_other_sites(http)
        if http.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="JSON is expected")
        try:
            return web.json_response(await act(await http.json()))
        except LookupError as error:
            raise web.HTTPNotFound(text=f"not found: {error}") from error
        except (TypeError, ValueError) as error:
            raise web.HTTPUnprocessableEntity(text=str(error)) from error

    return handler


def _refuse_other_sites(http: web.Request) -> None:
    if http.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise web.HTTPForbidden(text="another site may not act here")


class _Page:
    def __init__(self, people: People) -> None:
        self.people = people
        self.world = people.world

    async def show(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(HERE / "templates" / "chat.html", headers=HEADERS)

    async def list_people(self, _: web.Request) -> web.Response:
        return web.json_response({"people": list(self.world.people.values()), "bot": self.world.bot}, headers=HEADERS)

    async def file(self, http: web.Request) -> web.Response:
        file = self.world.files.get(http.match_info["file_id"])
        if file is None:
            raise web.HTTPNotFound
        inline = file.mime in {"image/jpeg", "image/png", "image/webp"}
        disposition = "inline" if inline else f"attachment; filename*=UTF-8''{quote(file.name)}"
        mime = file.mime if inline else "application/octet-stream"
        return web.Response(
            body=file.content, content_type=mime, headers=HEADERS | {"Content-Disposition": disposition}
        )

    async def upload(self, http: web.Request) -> web.Response:
        _refuse_other_sites(http)
        sent = (await http.post())["file"]
        if not isinstance(sent, web.FileField):
            raise web.HTTPUnprocessableEntity(text="a file is expected")
        me, chat_id = int(http.query["me"]), int(http.query["chat"])
        message = self.people.send_file(me, chat_id, sent.filename, sent.content_type, sent.file.read())
        return web.json_response({"message_id": message["message_id"]})

    # ---- what a person does

    async def join(self, data: Json) -> object:
        return self.people.join(str(data["first_name"])[:64], str(data["language_code"]), data.get("id"))

    async def send(self, data: Json) -> object:
        return self.people.say(data["me"], data["chat"], str(data["text"])[:4096], data.get("reply_to"))["message_id"]

    async def start(self, data: Json) -> object:
        return self.people.start(data["me"], str(data.get("payload", "")))["message_id"]

    async def click(self, data: Json) -> object:
        return self.people.tap(data["me"], data["chat"], data["message"], str(data["data"]))

    async def group(self, data: Json) -> object:
        return self.people.make_group(data["me"], str(data["title"])[:128], data["invite"], bool(data["with_bot"])).id

    async def invite(self, data: Json) -> None:
        self.people.invite(data["me"], data["chat"], data["person"])

    async def inline(self, data: Json) -> object:
        try:
            query_id, results = await self.people.ask_inline(
                data["me"], data["chat"], str(data["text"]), INLINE_ANSWER_SECONDS
            )
        except TimeoutError:
            return {"query": None, "results": []}
        shown = [{key: result.get(key) for key in ("id", "title", "description", "shown")} for result in results]
        return {"query": query_id, "results": shown}

    async def choose(self, data: Json) -> object:
        return self.people.choose(data["me"], data["chat"], data["query"], str(data["result"]))["message_id"]

    async def block(self, data: Json) -> None:
        self.people.block(data["me"], bool(data["blocked"]))

    # ---- what a person sees

    async def events(self, http: web.Request) -> web.StreamResponse:
        """Everything this person may see now, then each change as it comes."""
        me = int(http.query["me"])
        if me not in self.world.people:
            raise web.HTTPNotFound(text="no such person")
        response = web.StreamResponse(headers=HEADERS | {"Content-Type": "text/event-stream"})
        await response.prepare(http)
        queue: asyncio.Queue[Json] = asyncio.Queue()
        self.world.watchers.add(queue)
        try:
            await _write(response, self._state(me))
            while (event := await queue.get())["kind"] != "closing":
                if (seen := self._seen_by(me, event)) is not None:
                    await _write(response, seen)
        except ConnectionError:
            pass
        finally:
            self.world.watchers.discard(queue)
        return response

    def _state(self, me: int) -> Json:
        chats = [self._chat(chat) for chat in self.world.chats.values() if me in chat.members]
        return {
            "kind": "state",
            "me": self.world.people[me],
            "bot": self.world.bot,
            "people": list(self.world.people.values()),
            "commands": self.world.commands_in(me),
            "blocked": me in self.world.blocked,
            "chats": chats,
        }

    def _chat(self, chat: Chat) -> Json:
        members = [self.world.bot if m == BOT_ID else self.world.people[m] for m in sorted(chat.members)]
        messages = list(chat.messages.values())
        return {"chat": chat.shown, "members": members, "messages": messages, "keyboard": chat.keyboard}

    def _seen_by(self, me: int, event: Json) -> Json | None:
        """The event as this person may see it; None for what is not theirs."""
        kind = event["kind"]
        if kind == "person":
            return event
        if kind == "commands":
            return {"kind": kind, "commands": self.world.commands_in(me)}
        if kind == "toast":
            return event if event["to"] == me else None
        if kind in {"message", "delete", "keyboard", "action", "chat", "blocked"}:
            chat_id: Any = event.get("chat_id") or event.get("chat", event.get("message", {}).get("chat", {}))["id"]
            chat = self.world.chats.get(chat_id)
            if chat is None or me not in chat.members:
                return None
            return {"kind": "chat"} | self._chat(chat) if kind == "chat" else event
        return None


async def _write(response: web.StreamResponse, event: Json) -> None:
    await response.write(f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode())
