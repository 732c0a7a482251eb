from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import UserError
from bot.reading.durations import LONGEST, parse_end, split_end
from tests.fakes import NOON


@pytest.mark.parametrize(
    ("words", "length"),
    [
        ("2h", timedelta(hours=2)),
        ("30m", timedelta(minutes=30)),
        ("90 min", timedelta(minutes=90)),
        ("1d 12h", timedelta(hours=36)),
        ("3 days", timedelta(days=3)),
        ("1w", timedelta(weeks=1)),
        ("2 weeks and 1 day", timedelta(days=15)),
    ],
)
def test_lengths(words: str, length: timedelta) -> None:
    assert parse_end(words, NOON, length=True) == NOON + length


@pytest.mark.parametrize(
    ("words", "end"),
    [
        ("18:00", datetime(2026, 3, 2, 18, 0, tzinfo=UTC)),
        ("eod", datetime(2026, 3, 2, 23, 59, tzinfo=UTC)),
        ("2026-12-01", datetime(2026, 12, 1, tzinfo=UTC)),
    ],
)
def test_times(words: str, end: datetime) -> None:
    assert parse_end(words, NOON, length=False) == end


def test_a_weekday_is_the_next_one() -> None:
    end = parse_end("fri 9:00", NOON, length=False)
    assert (end.weekday(), end.hour) == (4, 9)
    assert NOON < end < NOON + timedelta(days=8)


@pytest.mark.parametrize("words", ["0h", "soonish", "2 lightyears", "-3h"])
def test_what_cannot_be_a_length_is_refused(words: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_end(words, NOON, length=True)
    assert words in str(caught.value)
    assert caught.value.cure


def test_the_past_and_the_far_future_are_refused() -> None:
    with pytest.raises(UserError, match="over already"):
        parse_end("2020-01-01", NOON, length=False)
    with pytest.raises(UserError, match="more than a year"):
        parse_end("9999d", NOON, length=True)
    assert parse_end("52w", NOON, length=True) <= NOON + LONGEST


@pytest.mark.parametrize(
    ("argument", "what", "end"),
    [
        ("troops for 2h", "troops", NOON + timedelta(hours=2)),
        ("troops until 18:00", "troops", datetime(2026, 3, 2, 18, 0, tzinfo=UTC)),
        ("troops", "troops", None),
        ("fight for freedom", "fight for freedom", None),
        ("for 2h", "", NOON + timedelta(hours=2)),
        ('"wait until dark"', '"wait until dark"', None),
        ("fight for freedom for 1d", "fight for freedom", NOON + timedelta(days=1)),
    ],
)
def test_the_end_is_split_off(argument: str, what: str, end: datetime | None) -> None:
    assert split_end(argument, NOON) == (what, end)


def test_a_mistyped_length_is_not_taken_for_a_topic() -> None:
    with pytest.raises(UserError):
        split_end("troops for 2 parsecs", NOON)
