"""Proximity in order.

`A PRE/n B` matches when B stands behind A with at most n words between; `PRE` alone is `PRE/10`, and n goes from 0 to
100. Groups, phrases and chains work as with NEAR: in `A PRE/5 B PRE/5 C`, C stands behind the stretch from A to B.
"""

from dataclasses import dataclass
from typing import ClassVar

from rules import nodes
from rules.checks import CheckKind, wider
from rules.grammar import Call, Infix, Number, Operand
from rules.nodes import Node, bracketed
from rules.operators._proximity import MOST_WORDS, Linked, join, join_in_order, least_gap, linked
from rules.tokenized import Hits, Tokenized

EXAMPLES = (
    ("troops PRE/3 Ukraine", "Troops are sent to Ukraine.", True),
    ("Ukraine PRE/3 troops", "Troops are sent to Ukraine.", False),
    ("troops PRE/2 Ukraine", "Troops are sent to Ukraine.", False),
    ('"prime minister" PRE/2 (resigns OR quits)', "The prime minister of Nepal resigns.", True),
    ("talks PRE/1 Moscow PRE/1 Kyiv", "Talks with Moscow and Kyiv.", True),
    ("talks PRE/1 Moscow PRE/1 Kyiv", "Moscow talks with Kyiv.", False),
)


@dataclass(frozen=True, slots=True)
class Pre(Linked):
    """A hit of `left`, then a hit of `right`, with at most `words` words between."""

    name: ClassVar[str] = "PRE"
    check: ClassVar[str] = "pre"

    def hits(self, tokens: Tokenized) -> Hits | None:
        """The pairs within reach, joined."""
        left = self.left.hits(tokens)
        right = self.right.hits(tokens) if left is not None else None
        return join_in_order(left, right, self.words) or None if left is not None and right is not None else None

    def detail(self, tokens: Tokenized, lang: str) -> str:
        """Whether the order or the distance is in the way."""
        left, right = self.left.hits(tokens), self.right.hits(tokens)
        if not left or not right or join_in_order(left, right, self.words):
            return ""
        first, second = (bracketed(child, nodes.PROXIMITY, False) for child in self.children)
        if join(left, right, self.words):
            return f"{second} stands before {first}, not behind it; NEAR/{self.words} takes either order"
        gap = least_gap(left, right, tokens)
        if gap is None:
            return f"{first} and {second} are not in the same field"
        return f"{second} is {gap} word{'s' * (gap != 1)} away, the rule allows {self.words}"


def _pre(left: Operand, right: Operand, call: Call) -> Node:
    return linked(left, right, call, lambda left, right: Pre(left, right, call.number))


CHECKS = (
    CheckKind(name="pre", holds=lambda sides: sides.some(sides.followed()), weaker={"pre": wider, "near": wider}),
)
INFIX = (Infix(name="PRE", make=_pre, number=Number(low=0, high=MOST_WORDS, default=10)),)
