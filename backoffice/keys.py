"""What the application and each request carry along."""

from aiohttp import web

from backoffice.visitors import Visitors
from db.session import Sessions, SystemSession

SESSIONS = web.AppKey("sessions", Sessions)
PUBLIC_URL = web.AppKey("public_url", str)
SECRET = web.AppKey("secret", bytes)
VISITORS = web.AppKey("visitors", Visitors)
SESSION = web.RequestKey("session", SystemSession)


def session(request: web.Request) -> SystemSession:
    """The request's transaction; pages without sign-in know no company, only what their link names."""
    return request[SESSION]
