"""What operators share that measure how near hits are to one another."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from rules.conditions import UNKNOWN, Check, Condition, every, inexact
from rules.errors import Fix, Refusal
from rules.grammar import Call, Operand
from rules.nodes import AND, MOST_TERMS, PROXIMITY, Node, bracketed, count_terms
from rules.operators.boolean import And, Not, Or
from rules.tokenized import SEAM, Hit, Hits, Tokenized

MOST_WORDS = 100
LONGEST_CHAIN = 20  # each link costs a pass over the document
assert MOST_WORDS < SEAM

Link = Callable[[Node, Node], Node]


@dataclass(frozen=True, slots=True)
class Linked(Node):
    """Two sides and at most so many words between them: what NEAR, PRE and NOT NEAR have in common."""

    left: Node
    right: Node
    words: int

    name: ClassVar[str] = ""
    check: ClassVar[str] = ""  # what the index calls it

    @property
    def level(self) -> int:
        """How tightly it binds."""
        return PROXIMITY

    @property
    def children(self) -> tuple[Node, ...]:
        """Its parts."""
        return (self.left, self.right)

    def write(self, full: bool = False) -> str:
        """As rule text."""
        left = bracketed(self.left, AND, full)  # a chain needs no parentheses on its left
        return f"{left} {self.name}/{self.words} {bracketed(self.right, PROXIMITY, full)}"

    def condition(self, wanted: bool) -> Condition:
        """What has to be there, and where: checked by the index between terms, by the tree between anything else."""
        if not wanted:
            return UNKNOWN
        present = self._present()
        left, right = self.left.terms(), self.right.terms()
        if left is None or right is None:
            return inexact(present)
        return every([present, Condition(checks=(Check(self.check, self.words, left, right),))])

    def _present(self) -> Condition:
        return every([self.left.condition(True), self.right.condition(True)])


def join(left: Hits, right: Hits, most: int) -> Hits:
    """Each hit of one side joined with the nearest of the other, if at most `most` words stand between; sorted."""
    left, right = _leanest(left), _leanest(right)
    joined = {_joined(a, b) for a, b in pairs(left, right, most)}
    joined.update(_joined(a, b) for a, b in pairs(right, left, most))
    return sorted(joined)


def join_in_order(left: Hits, right: Hits, most: int) -> Hits:
    """The same where the hit of `left` ends before that of `right` begins."""
    left, right = _leanest(left), _leanest(right)
    joined = {_joined(a, b) for a, b in pairs(left, right, most) if a[1] < b[0]}
    joined.update(_joined(a, b) for b, a in pairs(right, left, most) if a[1] < b[0])
    return sorted(joined)


def nearest(left: Hits, right: Hits) -> int | None:
    """The least number of words between a hit of one side and one of the other; None when they only overlap."""
    gaps = [max(0, max(a[0], b[0]) - min(a[1], b[1]) - 1) for a, b in pairs(left, right, None)]
    return min(gaps, default=None)


def pairs(hits: Hits, others: Hits, most: int | None) -> Iterator[tuple[Hit, Hit]]:
    """Each of `ones` with its nearest neighbours among `others`: before it, after it, and between its parts."""
    reach = 1 << 60 if most is None else most
    by_end = sorted(others, key=lambda hit: (hit[1], hit[0]))
    starts, ends = [hit[0] for hit in others], [hit[1] for hit in by_end]
    for hit in hits:
        first, last, parts = hit
        after = bisect_right(starts, last)
        if after < len(starts) and starts[after] - last - 1 <= reach:
            yield hit, others[after]
        before = bisect_left(ends, first) - 1
        if before >= 0 and first - ends[before] - 1 <= reach:
            yield hit, by_end[before]
        for between in range(bisect_right(starts, first), after) if parts else ():
            if _apart(hit, others[between]):
                yield hit, others[between]
                break


def _apart(hit: Hit, other: Hit) -> bool:
    """Whether two hits share no word."""
    return not any(a[0] <= b[1] and b[0] <= a[1] for a in _parts(hit) for b in _parts(other))


def _parts(hit: Hit) -> tuple[tuple[int, int], ...]:
    return hit[2] or ((hit[0], hit[1]),)


def _joined(hit: Hit, other: Hit) -> Hit:
    if hit > other:
        hit, other = other, hit
    if not hit[2] and not other[2]:  # nearly always
        return hit[0], other[1], (hit[:2], other[:2])
    parts = tuple(sorted({*_parts(hit), *_parts(other)}))
    return hit[0], max(hit[1], other[1]), parts


def _leanest(hits: Hits) -> Hits:
    """Of joined stretches with one start, and of those with one end, the shortest: enough, and linear in the text."""
    if not any(hit[2] for hit in hits):
        return hits
    by_start: dict[int, Hit] = {}
    by_end: dict[int, Hit] = {}
    for hit in hits:
        if hit[0] not in by_start or hit[1] < by_start[hit[0]][1]:
            by_start[hit[0]] = hit
        if hit[1] not in by_end or hit[0] > by_end[hit[1]][0]:
            by_end[hit[1]] = hit
    return sorted({*by_start.values(), *by_end.values()})


def least_gap(left: Hits, right: Hits, tokens: Tokenized) -> int | None:
    """The least number of words between the sides within one field."""
    gaps = []
    for name in ("title", "body"):
        ours, theirs = ([hit for hit in hits if tokens.field(hit[0]) == name] for hits in (left, right))
        gap = nearest(ours, theirs)
        gaps += [] if gap is None else [gap]
    return min(gaps, default=None)


def linked(left: Operand, right: Operand, call: Call, link: Link) -> Node:
    """The sides linked, the ANDs inside their groups moved outside: each part of an AND has to be near by itself.

    Raises Refusal for NOT inside, and for what would become too large.
    """
    refuse_not((left, right), call)
    spreads = _has(left.node, And) or _has(right.node, And)
    node = None
    if not spreads or count_terms(left.node) * count_terms(right.node) <= MOST_TERMS:
        node = _spread(left.node, right.node, link)
    if node is None or count_terms(node) > MOST_TERMS:
        raise Refusal(f"written out, these groups make more than {MOST_TERMS:,} terms", left.start, right.end)
    if _links(node) > LONGEST_CHAIN:
        message = f"a chain can have {LONGEST_CHAIN} {_bare(call)}s at most"
        raise Refusal(message, call.start, call.end, cures=as_and(call))
    return node


def refuse_not(sides: tuple[Operand, ...], call: Call) -> None:
    """Raises Refusal when a side has NOT in it: what is absent is near nothing."""
    for side in sides:
        if _has(side.node, Not):
            raise _not_inside(side, call)


def refuse_and(sides: tuple[Operand, ...], call: Call) -> None:
    """Raises Refusal when a side has AND in it, of which it could not be said what is absent."""
    for side in sides:
        if _has(side.node, And):
            message = f"{call.name} takes words, phrases and ORs of them; AND cannot stand inside"
            raise Refusal(message, side.start, side.end, cures=((Fix(call.start, call.end, "AND NOT"),),))


def _spread(left: Node, right: Node, link: Link) -> Node:
    if _has(left, And):
        assert isinstance(left, And | Or)
        return _rebuilt(left, [_spread(part, right, link) for part in left.parts])
    if _has(right, And):
        assert isinstance(right, And | Or)
        return _rebuilt(right, [_spread(left, part, link) for part in right.parts])
    return link(left, right)


def _rebuilt(group: And | Or, parts: list[Node]) -> Node:
    kind = type(group)
    flat = [each for part in parts for each in (part.parts if isinstance(part, kind) else (part,))]
    return kind(tuple(flat))


def _has(node: Node, kind: type[And] | type[Not]) -> bool:
    """Whether the group has a `kind` in it; other operators inside keep to themselves."""
    return isinstance(node, kind) or (isinstance(node, And | Or) and any(_has(part, kind) for part in node.parts))


def _links(node: Node) -> int:
    return (node.level == PROXIMITY) + max(map(_links, node.children), default=0)


def _not_inside(side: Operand, call: Call) -> Refusal:
    if isinstance(side.node, Not):
        message = f"what is absent is near nothing, and NOT binds more tightly than {_bare(call)}"
    else:
        message = f"NOT cannot stand inside a group that {_bare(call)} measures; put it outside"
    expected = ("a word", '"a phrase"', "a group without NOT")
    return Refusal(message, side.start, side.end, expected=expected, cures=as_and(call))


def _bare(call: Call) -> str:
    return call.name.partition("/")[0]


def as_and(call: Call) -> tuple[tuple[Fix, ...], ...]:
    """The cure that says AND instead."""
    return ((Fix(call.start, call.end, "AND"),),)
