"""How long the archive is kept, also by a clock that is wrong."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.archive.keeping import LONGEST_GAP, forget_before
from tests.fakes import NOON, document
from tests.house import House, open_store

DAY = timedelta(days=1)
QUARTER = 90 * DAY  # the retention of a house


@pytest.fixture(params=["memory", "sqlite"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """With a document of each of the last hundred days."""
    made = House(open_store(request.param, tmp_path))
    for number in range(100):
        seen(made, 99 - number)
    yield made
    made.store.close()


def seen(house: House, days_ago: int) -> None:
    at = house.clock() - days_ago * DAY
    house.store.add_document(document(at.toordinal()), feed_id="f", story_id="s", seen_at=at)


async def kept(house: House) -> int:
    await house.pipeline.tidy()
    return house.store.count_documents()


async def test_what_is_older_than_the_retention_is_forgotten(house: House) -> None:
    assert await kept(house) == 91, "of the day itself, and of ninety before"


async def test_a_clock_that_is_ahead_costs_a_week_once_however_often_it_is_asked(house: House) -> None:
    await kept(house)
    for ahead in (30, 365, 20_000):
        house.clock.set_by(days=ahead)
        assert [await kept(house) for _ in range(3)] == [91 - LONGEST_GAP.days] * 3
        house.clock.set_by(days=-ahead)
    house.clock.set_by(days=365)
    seen(house, 0)  # and sources are read
    assert await kept(house) == 91 - LONGEST_GAP.days + 1


async def test_a_clock_that_stays_ahead_is_believed_as_days_pass(house: House) -> None:
    house.clock.set_by(days=365)
    for _ in range(84):
        seen(house, 0)
        house.clock.forward(days=1)
    assert await kept(house) == 84
    assert min(house.store.days_seen()) > NOON + 300 * DAY


async def test_what_was_seen_by_a_clock_that_was_ahead_makes_nothing_old(house: House) -> None:
    house.clock.set_by(days=365)
    seen(house, 0)
    house.clock.set_by(days=-365)
    assert await kept(house) == 92


def test_a_shorter_retention_holds_at_once_and_a_short_one_has_short_gaps() -> None:
    days = [NOON - number * DAY for number in range(100)]
    assert forget_before(NOON, 30 * DAY, days) == NOON - 30 * DAY
    assert forget_before(NOON + QUARTER, 5 * DAY, days) == NOON - 4 * DAY
    assert forget_before(NOON, QUARTER, []) == NOON - QUARTER
