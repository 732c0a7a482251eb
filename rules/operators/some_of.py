"""At least n of several.

`min:2 of (a, b, c)` matches when at least two of the parts do. A part is anything that could be a rule, such as
`a OR b` or `"c d" NEAR/5 e`; commas stand between them. The hits are those of all parts that match.
"""

from dataclasses import dataclass
from itertools import combinations
from math import comb

from rules import nodes
from rules.conditions import MOST_GROUPS, Condition, Term, every, inexact, some
from rules.errors import Fix, Refusal
from rules.grammar import Call, Infix, Number, Operand, Prefix
from rules.nodes import Node, union
from rules.tokenized import Hits, Tokenized

EXAMPLES = (
    ("min:2 of (troops, Ukraine, NATO)", "NATO sends troops.", True),
    ("min:2 of (troops, Ukraine, NATO)", "Troops, and more troops.", False),
    ('min:2 of ("peace deal", talks OR summit, Kyiv)', "A summit in Kyiv.", True),
    ("min:1 of (troops, min:2 of (Kyiv, Moscow, Minsk))", "From Kyiv to Minsk.", True),
    ("min:2 of (troops, NOT drill) AND Ukraine", "A drill: troops in Ukraine.", False),
)
MOST_PARTS = 100
_COMMA = 0  # binds less than OR


@dataclass(frozen=True, slots=True)
class Parts(Node):
    """What commas part, until `min:` takes it: never in a finished rule."""

    parts: tuple[Node, ...]

    @property
    def level(self) -> int:
        """Less than any operator."""
        return _COMMA

    @property
    def children(self) -> tuple[Node, ...]:
        """The parts."""
        return self.parts


@dataclass(frozen=True, slots=True)
class SomeOf(Node):
    """At least `number` of the parts."""

    number: int
    parts: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        """Its parts."""
        return self.parts

    def hits(self, tokens: Tokenized) -> Hits | None:
        """Those of all true parts."""
        all_hits = [hits for part in self.parts if (hits := part.hits(tokens)) is not None]
        return union(all_hits) if len(all_hits) >= self.number else None

    def write(self, full: bool = False) -> str:
        """As rule text."""
        return f"min:{self.number} of ({', '.join(part.write(full) for part in self.parts)})"

    def condition(self, wanted: bool) -> Condition:
        """True: of so many parts that too few would be left without them, one is true. False: the mirror."""
        parts = [part.condition(wanted) for part in self.parts]
        size = len(parts) - self.number + 1 if wanted else self.number
        if comb(len(parts), size) <= MOST_GROUPS:
            return every(some(group) for group in combinations(parts, size))
        doubled = parts * 2  # too many choices: those of neighbours are necessary as well
        starts = range(0, len(parts), max(1, len(parts) // MOST_GROUPS + 1))
        return inexact(every(some(doubled[at : at + size]) for at in starts))

    def terms(self) -> tuple[Term, ...] | None:
        """Of one part it is an OR."""
        all_terms = [part.terms() for part in self.parts]
        if self.number > 1 or None in all_terms:
            return None
        return tuple(dict.fromkeys(term for terms in all_terms for term in terms or ()))

    def detail(self, tokens: Tokenized, lang: str) -> str:
        """How many there are."""
        true = sum(part.hits(tokens) is not None for part in self.parts)
        return f"{true} of {len(self.parts)} match, the rule needs {self.number}"


def _comma(left: Operand, right: Operand, call: Call) -> Node:
    before = left.node.parts if isinstance(left.node, Parts) else (left.node,)
    return Parts((*before, right.node))


def _make(operand: Operand, call: Call) -> Node:
    parts = operand.node.parts if isinstance(operand.node, Parts) else (operand.node,)
    name = call.name.split(":")[0] + ":"
    if len(parts) < 2:
        raise Refusal(
            f"{name} chooses among parts with commas between, and here is only one",
            operand.start,
            operand.end,
            expected=("a, b, c",),
            cures=((Fix(call.start, call.end, " "),),),
        )
    if len(parts) > MOST_PARTS:
        raise Refusal(f"{name} takes {MOST_PARTS} parts at most, here are {len(parts)}", operand.start, operand.end)
    if call.number > len(parts):
        raise Refusal(
            f"{name}{call.number} needs {call.number} parts at least, and here are {len(parts)}",
            call.start,
            call.end,
            expected=(f"{name}{len(parts)} of (",),
            cures=((Fix(call.start, call.end, f"{name}{len(parts)} of "),),),
        )
    return SomeOf(call.number, parts)


assert _COMMA < nodes.OR
PREFIX = (
    Prefix(
        name="min:",
        make=_make,
        number=Number(low=1, high=MOST_PARTS),
        comma=Infix(name=",", make=_comma, level=_COMMA),
    ),
)
