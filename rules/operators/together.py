"""In one sentence, in one paragraph.

`A SENT B` matches when both stand in the same sentence, `A PARA B` in the same paragraph, in any order; `A NOT SENT B`
and `A NOT PARA B` when some A stands in one without B. The title is a sentence and a paragraph of its own. A paragraph
ends at a blank line, in a text without any at the end of a line; a sentence ends with its paragraph or at a full stop,
unless an abbreviation (`Gen.`, `U.S.`, `z. B.`), a number or a small letter says that it goes on.
"""

from dataclasses import dataclass
from functools import partial

from rules import nodes
from rules.checks import CheckKind, Sides, always
from rules.conditions import UNKNOWN, Check, Condition, every, inexact
from rules.engine.arrays import Bools
from rules.grammar import Call, Infix, Operand
from rules.nodes import Node, bracketed
from rules.operators._proximity import linked, refuse_and, refuse_not
from rules.tokenized import Hit, Hits, Tokenized

EXAMPLES = (
    ("troops SENT Ukraine", "Ukraine asks. Troops are sent.", False),
    ("troops SENT Ukraine", "After talks, Gen. Smith sent troops to Ukraine.", True),
    ("troops PARA Ukraine", "Ukraine asks. Troops are sent.", True),
    ("troops PARA Ukraine", "Ukraine asks.\n\nTroops are sent.", False),
    ("troops NOT SENT drill", "Troops march. The drill is over.", True),
    ("troops NOT SENT drill", "Troops hold a drill.", False),
    ("troops NOT PARA drill", "Troops march. The drill is over.", False),
)
_NOUNS = {"SENT": "sentence", "PARA": "paragraph"}


@dataclass(frozen=True, slots=True)
class Together(Node):
    """Hits of both sides in one passage; with `apart` hits of the left side in a passage without the right one."""

    left: Node
    right: Node
    name: str  # SENT or PARA
    apart: bool = False

    @property
    def level(self) -> int:
        """How tightly it binds."""
        return nodes.PROXIMITY

    @property
    def children(self) -> tuple[Node, ...]:
        """Its parts."""
        return (self.left, self.right)

    def hits(self, tokens: Tokenized) -> Hits | None:
        """Those that share a passage, or do not. A hit stands where it begins."""
        left = self.left.hits(tokens)
        if not left:
            return None
        right = self.right.hits(tokens) or []
        ours, theirs = ({self._passage(hit, tokens) for hit in hits} for hits in (left, right))
        if self.apart:
            return [hit for hit in left if self._passage(hit, tokens) not in theirs] or None
        both = ours & theirs
        return sorted({hit for hit in (*left, *right) if self._passage(hit, tokens) in both}) or None

    def _passage(self, hit: Hit, tokens: Tokenized) -> int:
        return tokens.sentence(hit[0]) if self.name == "SENT" else tokens.paragraph(hit[0])

    def write(self, full: bool = False) -> str:
        """As rule text."""
        left = bracketed(self.left, nodes.AND, full)
        name = f"NOT {self.name}" if self.apart else self.name
        return f"{left} {name} {bracketed(self.right, nodes.PROXIMITY, full)}"

    def condition(self, wanted: bool) -> Condition:
        """Both sides, or the left one; the passages are checked by the index between terms."""
        if not wanted:
            return UNKNOWN
        sides = self.left.condition(True)
        if not self.apart:
            sides = every([sides, self.right.condition(True)])
        left, right = self.left.terms(), self.right.terms()
        if left is None or right is None:
            return inexact(sides)
        kind = ("not" if self.apart else "") + self.name.lower()
        return every([sides, Condition(checks=(Check(kind, 0, left, right),))])

    def detail(self, tokens: Tokenized, lang: str) -> str:
        """What is in the way, when both sides are there."""
        left, right = self.left.hits(tokens), self.right.hits(tokens)
        if not left or not right or self.hits(tokens) is not None:
            return ""
        first, second = (bracketed(child, nodes.PROXIMITY, False) for child in self.children)
        noun = _NOUNS[self.name]
        if self.apart:
            return f"every {noun} with {first} has {second} too"
        return f"{first} and {second} are there, but never in one {noun}"


def _together(left: Operand, right: Operand, call: Call) -> Node:
    return linked(left, right, call, lambda left, right: Together(left, right, call.name))


def _apart(left: Operand, right: Operand, call: Call) -> Node:
    refuse_not((left, right), call)
    refuse_and((left, right), call)
    return Together(left.node, right.node, call.name.split()[-1], apart=True)


def _in_same(sides: Sides, passage: str) -> Bools:
    return sides.some(sides.shared(passage))


def _alone_in(sides: Sides, passage: str) -> Bools:
    return sides.some(~sides.shared(passage))


CHECKS = (
    CheckKind(
        name="sent",
        holds=partial(_in_same, passage="sentence"),
        weaker={"sent": always, "para": always},
        either_way=True,
    ),
    CheckKind(name="para", holds=partial(_in_same, passage="paragraph"), weaker={"para": always}, either_way=True),
    CheckKind(
        name="notsent",
        holds=partial(_alone_in, passage="sentence"),
        weaker={"notsent": always},
        lacks_right=True,
    ),
    CheckKind(
        name="notpara",
        holds=partial(_alone_in, passage="paragraph"),
        weaker={"notpara": always, "notsent": always},
        lacks_right=True,
    ),
)
INFIX = (
    *(Infix(name=name, make=_together) for name in _NOUNS),
    *(Infix(name=f"NOT {name}", make=_apart) for name in _NOUNS),
)
