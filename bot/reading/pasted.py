"""What somebody pasted to be watched: one address, several, an OPML list, or a bare `@name`.

Spaces and lines separate addresses. What only as a whole means something stays whole: a page with its selector
(`https://x.example links main .list; .more`), `gdelt:<query>`, `webhook <name>`, a folder with spaces in its path.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.reading.feeds.feedlinks import addresses
from bot.reading.feeds.opml import looks_like_opml
from bot.reading.pages import pagewatch
from bot.reading.profiles import bluesky_feed, mastodon_feed, reddit_feed

_FROM = re.compile(r"from\s+(\d{1,5})\s+(?=\S)", re.I)
_PICK = re.compile(r"pick:([0-9a-f]{6})\s+(?=\S)", re.I)
_LINK = re.compile(r"<((?:https?|feed):[^<>|\s]{1,4096})(?:\|[^<>]{0,4096})?>", re.I)
_BULLET = re.compile(r"(?:[-*•·]|\d{1,4}[.)])\s+(?=\S)")
_NAME = re.compile(r"@[a-z0-9_](?:[\w.-]{0,252}\w)?", re.I | re.A)
_TELEGRAM_NAME = re.compile(r"[a-z]\w{3,31}", re.I | re.A)
_PART_OF_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.I)
_MASTODON_NAME = re.compile(r"\w{1,60}", re.A)
_REDDIT_NAME = re.compile(r"[\w-]{3,20}", re.A)
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


def read(text: str) -> Pasted:
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
    links = [link for line in lines for link in _of_line(_BULLET.sub("", line, count=1) if len(lines) > 1 else line)]
    return Pasted(addresses=tuple(dict.fromkeys(links)), first=first, pick=picked[1].lower() if picked else "")


def _of_line(line: str) -> list[str]:
    """A line's addresses; the line itself where its words are not addresses each."""
    words = line.split()
    if len(words) == 1 or pagewatch.is_chosen(line):
        return [line.strip("<>")]
    several = [word.strip("<>").rstrip(",;").strip("<>") for word in words]
    several = [word for word in several if word and word not in ("and", "&")]
    return several if all(_is_address(word) for word in several) else [line]


def _is_address(word: str) -> bool:
    profile = mastodon_feed(word) or bluesky_feed(word) or reddit_feed(word)
    return bool(addresses(word) or profile or is_name(word)) or word.lower().startswith("telegram:")


def is_name(text: str) -> bool:
    """Whether it is a name without a place: "@harbour". What names its place ("@harbour@social.example") is not."""
    return _NAME.fullmatch(text) is not None and not bluesky_feed(text)


def meanings(name: str) -> list[tuple[str, str]]:
    """What "@name" can mean: (place, address), the likeliest first."""
    bare = name.lstrip("@")
    places = []
    if _TELEGRAM_NAME.fullmatch(bare):
        places.append(("Telegram channel", f"telegram:@{bare}"))
    if _PART_OF_HOST.fullmatch(bare):
        places.append(("Bluesky", f"@{bare.lower()}.bsky.social"))
    elif "." in bare and addresses(bare):
        places.append(("Bluesky", f"https://bsky.app/profile/{bare.lower()}"))
        places.append(("Website", bare.lower()))
    if _MASTODON_NAME.fullmatch(bare):
        places.append(("Mastodon (mastodon.social)", f"@{bare}@mastodon.social"))
    places.append(("YouTube", f"https://www.youtube.com/@{bare}"))
    if _REDDIT_NAME.fullmatch(bare):
        places.append(("Reddit user", f"u/{bare}"))
    return places


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
