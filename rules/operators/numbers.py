"""Numbers.

`words>200` counts the words of title and body (in Chinese, Japanese, Korean and Thai each character is one), with `<`,
`<=`, `>`, `>=` or `=`. `age<6h` is the time from publication to the moment when the document was read, in minutes `m`,
hours `h`, days `d` or weeks `w`; of a document without a date it is never true.
"""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rules.document import Document
from rules.errors import Fix, Refusal
from rules.fact import Fact
from rules.grammar import Call, Shape
from rules.nodes import Node
from rules.tokenized import SEAM, Tokenized, tokenize

_NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
EXAMPLES = (
    ("troops words>3", "Troops are sent to Ukraine.", True),
    ("troops words>=6", "Troops are sent to Ukraine.", False),
    ("troops words<=5", "Troops are sent to Ukraine.", True),
    ("age<6h", Document(id="1", published_at=_NOON - timedelta(hours=5), received_at=_NOON), True),
    ("age<6h", Document(id="1", published_at=_NOON - timedelta(days=2), received_at=_NOON), False),
    ("age<6h", Document(id="1", received_at=_NOON), False),
)

MOST_WORDS_ASKED = 1_000_000
LONGEST_AGE = 3650 * 24 * 60  # minutes
UNITS = {"w": 7 * 24 * 60, "d": 24 * 60, "h": 60, "m": 1}
_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}
_MINUTE = timedelta(minutes=1)
_OTHERWISE = {"≤": "<=", "≥": ">=", "=<": "<=", "=>": ">=", "==": "="}
NAMED = r"(?i:{})\s*(?:[<>=]=?|=[<>]|[≤≥])(?:\s*\d[^\s()\"]*|[^\s()\"]*)"
_ASKS_AGE = re.compile(rf"\b{NAMED.format('age')}")
PARTS = re.compile(r"(\w+)\s*([<>=]=?|=[<>]|[≤≥])\s*(.*)")


@dataclass(frozen=True, slots=True)
class Length(Fact):
    """How many words the document has."""

    sign: str
    number: int

    def holds(self, document: Document) -> bool:
        """All of them count, wherever in the document the rule looks."""
        return _COMPARE[self.sign](length(tokenize(document)), self.number)

    def write(self, full: bool = False) -> str:
        """As rule text."""
        return f"words{self.sign}{self.number}"

    def detail(self, tokens: Tokenized, lang: str) -> str:
        """How many there are."""
        count = length(tokens)
        return f"the document has {count:,} word{'s' * (count != 1)}"


@dataclass(frozen=True, slots=True)
class Age(Fact):
    """How old the document was when it was read, in minutes."""

    sign: str
    minutes: int

    def holds(self, document: Document) -> bool:
        """Never, when its age is not known. What is dated ahead is new."""
        age = age_of(document)
        if age is None:
            return False
        limit = self.minutes * _MINUTE
        return age < limit or (age == limit and "=" in self.sign) if "<" in self.sign else self._older(age, limit)

    def _older(self, age: timedelta, limit: timedelta) -> bool:
        return age > limit or (age == limit and "=" in self.sign)

    def write(self, full: bool = False) -> str:
        """As rule text."""
        return f"age{self.sign}{duration(self.minutes)}"

    def detail(self, tokens: Tokenized, lang: str) -> str:
        """How old it was."""
        age = age_of(tokens.document)
        if age is None:
            return "the document does not say when it was published, so its age is not known"
        return f"it was {rough_duration(age // _MINUTE)} old when it was read"


def names_age(rule: str) -> bool:
    """Whether the text of a rule asks for an age.

    >>> names_age("troops age>2d"), names_age("the age of steam")
    (True, False)
    """
    return _ASKS_AGE.search(rule) is not None


def length(tokens: Tokenized) -> int:
    """The words of title and body."""
    return tokens.end - SEAM


def age_of(document: Document) -> timedelta | None:
    """From publication to reading, not below zero; None when one of them is not known."""
    if document.published_at is None or document.received_at is None:
        return None
    return max(document.received_at - document.published_at, timedelta(0))


def duration(minutes: int) -> str:
    """In the largest unit that fits, as rules have it."""
    unit = next(name for name, size in UNITS.items() if minutes % size == 0)
    return f"{minutes // UNITS[unit]}{unit}"


def rough_duration(minutes: int) -> str:
    """For people, roughly."""
    for unit, size in UNITS.items():
        if minutes >= 2 * size or (unit == "m"):
            return f"{minutes // size}{unit}"
    return ""


def minutes_of(text: str, most: int) -> int | None:
    """The minutes of a duration such as 6h; None when it is none, or beyond the range."""
    match = re.fullmatch(r"(\d{1,7})([mhdw])", text.lower(), re.ASCII)
    minutes = int(match[1]) * UNITS[match[2]] if match else 0
    return minutes if 1 <= minutes <= most else None


def split(text: str) -> tuple[str, str, str]:
    """(name, sign, value)."""
    match = PARTS.fullmatch(text)
    assert match is not None, "the shape has been matched"
    return match[1].lower(), _OTHERWISE.get(match[2], match[2]), match[3].strip()


def refuse(message: str, call: Call, text: str) -> Refusal:
    """With `text` as what could stand in its place."""
    return Refusal(message, call.start, call.end, expected=(text,), cures=((Fix(call.start, call.end, text),),))


def _read(text: str, call: Call) -> Node:
    name, sign, value = split(text)
    if name == "age":
        return _age(sign, value, call)
    digits = value.isascii() and value.isdigit() and len(value) <= 9
    if not digits or not 1 <= int(value) <= MOST_WORDS_ASKED:
        nearest = MOST_WORDS_ASKED if digits and int(value) else 200
        message = f"words{sign} takes a whole number from 1 to {MOST_WORDS_ASKED:,}"
        raise refuse(message, call, f"words{sign}{nearest}")
    return Length(sign, int(value))


def _age(sign: str, value: str, call: Call) -> Node:
    minutes = minutes_of(value, LONGEST_AGE)
    if minutes is None:
        number = value if value.isascii() and value.isdigit() and 0 < len(value) <= 4 and int(value) else "6"
        message = "an age is a number with m, h, d or w (minutes, hours, days, weeks), at most ten years"
        raise refuse(message, call, f"age{sign if sign != '=' else '<'}{number}h")
    if sign == "=":
        raise refuse("no age is exactly that; write < or >", call, f"age<{duration(minutes)}")
    return Age(sign, minutes)


SHAPES = (Shape(name="number", pattern=re.compile(NAMED.format("words|age")), read=_read, rank=3),)
