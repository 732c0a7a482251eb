"""What operators share that look in one part of the text."""

from dataclasses import dataclass

from rules import nodes
from rules.conditions import Condition, Term, in_zone, zoned
from rules.grammar import Call, Operand, Prefix
from rules.nodes import Node, bracketed
from rules.tokenized import Hits, Tokenized
from rules.zones import Zone, layout_of, noun, window, zone_and_number


@dataclass(frozen=True, slots=True)
class Zoned(Node):
    """Its part, in one part of the text and as if there were no other."""

    part: Node
    zone: str  # title, first/20: a name of rules/zones.py, with its number

    @property
    def level(self) -> int:
        """How tightly it binds."""
        return nodes.PREFIX

    @property
    def children(self) -> tuple[Node, ...]:
        """Its part."""
        return (self.part,)

    def hits(self, tokens: Tokenized) -> Hits | None:
        """Those of the part within the zone."""
        return self.part.hits(self._inside(tokens))

    def true_of(self, tokens: Tokenized) -> bool:
        """Whether the part is true of the zone."""
        return self.part.true_of(self._inside(tokens))

    def _inside(self, tokens: Tokenized) -> Tokenized:
        return tokens.within(*window(self.zone, layout_of(tokens)))

    def write(self, full: bool = False) -> str:
        """As rule text."""
        inside = bracketed(self.part, nodes.PREFIX, full)
        zone, _ = zone_and_number(self.zone)
        return f"{self.zone.upper()} {inside}" if zone.number else f"{self.zone}:{inside}"

    def condition(self, wanted: bool) -> Condition:
        """That of the part, within the zone."""
        return zoned(self.part.condition(wanted), self.zone)

    def terms(self) -> tuple[Term, ...] | None:
        """Those of the part, within the zone."""
        terms = self.part.terms()
        return None if terms is None else tuple(in_zone(term, self.zone) for term in terms)

    def detail(self, tokens: Tokenized, lang: str) -> str:
        """Of a miss, whether it is elsewhere in the text."""
        if self.hits(tokens) is not None or not self.part.hits(tokens):
            return ""
        return f"it is there, but not in {noun(self.zone)}"


def prefix(zone: Zone) -> Prefix:
    """The operator that looks in the zone: `name:X`, or `NAME/n X` when it takes a number."""

    def make(operand: Operand, call: Call) -> Node:
        return Zoned(operand.node, f"{zone.name}/{call.number}" if zone.number else zone.name)

    return Prefix(name=zone.name.upper() if zone.number else f"{zone.name}:", make=make, number=zone.number)
