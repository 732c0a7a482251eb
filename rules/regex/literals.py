"""What the words of a text must contain for a regular expression to match it.

A set of strings of which each match contains one is cut into the parts that certainly lie inside one word, folded as
words are. All of this errs on the side of asking for less.
"""

import unicodedata
from collections.abc import Iterable
from itertools import product
from typing import NamedTuple

from rules.conditions import UNKNOWN, Condition, Term, every, has, inexact
from rules.forms import Feature
from rules.regex.parts import Char, Choice, Edge, Part, Repeat, Sequence
from rules.words import fold

PART = "part"  # the form: a folded word that contains the key
MOST_STRINGS = 32
_LONGEST = 64  # characters of a string
LEAST = 3  # letters in a row that an expression needs; two Chinese or Korean characters say as much

Strings = frozenset[str]


class _Known(NamedTuple):
    """`exact`: all strings that the part matches, if these are few. `needs`: each match contains one of each set."""

    exact: Strings | None
    needs: tuple[Strings, ...] = ()


_NOTHING: Strings = frozenset({""})


def needs(part: Part) -> tuple[Strings, ...]:
    """Sets of strings; every match of the expression contains one string of each set."""
    known = _known(part)
    return (*known.needs, *((known.exact,) if known.exact is not None else ()))


def condition(part: Part) -> Condition:
    """What the words must contain; necessary, never sufficient."""
    groups = [_group(strings) for strings in needs(part)]
    known_groups = [group for group in groups if group is not None]
    return inexact(every(known_groups)) if known_groups else UNKNOWN


def strength(part: Part) -> int:
    """The letters in a row that every match has at least."""
    return max((min(map(_strength, strings)) for strings in needs(part)), default=0)


# ------------------------------------------------------------------------------------------------- strings of a part


def _known(part: Part) -> _Known:
    match part:
        case Char():
            return _Known(frozenset(part.choices) if part.choices else None)
        case Edge():
            return _Known(_NOTHING)
        case Sequence():
            return _sequence([_known(each) for each in part.parts])
        case Choice():
            return _choice([_known(each) for each in part.parts])
        case Repeat():
            return _repeat(part)


def _sequence(parts: Iterable[_Known]) -> _Known:
    so_far: Strings | None = _NOTHING
    whole = True
    needed: list[Strings] = []
    for part in parts:
        joined = _joined(so_far, part.exact)
        if joined is not None:
            so_far = joined
            continue
        whole = False
        needed += [] if so_far is None else [so_far]
        needed += part.needs
        so_far = part.exact
    if whole:
        return _Known(so_far)
    return _Known(None, (*needed, *([] if so_far is None else [so_far])))


def _joined(left: Strings | None, right: Strings | None) -> Strings | None:
    """Each string of one followed by each of the other; None when these are too many or too long."""
    if left is None or right is None or len(left) * len(right) > MOST_STRINGS:
        return None
    if max(map(len, left)) + max(map(len, right)) > _LONGEST:
        return None
    return frozenset(start + end for start, end in product(left, right))


def _choice(parts: list[_Known]) -> _Known:
    exact: Strings = frozenset().union(*(part.exact for part in parts if part.exact is not None))
    if all(part.exact is not None for part in parts) and len(exact) <= MOST_STRINGS:
        return _Known(exact)
    best = [_best(part) for part in parts]
    if any(strings is None for strings in best):
        return _Known(None)
    return _Known(None, (frozenset().union(*(strings for strings in best if strings is not None)),))


def _best(part: _Known) -> Strings | None:
    """The set that says most."""
    sets = (*part.needs, *((part.exact,) if part.exact is not None else ()))
    return max(sets, key=lambda strings: (min(map(_strength, strings)), -len(strings)), default=None)


def _repeat(part: Repeat) -> _Known:
    inside = _known(part.part)
    if part.low == 0:
        optional = inside.exact is not None and part.high == 1 and len(inside.exact) < MOST_STRINGS
        return _Known((inside.exact or _NOTHING) | _NOTHING if optional else None)
    copies = _sequence([inside] * min(part.low, _LONGEST))
    if part.high == part.low <= _LONGEST:
        return copies
    return _Known(None, (*copies.needs, *((copies.exact,) if copies.exact is not None else ())))


# ------------------------------------------------------------------------------------------------- pieces of a string


def _group(strings: Strings) -> Condition | None:
    """One of the strings is there; None when one of them is in no word for certain."""
    if len(strings) == 1:
        (only,) = strings
        long_pieces = sorted({piece for piece in pieces(only) if _weight(piece) > 1})
        return every([has([_term(piece)]) for piece in long_pieces]) if long_pieces else None
    best = {max(pieces(each), key=_weight, default="") for each in strings}
    return has([_term(piece) for piece in sorted(best)]) if min(map(_weight, best)) > 1 else None


def _term(piece: str) -> Term:
    return Term((Feature(PART, fold(piece)),))


def pieces(text: str) -> list[str]:
    """The stretches of `text` that lie inside one word wherever the text occurs.

    Beyond Latin and Greek a combining mark can make another letter of the one before it, so that the last letter of
    `text`, whose follower is not known, does not count there.
    """
    stretches = [""]
    for char, after in zip(text, [*text[1:], ""], strict=False):
        if _is_character_word(char):
            stretches += [char, ""]
        elif _is_certain(char) and (char < "\u0400" or (after and unicodedata.category(after)[0] not in "MC")):
            stretches[-1] += char
        else:
            stretches.append("")
    return [piece for piece in stretches if piece]


def _is_certain(char: str) -> bool:
    """A letter or digit that no form of Unicode takes apart or joins, in a script with spaces."""
    if char.isascii():
        return char.isalnum()
    known = "\u00c0" <= char <= "\u024f" or "\u0386" <= char <= "\u052f"
    return known and char.isalpha() and char not in "ιΙ" and unicodedata.is_normalized("NFKC", char)


def _is_character_word(char: str) -> bool:
    """Of these each is a word by itself."""
    return "\u4e00" <= char <= "\u9fd5" or "\uac00" <= char <= "\ud7a3"


def _weight(piece: str) -> int:
    return 2 if _is_character_word(piece[:1]) else len(piece)


def _strength(text: str) -> int:
    """The most letters and digits in a row; a Chinese or Korean character is worth two."""
    best = now = 0
    for char in text:
        now = now + (2 if _is_character_word(char) else 1) if char.isalnum() else 0
        best = max(best, now)
    return best
