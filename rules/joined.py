"""What is written together and is read otherwise than letter by letter: addresses, handles, elided words.

https://x.org/war, x.org/war, www.x.org, press@x.org, @nasa
                                                     each is one word, and none that stands inside it is a word
l'Iran, dell'Iran, d'Ukraine                         the words "dell'" and "Iran": "dell" is none
j'ai, d'un                                           the words "j'" and "'ai": neither "ai" nor "un" is a word here
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

# An address in text begins with one of these words. (x.org alone stays two words: Booking.com and
# Amazon.com are what people call these companies, and a rule for Amazon has to hit that.)
OPENERS = frozenset({"http", "https", "ftp", "www"})
APOSTROPHES = "'’‘ʼ＇"
_LETTERS = r"A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0386\u0388-\u03f5\u0400-\u0481\u048a-\u052f"
_IN_ADDRESS = rf"[!#$%&+,\-./0-9:;=?@_~\[\]{_LETTERS}]"
_HOST = r"[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)++"
_ADDRESS = re.compile(
    rf"(?<![0-9{_LETTERS}])(?:(?:https?|ftp)://|www\.)(?=[0-9{_LETTERS}]){_IN_ADDRESS}*[0-9/=_{_LETTERS}]"
    rf"|(?<![A-Za-z0-9_.-])(?:[A-Za-z0-9-]++\.)++[A-Za-z]{{2,24}}/(?=[0-9{_LETTERS}]){_IN_ADDRESS}*[0-9/=_{_LETTERS}]"
    rf"|(?<![A-Za-z0-9_])[A-Za-z0-9_][A-Za-z0-9_.+-]{{0,63}}+@{_HOST}"
    rf"|(?<![A-Za-z0-9_])@[A-Za-z0-9_]++(?:@{_HOST})?+",
    re.IGNORECASE,
)
_PATH = re.compile(rf"\.[A-Za-z]{{2,24}}/[0-9{_LETTERS}]")  # of an address without scheme: x.org/war
# What begins with plain letters only is sought quickly.
_ANCHOR = re.compile(rf"//|@|w[Ww]{{2}}\.|W[Ww]{{2}}\.|{_PATH.pattern}")
_SPACE = re.compile(r"\s")
_FARTHEST = 64  # characters that an address may have before the first of these signs
_WWW = ("www.", "WWW.", "Www.")

# French, Italian and Catalan words that lose their vowel before another; the first ones stand before verbs.
_PRONOUNS = frozenset(("c", "j", "m", "n", "s", "t", "v"))
_ARTICLES = """
d l qu jusqu lorsqu puisqu quoiqu presqu quelqu dell nell all dall sull coll un sant quest quell bell gl degl negl sugl
dagl agl anch senz tutt mezz com cos dov
"""
_ELIDED = _PRONOUNS.union(_ARTICLES.split())
# Short words behind them that are mostly the name or abbreviation of something else where they stand alone.
_SHORT = "ai as a es est eu en on il ils un una et e ha ho hai era io ex y"
_SMALL = frozenset(_SHORT.split())
VOWELS = "aeiouyhàáâäæèéêëìíîïòóôöœùúûü"
VOWELS += VOWELS.upper()
NOTABLE = _ELIDED | _SMALL | {"è"}  # in small letters
_MARK = re.compile(rf"[{APOSTROPHES}](?=[{VOWELS}])")  # what begins with a set of characters is sought quickly
_BEFORE = re.compile(rf"(?<![^\W_])(?<![\u0300-\u036f])(?:{'|'.join(sorted(_ELIDED))})\Z", re.IGNORECASE)
_ENDS = rf"(?![^\W_]|[{APOSTROPHES}\u00ad\u0300-\u036f\u200b-\u200f])"
_AFTER = re.compile(rf"(?:{'|'.join(sorted(_SMALL | {'è'}))}){_ENDS}", re.IGNORECASE)
_LONGEST = max(map(len, _ELIDED))


class Piece(NamedTuple):
    """A part of a text that is one word, `surface`."""

    start: int
    end: int
    surface: str


def joined(text: str) -> list[Piece]:
    """Those of a text, in order."""
    addresses = list(_addresses(text)) if _may_have_address(text) else []
    if not any(mark in text for mark in APOSTROPHES):
        return addresses
    elided = list(_elided(text))
    if not addresses or not elided:
        return addresses or elided
    return sorted([*addresses, *(each for each in elided if not any(a.start < each.end <= a.end for a in addresses))])


def has_path(text: str) -> bool:
    """Whether there may be an address without scheme. Most texts have no slash, which is seen quickly."""
    return "/" in text and _PATH.search(text) is not None


def _may_have_address(text: str) -> bool:
    return "@" in text or "//" in text or any(www in text for www in _WWW) or has_path(text)


def _addresses(text: str) -> Iterable[Piece]:
    """Only where one of the signs is that every address has: elsewhere the long pattern would fail slowly."""
    at = 0
    while anchor := _ANCHOR.search(text, at):
        nearest = max(at, anchor.start() - _FARTHEST)
        start = max(nearest, text.rfind(" ", nearest, anchor.start()) + 1)
        space = _SPACE.search(text, anchor.end())
        at = space.start() if space else len(text)
        for match in _ADDRESS.finditer(text, start, at):
            yield Piece(*match.span(), match[0])


def _elided(text: str) -> Iterable[Piece]:
    for mark in _MARK.finditer(text):
        at = mark.start()
        before = _BEFORE.search(text, max(0, at - _LONGEST), at)
        if before is None or not is_elided(before[0]):  # which ſ is not
            continue
        yield Piece(before.start(), mark.end(), f"{before[0]}'")
        after = _AFTER.match(text, mark.end())
        if after is not None and is_small(after[0]) and (is_pronoun(before[0]) or after[0].islower()):
            yield Piece(*after.span(), f"'{after[0]}")


def is_pronoun(word: str) -> bool:
    """Whether an elided word stands before verbs only."""
    return word.lower() in _PRONOUNS


def is_elided(word: str) -> bool:
    """Whether a word may have lost its vowel."""
    return word.lower() in _ELIDED


def is_small(word: str) -> bool:
    """Whether it is none of its own behind such a one."""
    return word.lower() in _SMALL or word in ("è", "È")


def is_joined(word: str) -> bool:
    """Whether a word is one of those above, rather than letters and digits only."""
    return "'" in word or "@" in word or "/" in word or word[:4].lower() == "www."


def spelled(words: Iterable[str]) -> str:
    """Words with spaces between, as people write them."""
    text = " ".join(words)
    return close(text) if "'" in text else text


def close(text: str) -> str:
    """Elided words moved to the words behind them."""
    return text.replace("' '", "'").replace("' ", "'")
