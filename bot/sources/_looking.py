"""Looking at a pasted address: each page is fetched once whoever asks, six requests at most, none after a "wait"."""

from collections.abc import Sequence
from datetime import timedelta
from math import ceil
from urllib.parse import urlsplit

from bot.errors import PermanentError, TransientError, UserError, WatchwordError
from bot.model import Response
from bot.ports import Http, inspection, pauses
from bot.reading.walls.pagewalls import asks_consent, sends_on

KEPT_FOR_PAGES = 2  # requests: robots.txt and the page itself, which the kind that watches pages asks last


async def get(http: Http, url: str, *, robots: bool = False) -> Response:
    """As `Http.get`, within what one look may cost. Raises the same again for what failed before."""
    now = inspection.get()
    if now is None:
        return await http.get(url, robots=robots)
    known = now.failures.get(url) or now.answers.get((url, robots)) or now.failures.get(_host(url))
    if isinstance(known, Response):
        return known
    if known is not None:
        raise known
    host, kept = _host(url), pauses.get()
    if kept is not None and (left := kept.left(host)):
        raise TransientError(f"{host[2:]} is not asked now.", retry_after=timedelta(seconds=ceil(left)))
    cost = 2 if robots and host not in now.asked_robots else 1
    if now.left < cost:
        raise PermanentError(f"{url[:200]} was not asked: for one address so much is not looked at.")
    now.left -= cost
    if robots:
        now.asked_robots.add(host)
    try:
        answer = now.answers[url, robots] = await http.get(url, robots=robots)
    except WatchwordError as error:
        now.failures[url] = error
        if isinstance(error, TransientError) and error.retry_after:
            now.failures[host] = error
            if kept is not None:
                kept.note(host, error.retry_after.total_seconds())
        raise
    return answer


def spare() -> int:
    """How many requests may still go to guesses."""
    now = inspection.get()
    return max(now.left - KEPT_FOR_PAGES, 0) if now is not None else 3


async def first_answer(http: Http, tried: Sequence[str], *, robots: bool = False) -> Response:
    """From the first address that answers, followed where the page itself sends on.

    Raises UserError: what each of them said, once, and what can be done.
    """
    said, cure = dict[str, None](), "Try again later."
    for address in tried:
        try:
            return await _followed(http, address, robots=robots)
        except UserError:
            raise
        except WatchwordError as error:
            said[f"{error}{_pause(error)}"] = None  # http after https mostly meets the same
            if error.cure:
                raise UserError(" ".join(said), cure=error.cure) from None
            if not isinstance(error, TransientError):
                cure = "Check the address in a browser, then paste it again."
    raise UserError(" ".join(said), cure=cure)


async def _followed(http: Http, address: str, *, robots: bool) -> Response:
    answer = await get(http, address, robots=robots)
    if there := sends_on(answer):
        further = await get(http, there, robots=robots)
        moved = further.moved_to or there
        answer = Response(
            url=further.url, status=further.status, headers=further.headers, body=further.body, moved_to=moved
        )
    if asks_consent(address, answer):
        raise UserError(
            f"{address[:200]} shows a consent wall (a question about cookies) in place of its page.",
            cure="Look for a feed or a sitemap of theirs: those mostly open without one.",
        )
    return answer


def _pause(error: WatchwordError) -> str:
    pause = error.retry_after if isinstance(error, TransientError) else None
    return f" It wants to be left alone for {_in_words(pause)}." if pause else ""


def _in_words(pause: timedelta) -> str:
    seconds = int(pause.total_seconds())
    for size, word in ((3600, "hour"), (60, "minute")):
        if seconds >= 2 * size or seconds == size:
            number = -(-seconds // size)
            return f"{number} {word}" + ("s" if number > 1 else "")
    return f"{seconds} second" + ("s" if seconds > 1 else "")


def _host(url: str) -> str:
    try:
        return f"//{urlsplit(url).netloc}"
    except ValueError:
        return url
