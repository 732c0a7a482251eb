"""Signs that belong to the words of a rule: C++, C#, .NET, AT&T, F-16, #tag, $TSLA.

Words are compared without the signs around them, so that a text may put commas and quotes where it likes. A few signs
make another word of a word, though. Those that a rule has are kept beside its words, and looked for in the text itself
wherever the words stand:

    C++ developer     ("", "++ ", "")        what stands before the first word, between the words, behind the last
    AT&T              ("", "&", "")
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

_TAIL = re.compile(r"[+#]+")  # directly behind a word: C++, Disney+, F#
_HEAD = re.compile(r"(?:[#$€£¥]+|(?<!\.)\.)$")  # directly before one: #tag, $TSLA, .NET
_JOINING = re.compile(r"[&_+#$€£¥@]")  # between two words, without a space: AT&T, snake_case, C++11
_BETWEEN_NUMBERS = re.compile(r"[.,:/]")  # 9/11, 24/7, 3.5
_NOT_WRITTEN = re.compile(r"[\"(){}~^*?|]")  # what means something else in a rule
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")
_ANY = re.compile(r"[^\w\s'\"]|_")
_REACH = 8  # characters that are looked at on each side of a word
_LONGEST = 64  # characters between two words: no sign stands in more


class _Gap(NamedTuple):
    """What a rule has beside a word: `joint` is all that stands between two; else the end of the one, start of the
    other."""

    tail: str = ""
    joint: str = ""
    head: str = ""

    @property
    def any(self) -> bool:
        return bool(self.tail or self.joint or self.head)


def signs_of(text: str, places: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """The signs of a rule's words, which stand at `places` in its text; empty when there are none."""
    if not places or not _ANY.search(text):
        return ()
    edges = [(0, places[0][0]), *((a[1], b[0]) for a, b in pairwise(places))]
    edges.append((places[-1][1], len(text)))
    signs = []
    for number, (start, end) in enumerate(edges):
        before = text[slice(*places[number - 1])] if number else ""
        after = text[slice(*places[number])] if number < len(places) else ""
        signs.append(_written(_gap(_plain(text[start:end]), before, after), bool(before and after)))
    return tuple(signs) if any(map(str.strip, signs)) else ()


def _plain(gap: str) -> str:
    """What stands between words in plain characters: one kind of dash, no full-width forms."""
    return unicodedata.normalize("NFKC", gap[:_LONGEST]).translate(_DASHES)


def _gap(gap: str, before: str, after: str) -> _Gap:
    if before and after:
        if gap.strip() == "&":
            return _Gap(joint="&")
        if gap and not re.search(r"\s", gap):
            return _Gap(joint=gap) if _joins(gap, before, after) else _Gap()
    tail, head = _TAIL.match(gap) if before else None, _HEAD.search(gap) if after else None
    is_head = head is not None and (head[0] != "." or not after[0].isdigit())
    return _Gap(tail=tail[0] if tail else "", head=head[0] if head and is_head else "")


def _joins(gap: str, before: str, after: str) -> bool:
    """Whether a sign without spaces around it says something of the two words."""
    if gap == "-":  # F-16, but not e-mail or al-Qaeda, of which people write the hyphen or not
        return min(len(before), len(after)) == 1 and (before[-1].isdigit() or after[0].isdigit())
    if len(gap) == 1 and _BETWEEN_NUMBERS.match(gap):
        return before.isdigit() and after.isdigit()
    is_plain = not any(map(str.isalnum, gap))  # a sign such as ㍴ is letters in plain characters
    return is_plain and _JOINING.search(gap) is not None and not _NOT_WRITTEN.search(gap)


def _written(gap: _Gap, between: bool) -> str:
    """As rule text: the joint, or the signs with a space between where two words are apart."""
    return gap.joint or f"{gap.tail}{' ' if between else ''}{gap.head}"


@lru_cache(maxsize=4096)
def _read(sign: str) -> _Gap:
    """A written gap back."""
    if not sign.strip():
        return _Gap()
    if " " not in sign:
        return _Gap(joint=sign)
    tail, _, head = sign.partition(" ")
    return _Gap(tail=tail, head=head)


def has_signs(signs: Sequence[str], text: str, places: Sequence[tuple[int, int]]) -> bool:
    """Whether the words at `places` of a text have the signs of a rule around and between them."""
    last = len(signs) - 1
    for number, sign in enumerate(signs):
        if not sign.strip():
            continue
        gap = _Gap(head=sign) if not number else _Gap(tail=sign) if number == last else _read(sign)
        if gap.joint and not _is_joined(gap.joint, text[places[number - 1][1] : places[number][0]]):
            return False
        if gap.tail and not _ends(gap.tail, _behind(text, places[number - 1][1], len(gap.tail))):
            return False
        if gap.head and not _begins(gap.head, text[max(0, places[number][0] - _REACH) : places[number][0]]):
            return False
    return True


def _behind(text: str, at: int, size: int) -> str:
    return text[at : at + size + 1]


def _is_joined(joint: str, between: str) -> bool:
    if len(between) > _LONGEST:
        return False
    plain = _plain(between)
    return (plain.strip() if joint == "&" else plain.replace("\n", "")) == joint


def _ends(tail: str, after: str) -> bool:
    """Whether a word has just this behind it. (C++11 is C++.)"""
    plain = _plain(after)
    rest = plain[len(tail) :]
    return plain.startswith(tail) and not (rest.startswith(("+", "#")) or rest[:1].isalpha())


def _begins(head: str, before: str) -> bool:
    """Whether a word has just this before it."""
    plain = _plain(before)
    rest = plain[: -len(head)]
    return plain.endswith(head) and not (rest[-1:].isalnum() or rest[-1:] == head[0])
