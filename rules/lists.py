"""Named lists: what `@name` stands for.

A list's text is a rule, or words, phrases and rules separated by commas or lines, any of which will do.
"""

import re
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass

from rules import nodes
from rules.conditions import Condition, Term
from rules.grammar import grammar
from rules.nodes import Node, rebuilt, walk
from rules.tokenized import EMPTY, Hits, Tokenized
from rules.typed import read_typed
from rules.words import words

MOST_INSIDE = 10  # lists inside one another
LONGEST_LIST = 50_000  # characters
_MENTION = re.compile(r"@([^\W\d_][\w-]*)")


@dataclass(frozen=True, slots=True)
class Named(Node):
    """`@name`: what the list says, under its name."""

    name: str
    node: Node

    @property
    def children(self) -> tuple[Node, ...]:
        """What the list says."""
        return (self.node,)

    def hits(self, tokens: Tokenized) -> Hits | None:
        """The list's."""
        return self.node.hits(tokens)

    def write(self, full: bool = False) -> str:
        """As rule text."""
        return f"@{self.name}"

    def condition(self, wanted: bool) -> Condition:
        """The list's."""
        return self.node.condition(wanted)

    def terms(self) -> tuple[Term, ...] | None:
        """The list's."""
        return self.node.terms()


class Lists(Mapping[str, str]):
    """The lists of a channel (name -> text), with what was made of them so far. Names are compared without case.

    Shared by all rules of the channel, so that a list is read once. `chain` are the lists that are being read.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = {name.casefold(): (name, text) for name, text in texts.items()}
        self.chain: tuple[str, ...] = ()
        self.made: dict[tuple[str, str], Node] = {}  # by language and name

    def __getitem__(self, name: str) -> str:
        return self._texts[name.casefold()][1]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._texts.values())

    def __len__(self) -> int:
        return len(self._texts)

    def spelling(self, name: str) -> str:
        """The name as the list has it."""
        return self._texts[name.casefold()][0]

    def inside(self, name: str) -> "Lists":
        """The same while the list `name` is being read."""
        other = copy(self)
        other.chain = (*self.chain, name)
        return other


def items(text: str) -> list[tuple[int, int]]:
    """Where the parts of a list's text stand between its commas and line ends; one for a text without any."""
    places, at = [], 0
    for line in text.splitlines(keepends=True):
        typed = read_typed(line)
        for start, end in _between_commas(typed.plain):
            first, last = typed.place(start, end)
            part = line[first:last]
            if part.strip():
                places.append((at + last - len(part.lstrip()), at + first + len(part.rstrip())))
        at += len(line)
    return places


def _between_commas(plain: str) -> Iterator[tuple[int, int]]:
    """Commas in quotes and in parentheses part nothing."""
    start, depth, quoted = 0, 0, False
    for at, char in enumerate(plain):
        if char == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif char in "()":
            depth += 1 if char == "(" else -1
        elif char == "," and depth <= 0:
            yield start, at
            start = at + 1
    yield start, len(plain)


def as_item(text: str) -> str:
    """An item as a rule: several words with nothing else are a phrase."""
    bare = not text.startswith("-") and all(char.isalnum() or char in " \t-'’." for char in text)
    parts = words(text) if bare else []
    return f'"{text}"' if len(parts) > 1 and grammar().names.isdisjoint(parts) else text


def too_much_for(node: Node) -> str:
    """Why a list cannot be near anything, in words: it needs several things, or something absent."""
    rest = [(node, "")]
    while rest:
        each, name = rest.pop()
        if name and (each.level == nodes.AND or each.hits(EMPTY) is not None):
            return f"@{name} is a rule with AND or NOT, not words"
        name = each.name if isinstance(each, Named) else name
        if name or each.level in (nodes.OR, nodes.AND):
            rest.extend((child, name) for child in each.children if not name or each.level in (nodes.OR, nodes.ATOM))
    return ""


def used(node: Node, lists: Mapping[str, str]) -> dict[str, str]:
    """Those of the lists that a rule's tree uses, wherever in it, with those that they use."""
    names = dict.fromkeys(part.name for part in walk(node) if isinstance(part, Named))
    return {name: lists[name] for name in names}


def mentioned(text: str) -> set[str]:
    """Every name after an `@`, as names are compared: all that can be said of a text that cannot be read."""
    return {name.casefold() for name in _MENTION.findall(read_typed(text).plain)}


def written_out(node: Node) -> str:
    """The rule's text with what its lists say in place of their names."""
    return _spelled(node).write()


def _spelled(node: Node) -> Node:
    """The tree with what its lists say in place of their names."""
    if isinstance(node, Named):
        return _spelled(node.node)
    parts = [_spelled(part) for part in node.children]
    return (rebuilt(node, parts) if parts else None) or node
