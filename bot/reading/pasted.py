"""What somebody pasted to be watched: one address, several, an OPML list, or a bare `@name`.

Spaces and lines separate addresses. What a kind of source takes as a whole stays whole: a page with its selector
(`https://x.example links main .list; .more`), `gdelt:<query>`, `webhook <name>`, a folder with spaces in its path.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.reading.feeds.feedlinks import addresses
from bot.reading.feeds.opml import looks_like_opml
from bot.reading.pages import pagewatch

Takes = Callable[[str], bool]  # whether a kind of source takes a text as one address

_FROM = re.compile(r"from\s+(\d{1,5})\s+(?=\S)", re.I)
_PICK = re.compile(r"pick:([0-9a-f]{6})\s+(?=\S)", re.I)
_LINK = re.compile(r"<((?:https?|feed):[^<>|\s]{1,4096})(?:\|[^<>]{0,4096})?>", re.I)
_MARKDOWN = re.compile(
    r"\[[^\[\]\n]{0,200}\]\((https?://[^\s()]{1,2000}(?:\([^\s()]{0,200}\)[^\s()]{0,2000})?)\)", re.I
)
_SLIPPED = re.compile(r"(https?)(?::?/{1,3}|;//)(?=[^\s/]+\.)", re.I)  # "https//", "https:/", "https:///"
_OPENING, _CLOSING = "([{<\"'“„«‚‘", ")]}>\"'”“»’.,;:!?…"
_PLAIN_WORD = re.compile(r"[^\W\d_]{1,30}(?:['’-][^\W\d_]{1,30}){0,3}")
_MODES = ("link", "links", "text", "texts", "select", "css")  # a part of a page may be meant, written wrongly
_MOST_PLAIN_WORDS = 12
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
    text = _MARKDOWN.sub(r"\1", text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    links = [
        link for line in lines for link in _of_line(_BULLET.sub("", line, count=1) if len(lines) > 1 else line, takes)
    ]
    return Pasted(addresses=tuple(dict.fromkeys(links)), first=first, pick=picked[1].lower() if picked else "")


def _of_line(line: str, takes: Takes) -> list[str]:
    """A line's addresses; the line itself where it is one address, or its words are not addresses each."""
    words = line.split()
    if len(words) == 1:
        return [_bare(line, takes)]
    if takes(line):
        return [line.strip("<>")]
    several = [word for word in (_bare(word, takes) for word in words) if word and word not in ("and", "&")]
    if all(takes(word) or is_name(word, takes) for word in several):
        return several
    return _among_words(several, takes) or [line]


def _bare(word: str, takes: Takes) -> str:
    """A word without what people write around an address, nor slips in its "https://".

    The signs stay where the word is an address only with them: a bracket that was opened within it, for instance.
    """
    word = word.strip("<>")
    bare = _SLIPPED.sub(r"\1://", word.lstrip(_OPENING), count=1)
    while bare and bare[-1] in _CLOSING and not (bare[-1] == ")" and bare.count("(") >= bare.count(")")):
        bare = bare[:-1]
    return bare if bare and (takes(bare) or is_name(bare, takes)) else word.rstrip(",;").strip("<>")


def _among_words(words: list[str], takes: Takes) -> list[str]:
    """The web addresses and names in a sentence: "https://x.example please". None where another thing may be meant."""
    meant = [word for word in words if addresses(word) or is_name(word, takes)]
    rest = [word.strip(_OPENING + _CLOSING) for word in words if word not in meant]
    plain = all(not word or (_PLAIN_WORD.fullmatch(word) and word.lower() not in _MODES) for word in rest)
    return meant if plain and len(rest) <= _MOST_PLAIN_WORDS else []


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
