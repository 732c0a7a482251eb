"""What operators share that look in one part of the text."""

from dataclasses import dataclass

from rules import nodes
from rules.conditions import Condition, Term, in_zone, zoned
from rules.grammar import Call, Operand, Prefix
from rules.nodes import Node, bracketed
from rules.page import Hits, Page
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

    def hits(self, page: Page) -> Hits | None:
        """Those of the part within the zone."""
        return self.part.hits(self._inside(page))

    def true_of(self, page: Page) -> bool:
        """Whether the part is true of the zone."""
        return self.part.true_of(self._inside(page))

    def _inside(self, page: Page) -> Page:
        return page.within(*window(self.zone, layout_of(page)))

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

    def detail(self, page: Page, lang: str) -> str:
        """Of a miss, whether it is elsewhere in the text."""
        if self.hits(page) is not None or not self.part.hits(page):
            return ""
        return f"it is there, but not in {noun(self.zone)}"


def prefix(zone: Zone) -> Prefix:
    """The operator that looks in the zone: `name:X`, or `NAME/n X` when it takes a number."""

    def make(operand: Operand, call: Call) -> Node:
        return Zoned(operand.node, f"{zone.name}/{call.number}" if zone.number else zone.name)

    return Prefix(name=zone.name.upper() if zone.number else f"{zone.name}:", make=make, number=zone.number)
