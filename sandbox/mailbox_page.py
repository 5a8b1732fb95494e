"""The mailbox page: who got which mail, its text, HTML, headers and source."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import aiohttp
import jinja2
from aiohttp import web

from sandbox.mailbox_letters import Letter

HERE = Path(__file__).parent
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
LETTER_HEADERS = PAGE_HEADERS | {
    "Content-Security-Policy": "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
}
"""For a mail's own HTML: nothing runs, nothing is loaded, links open in a new tab."""


def add_routes(app: web.Application, letters: list[Letter]) -> None:
    """Put the page into the application; `letters` is the live list."""
    page = _Page(letters)
    app.router.add_get("/", page.list_letters)
    app.router.add_static("/static/", HERE / "mailbox_static")
    app.router.add_get("/letters/{number:\\d+}", page.letter)
    app.router.add_get("/letters/{number:\\d+}/html", page.html)
    app.router.add_get("/letters/{number:\\d+}/source", page.source)
    app.router.add_post("/letters/{number:\\d+}/unsubscribe", page.unsubscribe)


class _Page:
    def __init__(self, letters: list[Letter]) -> None:
        self.letters = letters
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "mailbox_templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
        )

    async def list_letters(self, http: web.Request) -> web.Response:
        address = http.query.get("to", "")
        shown = [letter for letter in reversed(self.letters) if not address or address in letter.recipients]
        addresses = Counter(recipient for letter in self.letters for recipient in letter.recipients)
        return self._show(http, "list.html", letters=shown, addresses=sorted(addresses.items()), address=address)

    async def letter(self, http: web.Request) -> web.Response:
        return self._show(http, "letter.html", letter=self._letter(http), answer=None)

    async def html(self, http: web.Request) -> web.Response:
        return web.Response(text=self._letter(http).html, content_type="text/html", headers=LETTER_HEADERS)

    async def source(self, http: web.Request) -> web.Response:
        text = self._letter(http).source.decode(errors="replace")
        return web.Response(text=text, content_type="text/plain", headers=PAGE_HEADERS)

    async def unsubscribe(self, http: web.Request) -> web.Response:
        """Post the one-click unsubscription as a mail program would, and show what the site answered."""
        if http.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            raise web.HTTPForbidden(text="another site may not act here")
        letter = self._letter(http)
        if letter.unsubscribe_url is None:
            raise web.HTTPNotFound(text="this mail offers no one-click unsubscription")
        form = {"List-Unsubscribe": "One-Click"}
        timeout = aiohttp.ClientTimeout(total=10)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as client,
                client.post(letter.unsubscribe_url, data=form, allow_redirects=False) as response,
            ):
                answer = f"{response.status} {response.reason}"
        except (aiohttp.ClientError, TimeoutError) as error:
            answer = str(error) or type(error).__name__
        return self._show(http, "letter.html", letter=letter, answer=answer)

    def _letter(self, http: web.Request) -> Letter:
        number = int(http.match_info["number"])
        letter = next((letter for letter in self.letters if letter.number == number), None)
        if letter is None:
            raise web.HTTPNotFound(text="no such mail")
        return letter

    def _show(self, http: web.Request, template: str, **values: object) -> web.Response:
        russian = http.headers.get("Accept-Language", "").lower().startswith("ru")
        words = RUSSIAN if russian else ENGLISH
        text = self._templates.get_template(template).render(words=words, language="ru" if russian else "en", **values)
        return web.Response(text=text, content_type="text/html", headers=PAGE_HEADERS)


ENGLISH = {
    "title": "Mailbox",
    "all": "All mail",
    "empty": "No mail yet. Whatever Platon sends appears here.",
    "from": "From",
    "to": "To",
    "back": "All mail",
    "letter": "Letter",
    "text": "Plain text",
    "headers": "Headers",
    "source": "Raw source",
    "unsubscribe": "Unsubscribe with one click",
    "answered": "The site answered:",
    "none": "This mail has no such part.",
}
RUSSIAN = {
    "title": "Почта",
    "all": "Все письма",
    "empty": "Писем пока нет. Здесь появится всё, что отправит Platon.",
    "from": "От",
    "to": "Кому",
    "back": "Все письма",
    "letter": "Письмо",
    "text": "Обычный текст",
    "headers": "Заголовки",
    "source": "Исходник",
    "unsubscribe": "Отписаться одним нажатием",
    "answered": "Сайт ответил:",
    "none": "В этом письме такой части нет.",
}
