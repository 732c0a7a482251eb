"""Small changes to one part of a rule, for those who look for a rule near to it (nearest.py, narrow.py).

Nothing here knows an operator by name: what has a number can have another, what has one part can be that part alone,
and a word can be written in the other ways that the grammar has. Who uses an edit tries it on documents.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import NamedTuple

from rules.errors import RuleError
from rules.grammar import NO_LISTS
from rules.nodes import PROXIMITY, Node, bracketed
from rules.rule import parse
from rules.run import Run
from rules.words import words

# How big a change is, in tenths of "another number".
SPELLING, NUMBER, FUZZY, UNSCOPED, APART, TOGETHER, REMOVED, LEAF = 10, 10, 20, 20, 20, 30, 40, 10

_HIGHEST = 1_000_000
_DISTANCES = (0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 100)
_LONGEST_APART = 4  # words of a phrase that may stand apart
_DRESS = re.compile(r"~\d*$|\^$")
_LONGEST_QUOTE = 60
_ANY = "something"
_ROUND = (60, 24 * 60)  # minutes, but shorter to write is what counts: 10h in place of 541m


@dataclass(frozen=True, slots=True)
class Change:
    """A changed rule as text that parses, why in words, and how big the change is (10: another number)."""

    text: str
    why: str
    cost: int


class Reader(NamedTuple):
    """Reads parts of a rule again, in its language and with its lists."""

    lang: str = "en"
    lists: Mapping[str, str] = NO_LISTS

    def read(self, text: str) -> Node | None:
        """The tree that the text is; None when it is no rule."""
        try:
            return parse(text, lang=self.lang, lists=self.lists).node
        except RuleError:
            return None

    def keeps(self, node: Node) -> bool:
        """Whether the node's text reads back to it: an edit of a part that its text does not show would be lost."""
        if self.read(node.write()) == node:
            return True
        beside = self.read(f"{_ANY} AND ({node.write()})")  # what only excludes is no rule by itself
        return beside is not None and beside.children[1:] == (node,)


def renumbered(node: Node, suits: Callable[[Node], bool]) -> Iterator[tuple[Node, int]]:
    """(the node with another number that suits, how far that is), the nearest in each direction of each number."""
    for now, made in _numbers(node):
        for sign in (1, -1):
            number = _nearest_number(made, now, sign, suits)
            if number is not None:
                shown = _rounder(made, number, sign, suits)
                yield made(shown), abs(number - now)


def _numbers(node: Node) -> Iterator[tuple[int, Callable[[int], Node]]]:
    """Each number that the node holds, with what makes the same node of another."""
    for each in (each for each in fields(node) if each.init):
        value = getattr(node, each.name)
        if type(value) is int:
            yield value, partial(_with, node, each.name, "")
        elif each.name == "zone" and "/" in value:  # first/20
            name, _, number = value.partition("/")
            yield int(number), partial(_with, node, each.name, f"{name}/")


def _with(node: Node, name: str, before: str, number: int) -> Node:
    return replace(node, **{name: f"{before}{number}" if before else number})


def _nearest_number(made: Callable[[int], Node], now: int, sign: int, suits: Callable[[Node], bool]) -> int | None:
    """By doubling the step until it suits, then halving the last one: what operators count grows one way."""
    bad, step = now, 1
    while True:
        number = min(max(now + sign * step, 0), _HIGHEST)
        if number == bad:
            return None
        if suits(made(number)):
            break
        bad, step = number, step * 2
    while abs(number - bad) > 1:
        middle = (number + bad) // 2
        if suits(made(middle)):
            number = middle
        else:
            bad = middle
    return number


def _rounder(made: Callable[[int], Node], number: int, sign: int, suits: Callable[[Node], bool]) -> int:
    """A number a little farther away that is shorter to write, as 10h is beside 541m."""
    for unit in _ROUND:
        farther = -(-number // unit) * unit if sign > 0 else number // unit * unit
        is_shorter = len(made(farther).write()) < len(made(number).write())
        if abs(farther - number) * 5 <= number and is_shorter and suits(made(farther)):
            return farther
    return number


def looser(node: Node) -> Iterator[tuple[str, int]]:
    """(text, cost): a proximity in either order, or in one paragraph; the sides of any other are not loosened."""
    if node.level != PROXIMITY or len(node.children) != 2:
        return
    left, right = (bracketed(each, PROXIMITY, False) for each in node.children)
    number = next((value for value, _ in _numbers(node)), None)
    link = "PARA" if number is None else f"NEAR/{number}"
    yield f"{left} {link} {right}", APART


def respelt(node: Node, *, fuzzy: bool = True) -> Iterator[tuple[str, int]]:
    """(text, cost): other ways to write the word or phrase that a leaf is, cheapest first; they may not parse."""
    text = bare(node)
    if not text:
        if node.write().startswith("/") and node.write().endswith("/"):
            yield f"{node.write()}i", SPELLING  # a regular expression, in any case
        return
    if " " in text or node.write().startswith('"'):
        yield f'"{text}"', SPELLING
        yield f'"{text}"~', SPELLING
        return
    yield text, SPELLING
    yield f"~{text}", SPELLING
    if fuzzy:
        yield f"{text}~1", FUZZY
        yield f"{text}~2", FUZZY + 10


def apart(leaf: Node, reader: Reader, is_true: Callable[[Node], bool]) -> Iterator[tuple[Node, int]]:
    """(node, cost): the words of a phrase as near to each other as they are, or anywhere; inflected if need be."""
    each = bare(leaf).split(" ")
    for extra, written in ((0, each), (5, [f"~{word}" for word in each])):
        anywhere = reader.read(" AND ".join(written)) if 1 < len(each) <= _LONGEST_APART else None
        if anywhere is None or not is_true(anywhere):
            continue
        for distance in _DISTANCES if _near(written, _DISTANCES[-1], reader, is_true) else ():
            node = _near(written, distance, reader, is_true)
            if node is not None:
                yield node, APART + extra
                return
        yield anywhere, TOGETHER + extra
        return


def _near(each: Sequence[str], distance: int, reader: Reader, is_true: Callable[[Node], bool]) -> Node | None:
    node = reader.read(f" NEAR/{distance} ".join(each))
    return node if node is not None and is_true(node) else None


def bare(node: Node) -> str:
    """The words of a leaf without what operators put around them; empty when it is not made of words."""
    if node.children:
        return ""
    text = node.plain if isinstance(node, Run) else _DRESS.sub("", node.write()).strip('{}"~*')
    return text if " ".join(words(text)) == text else ""


def leaves(node: Node) -> int:
    """How many terms it has."""
    return sum(map(leaves, node.children)) or 1


def short(node: Node) -> str:
    """Its text in quotes, for a sentence."""
    text = node.write()
    return f"“{text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + '…'}”"
