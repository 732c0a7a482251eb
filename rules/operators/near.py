"""Proximity.

`A NEAR/n B` matches when at most n words stand between A and B, in either order; `NEAR` alone is `NEAR/10`, and n goes
from 0 (side by side) to 100. A phrase counts as one unit, and nothing reaches from the title into the body. Either side
may be a group: `A NEAR/5 (B OR C)` takes either, `A NEAR/5 (B AND C)` needs each of them near A. In a chain,
`A NEAR/5 B NEAR/5 C`, C is near the stretch from A to the nearest B. One word cannot be both sides at once.
"""

from dataclasses import dataclass
from typing import ClassVar

from rules import nodes
from rules.checks import CheckKind, wider
from rules.grammar import Call, Infix, Number, Operand
from rules.nodes import Node, bracketed
from rules.operators._proximity import MOST_WORDS, Linked, join, least_gap, linked, nearest
from rules.tokenized import Hits, Tokenized

EXAMPLES = (
    ("troops NEAR/3 Ukraine", "Troops are sent to Ukraine.", True),
    ("troops NEAR/2 Ukraine", "Troops are sent to Ukraine.", False),
    ("Ukraine NEAR/3 troops", "Troops are sent to Ukraine.", True),
    ("Ukraine NEAR troops", "Troops are sent to Ukraine.", True),
    ('"peace deal" NEAR/0 signed', "They signed a peace deal.", False),
    ("~deploy NEAR/5 (troops OR soldiers)", "Soldiers will be deployed.", True),
    ("talks NEAR/4 (Moscow AND Kyiv)", "Talks in Moscow were long. Later, in Kyiv, nothing.", False),
    ("talks NEAR/1 Moscow NEAR/1 Kyiv", "Talks with Moscow and Kyiv.", True),
)


@dataclass(frozen=True, slots=True)
class Near(Linked):
    """A hit of `left` with at most `words` words between it and a hit of `right`."""

    name: ClassVar[str] = "NEAR"
    check: ClassVar[str] = "near"

    def hits(self, tokens: Tokenized) -> Hits | None:
        """The pairs within reach, joined."""
        left = self.left.hits(tokens)
        right = self.right.hits(tokens) if left is not None else None
        return join(left, right, self.words) or None if left is not None and right is not None else None

    def detail(self, tokens: Tokenized, lang: str) -> str:
        """How far away the nearest pair is."""
        left, right = self.left.hits(tokens), self.right.hits(tokens)
        if not left or not right:
            return ""
        if join(left, right, self.words):
            return ""
        first, second = (bracketed(child, nodes.PROXIMITY, False) for child in self.children)
        gap = least_gap(left, right, tokens)
        if gap is not None:
            return f"{second} is {gap} word{'s' * (gap != 1)} away, the rule allows {self.words}"
        if nearest(left, right) is None:
            return f"only one place is both {first} and {second}, and it counts once"
        return f"{first} and {second} are not in the same field: one is in the title, the other in the body"


def _near(left: Operand, right: Operand, call: Call) -> Node:
    return linked(left, right, call, lambda left, right: Near(left, right, call.number))


CHECKS = (
    CheckKind(
        name="near",
        holds=lambda sides: sides.some(sides.followed() | sides.preceded()),
        weaker={"near": wider},
        either_way=True,
    ),
)
INFIX = (Infix(name="NEAR", make=_near, number=Number(low=0, high=MOST_WORDS, default=10)),)
