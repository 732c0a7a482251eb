"""Parts of the text.

`title:X`, `body:X` and `lead:X` look for X in the title, in the body, and in the title with the first two paragraphs;
`FIRST/n X` looks in the first n words of the body, n from 1 to 10000. X is a word, a phrase or a group, in which
everything has to stand there: `title:(troops NEAR/3 Ukraine)`.
"""

from dataclasses import dataclass

from rules import nodes
from rules.conditions import Condition, Term, in_zone, zoned
from rules.document import Document
from rules.grammar import Call, Number, Operand, Prefix
from rules.nodes import Node, bracketed
from rules.page import Hits, Page
from rules.zones import window

_NEWS = Document(id="1", title="Troops for Ukraine", body="Talks go on.\n\nNATO waits.\n\nThe weather is fine.")
EXAMPLES = (
    ("title:troops", _NEWS, True),
    ("title:talks", _NEWS, False),
    ("body:(talks AND NATO)", _NEWS, True),
    ("body:troops", _NEWS, False),
    ('lead:"NATO waits"', _NEWS, True),
    ("lead:weather", _NEWS, False),
    ("FIRST/3 talks", _NEWS, True),
    ("FIRST/3 NATO", _NEWS, False),
    ("troops NOT title:peace", _NEWS, True),
)
_NAMES = {"title": "the title", "body": "the body", "lead": "the title and the first two paragraphs"}


@dataclass(frozen=True, slots=True)
class Zone(Node):
    """Its part, in one part of the text and as if there were no other."""

    part: Node
    zone: str  # title, body, lead, or first/n

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
        return self.part.hits(page.within(*window(self.zone, page)))

    def true_of(self, page: Page) -> bool:
        """Whether the part is true of the zone."""
        return self.part.true_of(page.within(*window(self.zone, page)))

    def write(self, full: bool = False) -> str:
        """As rule text."""
        inside = bracketed(self.part, nodes.PREFIX, full)
        return f"{self.zone}:{inside}" if self.zone in _NAMES else f"{self.zone.upper()} {inside}"

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
        where = _NAMES.get(self.zone) or f"the first {self.zone.removeprefix('first/')} words of the body"
        return f"it is there, but not in {where}"


def _named(operand: Operand, call: Call) -> Node:
    return Zone(operand.node, call.name.strip().rstrip(":").lower())


def _first(operand: Operand, call: Call) -> Node:
    return Zone(operand.node, f"first/{call.number}")


PREFIX = (
    *(Prefix(name=f"{name}:", make=_named) for name in _NAMES),
    Prefix(name="FIRST", make=_first, number=Number(low=1, high=10_000)),
)
