"""The solver agrees with trying everything, and keeps to its steps."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.solver import OutOfPatienceError, Patience, Solver

VARIABLES = 5
literals = st.integers(1, VARIABLES).flatmap(lambda number: st.sampled_from([number, -number]))


def made(clauses: list[list[int]], steps: int = 100_000) -> Solver:
    solver = Solver(Patience(steps))
    for _ in range(VARIABLES):
        solver.variable()
    for clause in clauses:
        solver.add(*clause)
    return solver


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(literals, max_size=4), max_size=14), st.lists(st.lists(literals, max_size=3), max_size=4))
def test_it_agrees_with_trying_everything(clauses: list[list[int]], questions: list[list[int]]) -> None:
    solver = made(clauses)
    worlds = [dict(enumerate(each, 1)) for each in product((False, True), repeat=VARIABLES)]
    for assumed in questions:
        wanted = any(
            all(any(world[abs(literal)] == (literal > 0) for literal in clause) for clause in clauses)
            and all(world[abs(literal)] == (literal > 0) for literal in assumed)
            for world in worlds
        )
        assert solver.can_hold(assumed) == wanted


def test_it_gives_up_and_can_be_asked_again() -> None:
    """Ten pigeons in nine holes: hard for this kind of search."""
    patience = Patience(2_000)
    solver = Solver(patience)
    holes = [[solver.variable() for _ in range(9)] for _ in range(10)]
    for pigeon in holes:
        solver.add(*pigeon)
    for hole in range(9):
        for first in range(10):
            for second in range(first):
                solver.add(-holes[first][hole], -holes[second][hole])
    with pytest.raises(OutOfPatienceError):
        solver.can_hold([])
    patience.left = 2_000
    assert not solver.can_hold([holes[0][0], holes[1][0]])
