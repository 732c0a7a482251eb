"""Proximity.

`A NEAR/n B` matches when at most n words stand between A and B, in either order; `NEAR` alone is `NEAR/10`, and n goes
from 0 (side by side) to 100. A phrase counts as one unit, and nothing reaches from the title into the body. Either side
may be a group: `A NEAR/5 (B OR C)` takes either, `A NEAR/5 (B AND C)` needs each of them near A. In a chain,
`A NEAR/5 B NEAR/5 C`, C is near the stretch from A to the nearest B. One word cannot be both sides at once.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from rules import nodes
from rules.conditions import UNKNOWN, Check, Condition, every, inexact
from rules.errors import Fix, Refusal
from rules.grammar import Call, Infix, Number, Operand
from rules.nodes import MOST_TERMS, Node, bracketed, count_terms
from rules.operators.boolean import And, Not, Or
from rules.page import SEAM, Hit, Hits, Page

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
MOST_WORDS = 100
LONGEST_CHAIN = 20  # each link costs a pass over the document
assert MOST_WORDS < SEAM


@dataclass(frozen=True, slots=True)
class Near(Node):
    """A hit of `left` with at most `words` words between it and a hit of `right`."""

    left: Node
    right: Node
    words: int

    @property
    def level(self) -> int:
        """How tightly it binds."""
        return nodes.PROXIMITY

    @property
    def children(self) -> tuple[Node, ...]:
        """Its parts."""
        return (self.left, self.right)

    def hits(self, page: Page) -> Hits | None:
        """The pairs within reach, joined."""
        left = self.left.hits(page)
        right = self.right.hits(page) if left is not None else None
        return join(left, right, self.words) or None if left is not None and right is not None else None

    def write(self, full: bool = False) -> str:
        """As rule text."""
        left = bracketed(self.left, nodes.AND, full)  # a chain needs no parentheses on its left
        return f"{left} NEAR/{self.words} {bracketed(self.right, nodes.PROXIMITY, full)}"

    def condition(self, wanted: bool) -> Condition:
        """Both sides, and their nearness: checked by the index between terms, by the tree between anything else."""
        if not wanted:
            return UNKNOWN
        sides = every([self.left.condition(True), self.right.condition(True)])
        left, right = self.left.terms(), self.right.terms()
        if left is None or right is None:
            return inexact(sides)
        return every([sides, Condition(checks=(Check("near", self.words, left, right),))])

    def detail(self, page: Page, lang: str) -> str:
        """How far away the nearest pair is."""
        left, right = self.left.hits(page), self.right.hits(page)
        if not left or not right:
            return ""
        if join(left, right, self.words):
            return ""
        one, other = (bracketed(child, nodes.PROXIMITY, False) for child in self.children)
        gap = _least_gap(left, right, page)
        if gap is not None:
            return f"{other} is {gap} word{'s' * (gap != 1)} away, the rule allows {self.words}"
        if nearest(left, right) is None:
            return f"only one place is both {one} and {other}, and it counts once"
        return f"{one} and {other} are not in the same field: one is in the title, the other in the body"


def _least_gap(left: Hits, right: Hits, page: Page) -> int | None:
    """The least number of words between the sides within one field."""
    gaps = []
    for name in ("title", "body"):
        ours, theirs = ([hit for hit in hits if page.field(hit[0]) == name] for hits in (left, right))
        gap = nearest(ours, theirs)
        gaps += [] if gap is None else [gap]
    return min(gaps, default=None)


def join(left: Hits, right: Hits, most: int) -> Hits:
    """Each hit of one side joined with the nearest of the other, if at most `most` words stand between; sorted."""
    left, right = _leanest(left), _leanest(right)
    joined = {_joined(a, b) for a, b in _pairs(left, right, most)}
    joined.update(_joined(a, b) for a, b in _pairs(right, left, most))
    return sorted(joined)


def nearest(left: Hits, right: Hits) -> int | None:
    """The least number of words between a hit of one side and one of the other; None when they only overlap."""
    gaps = [max(0, max(a[0], b[0]) - min(a[1], b[1]) - 1) for a, b in _pairs(left, right, None)]
    return min(gaps, default=None)


def _pairs(ones: Hits, others: Hits, most: int | None) -> Iterator[tuple[Hit, Hit]]:
    """Each of `ones` with its nearest neighbours among `others`: before it, after it, and between its parts."""
    reach = 1 << 60 if most is None else most
    by_end = sorted(others, key=lambda hit: (hit[1], hit[0]))
    starts, ends = [hit[0] for hit in others], [hit[1] for hit in by_end]
    for one in ones:
        first, last, parts = one
        after = bisect_right(starts, last)
        if after < len(starts) and starts[after] - last - 1 <= reach:
            yield one, others[after]
        before = bisect_left(ends, first) - 1
        if before >= 0 and first - ends[before] - 1 <= reach:
            yield one, by_end[before]
        for between in range(bisect_right(starts, first), after) if parts else ():
            if _apart(one, others[between]):
                yield one, others[between]
                break


def _apart(one: Hit, other: Hit) -> bool:
    """Whether two hits share no word."""
    return not any(a[0] <= b[1] and b[0] <= a[1] for a in _parts(one) for b in _parts(other))


def _parts(hit: Hit) -> tuple[tuple[int, int], ...]:
    return hit[2] or ((hit[0], hit[1]),)


def _joined(one: Hit, other: Hit) -> Hit:
    if one > other:
        one, other = other, one
    if not one[2] and not other[2]:  # nearly always
        return one[0], other[1], (one[:2], other[:2])
    parts = tuple(sorted({*_parts(one), *_parts(other)}))
    return one[0], max(one[1], other[1]), parts


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


# ------------------------------------------------------------------------------------------------------------- reading


def _near(left: Operand, right: Operand, call: Call) -> Node:
    for side in (left, right):
        if _has(side.node, Not):
            raise _not_inside(side, call)
    spreads = _has(left.node, And) or _has(right.node, And)
    node = None
    if not spreads or count_terms(left.node) * count_terms(right.node) <= MOST_TERMS:
        node = _spread(left.node, right.node, call.number)
    if node is None or count_terms(node) > MOST_TERMS:
        raise Refusal(f"written out, these groups make more than {MOST_TERMS:,} terms", left.start, right.end)
    if _links(node) > LONGEST_CHAIN:
        raise Refusal(f"a chain can have {LONGEST_CHAIN} NEARs at most", call.start, call.end, cures=_as_and(call))
    return node


def _spread(left: Node, right: Node, words: int) -> Node:
    """Near, with the ANDs inside its groups moved outside: each part of an AND has to be near by itself."""
    if _has(left, And):
        assert isinstance(left, And | Or)
        return _rebuilt(left, [_spread(part, right, words) for part in left.parts])
    if _has(right, And):
        assert isinstance(right, And | Or)
        return _rebuilt(right, [_spread(left, part, words) for part in right.parts])
    return Near(left, right, words)


def _rebuilt(group: And | Or, parts: list[Node]) -> Node:
    kind = type(group)
    flat = [each for part in parts for each in (part.parts if isinstance(part, kind) else (part,))]
    return kind(tuple(flat))


def _has(node: Node, kind: type[And] | type[Not]) -> bool:
    """Whether the group has a `kind` in it; other operators inside keep to themselves."""
    return isinstance(node, kind) or (isinstance(node, And | Or) and any(_has(part, kind) for part in node.parts))


def _links(node: Node) -> int:
    return isinstance(node, Near) + max(map(_links, node.children), default=0)


def _not_inside(side: Operand, call: Call) -> Refusal:
    if isinstance(side.node, Not):
        message = "what is absent is near nothing, and NOT binds more tightly than NEAR"
    else:
        message = "NOT cannot stand inside a group that NEAR measures; put it outside"
    expected = ("a word", '"a phrase"', "a group without NOT")
    return Refusal(message, side.start, side.end, expected=expected, cures=_as_and(call))


def _as_and(call: Call) -> tuple[tuple[Fix, ...], ...]:
    return ((Fix(call.start, call.end, "AND"),),)


INFIX = (Infix(name="NEAR", make=_near, number=Number(low=0, high=MOST_WORDS, default=10)),)
