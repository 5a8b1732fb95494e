"""Every URL. A GET changes nothing: programs follow the links in letters before people do."""

from pathlib import Path

from aiohttp import web

from backoffice.views import addresses, front, health

STATIC = Path(__file__).parent / "static"


def add(application: web.Application) -> None:
    application.add_routes(
        [
            web.get("/", front.front),
            web.get("/health", health.health),
            web.get("/confirm/{token}", addresses.ask_to_confirm),
            web.post("/confirm/{token}", addresses.confirm),
            web.post("/confirm/{token}/again", addresses.send_confirmation_again),
            web.get("/unsubscribe/{signed}", addresses.ask_to_unsubscribe),
            web.post("/unsubscribe/{signed}", addresses.unsubscribe),
            web.post("/unsubscribe/{signed}/undo", addresses.undo_unsubscribing),
            web.static("/static", STATIC),
        ]
    )
