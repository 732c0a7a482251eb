"""What a rule says, as logic: whether it can be true of any document, and whether one rule follows from another.

Every claim is sound and none is complete: words and checks of positions are yes-or-no questions of which only the
implications of rules/implications.py are known, and a question that costs too many steps has no answer.
"""

from collections.abc import Iterable
from itertools import combinations
from math import comb

from rules.conditions import Condition, Literal
from rules.implications import Atom, implications
from rules.lists import Named
from rules.nodes import Node
from rules.operators.boolean import And, Not, Or
from rules.operators.some_of import SomeOf
from rules.solver import OutOfPatienceError, Patience, Solver

STEPS = 20_000  # about 15 ms
_MOST_CHOICES = 70  # ways to leave out parts of a `min:n of`; of more, only what its condition says is known


class Logic:
    """Rules' parts as literals of one solver. Equal parts are one literal, in whichever rule they stand."""

    def __init__(self, steps: int = STEPS) -> None:
        self.patience = Patience(steps)
        self._solver = Solver(self.patience)
        self._known: dict[Node, int] = {}
        self._atoms: dict[Atom, int] = {}
        self._linked: int = 0  # atoms whose implications the solver has

    def literal(self, node: Node) -> int:
        """The literal that is true exactly of the documents of which the part is."""
        literal = self._known.get(node)
        if literal is None:
            literal = self._known[node] = self._read(node)
        return literal

    def _read(self, node: Node) -> int:
        if isinstance(node, And):
            return self._all([self.literal(part) for part in node.parts])
        if isinstance(node, Or):
            return -self._all([-self.literal(part) for part in node.parts])
        if isinstance(node, Not):
            return -self.literal(node.part)
        if isinstance(node, Named):
            return self.literal(node.node)
        if isinstance(node, SomeOf) and comb(len(node.parts), node.number - 1) <= _MOST_CHOICES:
            return self._some_of([self.literal(part) for part in node.parts], node.number)
        needed = node.condition(True)
        if needed.exact:
            return self._all(self._literals(needed))
        own = self._atom(node)
        for each in self._literals(needed):
            self._solver.add(-own, each)
        for each in self._literals(node.condition(False)):
            self._solver.add(own, each)
        return own

    def _some_of(self, parts: list[int], number: int) -> int:
        """At least `number` of the parts: of so many that too few would be left without them, one holds."""
        choices = combinations(parts, len(parts) - number + 1)
        return self._all([-self._all([-part for part in choice]) for choice in choices])

    def _literals(self, condition: Condition) -> list[int]:
        """Its groups and checks: all of them hold."""
        groups = [-self._all([-self._signed(literal) for literal in group]) for group in condition.groups]
        return groups + [self._atom(check) for check in condition.checks]

    def _signed(self, literal: Literal) -> int:
        atom = self._atom(literal.term)
        return atom if literal.present else -atom

    def _atom(self, atom: Atom) -> int:
        variable = self._atoms.get(atom)
        if variable is None:
            variable = self._atoms[atom] = self._solver.variable()
        return variable

    def _all(self, literals: Iterable[int]) -> int:
        """A literal that says that all of them hold."""
        many = list(dict.fromkeys(literals))
        if len(many) == 1:
            return many[0]
        own = self._solver.variable()
        for literal in many:
            self._solver.add(-own, literal)
        self._solver.add(own, *(-literal for literal in many))
        return own

    def impossible(self, *literals: int) -> bool:
        """Whether it is certain that no document makes all of them true."""
        try:
            self._link()
            return not self._solver.can_hold(literals)
        except OutOfPatienceError:
            return False

    def _link(self) -> None:
        if self._linked == len(self._atoms):
            return
        self._linked = len(self._atoms)
        for clause in implications(list(self._atoms), self.patience):
            self._solver.add(*(self._atoms[atom] if holds else -self._atoms[atom] for atom, holds in clause))


def never(node: Node) -> bool:
    """Whether it is certain that no document makes it true."""
    logic = Logic()
    return logic.impossible(logic.literal(node))


def always(node: Node) -> bool:
    """Whether it is certain that every document makes it true."""
    logic = Logic()
    return logic.impossible(-logic.literal(node))


def follows(node: Node, other: Node) -> bool:
    """Whether it is certain that `other` is true of every document of which `node` is."""
    logic = Logic()
    return logic.impossible(logic.literal(node), -logic.literal(other))
