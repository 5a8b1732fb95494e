"""The site that shows previews: asked slowly, left alone when it says so or keeps failing."""

import asyncio
import logging
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp

from collector.problems import Problem, Unreadable, moment

log = logging.getLogger(__name__)

FAILURES_UNTIL_OPEN = 5
"""failures in a row after which the site is left alone"""
FIRST_REST = 60.0
LONGEST_REST = 3600.0
WAIT_UNLESS_TOLD = 60.0
"""seconds after a 429 that does not say how long"""
ANSWER_SECONDS = 30.0
LARGEST_PAGE = 8 * 1024 * 1024
_HEADERS = {"User-Agent": "Mozilla/5.0 (compatible; Platon)", "Accept-Language": "en"}


class PreviewSite:
    """Paces all requests to one host, `gap` seconds apart, and breaks the circuit when it fails again and again."""

    def __init__(self, base_url: str, gap: float) -> None:
        self._base_url = base_url.rstrip("/")
        self._gap = gap
        self._turn = asyncio.Lock()
        self._next_at = 0.0
        self._closed_until = 0.0
        self._failures = 0
        self._rests = 0

    async def page(self, http: aiohttp.ClientSession, username: str, before: int | None = None) -> str:
        """The HTML of a preview page. Raises Unreadable: no preview, limited, failing."""
        async with self._turn:
            loop = asyncio.get_running_loop()
            await asyncio.sleep(max(0.0, self._next_at - loop.time()))
            self._check_open(loop.time())
            try:
                return await self._ask(http, username, before)
            except (aiohttp.ClientError, TimeoutError, OSError, UnicodeDecodeError) as error:
                raise self._failed(type(error).__name__) from error
            finally:
                self._next_at = loop.time() + self._gap

    def _check_open(self, now: float) -> None:
        left = self._closed_until - now
        if left > 0:
            raise Unreadable(Problem("source-problem-preview-paused", moment(left), retry_after=left))

    async def _ask(self, http: aiohttp.ClientSession, username: str, before: int | None) -> str:
        url = f"{self._base_url}/s/{username}"
        query = {"before": str(before)} if before else {}
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        async with http.get(url, params=query, headers=_HEADERS, timeout=timeout, allow_redirects=False) as answer:
            if answer.status in (429, 503) and (answer.status == 429 or "Retry-After" in answer.headers):
                raise self._limited(answer.headers.get("Retry-After"))
            if answer.status in (301, 302, 303, 307, 308, 404):
                self._succeeded()
                raise Unreadable(Problem("source-problem-no-preview", username))
            if answer.status != 200:
                raise self._failed(f"HTTP {answer.status}")
            body = await answer.content.read(LARGEST_PAGE)
            while len(body) < LARGEST_PAGE and (more := await answer.content.read(LARGEST_PAGE - len(body))):
                body += more
        self._succeeded()
        return body.decode("utf-8", "replace")

    def _succeeded(self) -> None:
        self._failures = self._rests = 0

    def _limited(self, told: str | None) -> Unreadable:
        seconds = retry_after(told, datetime.now(UTC))
        self._closed_until = asyncio.get_running_loop().time() + seconds
        return Unreadable(Problem("source-problem-preview-paused", moment(seconds), retry_after=seconds))

    def _failed(self, detail: str) -> Unreadable:
        self._failures += 1
        if self._failures >= FAILURES_UNTIL_OPEN:
            # One request is let through after the rest; its failure begins a longer one.
            rest = min(FIRST_REST * 2.0**self._rests, LONGEST_REST)
            self._rests += 1
            self._failures = FAILURES_UNTIL_OPEN - 1
            self._closed_until = asyncio.get_running_loop().time() + rest
            log.warning("preview site fails (%s), left alone for %s s", detail, rest)
        return Unreadable(Problem("source-problem-preview-failing", detail))


def retry_after(told: str | None, now: datetime) -> float:
    """Seconds to wait by a Retry-After header, which gives seconds or a date."""
    if told is None:
        return WAIT_UNLESS_TOLD
    if told.strip().isdecimal():
        return min(float(told), LONGEST_REST)
    try:
        at = parsedate_to_datetime(told)
    except ValueError:
        return WAIT_UNLESS_TOLD
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max((at - now).total_seconds(), 0.0), LONGEST_REST)
