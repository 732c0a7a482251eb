"""What a web server's refusal means, in words: the status, the pause that it asks for, a check for robots."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from yarl import URL

from bot.errors import PermanentError, TransientError
from bot.ports import Clock
from bot.reading.walls.robotchecks import MOST_LOOKED_AT, UNNAMED, can_be_a_wall, wall_of

if TYPE_CHECKING:
    import aiohttp

_BODY_SECONDS, _MOST_PIECES = 3.0, 200  # for the words of a refusal
_MOST_RETRY = timedelta(days=1)
_WORDS = {
    400: "it does not understand the request",
    401: "it needs a login, which Watchword does not have. Paste an address that opens without one",
    402: "it wants to be paid. Look for a feed of theirs that is free",
    403: "forbidden: it refuses us. Look for a feed of theirs that is open to all, or ask them to let Watchword in",
    404: "not found",
    406: "it has nothing in a form that we read. Look for another feed of theirs",
    407: "the proxy on the way there wants a login. The operator of this installation can help",
    410: "gone for good",
    451: "withheld for legal reasons. Look for another source of the same news",
}
_AROUND_A_WALL = (
    "Try its feed, its sitemap or its Telegram channel: paste the address of one of them. "
    "A newsletter of theirs can be read by mail."
)


def raise_for_status(url: URL, status: int, headers: dict[str, str], body: bytes, clock: Clock | None) -> None:
    """Raises TransientError or PermanentError for a refusal, also for one that comes with a status of success."""
    wall = wall_of(status, headers, body)
    if status < 400 and not wall:
        return
    cure = _AROUND_A_WALL if wall else ""
    if status in (408, 425, 429) or status >= 500:
        words = _walled(url, wall) or f"{url.host} answers {status}: {_passing(status)}."
        pause = retry_after(headers.get("retry-after", ""), headers.get("date", ""), clock)
        raise TransientError(words, retry_after=pause, cure=cure)
    if wall:
        raise PermanentError(_walled(url, wall), cure=cure)
    advice = " Check the address, or look for it anew on their front page." if status in (404, 410) else ""
    raise PermanentError(
        f"{url.host} answers {status}: {_WORDS.get(status, 'it refuses the request')}.{advice}",
        gone=status == 410,
        missing=status == 404,
    )


def _passing(status: int) -> str:
    return "too many requests" if status == 429 else "it has a fault of its own"


def _walled(url: URL, wall: str) -> str:
    if not wall:
        return ""
    named = "" if wall == UNNAMED else f" ({wall})"
    return f"{url.host} shows a check for robots{named} in place of what is there, and lets no program through."


def retry_after(value: str, date: str, clock: Clock | None) -> timedelta | None:
    """A Retry-After header (seconds, or an HTTP date measured against the answer's own `date`): 0 to 1 day."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=int(value[:9])), _MOST_RETRY)
    until = _http_date(value)
    now = _http_date(date) or (clock() if clock else None)
    if until is None or now is None:
        return None
    return min(max(until - now, timedelta()), _MOST_RETRY)


def _http_date(value: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(value)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


async def refused_body(answer: "aiohttp.ClientResponse", headers: dict[str, str]) -> bytes:
    """The beginning of what comes with a refusal, when that may be a check for robots; nothing for long."""
    body = bytearray()
    if can_be_a_wall(answer.status, headers.get("content-type", "")):
        with suppress(Exception):  # what is broken or late says nothing:
            async with asyncio.timeout(_BODY_SECONDS):
                for _ in range(_MOST_PIECES):
                    piece = await answer.content.readany()
                    body.extend(piece)
                    if not piece or len(body) >= MOST_LOOKED_AT:
                        break
    return bytes(body)
