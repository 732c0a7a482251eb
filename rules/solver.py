"""A small solver: can these clauses all hold? When that takes too long to tell, it says so and gives up."""

from collections import defaultdict
from collections.abc import Iterable


class Patience:
    """Steps that may still be spent; shared by everything that one question costs."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        """Raises OutOfPatience when nothing is left."""
        self.left -= steps
        if self.left < 0:
            raise OutOfPatienceError


class OutOfPatienceError(Exception):
    """The question costs more steps than it may."""


class Solver:
    """Clauses over the variables 1, 2, 3 ...; a literal is a variable or, negative, its opposite.

    Davis, Putnam, Logemann and Loveland's search with two watched literals a clause: a clause is looked at only when
    one of those two becomes false.
    """

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._watching: dict[int, list[list[int]]] = defaultdict(list)  # literal -> clauses that watch it
        self._true: set[int] = set()  # literals
        self._trail: list[int] = []  # the same in the order in which they came
        self._last = 0
        self._broken = False  # the clauses contradict each other, whatever is assumed

    def variable(self) -> int:
        """A new one."""
        self._last += 1
        return self._last

    def add(self, *literals: int) -> None:
        """One of the literals holds."""
        clause = list(dict.fromkeys(literals))
        if any(-literal in clause for literal in clause):
            return
        if len(clause) < 2:
            self._broken = self._broken or not clause or not self._follow(clause[0])
            return
        # What holds or is open is watched, so that a clause added late wakes up in time.
        clause.sort(key=lambda literal: -literal in self._true)
        for literal in clause[:2]:
            self._watching[literal].append(clause)
        if -clause[1] in self._true:
            self._broken = self._broken or not self._follow(clause[0])

    def can_hold(self, literals: Iterable[int]) -> bool:
        """Whether these can hold together with all clauses. Raises OutOfPatienceError."""
        mark = len(self._trail)
        try:
            return not self._broken and all(map(self._follow, literals)) and self._search()
        finally:
            self._undo(mark)

    def _search(self) -> bool:
        decided: list[tuple[int, int]] = []  # (length of the trail before it, variable)
        at = 1
        while True:
            while at in self._true or -at in self._true:
                at += 1
            self._patience.spend()
            if at > self._last:
                return True
            decided.append((len(self._trail), at))
            literal = -at
            while not self._follow(literal):
                if not decided:
                    return False
                mark, at = decided.pop()
                self._undo(mark)
                literal = at

    def _undo(self, mark: int) -> None:
        while len(self._trail) > mark:
            self._true.discard(self._trail.pop())

    def _follow(self, literal: int) -> bool:
        """Make it true, and all that follows from it clause by clause; False when that is a contradiction."""
        waiting = [literal]
        while waiting:
            literal = waiting.pop()
            if -literal in self._true:
                return False
            if literal in self._true:
                continue
            self._true.add(literal)
            self._trail.append(literal)
            waiting += self._woken(-literal)
        return True

    def _woken(self, gone: int) -> list[int]:
        """What must hold now that the literal `gone` does not: the last open ones of clauses that watched it."""
        watchers, kept, forced, looked = self._watching[gone], [], [], 0
        for clause in watchers:
            if clause[0] == gone:
                clause[0], clause[1] = clause[1], clause[0]
            place = 1 if clause[0] in self._true else self._open(clause)
            looked += 1 + len(clause) // 16
            if place > 1:
                clause[1], clause[place] = clause[place], clause[1]
                self._watching[clause[1]].append(clause)
                continue
            kept.append(clause)
            if clause[0] not in self._true:
                forced.append(clause[0])
        self._watching[gone] = kept
        self._patience.spend(looked)  # only now: an exception in the loop would leave clauses watched in vain
        return forced

    def _open(self, clause: list[int]) -> int:
        """A place beyond the watched two whose literal is not false; 0 when there is none."""
        return next((place for place in range(2, len(clause)) if -clause[place] not in self._true), 0)
