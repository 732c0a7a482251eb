"""Matches regular expressions with RE2, in time linear in the text.

RE2's `\\b` knows ASCII only, and there is no look-around to say it otherwise. So the text is given a mark at each edge
of a word, `\\b` becomes that mark, and any other character may have marks before it. As many assertions as can be made
at one place, so many copies of the mark stand there. With `\\B` a second mark stands at all other places.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import re2

from rules.regex.parts import Char, Choice, Edge, Part, Repeat, Sequence, is_word
from rules.regex.syntax import Invalid, read

FIRST_MARK, SECOND_MARK = "\U0010fffe", "\U0010ffff"  # Unicode keeps them for programs: no text has them
MEMORY_BYTES = 1 << 19  # of a compiled expression; RE2 refuses what needs more
MOST_COPIES = 8
MOST_MATCHES = 500  # in a field; each may read on to the end of the text in vain
_EDGE = re.compile(r"\b")
_ILL = re.compile("[\ud800-\udfff\U0010fffe\U0010ffff]")


class TooLarge(Exception):  # noqa: N818 - the operator makes a Refusal of it
    """The expression needs more memory than it may have."""


class _Compiled(NamedTuple):
    """RE2's expression, and how often each mark stands in the text that it reads."""

    expression: re2._Regexp
    copies: int
    both: bool


@lru_cache(maxsize=500)  # about 100 kB each once they have matched
def compiled(pattern: str, any_case: bool) -> _Compiled:
    """The expression, ready to match. Raises Invalid, TooLarge."""
    part = read(pattern)
    _check_ends(part, len(pattern))
    kinds = set(_edges(part))
    chain = _chain(part)
    both, copies = "B" in kinds, max(chain.most, chain.after + chain.before)  # one match may end where another begins
    if copies > MOST_COPIES:
        raise TooLarge
    gap = "" if not copies else f"[{FIRST_MARK}{SECOND_MARK}]*" if both else f"{FIRST_MARK}*"
    options = re2.Options()
    options.max_mem, options.never_capture, options.log_errors = MEMORY_BYTES, True, False
    options.case_sensitive = not any_case
    try:
        return _Compiled(re2.compile(_source(part, gap, both), options), copies, both)
    except re2.error as error:
        if "too large" in str(error):
            raise TooLarge from None
        raise Invalid(f"no regular expression: {error}", 0, len(pattern)) from None


def can_be_empty(part: Part) -> bool:
    """Whether it matches a place between characters."""
    return _chain(part).empty is not None


def _check_ends(part: Part, length: int) -> None:
    """Raises Invalid where something has to stand before the start of the text or behind its end."""
    inside: list[Part] = [part]
    while inside:
        each = inside.pop()
        if isinstance(each, Repeat):
            inside.append(each.part)
        elif isinstance(each, Sequence | Choice):
            inside += each.parts
        if isinstance(each, Sequence):
            solid = [number for number, part in enumerate(each.parts) if not can_be_empty(part)]
            for number, part in enumerate(each.parts):
                if part == Edge("^") and any(place < number for place in solid):
                    raise Invalid("^ is the start of the text, and something stands before it: write \\^", 0, length)
                if part == Edge("$") and any(place > number for place in solid):
                    raise Invalid("$ is the end of the text, and something stands behind it: write \\$", 0, length)


def matches(pattern: str, any_case: bool, text: str) -> Iterator[tuple[int, int]]:
    """Start and end of the matches in a text, from left to right, without overlap."""
    expression, copies, both = compiled(pattern, any_case)
    plain = _ILL.sub("\ufffd", text)
    if not copies:
        for number, match in enumerate(expression.finditer(plain)):
            if number == MOST_MATCHES:
                return
            yield match.span()
        return
    marked = _marked(plain, copies, both)
    at = marks = 0
    for number, match in enumerate(expression.finditer(marked)):
        if number == MOST_MATCHES:
            return
        start, end = match.span()
        marks += _count(marked, at, start)
        inside = _count(marked, start, end)
        yield start - marks, end - marks - inside
        at, marks = end, marks + inside


def _count(marked: str, start: int, end: int) -> int:
    return marked.count(FIRST_MARK, start, end) + marked.count(SECOND_MARK, start, end)


# ---------------------------------------------------------------------------------------------------- the text's marks


@lru_cache(maxsize=8)
def _marked(text: str, copies: int, both: bool) -> str:
    mark, other = FIRST_MARK * copies, SECOND_MARK * copies
    if not both and _odd().search(text) is None:  # nearly always, and quick
        return _EDGE.sub(mark, text)
    other *= both
    runs = [(match.start(), match.end()) for match in _word().finditer(text)]
    pieces: list[str] = []
    before = 0
    for start, end in runs:
        between = text[before:start]
        if between:
            pieces.append(other.join(between) if before else other + other.join(between))
        pieces += [mark, other.join(text[start:end]), mark]
        before = end
    rest = text[before:]
    if rest or not runs:
        pieces.append((other if not before else "") + other.join(rest) + (other if rest else ""))
    return "".join(pieces)


@lru_cache(maxsize=1)
def _word() -> re.Pattern[str]:
    """A run of what `\\w` takes: Python's `\\w` and all combining marks."""
    return re.compile(rf"(?:\w++|[{_marks(range(0x300, 0x1F000))}{_marks(range(0xE0100, 0xE01F0))}]++)++")


@lru_cache(maxsize=1)
def _odd() -> re.Pattern[str]:
    """What may be a combining mark. One range for all beyond the BMP: `re` looks through such ranges one by one."""
    return re.compile(rf"[{_marks(range(0x300, 0x10000))}\U00010000-\U0010ffff]")


def _marks(points: range) -> str:
    """The combining marks among the points, as the inside of a class."""
    return "".join(_ranges([chr(point) for point in points if unicodedata.category(chr(point))[0] == "M"]))


def _ranges(chars: list[str]) -> Iterator[str]:
    start = 0
    for place in range(1, len(chars) + 1):
        if place == len(chars) or ord(chars[place]) != ord(chars[place - 1]) + 1:
            yield f"{chars[start]}-{chars[place - 1]}"
            start = place


# -------------------------------------------------------------------------------------------------- the RE2 expression


def _source(part: Part, gap: str, both: bool) -> str:
    """RE2's syntax for the part, with a gap for marks before each character."""
    match part:
        case Char():
            return gap + part.source
        case Edge():
            return {"b": FIRST_MARK, "B": SECOND_MARK, "^": r"\A", "$": rf"{gap}\z"}[part.kind]
        case Sequence():
            return "".join(_sequence(part.parts, gap, both))
        case Choice():
            return "(?:" + "|".join(_source(each, gap, both) for each in part.parts) + ")"
        case Repeat():
            high = "" if part.high is None else part.high
            times = {(0, ""): "*", (1, ""): "+", (0, 1): "?"}.get((part.low, high), f"{{{part.low},{high}}}")
            return f"(?:{_source(part.part, gap, both)}){times}{'?' * part.lazy}"


def _sequence(parts: tuple[Part, ...], gap: str, both: bool) -> Iterator[str]:
    before: Part | None = None
    for part in _in_order(parts):
        inside = not both and isinstance(part, Char) and isinstance(before, Char) and _same_word(before, part)
        yield _source(part, "" if inside else gap, both)
        before = part


def _same_word(before: Char, after: Char) -> bool:
    """Whether no edge of a word can be between the two."""
    return bool(before.choices and after.choices) and all(map(is_word, before.choices + after.choices))


def _in_order(parts: tuple[Part, ...]) -> list[Part]:
    """Of assertions at one place `^` comes first and `$` last: marks stand inside the text."""
    ordered = list(parts)
    for place in range(1, len(ordered)):
        now = place
        while now and isinstance(ordered[now], Edge) and isinstance(ordered[now - 1], Edge):
            if _rank(ordered[now - 1]) <= _rank(ordered[now]):
                break
            ordered[now - 1], ordered[now] = ordered[now], ordered[now - 1]
            now -= 1
    return ordered


def _rank(part: Part) -> int:
    return {"^": 0, "$": 2}.get(part.kind, 1) if isinstance(part, Edge) else 1


def _edges(part: Part) -> Iterator[str]:
    match part:
        case Edge():
            yield part.kind
        case Sequence() | Choice():
            for each in part.parts:
                yield from _edges(each)
        case Repeat():
            yield from _edges(part.part)


class _Chain(NamedTuple):
    """How many `\\b` and `\\B` can be asserted at one place.

    `empty`: on a way through the part that takes no character (None: there is none); `before` the first and `after` the
    last character that it takes; `most` anywhere.
    """

    empty: int | None
    before: int
    after: int
    most: int


_NO_EDGE = _Chain(0, 0, 0, 0)


def _chain(part: Part) -> _Chain:
    match part:
        case Char():
            return _Chain(None, 0, 0, 0)
        case Edge():
            size = int(part.kind in "bB")
            return _Chain(size, size, size, size)
        case Sequence():
            return _in_a_row(map(_chain, part.parts))
        case Choice():
            return _any_of([_chain(each) for each in part.parts])
        case Repeat():
            inside = _chain(part.part)
            times = part.low if inside.empty else 2  # a round that takes nothing is needed only to reach the least
            often = _in_a_row([inside] * max(times, 2))
            return often if part.low else _any_of([often, _NO_EDGE])


def _in_a_row(chains: Iterable[_Chain]) -> _Chain:
    left = _NO_EDGE
    for right in chains:
        through, onward = left.empty, right.empty
        left = _Chain(
            None if through is None or onward is None else through + onward,
            left.before if through is None else max(left.before, through + right.before),
            right.after if onward is None else max(right.after, left.after + onward),
            max(left.most, right.most, left.after + right.before),
        )
    return left


def _any_of(chains: list[_Chain]) -> _Chain:
    empty = max((chain.empty for chain in chains if chain.empty is not None), default=None)
    before, after, most = (max(chain[place] for chain in chains) for place in (1, 2, 3))  # type: ignore[type-var]
    return _Chain(empty, before or 0, after or 0, most or 0)
