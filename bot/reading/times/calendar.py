"""What was meant, and the moment that it is in a zone, through the changes of its clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

DAY_ENDS = time(23, 59)  # an end "today" reads better as 23:59 than as 00:00 of the day after


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """`2h`, `1 week`: hours pass on the clock of physics, days and months on that of the wall."""

    months: int = 0
    days: int = 0
    passing: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A day, a time of day, or both. `days`: the readings of a date ("12/05/2026" has two).

    `ends`: the day's last minute is meant ("today"), not its first. `free`: written without a year, so that any year
    will do. `begins`: of a week or month of which the end is meant, its first day; `lasts`: of one of which the
    beginning is meant, how far its last day is.
    """

    days: tuple[date, ...] = ()
    at: time | None = None
    midnight_after: bool = False  # `monday 24:00`, `tomorrow midnight`
    every: timedelta | None = None  # the day comes again: weekdays, times of day
    free: bool = False
    ends: bool = False
    begins: date | None = None
    lasts: timedelta = timedelta()


Direction = Literal["future", "past"]


def length_from(length: Length, now: datetime, zone: tzinfo, direction: Direction) -> datetime:
    """The moment that far from now. Raises OverflowError beyond the calendar."""
    sign = 1 if direction == "future" else -1
    if not length.months and not length.days:
        return now + sign * length.passing
    wall = now.astimezone(zone).replace(tzinfo=None, fold=0)
    moved = months_on(wall.date(), sign * length.months) + timedelta(days=sign * length.days)
    there = _instants(datetime.combine(moved, wall.time()), zone)[0 if direction == "past" else -1]
    return there + sign * length.passing


def months_on(day: date, months: int) -> date:
    """The same day of a month before or after, or its last one. Raises OverflowError."""
    years, month = divmod(day.month - 1 + months, 12)
    if not 1 <= day.year + years <= 9998:
        raise OverflowError
    first = date(day.year + years, month + 1, 1)
    return min(first + timedelta(days=day.day - 1), (first + timedelta(days=32)).replace(day=1) - timedelta(days=1))


def moments(point: Point, now: datetime, zone: tzinfo, direction: Direction) -> list[datetime]:
    """For each reading of the day the nearest moment in that direction, or the one that it names though it is not."""
    today = now.astimezone(zone).date()
    readings = point.days or (today,)
    return [_nearest(point, day, now, zone, direction) for day in readings]


def _nearest(point: Point, day: date, now: datetime, zone: tzinfo, direction: Direction) -> datetime:
    first: datetime | None = None
    for candidate in _repeated(point, day, direction):
        wall = datetime.combine(candidate, point.at or (DAY_ENDS if point.ends else time()))
        if point.midnight_after:
            wall += timedelta(days=1)
        for instant in _instants(wall, zone) if direction == "future" else reversed(_instants(wall, zone)):
            if (instant > now) if direction == "future" else (instant <= now):
                return instant
            first = first or instant
    assert first is not None, "a day has a moment"
    return first


def _repeated(point: Point, day: date, direction: Direction) -> Iterator[date]:
    """The day, and where it comes again, its next or last ones."""
    sign = 1 if direction == "future" else -1
    if point.every is not None:
        yield from (day + sign * n * point.every for n in (-1, 0, 1, 2))
    elif point.free:
        for years in (-1, 0, 1) if direction == "future" else (1, 0, -1):
            there = months_on(day, 12 * years)
            if there.day == day.day:  # the 29th of February is in leap years only
                yield there
    else:
        yield day


def _instants(wall: datetime, zone: tzinfo) -> list[datetime]:
    """The moments at which the clock shows that, in UTC: two where it is set back.

    A time that is skipped when it is set ahead is as long after midnight as it would have been: 02:30 is 03:30.
    """
    first = wall.replace(tzinfo=zone).astimezone(UTC)
    second = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return [first, second] if second > first else [first]
