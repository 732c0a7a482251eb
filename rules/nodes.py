"""What a rule's tree is made of: the protocol of its nodes, and what operators share."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rules.page import Hits, Page

# How tightly a node binds; `write` puts parentheses around what binds less.
OR, AND, PROXIMITY, PREFIX, ATOM = range(1, 6)


class Feature(NamedTuple):
    """Something that a document has or lacks: a folded word (`lang` ""), or a stem of a language."""

    lang: str
    key: str


MOST_TERMS = 1000

Cost = Callable[[Feature], float]  # how common a feature is thought to be; bad guesses cost time only


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

    def hits(self, page: Page) -> Hits | None:
        """Where the document makes it true, sorted; None when it is false. Empty is true without a place (NOT)."""
        raise NotImplementedError

    def write(self, full: bool = False) -> str:
        """As rule text; `full` puts every operator but the outermost into parentheses."""
        raise NotImplementedError

    def anchor(self, wanted: bool, cost: Cost) -> frozenset[Feature] | None:
        """Features of which a document must have one before this can be `wanted`; None when nothing is needed.

        The index lists a rule under them. None is always correct: such a rule is tried on every document.
        """
        return None

    def detail(self, page: Page, lang: str) -> str:
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


def count_terms(node: Node) -> int:
    """How many leaves the tree has; counting stops soon after `MOST_TERMS`."""
    count, rest = 0, [node]
    while rest and count <= MOST_TERMS:
        each = rest.pop()
        rest.extend(each.children)
        count += not each.children
    return count


def cheapest(sets: Iterable[frozenset[Feature] | None], cost: Cost) -> frozenset[Feature] | None:
    """The anchor that fewest documents have; None when there is none at all."""
    found = [each for each in sets if each is not None]
    return min(found, key=lambda each: sum(map(cost, each)), default=None)


def all_needed(sets: Iterable[frozenset[Feature] | None]) -> frozenset[Feature] | None:
    """The anchor of alternatives: features of each; None as soon as one of them needs nothing."""
    together: set[Feature] = set()
    for each in sets:
        if each is None:
            return None
        together |= each
    return frozenset(together)


def anchors(nodes: Iterable[Node], wanted: bool, cost: Cost) -> list[frozenset[Feature] | None]:
    """The anchor of each node."""
    return [node.anchor(wanted, cost) for node in nodes]
