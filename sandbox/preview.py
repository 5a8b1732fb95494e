"""The public preview pages of the sandbox's channels: t.me/s/NAME?before=ID on loopback."""

from dataclasses import dataclass
from typing import Literal

from aiohttp import web

from sandbox.preview_markup import blocks, contact_page, page
from sandbox.telegram_mtproto import Channel, Cloud

POSTS_A_PAGE = 20

_GARBAGE = "<html><body><h1>It works!</h1><p>This is no preview <div class='tgme_widget_message"


@dataclass
class _OrderedFailure:
    kind: int | Literal["garbage"]
    times: int
    retry_after: int | None
    username: str | None


class PreviewSite:
    """Serves what `cloud` holds; groups, closed channels and unknown names have no preview and are redirected."""

    def __init__(self) -> None:
        self.url = ""
        self.requests: list[str] = []
        """Path and query of every request for a preview page."""
        self._cloud: Cloud | None = None
        self._failures: list[_OrderedFailure] = []
        self._runner: web.AppRunner | None = None

    async def start(self, cloud: Cloud, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; raises OSError where the port is taken."""
        self._cloud = cloud
        app = web.Application()
        app.add_routes(
            [
                web.get("/s/{username}", self._preview),
                web.get("/file/{photo:[0-9]+}.jpg", self._file),
                web.get("/{username}", self._contact),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        bound = self._runner.addresses[0]
        self.url = f"http://{host}:{bound[1]}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def fail(
        self,
        kind: int | Literal["garbage"],
        times: int = 1,
        *,
        retry_after: int | None = None,
        username: str | None = None,
    ) -> None:
        """Answer the next `times` pages (of this channel) with an HTTP status such as 429 or 503, or with garbage.

        `retry_after` goes out as the Retry-After header, in seconds.
        """
        self._failures.append(_OrderedFailure(kind, times, retry_after, username))

    async def _preview(self, request: web.Request) -> web.Response:
        username = request.match_info["username"]
        self.requests.append(request.path_qs)
        failed = self._failed(username)
        if failed is not None:
            return failed
        channel = self._channel(username)
        if channel is None:
            return web.Response(status=302, headers={"Location": f"/{username}"})
        before = request.query.get("before", "")
        below = int(before) if before.isdecimal() else channel.last_id + 1
        older = [channel.messages[key] for key in sorted(channel.messages) if key < below]
        shown = blocks(older)[-POSTS_A_PAGE:]
        first = shown[0][0].id if shown else 0
        more = first if older and older[0].id < first else None
        html = page(self._world, channel, shown, more, self.url)
        return web.Response(text=html, content_type="text/html")

    async def _contact(self, request: web.Request) -> web.Response:
        return web.Response(text=contact_page(request.match_info["username"]), content_type="text/html")

    async def _file(self, request: web.Request) -> web.Response:
        blob = self._world.blobs.get(int(request.match_info["photo"]))
        if blob is None:
            return web.Response(status=404)
        return web.Response(body=blob, content_type="image/png" if blob.startswith(b"\x89PNG") else "image/jpeg")

    @property
    def _world(self) -> Cloud:
        if self._cloud is None:
            raise RuntimeError("the site was not started")
        return self._cloud

    def _channel(self, username: str) -> Channel | None:
        channel = self._world.channel_by_username(username)
        return channel if channel and not (channel.megagroup or channel.private) else None

    def _failed(self, username: str) -> web.Response | None:
        for failure in self._failures:
            if failure.times > 0 and failure.username in (None, username):
                failure.times -= 1
                if failure.kind == "garbage":
                    return web.Response(text=_GARBAGE, content_type="text/html")
                headers = {} if failure.retry_after is None else {"Retry-After": str(failure.retry_after)}
                return web.Response(status=failure.kind, headers=headers, text="")
        return None
