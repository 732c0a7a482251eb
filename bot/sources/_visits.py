"""What sources of web pages share: asking only for what changed, words for what went wrong, small cursors."""

import base64
import json
import re
import zlib
from datetime import datetime, timedelta
from typing import Any

from bot.errors import PermanentError, UserError
from bot.model import Feed, Response, content_id

_MAX_AGE = re.compile(r"\bmax-age\s*=\s*(\d{1,9})", re.I)
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,500}")
_MOST_UNPACKED = 1_000_000


def conditions(kept: dict[str, Any]) -> dict[str, str]:
    """Request headers that spare the server an answer that we have."""
    headers = {"if-none-match": kept.get("etag"), "if-modified-since": kept.get("modified")}
    return {name: value for name, value in headers.items() if isinstance(value, str) and _VALIDATOR.fullmatch(value)}


def validators(answer: Response) -> dict[str, str]:
    """What `conditions` needs next time, with a hash of the body for servers that give nothing."""
    validators = {"etag": answer.headers.get("etag", ""), "modified": answer.headers.get("last-modified", "")}
    kept = {name: value for name, value in validators.items() if _VALIDATOR.fullmatch(value)}
    return {**kept, "body": content_id(answer.body.decode("latin-1"))}


def pause(answer: Response) -> timedelta | None:
    """What the server asks for: the longer of Cache-Control's max-age and robots.txt's Crawl-delay."""
    match = _MAX_AGE.search(answer.headers.get("cache-control", ""))
    delay = answer.headers.get("crawl-delay", "")
    seconds = max(float(match[1]) if match else 0.0, float(delay) if delay else 0.0)
    return timedelta(seconds=seconds) if seconds else None


def read_cursor(feed: Feed) -> dict[str, Any]:
    """The cursor if it is ours; without the validators if it is from another address, since the feed moved."""
    try:
        kept = json.loads(feed.cursor)
    except ValueError:
        return {}
    if not isinstance(kept, dict):
        return {}
    if kept.get("url") != feed.url:
        return {name: value for name, value in kept.items() if name not in ("etag", "modified", "body")}
    return kept


def write_cursor(kept: dict[str, Any]) -> str:
    """The reverse."""
    return json.dumps(kept, separators=(",", ":"))


def strings(value: object) -> list[str]:
    """The strings of a list that a cursor may hold; none of anything else."""
    return [string for string in value if isinstance(string, str)] if isinstance(value, list) else []


def text(value: object) -> str:
    """A string that a cursor may hold; empty for anything else."""
    return value if isinstance(value, str) else ""


def numbers(value: object) -> dict[str, int]:
    """Whole numbers by name that a cursor may hold; none of anything else."""
    return {name: each for name, each in value.items() if isinstance(each, int)} if isinstance(value, dict) else {}


def moment(value: object) -> datetime | None:
    """A moment that a cursor may hold in ISO's form, with its offset; None for anything else."""
    try:
        at = datetime.fromisoformat(text(value))
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def packed(lines: tuple[str, ...]) -> str:
    """Lines in a few characters, for a cursor."""
    return base64.b85encode(zlib.compress("\n".join(lines).encode("utf-8", "replace"), 9)).decode("ascii")


def unpacked(text: object) -> list[str] | None:
    """The reverse; None for what `packed` never wrote."""
    if not isinstance(text, str):
        return None
    try:
        unzipped = zlib.decompressobj().decompress(base64.b85decode(text), _MOST_UNPACKED)
        return unzipped.decode().split("\n") if unzipped else []
    except (ValueError, zlib.error):
        return None


def refused(error: UserError) -> PermanentError:
    """An address that was fine when it was added: the same words, for `/sources`."""
    return PermanentError(" ".join(filter(None, (str(error), error.cure))))
