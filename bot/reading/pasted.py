"""What somebody pasted to be watched: one address, several, an OPML list, or a bare `@name`.

Spaces and lines separate addresses. What a kind of source takes as a whole stays whole: a page with its selector
(`https://x.example links main .list; .more`), `gdelt:<query>`, `webhook <name>`, a folder with spaces in its path.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.reading.feeds.opml import looks_like_opml
from bot.reading.pages import pagewatch

Takes = Callable[[str], bool]  # whether a kind of source takes a text as one address

_FROM = re.compile(r"from\s+(\d{1,5})\s+(?=\S)", re.I)
_PICK = re.compile(r"pick:([0-9a-f]{6})\s+(?=\S)", re.I)
_LINK = re.compile(r"<((?:https?|feed):[^<>|\s]{1,4096})(?:\|[^<>]{0,4096})?>", re.I)
_BULLET = re.compile(r"(?:[-*•·]|\d{1,4}[.)])\s+(?=\S)")
_NAME = re.compile(r"@[a-z0-9_](?:[\w.-]{0,252}\w)?", re.I | re.A)
_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """`addresses` in their order, each once; or `opml`, the text of a list. `first` is the number to begin with.

    `pick` names one of several things behind an address, see `mark`.
    """

    addresses: tuple[str, ...] = ()
    opml: str = ""
    first: int = 1
    pick: str = ""


def read(text: str, takes: Takes) -> Pasted:
    """What is meant by the text after `source add`."""
    text = text.strip()
    first = 1
    if skip := _FROM.match(text):
        first, text = max(int(skip[1]), 1), text[skip.end() :]
    if looks_like_opml(text):
        return Pasted(opml=text, first=first)
    picked = _PICK.match(text)
    text = _LINK.sub(r"\1", text[picked.end() :] if picked else text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    links = [
        link for line in lines for link in _of_line(_BULLET.sub("", line, count=1) if len(lines) > 1 else line, takes)
    ]
    return Pasted(addresses=tuple(dict.fromkeys(links)), first=first, pick=picked[1].lower() if picked else "")


def _of_line(line: str, takes: Takes) -> list[str]:
    """A line's addresses; the line itself where it is one address, or its words are not addresses each."""
    words = line.split()
    if len(words) == 1 or takes(line):
        return [line.strip("<>")]
    several = [word.strip("<>").rstrip(",;").strip("<>") for word in words]
    several = [word for word in several if word and word not in ("and", "&")]
    return several if all(takes(word) or is_name(word, takes) for word in several) else [line]


def is_name(text: str, takes: Takes) -> bool:
    """Whether it is a name without a place: "@harbour". What names its place ("@harbour@social.example") is not."""
    return _NAME.fullmatch(text) is not None and not takes(text)


def identity(url: str) -> str:
    """The same for addresses that are one, so that nothing is read twice: case of the host, its port, a last slash.

    A fragment counts only where it is ours (a part of a page).
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return url.strip()
    if parts.scheme not in _PORTS or not host:
        return url.strip()
    netloc = parts.netloc.rpartition("@")[2].lower()
    port = netloc[len(parts.hostname or "") :] if netloc.startswith(parts.hostname or "") else netloc
    port = "" if port == _PORTS[parts.scheme] else port
    query = f"?{parts.query}" if parts.query else ""
    ours = f"#{parts.fragment}" if parts.fragment and pagewatch.is_chosen(url) else ""
    return f"{host}{port}{parts.path.rstrip('/')}{query}{ours}"
