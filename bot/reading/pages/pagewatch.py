"""How a watched page is written: its address, what of it is watched, and in which part.

Typed: `https://x.example/news links main .list`, `... text .price`, `... select main .list` (links or text: asks).
Kept as one address: `https://x.example/news#links=main%20.list`, which can be pasted again.
"""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, unquote

from bot.reading.feeds.feedlinks import addresses

Mode = Literal["links", "text", ""]
MAX_SELECTOR = 300
_SAFE = ".:*()+~,_-="  # what a selector may show unquoted in an address


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """`url` without its fragment; `mode` is empty while it is not chosen; `select` is CSS, empty for the whole page."""

    url: str
    mode: Mode = ""
    select: str = ""


def read(text: str) -> list[Watch]:
    """What a typed or kept address asks for, one for each address it can mean, in the order to try; none if it is none.

    A fragment that is not ours belongs to the browser and is dropped.
    """
    where, _, rest = text.strip().partition(" ")
    word, _, select = rest.strip().partition(" ")
    base, _, fragment = where.strip("<>").partition("#")
    mode, given = _word(word), unquote(select.strip())
    if not rest.strip():
        name, _, value = fragment.partition("=")
        mode, given = (_word(name), unquote(value).strip()) if name in ("links", "text") else ("", "")
    elif mode is None or (word.lower() == "select" and not given):
        return []
    if mode is None or len(given) > MAX_SELECTOR:
        return []
    return [Watch(url=url, mode=mode, select=given) for url in addresses(base)]


def written(watch: Watch) -> str:
    """The address that is kept; `read` undoes it."""
    if not watch.mode:
        return watch.url
    part = "=" + quote(watch.select, safe=_SAFE) if watch.select else ""
    return f"{watch.url}#{watch.mode}{part}"


def is_chosen(text: str) -> bool:
    """Whether a text says itself that a page is meant, and not the feed behind it."""
    return any(watch.mode or watch.select for watch in read(text))


def _word(word: str) -> Mode | None:
    word = word.lower()
    if word == "links":
        return "links"
    if word == "text":
        return "text"
    return "" if word == "select" else None
