"""Apart.

`A NOT NEAR/n B` matches when some A has no B within n words, before or behind: `Jordan NOT NEAR/2 Michael` finds the
country beside the player. n is 10 when it is not written, and goes from 0 to 100. The sides are words, phrases and ORs
of them.
"""

from dataclasses import dataclass
from typing import ClassVar

from rules import nodes
from rules.checks import CheckKind, fewer
from rules.conditions import Condition
from rules.grammar import Call, Infix, Number, Operand
from rules.nodes import Node, bracketed
from rules.operators._proximity import MOST_WORDS, Linked, pairs, refuse_and, refuse_not
from rules.tokenized import Hits, Tokenized

EXAMPLES = (
    ("Jordan NOT NEAR/2 Michael", "Michael Jordan flew to Jordan.", True),
    ("Jordan NOT NEAR/2 Michael", "Michael Jordan flew home.", False),
    ("Jordan NOT NEAR/2 Michael", "Jordan asks for help.", True),
    ("troops NOT NEAR/5 (drill OR exercise)", "An exercise of many troops.", False),
)


@dataclass(frozen=True, slots=True)
class NotNear(Linked):
    """The hits of `left` with no hit of `right` within `words` words."""

    name: ClassVar[str] = "NOT NEAR"
    check: ClassVar[str] = "notnear"

    def hits(self, tokens: Tokenized) -> Hits | None:
        """Those of the left side that stand alone."""
        left = self.left.hits(tokens)
        if not left:
            return None
        near = {hit for hit, _ in pairs(left, self.right.hits(tokens) or [], self.words)}
        return [hit for hit in left if hit not in near] or None

    def _present(self) -> Condition:
        return self.left.condition(True)

    def detail(self, tokens: Tokenized, lang: str) -> str:
        """Why no hit of the left side counts."""
        left = self.left.hits(tokens)
        if not left or self.hits(tokens) is not None:
            return ""
        first, second = (bracketed(child, nodes.PROXIMITY, False) for child in self.children)
        every_place = f"each of {len(left)} places of {first}" if len(left) > 1 else f"the only {first}"
        return f"{every_place} has {second} within {self.words} word{'s' * (self.words != 1)}"


def _not_near(left: Operand, right: Operand, call: Call) -> Node:
    refuse_not((left, right), call)
    refuse_and((left, right), call)
    return NotNear(left.node, right.node, call.number)


CHECKS = (
    CheckKind(
        name="notnear",
        holds=lambda sides: sides.some(~(sides.followed() | sides.preceded())),
        weaker={"notnear": fewer},
        lacks_right=True,
    ),
)
INFIX = (Infix(name="NOT NEAR", make=_not_near, number=Number(low=0, high=MOST_WORDS, default=10)),)
