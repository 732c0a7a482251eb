"""What an operator family declares, and the grammar that all families found in `rules/operators/` make together.

A family is one file there. It may define `INFIX`, `PREFIX` and `SHAPES` (tuples of the types below) and `FORMS` (of
those in rules/forms.py), and it defines `EXAMPLES`: (rule, text or document, whether it matches), which are its tests
and, with its docstring, its part of docs/rules.md.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from rules.families import declared
from rules.nodes import PROXIMITY, Node

NO_LISTS: Mapping[str, str] = MappingProxyType({})


class Operand(NamedTuple):
    """A part that the parser has read, and where it stands. `grouped`: in parentheses."""

    node: Node
    start: int
    end: int
    grouped: bool = False


class Call(NamedTuple):
    """One use of an operator or shape: its number, if it takes one, its place, the rule's language and the lists."""

    name: str
    number: int
    start: int
    end: int
    lang: str
    lists: Mapping[str, str] = NO_LISTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """The n of `NAME/n`. Without a `default` the number must be written."""

    low: int
    high: int
    default: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Infix:
    """`A NAME B` or `A NAME/n B`. `make` raises Refusal for sides that it cannot take."""

    name: str
    make: Callable[[Operand, Operand, Call], Node]
    level: int = PROXIMITY
    number: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefix:
    """`NAME X`, `NAME/n X`; `name:X` when the name ends in a colon, or `name:n of (X, X)` when it takes a number too.

    `term`, if given, reads the terms of X instead of the shapes; `comma` joins what commas part in X's parentheses.
    """

    name: str
    make: Callable[[Operand, Call], Node]
    number: Number | None = None
    term: Callable[[str, Call], Node] | None = None
    comma: Infix | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A way to write a term. Of the shapes that match, the longest is read; among those the highest `rank`.

    A bare ASCII word, or a quoted run of them, before a space, a parenthesis or the end is never asked about.
    """

    name: str
    pattern: re.Pattern[str]
    read: Callable[[str, Call], Node]
    rank: int = 2


Matcher = Callable[[str, int, int], re.Match[str] | None]
Item = TypeVar("Item", Infix, Prefix, Shape)


@dataclass(frozen=True, slots=True)
class Grammar:
    """All operators and shapes, by name."""

    infix: dict[str, Infix]
    prefix: dict[str, Prefix]
    shapes: dict[str, Shape]
    names: frozenset[str]
    matchers: tuple[tuple[Matcher, Shape], ...]

    def expected_operand(self) -> tuple[str, ...]:
        """What may stand where a term is missing."""
        prefixes = [_written(each) for each in self.prefix.values()]
        return ("a word", '"a phrase"', "~word", "(", *sorted(prefixes))

    def expected_operator(self) -> tuple[str, ...]:
        """What may stand after a term."""
        return tuple(sorted(_written(each) for each in self.infix.values()))


def _written(item: Infix | Prefix) -> str:
    return f"{item.name}/n" if item.number else item.name


@lru_cache(maxsize=1)
def grammar() -> Grammar:
    """The grammar; read once."""
    infix = _collect(Infix, declared("INFIX"))
    prefix = _collect(Prefix, declared("PREFIX"))
    shapes = _collect(Shape, declared("SHAPES"))
    words = {word for name in (*infix, *prefix) for word in name.split()}
    matchers = tuple((shape.pattern.match, shape) for shape in shapes.values())
    return Grammar(infix, prefix, shapes, frozenset(words), matchers)


def _collect(kind: type[Item], declarations: Iterable[object]) -> dict[str, Item]:
    items = [item for item in declarations if isinstance(item, kind)]
    table: dict[str, Item] = {}
    for item in items:
        if item.name in table:
            raise ValueError(f"two operator families define {item.name!r}")
        table[item.name] = item
    return table
