"""What surrounds every view: headers, errors as pages, limits, the transaction."""

import logging
import secrets
from math import ceil

from aiohttp import web
from aiohttp.typedefs import Handler

from backoffice import keys, pages
from backoffice.visitors import visitor
from crm.errors import Conflict, CrmError, Forbidden, Invalid, NotFound

log = logging.getLogger(__name__)

LARGEST_BODY = 16 * 1024
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # Links hold tokens.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "interest-cohort=()",
}
A_YEAR = 31_536_000
STATUSES: dict[type[CrmError], int] = {NotFound: 404, Forbidden: 403, Conflict: 409, Invalid: 422}
SAID = {404: "web-not-found", 405: "web-wrong-method", 413: "web-too-large", 429: "web-too-fast"}


async def guard(request: web.Request, response: web.StreamResponse) -> None:
    """Headers of every answer, set when its status is final: a file finds out late that it is not there."""
    response.headers.update(HEADERS)
    is_static = request.path.startswith("/static/") and response.status in (200, 304)
    response.headers["Cache-Control"] = "public, max-age=3600" if is_static else "no-store"
    if request.app[keys.PUBLIC_URL].startswith("https://"):
        response.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}"


@web.middleware
async def error_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every error as a page that says what to do."""
    try:
        return await handler(request)
    except CrmError as error:
        status = next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 400)
        return pages.problem(request, status, error.key, **error.params)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        page = pages.problem(request, error.status, SAID.get(error.status, "web-bad-request"))
        page.headers.update({name: error.headers[name] for name in ("Allow", "Retry-After") if name in error.headers})
        return page
    except Exception:
        number = secrets.token_hex(4)
        # Not the path: it may hold a token.
        log.exception("incident %s: %s %s", number, request.method, _route(request))
        return pages.problem(request, 500, "web-incident", number=number)


@web.middleware
async def rate_limit(request: web.Request, handler: Handler) -> web.StreamResponse:
    name = visitor(request.remote, request.headers.get("X-Forwarded-For"))
    wait = request.app[keys.VISITORS].seconds_to_wait(name)
    if wait:
        raise web.HTTPTooManyRequests(headers={"Retry-After": str(ceil(wait))})
    return await handler(request)


@web.middleware
async def small_bodies(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever is sent is read here, so that a large one is refused before anything is done."""
    if (request.content_length or 0) > LARGEST_BODY:
        raise web.HTTPRequestEntityTooLarge(max_size=LARGEST_BODY, actual_size=request.content_length or 0)
    await request.read()
    return await handler(request)


@web.middleware
async def transaction(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Commits when the view has returned, before anything is sent; costs nothing where the view asks nothing."""
    async with request.app[keys.SESSIONS].of_system() as session:
        request[keys.SESSION] = session
        return await handler(request)


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "unknown"
