"""Text for Telegram: sizes in its own units, addresses that it takes, and text that stays text."""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.cleantext import clean_text

MOST_URL = 2_048

# Telegram itself makes links, mentions, hashtags and commands out of bare text: a pressed command is sent in the
# reader's name, a mention rings. A word joiner (no width, no break) in the right place prevents it; its own code, which
# is the judge in the tests, finds nothing in what comes out.
JOINER = "\u2060"
_ACTIVE = re.compile(
    r"[@#](?=\S)"  # mention, hashtag, the middle of a mail address
    r"|\$(?=[A-Za-z1])"  # cashtag
    r"|(?<![\w/])/(?=\w)"  # command
    r"|:(?=//)"  # address with its scheme
    r"|(?<=\S)\.(?=[^\W\d_]{2}|\d{1,3}\.|\d{1,3}(?!\w))"  # the last dots of a host or of four numbers
)
_TIED = re.compile("[\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")  # joiner, variation, skin: part of what stands before
_MOST_TIED = 16
_HOST = re.compile(r"[^.]+(?:\.[^.]+)+\.?|[0-9a-f:.]*:[0-9a-f:.]*")  # two names, four numbers, or IPv6


def units(text: str) -> int:
    """Size in UTF-16 units, in which Telegram counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def beginning(text: str, most: int) -> str:
    """The longest beginning of at most `most` units: no character is halved, and none loses the marks on it."""
    if units(text) <= most:
        return text
    end = len(text.encode("utf-16-le", "replace")[: 2 * max(most, 0)].decode("utf-16-le", "ignore"))
    for back in range(min(_MOST_TIED, end)):
        if not _belongs(text, end - back):
            return text[: end - back]
    return text[:end]


def _belongs(text: str, at: int) -> bool:
    """Whether the character at `at` is shown as one with the one before it."""
    after, before = text[at], text[at - 1]
    return bool(_TIED.match(after)) or before == "\u200d" or unicodedata.combining(after) > 0


def dead_places(text: str) -> Iterator[int]:
    """Where a `JOINER` keeps Telegram from making anything of `text`, rising."""
    return (match.end() for match in _ACTIVE.finditer(text))


def inert(text: str) -> str:
    """`text` of which Telegram makes nothing: it looks the same and cannot be pressed."""
    parts, at = [], 0
    for place in dead_places(text):
        parts.append(text[at:place])
        at = place
    return JOINER.join([*parts, text[at:]])


def safe_url(url: str) -> str:
    """`url` when Telegram takes it for a link and it hides nothing: http(s), a host with a dot, no name before it."""
    if any(character <= " " or character in '\x7f\\"<>' for character in url) or clean_text(url) != url:
        return ""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not host or not _HOST.fullmatch(host):
        return ""
    if "@" in parts.netloc or parts.netloc.endswith(":"):
        return ""
    return url if units(url) <= MOST_URL else ""
