"""Dates as feeds write them: a line of `tests/data/dates.tsv` is the moment that is meant ("-": none) and the text."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.text.datewords import MONTHS, WEEKDAYS
from bot.reading.text.times import parse_time

LINES = (Path(__file__).parents[1] / "data" / "dates.tsv").read_text(encoding="utf-8").splitlines()
MOMENTS = st.integers(0, 5_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
# Their writers live in one zone and mean it.
ANYWHERE = [word for word in sorted(WEEKDAYS) if not "가" <= word <= "힣"]


@pytest.mark.parametrize("line", LINES)
def test_a_date_is_what_its_writer_means_or_none(line: str) -> None:
    meant, text = line.split("\t")
    when = parse_time(text)
    assert (when.replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%S") if when else "-") == meant


@given(MOMENTS, st.sampled_from(sorted(MONTHS.items())))
def test_every_month_in_every_language(when: datetime, word: tuple[str, int]) -> None:
    name, month = word
    when = when.replace(day=1 + when.day % 28, month=month, second=0, microsecond=0)
    assert parse_time(f"{when.day} {name.replace('_', ' ')} {when:%Y %H:%M}") == when


@given(MOMENTS, st.sampled_from(ANYWHERE))
def test_a_weekday_changes_nothing(when: datetime, weekday: str) -> None:
    when = when.replace(microsecond=0)
    assert parse_time(f"{weekday}, {when:%d.%m.%Y %H:%M:%S}") == when


@given(st.text(max_size=60))
def test_anything_is_a_date_or_none(text: str) -> None:
    when = parse_time(text)
    assert when is None or when.tzinfo is UTC
