"""What a rule's tree is made of: the protocol of its nodes, and what operators share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import islice

from rules.conditions import UNKNOWN, Condition, Term
from rules.tokenized import Hits, Tokenized

# How tightly a node binds; `write` puts parentheses around what binds less.
OR, AND, PROXIMITY, PREFIX, ATOM = range(1, 6)


MOST_TERMS = 1000


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a rule. Operators subclass it, frozen; equal parts are equal nodes."""

    @property
    def level(self) -> int:
        """How tightly it binds: OR, AND, PROXIMITY, PREFIX or ATOM."""
        return ATOM

    @property
    def children(self) -> tuple["Node", ...]:
        """The parts it is made of, in the order of the text."""
        return ()

    def hits(self, tokens: Tokenized) -> Hits | None:
        """Where the document makes it true, sorted; None when it is false. Empty is true without a place (NOT)."""
        raise NotImplementedError

    def true_of(self, tokens: Tokenized) -> bool:
        """Whether the document makes it true: quicker than `hits` where places cost extra."""
        return self.hits(tokens) is not None

    def write(self, full: bool = False) -> str:
        """As rule text; `full` puts every operator but the outermost into parentheses."""
        raise NotImplementedError

    def condition(self, wanted: bool) -> Condition:
        """What a document must have for this to be true (`wanted`) or false, as the index can ask it.

        The default knows nothing, which is always correct: such a node is tried on every document that the rest of its
        rule lets through.
        """
        return UNKNOWN

    def terms(self) -> tuple[Term, ...] | None:
        """The terms that it is an OR of, hit for hit; None when it is anything else."""
        return None

    def detail(self, tokens: Tokenized, lang: str) -> str:
        """For `explain`, in words: what was found, or how near it came."""
        return ""


def bracketed(node: Node, above: int, full: bool) -> str:
    """`node` as rule text, in parentheses unless it binds more tightly than `above`."""
    text = node.write(full)
    return text if node.level > above and (not full or node.level == ATOM) else f"({text})"


def union(many: Sequence[Hits]) -> Hits:
    """All hits of several nodes, sorted, each once."""
    if len(many) == 1:
        return many[0]
    return sorted({hit for hits in many for hit in hits})


def walk(node: Node) -> Iterator[Node]:
    """Every part of the tree, itself among them, whatever operators it is made of."""
    rest = [node]
    while rest:
        part = rest.pop()
        rest.extend(part.children)
        yield part


def count_terms(node: Node) -> int:
    """How many leaves the tree has; counting stops soon after `MOST_TERMS`."""
    leaves = (part for part in walk(node) if not part.children)
    return sum(1 for _ in islice(leaves, MOST_TERMS + 1))


def rebuilt(node: Node, children: Sequence[Node]) -> Node | None:
    """The node with other parts in the place of its own; None where it does not hold its parts itself."""
    changes: dict[str, object] = {}
    held: list[Node] = []
    rest = iter(children)
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, Node):
            held.append(value)
            changes[field.name] = next(rest, value)
        elif isinstance(value, tuple) and value and all(isinstance(part, Node) for part in value):
            held.extend(value)
            changes[field.name] = tuple(next(rest, part) for part in value)
    if tuple(held) != node.children or not all(field.init for field in fields(node)):
        return None
    return replace(node, **changes)
