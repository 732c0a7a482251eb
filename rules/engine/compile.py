"""A rule's condition as feature numbers: what the arrays of a segment hold of it."""

from collections.abc import Iterable
from typing import NamedTuple

from rules.conditions import Condition, Group, Term
from rules.engine.features import Features

Signed = int  # feature * 2, and 1 more for "lacks it"


class Test(NamedTuple):
    """A positional check: each side is an OR of features."""

    kind: str
    number: int
    left: tuple[int, ...]
    right: tuple[int, ...]


class Compiled(NamedTuple):
    """What must hold: one of `anchor` is there (None: tried on every document), all `groups`, all `tests`.

    `tree` says that what passes all this is still to be tried on the rule's tree.
    """

    anchor: tuple[int, ...] | None
    groups: tuple[tuple[Signed, ...], ...]
    tests: tuple[Test, ...]
    tree: bool


NEVER = Compiled((), (), (), False)  # listed nowhere


def compile_condition(condition: Condition, features: Features) -> Compiled:
    """Anchor: the group that fewest documents have. The other groups follow, the most selective first."""
    if not all(condition.groups):
        return NEVER
    cost = features.cost
    groups: list[tuple[float, bool, tuple[Signed, ...]]] = []
    for group in condition.groups:
        signed = _signed(group, features)
        rough = sum(1.0 if each & 1 else cost[each >> 1] for each in signed)
        groups.append((rough, any(each & 1 for each in signed), signed))
    groups.sort(key=lambda each: each[:2])
    anchored = next((place for place, each in enumerate(groups) if not each[1]), None)
    anchor = None
    if anchored is not None:
        anchor = tuple(each >> 1 for each in groups.pop(anchored)[2])
    tests = tuple(
        Test(check.kind, check.number, _numbers(check.left, features), _numbers(check.right, features))
        for check in condition.checks
    )
    return Compiled(anchor, tuple(signed for _, _, signed in groups), tests, not condition.exact)


def _signed(group: Group, features: Features) -> tuple[Signed, ...]:
    return tuple(sorted({features.term(literal.term) * 2 + (not literal.present) for literal in group}))


def _numbers(terms: Iterable[Term], features: Features) -> tuple[int, ...]:
    return tuple(sorted({features.term(term) for term in terms}))
