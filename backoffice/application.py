"""The pages of the web, as one application."""

from aiohttp import web

from backoffice import keys, middlewares, routes
from backoffice.visitors import Visitors
from db.session import Sessions


def build(sessions: Sessions, *, public_url: str, secret: bytes, requests_a_minute: int = 60) -> web.Application:
    """`public_url` has no slash at its end; `secret` is the one that signed the links in letters."""
    application = web.Application(
        middlewares=[
            middlewares.error_pages,
            middlewares.rate_limit,
            middlewares.small_bodies,
            middlewares.transaction,
        ],
        client_max_size=middlewares.LARGEST_BODY,
    )
    application[keys.SESSIONS] = sessions
    application[keys.PUBLIC_URL] = public_url
    application[keys.SECRET] = secret
    application[keys.VISITORS] = Visitors(requests_a_minute)
    application.on_response_prepare.append(middlewares.guard)
    routes.add(application)
    return application
