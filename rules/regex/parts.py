"""What a regular expression is made of."""

import unicodedata
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Char:
    """One character: in RE2's syntax, and which it may be when these are few."""

    source: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """A place between characters: `b` and `B` of words, `^` and `$` of the text."""

    kind: Literal["b", "B", "^", "$"]


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts one after the other."""

    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the parts."""

    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """The part `low` to `high` times (None: without end)."""

    part: "Part"
    low: int
    high: int | None
    lazy: bool


Part = Char | Edge | Sequence | Choice | Repeat


def is_word(char: str) -> bool:
    """Whether `\\w` takes it."""
    return char == "_" or unicodedata.category(char)[0] in "LNM"
