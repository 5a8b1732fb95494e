"""Pages in the language of whoever reads them."""

import re
from urllib.parse import urlsplit

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from backoffice import keys
from db.models import Address
from i18n.translator import LANGUAGES, translator

ACCEPTED = re.compile(r"\s*([a-zA-Z]{2,3})(?:-[\w-]+)?\s*(?:;\s*q=([\d.]{1,5})\s*)?")

_TEMPLATES = Environment(
    loader=PackageLoader("backoffice"), undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
)


def render(
    request: web.Request, name: str, *, status: int = 200, address: Address | None = None, **values: object
) -> web.Response:
    """`address` is whom the page is about, if it is about one."""
    language = language_of(request.headers.get("Accept-Language", ""), address.language if address else LANGUAGES[0])
    base = urlsplit(request.app[keys.PUBLIC_URL]).path
    html = _TEMPLATES.get_template(f"{name}.html").render(
        values, t=translator(language), address=address, base=base, path=f"{base}{request.rel_url.raw_path}"
    )
    return web.Response(
        text=html, status=status, content_type="text/html", charset="utf-8", headers={"Content-Language": language}
    )


def problem(request: web.Request, status: int, key: str, **params: object) -> web.Response:
    """A sentence of the locales about what went wrong."""
    return render(request, "problem", status=status, key=key, params=params)


def language_of(accepted: str, otherwise: str) -> str:
    """The one of ours that a browser likes best."""
    liked: dict[str, float] = {}
    for part in accepted[:200].split(","):
        if (found := ACCEPTED.fullmatch(part)) and found[1].lower() in LANGUAGES:
            weight = _number(found[2])
            liked[found[1].lower()] = max(weight, liked.get(found[1].lower(), 0))
    best = max(liked, key=lambda language: liked[language], default=otherwise)
    return best if liked.get(best, 1) > 0 else otherwise


def _number(written: str | None) -> float:
    try:
        return float(written) if written else 1.0
    except ValueError:
        return 0.0
