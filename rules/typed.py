"""A rule as typed on a phone or sent by Slack, in plain form, with the way back to what was typed."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rules.emoji import is_emoji

_SLACK = re.compile(
    r"(?<!\?)(?<!\?P)(?:<|&lt;)/?(?P<markup>(?i:a|b|br|code|del|div|em|h[1-6]|i|ins|li|mark|p|pre|s|small|span|strong|sub|sup|u|ul))"
    r"(?:\s[^<>&]*)?/?(?:>|&gt;)"
    r"|&(?P<entity>amp|lt|gt|quot|nbsp|#39);"
    r"|<(?P<link>(?:https?://|mailto:|tel:|[@#!])[^<>|]*)(?:\|(?P<label>[^<>]*))?>"
)
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "nbsp": " ", "#39": "'"}
_PARTING = frozenset({"br", "div", "li", "p", "pre", "ul", *(f"h{level}" for level in range(1, 7))})
_QUOTES = frozenset("“”„‟«»‹›〝〞〟❝❞「」『』｢｣﹁﹂﹃﹄＂")
_APOSTROPHES = frozenset("‘’‚‛")
_DASHES = frozenset("‐‑‒–—―−﹘﹣－")


@dataclass(frozen=True, slots=True)
class Typed:
    """`text` as typed, `plain` as read; `starts[i]`, `ends[i]` say where plain character i was typed.

    `markup`: the first piece of markup that was dropped, as an offset and its end.
    """

    text: str
    plain: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None
    markup: tuple[int, int] | None = None

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in `plain` as offsets in `text`."""
        if self.starts is None or self.ends is None:
            return start, end
        first = self.starts[start] if start < len(self.starts) else len(self.text)
        last = self.ends[end - 1] if 0 < end <= len(self.ends) else first
        return first, max(first, last)


def read_typed(text: str) -> Typed:
    """Smart quotes, full-width forms, odd spaces, Slack's wrapping and a page's markup undone."""
    if text.isascii() and text.isprintable() and "&" not in text and "<" not in text:
        return Typed(text, text)
    chars = [each for each in _characters(text, 0, len(text)) if each[0]]
    plain = "".join(char for char, _, _ in chars)
    tag = next((match for match in _SLACK.finditer(text) if match["markup"]), None)
    starts, ends = tuple(start for _, start, _ in chars), tuple(end for _, _, end in chars)
    return Typed(text, plain, starts, ends, tag.span() if tag else None)


def _characters(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    at = start
    for match in _SLACK.finditer(text, start, end):
        yield from _plain(text, at, match.start())
        if match["entity"]:
            yield _ENTITIES[match["entity"]], *match.span()
        elif match["markup"]:
            if match["markup"].casefold() in _PARTING:
                yield " ", *match.span()
        else:
            group = "label" if match["label"] else "link"
            yield from _characters(text, *match.span(group))
        at = match.end()
    yield from _plain(text, at, end)


def _plain(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    for at in range(start, end):
        yield text[at] if _in_emoji(text, at) else _character(text[at]), at, at + 1


def _in_emoji(text: str, at: int) -> bool:
    """Whether an invisible character holds an emoji together: of a family, of the flag of a region."""
    return (text[at] == "\u200d" and is_emoji(text[at + 1 : at + 2])) or "\U000e0020" <= text[at] <= "\U000e007f"


@lru_cache(maxsize=4096)
def _character(char: str) -> str:
    """What a typed character means: at most one character."""
    if char.isascii():
        return char if char.isprintable() else " "
    for chars, meant in ((_QUOTES, '"'), (_APOSTROPHES, "'"), (_DASHES, "-")):
        if char in chars:
            return meant
    category = unicodedata.category(char)
    if category in ("Zs", "Zl", "Zp", "Cc", "Cs") or char == "\u200b":
        return " "
    if category == "Cf":
        return ""
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 and plain.isascii() else char
