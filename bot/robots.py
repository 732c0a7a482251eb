"""Asks a site's robots.txt before its pages are read, once a day.

What is not there (4xx) forbids nothing; what cannot be had now (5xx, no answer) means: wait (RFC 9309). Feeds are not
asked for: whoever publishes one wants it read.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from yarl import URL

from bot.errors import PermanentError, TransientError, UserError
from bot.model import Response
from bot.reading.pages.robotstxt import AGENT, Rules, parse

KEPT = timedelta(hours=24)
TRIED_AGAIN = timedelta(minutes=10)  # after a robots.txt that could not be had
MOST_HOSTS = 2_000
MOST_WAIT = timedelta(seconds=10)  # what a visit may stand in line for; longer than that it is put off
_QUICK = 20_000  # characters that are read and asked on the spot


@dataclass(slots=True, kw_only=True)
class _Host:
    """What is known of one origin. Times are the event loop's."""

    rules: Rules | None = None
    until: float = 0.0  # then it is asked again
    failure: str = ""
    free_at: float = 0.0  # when Crawl-delay lets the next visit in
    lock: asyncio.Lock


class Robots:
    """`fetch` gets a robots.txt: guarded, and not through this."""

    def __init__(self, fetch: Callable[[str], Awaitable[Response]]) -> None:
        self._fetch = fetch
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    async def enter(self, url: URL) -> timedelta | None:
        """Return once `url` may be visited, with the Crawl-delay that the site asks for.

        Raises PermanentError where robots.txt says no; TransientError where it cannot be had, or the wait is long.
        """
        host = await self._host(url)
        if host.rules is None:
            left = timedelta(seconds=max(host.until - _now(), 1))
            raise TransientError(
                f"The robots.txt of {url.host} cannot be read now, so its pages are left alone: {host.failure}",
                retry_after=left,
            )
        if not await self._allowed(host.rules, str(url)):
            raise PermanentError(
                f"robots.txt of {url.host} says no: it does not let {AGENT} read {url.path}. "
                "Look for a feed of theirs, or ask them to allow it."
            )
        if host.rules.delay:
            await self._wait(url, host, host.rules.delay)
        return host.rules.delay

    async def _host(self, url: URL) -> _Host:
        origin = str(url.origin())
        host = self._hosts.setdefault(origin, _Host(lock=asyncio.Lock()))
        self._hosts.move_to_end(origin)
        while len(self._hosts) > MOST_HOSTS:
            self._hosts.popitem(last=False)
        async with host.lock:  # many pages of one site at once ask once
            if host.until <= _now():
                await self._ask(url, host)
        return host

    async def _ask(self, url: URL, host: _Host) -> None:
        try:
            body = (await self._fetch(str(url.origin().with_path("/robots.txt")))).body
            host.rules = parse(body) if len(body) < _QUICK else await asyncio.to_thread(parse, body)
        except TransientError as error:
            # What it said before holds until it can be asked again.
            host.failure = str(error)
            host.until = _now() + max(TRIED_AGAIN, min(error.retry_after or TRIED_AGAIN, KEPT)).total_seconds()
            return
        except (PermanentError, UserError):  # none there; an address that is not for us is the page's own to tell
            host.rules = parse(b"")
        host.until = _now() + KEPT.total_seconds()

    @staticmethod
    async def _allowed(rules: Rules, url: str) -> bool:
        return rules.allow(url) if rules.size < _QUICK else await asyncio.to_thread(rules.allow, url)

    @staticmethod
    async def _wait(url: URL, host: _Host, delay: timedelta) -> None:
        """One visit each `delay`: whoever comes takes the next free moment, or is put off."""
        wait = max(host.free_at - _now(), 0.0)
        if wait > MOST_WAIT.total_seconds():
            raise TransientError(
                f"robots.txt of {url.host} asks for {delay.total_seconds():g} seconds between two visits.",
                retry_after=timedelta(seconds=wait),
            )
        host.free_at = _now() + wait + delay.total_seconds()
        await asyncio.sleep(wait)


def _now() -> float:
    return asyncio.get_running_loop().time()
