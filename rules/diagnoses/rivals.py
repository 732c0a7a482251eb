"""Against the other rules of the chat: the same rule again, or one whose alerts are all another's as well."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, overload

from rules.diagnoses.chart import Chart, leaves
from rules.diagnoses.finding import Finding
from rules.forms import FactForm, form
from rules.logic import STEPS, Logic, always, never
from rules.nodes import Node
from rules.operators.boolean import And
from rules.rule import Rule
from rules.solver import Patience

_MOST_SHOWN = 3
_MOST_COMPARED = 100
_BEGINNING = 3  # letters that inflected forms of a word, and what a wildcard accepts, have in common


class _Rival(NamedTuple):
    name: str
    rule: Rule
    parts: tuple[frozenset[str], ...]  # what each part of the AND at its root is about
    about: frozenset[str]


class Rivals(Sequence[tuple[str, Rule]]):
    """Named rules, prepared once to be compared with many."""

    def __init__(self, rules: Iterable[tuple[str, Rule]]) -> None:
        self.ready = [rule if isinstance(rule, _Rival) else _prepared(*rule) for rule in rules]

    def __len__(self) -> int:
        return len(self.ready)

    @overload
    def __getitem__(self, at: int) -> tuple[str, Rule]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[tuple[str, Rule]]: ...
    def __getitem__(self, at: int | slice) -> tuple[str, Rule] | Sequence[tuple[str, Rule]]:
        """(name, rule)."""
        if isinstance(at, slice):
            return [each[:2] for each in self.ready[at]]
        return self.ready[at][:2]

    def but(self, name: str) -> "Rivals":
        """All but the one of that name."""
        rest = Rivals(())
        rest.ready = [each for each in self.ready if each.name != name]
        return rest


def _prepared(name: str, rule: Rule) -> _Rival:
    parts = rule.node.parts if isinstance(rule.node, And) else (rule.node,)
    each = tuple(_about(part) for part in parts)
    return _Rival(name, rule, each, frozenset().union(*each))


def _about(node: Node) -> frozenset[str]:
    """How the words begin that the part asks for: parts that share none have nothing to do with each other."""
    beginnings: set[str] = set()
    for leaf in leaves(node):
        terms = leaf.terms() or [literal.term for group in leaf.condition(True).groups for literal in group]
        features = [feature for term in terms for feature in term.words]
        facts = {each.form for each in features if isinstance(form(each.form), FactForm)}
        beginnings.update(each.form if each.form in facts else each.key[:_BEGINNING] for each in features)
        if not features:
            beginnings.add(type(leaf).__name__)
    return frozenset(beginnings)


def rivals(chart: Chart, others: Sequence[tuple[str, Rule]]) -> list[Finding]:
    """What the other rules make needless, and what this rule makes of them; the first few."""
    ready = others if isinstance(others, Rivals) else Rivals(others)
    own = _prepared("", chart.rule)
    if not ready or never(own.rule.node) or always(own.rule.node):
        return []
    findings = []
    for finding in _compared(chart, own, ready):
        findings.append(finding)
        if len(findings) == _MOST_SHOWN:
            break
    return findings


def _compared(chart: Chart, own: _Rival, others: Rivals) -> Iterator[Finding]:
    patience = Patience(STEPS)
    related = [each for each in others.ready if _may_follow(own, each) or _may_follow(each, own)]
    for other in related[:_MOST_COMPARED]:
        if patience.left <= 0:
            return
        logic = Logic(min(STEPS, patience.left))
        before = logic.patience.left
        this, that = logic.literal(own.rule.node), logic.literal(other.rule.node)
        covered = logic.impossible(this, -that) and not logic.impossible(-that)
        covers = logic.impossible(that, -this) and not logic.impossible(that)
        patience.left -= before - logic.patience.left
        if covered and covers:
            yield chart.finding("subsumed", "warning", f"This is the same as rule {other.name}.")
        elif covered:
            yield chart.finding("subsumed", "hint", f"Every alert of this rule is an alert of rule {other.name} too.")
        elif covers:
            yield chart.finding("subsumes", "hint", f"Every alert of rule {other.name} is an alert of this rule too.")


def _may_follow(rival: _Rival, other: _Rival) -> bool:
    """Whether `other` could follow from `one`: each part of it is about something that `one` is about."""
    return all(part & rival.about for part in other.parts)
