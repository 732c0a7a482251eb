"""The short form of the harness: a few deaths of the real process. The sizes of the table: `.ci/run faults`."""

import pytest

from tests.faults import kills
from tests.faults.launcher import IN_BACKUPS, IN_MIGRATIONS, POINTS, owner_of


def test_killed_anywhere_it_loses_nothing() -> None:
    assert kills.killed(3).faults == []


@pytest.mark.parametrize("name", [*POINTS, *IN_MIGRATIONS, *IN_BACKUPS])
def test_a_crash_point_is_where_the_product_is(name: str) -> None:
    owner, attribute = owner_of({**POINTS, **IN_MIGRATIONS, **IN_BACKUPS}[name])
    assert callable(getattr(owner, attribute))
