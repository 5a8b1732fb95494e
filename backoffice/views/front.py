"""What this is, for who came without a link."""

from aiohttp import web

from backoffice import keys, pages
from crm import heartbeats


async def front(request: web.Request) -> web.Response:
    """The running bot says its own name with its signs of life."""
    alive = await heartbeats.last(keys.session(request))
    names = [beat.detail.get("username") for beat in alive if beat.process == "bot"]
    return pages.render(request, "front", bot=next(filter(None, names), None))
