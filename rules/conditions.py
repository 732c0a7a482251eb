"""What a document must have for a rule to be true of it, in the shape that an index can ask for.

A condition is an AND of groups, each an OR of literals ("has this term", "lacks it"), and of positional checks. It is
always necessary. `exact` says that it is sufficient as well; when it is not, what passes is tried on the tree.
`UNKNOWN`, which nothing fails, is therefore always correct, and what an operator says that the index has no shape for.
"""

from collections.abc import Iterable, Sequence
from itertools import product
from typing import NamedTuple

from rules.forms import FactForm, Feature, form

MOST_GROUPS = 24  # an OR of ANDs is written out to so many groups; beyond, the tree decides


class Term(NamedTuple):
    """Words in a row, or one fact of the document; `zones` are the parts of the text that it must stand in."""

    words: tuple[Feature, ...]
    zones: tuple[str, ...] = ()


class Literal(NamedTuple):
    """The document has the term, or lacks it."""

    term: Term
    present: bool = True


class Check(NamedTuple):
    """A check of positions: `kind` names one of rules/checks.py, a side is an OR of terms."""

    kind: str
    number: int
    left: tuple[Term, ...]
    right: tuple[Term, ...] = ()


Group = frozenset[Literal]


class Condition(NamedTuple):
    """All groups and all checks hold."""

    groups: tuple[Group, ...] = ()
    checks: tuple[Check, ...] = ()
    exact: bool = True


ALWAYS = Condition()
UNKNOWN = Condition(exact=False)
NEVER = Condition((frozenset(),))


def has(terms: Iterable[Term]) -> Condition:
    """One of the terms is there."""
    return Condition((frozenset(Literal(term) for term in terms),))


def lacks(terms: Iterable[Term]) -> Condition:
    """None of the terms is there."""
    return Condition(tuple(frozenset({Literal(term, False)}) for term in dict.fromkeys(terms)))


def inexact(condition: Condition) -> Condition:
    """The same as a necessary condition only."""
    return condition._replace(exact=False)


def every(conditions: Iterable[Condition]) -> Condition:
    """All of them."""
    groups: dict[Group, None] = {}
    checks: dict[Check, None] = {}
    exact = True
    for each in conditions:
        groups.update(dict.fromkeys(each.groups))
        checks.update(dict.fromkeys(each.checks))
        exact = exact and each.exact
    return Condition(tuple(groups), tuple(checks), exact)


def some(conditions: Iterable[Condition]) -> Condition:
    """One of them at least."""
    many = [each for each in conditions if each != NEVER]
    if not many:
        return NEVER
    if len(many) == 1:
        return many[0]
    exact = all(each.exact and not each.checks for each in many)
    if not all(each.groups for each in many):  # one of them asks for nothing that a group could say
        return ALWAYS if any(each == ALWAYS for each in many) else UNKNOWN
    size = 1
    for each in many:
        size *= len(each.groups)
        if size > MOST_GROUPS:
            return Condition((frozenset().union(*(_sharpest(each.groups) for each in many)),), exact=False)
    groups = dict.fromkeys(frozenset().union(*choice) for choice in product(*(each.groups for each in many)))
    return Condition(tuple(groups), exact=exact)


def _sharpest(groups: Sequence[Group]) -> Group:
    """The group that says most by the look of it: few literals, and those present."""
    return min(groups, key=lambda group: (any(not literal.present for literal in group), len(group)))


def zoned(condition: Condition, zone: str) -> Condition:
    """The same, asked of one part of the text: every term has to stand there."""
    groups = tuple(
        frozenset(literal._replace(term=in_zone(literal.term, zone)) for literal in group) for group in condition.groups
    )
    checks = tuple(
        check._replace(
            left=tuple(in_zone(term, zone) for term in check.left),
            right=tuple(in_zone(term, zone) for term in check.right),
        )
        for check in condition.checks
    )
    return Condition(groups, checks, condition.exact)


def in_zone(term: Term, zone: str) -> Term:
    """The term within the zone; a fact has no place, so it stays as it is."""
    if isinstance(form(term.words[0].form), FactForm):
        return term
    return term._replace(zones=tuple(sorted({*term.zones, zone})))
