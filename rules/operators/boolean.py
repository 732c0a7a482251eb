"""AND, OR, NOT and parentheses.

`A AND B` and `A B` match when both are there, `A OR B` when either is, `NOT A` and `-A` when A is absent. NOT binds
most tightly, then NEAR, then AND, then OR; parentheses change that. A rule needs something that must be there: NOTs
alone are refused. Operators are written in capitals: `and` is a word.
"""

import re
from dataclasses import dataclass

from rules import nodes
from rules.conditions import Condition, Term, every, some
from rules.errors import Fix, Refusal
from rules.grammar import Call, Infix, Operand, Prefix, Shape
from rules.nodes import Node, bracketed, union
from rules.tokenized import Hits, Tokenized

EXAMPLES = (
    ("troops AND Ukraine", "Ukraine asks for troops.", True),
    ("troops Ukraine", "Ukraine asks for help.", False),
    ("troops OR soldiers", "The soldiers left.", True),
    ("earthquake NOT drill", "An earthquake drill was held.", False),
    ("earthquake -drill", "An earthquake shook the island.", True),
    ("(troops OR soldiers) AND (Ukraine OR Poland)", "Soldiers came to Poland.", True),
    ("flood NOT (warning OR drill)", "A flood warning was issued.", False),
)


@dataclass(frozen=True, slots=True)
class And(Node):
    """All parts."""

    parts: tuple[Node, ...]

    @property
    def level(self) -> int:
        """How tightly it binds."""
        return nodes.AND

    @property
    def children(self) -> tuple[Node, ...]:
        """Its parts."""
        return self.parts

    def hits(self, tokens: Tokenized) -> Hits | None:
        """Theirs, when all are true."""
        all_hits: list[Hits] = []
        for part in self.parts:
            hits = part.hits(tokens)
            if hits is None:
                return None
            all_hits.append(hits)
        return union(all_hits)

    def true_of(self, tokens: Tokenized) -> bool:
        """Whether all parts are true."""
        return all(part.true_of(tokens) for part in self.parts)

    def write(self, full: bool = False) -> str:
        """As rule text."""
        return " AND ".join([bracketed(part, nodes.AND, full) for part in self.parts])

    def condition(self, wanted: bool) -> Condition:
        """True: what each part needs. False: what some part needs to be false."""
        parts = [part.condition(wanted) for part in self.parts]
        return every(parts) if wanted else some(parts)


@dataclass(frozen=True, slots=True)
class AnyPart(Node):
    """What is true when some part is; how it binds and is written is for those who say more of the parts."""

    parts: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        """Its parts."""
        return self.parts

    def hits(self, tokens: Tokenized) -> Hits | None:
        """Those of all true parts."""
        all_hits = [hits for part in self.parts if (hits := part.hits(tokens)) is not None]
        return union(all_hits) if all_hits else None

    def true_of(self, tokens: Tokenized) -> bool:
        """Whether some part is true."""
        return any(part.true_of(tokens) for part in self.parts)

    def condition(self, wanted: bool) -> Condition:
        """The mirror of AND."""
        parts = [part.condition(wanted) for part in self.parts]
        return some(parts) if wanted else every(parts)

    def terms(self) -> tuple[Term, ...] | None:
        """Those of its parts, when all are terms."""
        all_terms = [part.terms() for part in self.parts]
        return None if None in all_terms else tuple(dict.fromkeys(term for terms in all_terms for term in terms or ()))


@dataclass(frozen=True, slots=True)
class Or(AnyPart):
    """Some part."""

    @property
    def level(self) -> int:
        """How tightly it binds."""
        return nodes.OR

    def write(self, full: bool = False) -> str:
        """As rule text."""
        return " OR ".join([bracketed(part, nodes.AND, full) for part in self.parts])


@dataclass(frozen=True, slots=True)
class Not(Node):
    """The absence of its part."""

    part: Node

    @property
    def level(self) -> int:
        """How tightly it binds."""
        return nodes.PREFIX

    @property
    def children(self) -> tuple[Node, ...]:
        """Its parts."""
        return (self.part,)

    def hits(self, tokens: Tokenized) -> Hits | None:
        """None of its own: what is absent has no place."""
        return [] if self.part.hits(tokens) is None else None

    def true_of(self, tokens: Tokenized) -> bool:
        """Whether its part is false."""
        return not self.part.true_of(tokens)

    def write(self, full: bool = False) -> str:
        """As rule text."""
        return "NOT " + bracketed(self.part, nodes.PREFIX, full)

    def condition(self, wanted: bool) -> Condition:
        """What its part needs to be the other way round."""
        return self.part.condition(not wanted)


def _and(left: Operand, right: Operand, call: Call) -> Node:
    return And((*_parts(left.node, And), *_parts(right.node, And)))


def _or(left: Operand, right: Operand, call: Call) -> Node:
    return Or((*_parts(left.node, Or), *_parts(right.node, Or)))


def _parts(node: Node, kind: type[And] | type[Or]) -> tuple[Node, ...]:
    return node.parts if isinstance(node, kind) else (node,)


def _not(operand: Operand, call: Call) -> Node:
    return Not(operand.node)


def _foreign(text: str, call: Call) -> Node:
    """`&`, `|`, `!` of other tools."""
    name = {"&": "AND", "+": "AND", "|": "OR", "!": "NOT"}[text[0]]
    end = call.start + len(text) - len(text.lstrip("&+|!"))
    raise Refusal(
        f"{text[: end - call.start]} is not an operator here; write {name}",
        call.start,
        end,
        expected=(name,),
        cures=((Fix(call.start, end, f" {name} "),), (Fix(call.start, end, " "),)),
    )


INFIX = (Infix(name="AND", make=_and, level=nodes.AND), Infix(name="OR", make=_or, level=nodes.OR))
PREFIX = (Prefix(name="NOT", make=_not),)
_FOREIGN = re.compile(r"(?:&+|\|+|\+)(?=[\s()\"]|$)|!+[^\s()\"]*")
SHAPES = (Shape(name="foreign", pattern=_FOREIGN, read=_foreign, rank=3),)
