"""At least so often.

`ATLEAST/n X` matches when X is there at least n times, n from 1 to 1000. A group sums: `ATLEAST/3 (troops OR soldiers)`
takes any three of them.
"""

from dataclasses import dataclass

from rules import nodes
from rules.checks import CheckKind, fewer
from rules.conditions import UNKNOWN, Check, Condition, every, inexact
from rules.grammar import Call, Number, Operand, Prefix
from rules.nodes import Node, bracketed
from rules.operators._proximity import refuse_not
from rules.tokenized import Hits, Tokenized

EXAMPLES = (
    ("ATLEAST/2 troops", "Troops here, troops there.", True),
    ("ATLEAST/2 troops", "Troops here.", False),
    ("ATLEAST/3 (troops OR soldiers)", "Troops, soldiers and more troops.", True),
    ('ATLEAST/2 "peace deal" AND Ukraine', "A peace deal for Ukraine.", False),
)


@dataclass(frozen=True, slots=True)
class AtLeast(Node):
    """Its part, when it has `number` hits or more."""

    part: Node
    number: int

    @property
    def level(self) -> int:
        """How tightly it binds."""
        return nodes.PREFIX

    @property
    def children(self) -> tuple[Node, ...]:
        """Its part."""
        return (self.part,)

    def hits(self, tokens: Tokenized) -> Hits | None:
        """All hits of the part."""
        hits = self.part.hits(tokens)
        return hits if hits is not None and len(hits) >= self.number else None

    def write(self, full: bool = False) -> str:
        """As rule text."""
        return f"ATLEAST/{self.number} {bracketed(self.part, nodes.PREFIX, full)}"

    def condition(self, wanted: bool) -> Condition:
        """The part; how often is checked by the index for terms."""
        if not wanted:
            return UNKNOWN
        present, terms = self.part.condition(True), self.part.terms()
        if terms is None:
            return inexact(present)
        return every([present, Condition(checks=(Check("count", self.number, terms),))])

    def detail(self, tokens: Tokenized, lang: str) -> str:
        """How often it is there."""
        hits = self.part.hits(tokens) or []
        times = {1: "once", 2: "twice"}.get(len(hits), f"{len(hits)} times")
        return f"there {times}, the rule asks for {self.number}" if hits and len(hits) < self.number else ""


def _at_least(operand: Operand, call: Call) -> Node:
    refuse_not((operand,), call)
    return AtLeast(operand.node, call.number)


CHECKS = (CheckKind(name="count", holds=lambda sides: sides.counts() >= sides.numbers, weaker={"count": fewer}),)
PREFIX = (Prefix(name="ATLEAST", make=_at_least, number=Number(low=1, high=1000)),)
