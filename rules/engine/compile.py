"""A rule's condition as feature numbers: what the arrays of a segment hold of it."""

from collections.abc import Iterable
from typing import NamedTuple

from rules.checks import check_kinds
from rules.conditions import Condition, Group, Term
from rules.engine.features import Features

Signed = int  # feature * 2, and 1 more for "lacks it"


class CompiledCheck(NamedTuple):
    """A check of positions, each side an OR of features."""

    kind: str
    number: int
    left: tuple[int, ...]
    right: tuple[int, ...]


class Compiled(NamedTuple):
    """What must hold: one of `anchor` is there (None: tried on every document), all `groups`, all `checks`.

    `tree` says that what passes all this is still to be tried on the rule's tree.
    """

    anchor: tuple[int, ...] | None
    groups: tuple[tuple[Signed, ...], ...]
    checks: tuple[CompiledCheck, ...]
    tree: bool


_LACKING = 1e6
NEVER = Compiled((), (), (), False)  # listed nowhere


def compile_condition(condition: Condition, features: Features) -> Compiled:
    """Anchor: the group that fewest documents have. The other groups follow, the most selective first."""
    if not all(condition.groups):
        return NEVER
    if len(condition.groups) == 1 and not condition.checks:  # half of all rules
        signed = _signed(condition.groups[0], features)
        if not any(each & 1 for each in signed):
            return Compiled(tuple([each >> 1 for each in signed]), (), (), not condition.exact)
    signed_groups = [_signed(group, features) for group in condition.groups]
    groups = sorted((_rough(signed, features), signed) for signed in signed_groups)
    anchored = next((place for place, (rough, _) in enumerate(groups) if rough < _LACKING), None)
    anchor = None
    if anchored is not None:
        anchor = tuple([each >> 1 for each in groups.pop(anchored)[1]])
    kinds = check_kinds()
    known = [check for check in condition.checks if check.kind in kinds]
    checks = tuple(
        CompiledCheck(check.kind, check.number, _numbers(check.left, features), _numbers(check.right, features))
        for check in known
    )
    tree = not condition.exact or len(known) < len(condition.checks)
    return Compiled(anchor, tuple([signed for _, signed in groups]), checks, tree)


def _rough(signed: tuple[Signed, ...], features: Features) -> float:
    """What share of documents has it; of a group that lacks something, more than that of any other."""
    cost, share = features.cost, 0.0
    for each in signed:
        share += _LACKING if each & 1 else cost[each >> 1]
    return share


def _signed(group: Group, features: Features) -> tuple[Signed, ...]:
    signed = [features.term(literal.term) * 2 + (not literal.present) for literal in group]
    return tuple(signed) if len(signed) == 1 else tuple(sorted(set(signed)))


def _numbers(terms: Iterable[Term], features: Features) -> tuple[int, ...]:
    return tuple(sorted({features.term(term) for term in terms}))
