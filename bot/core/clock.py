"""A clock that was wrong: how it is noticed, and what becomes of what was planned by it.

A plan is a time of day in the store (the next visit of a feed, the end of a pause), because it outlives the process.
When the clock goes back an hour, every plan lies an hour too late: it is moved back by as much, so that what was left
to wait is still left to wait, and a pause that a platform asked for is kept. What lies later all the same than its own
longest wait allows was planned by a clock of which nothing is known, and is cut to that wait.

A clock that goes forward makes plans due early, which heals by itself. The end of a mute stays: a person was shown it.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

SLACK = timedelta(seconds=5)  # less is a clock that is being corrected, as clocks are


class Reading(NamedTuple):
    """Both clocks at once."""

    wall: datetime  # what the machine takes for the time; somebody may set it
    steady: float  # seconds since some moment; nobody can set it


class Waits(NamedTuple):
    """The longest that something may lie ahead. Those of feeds are their own (core/visits/schedule.py)."""

    lane: timedelta  # after a message
    retry: timedelta  # before another attempt
    lease: timedelta
    check: timedelta  # between two looks at an article


class Replanned(NamedTuple):
    """What was done about a clock that had been ahead: by how much (at least), and how many plans are new."""

    ahead: timedelta = timedelta()
    plans: int = 0


def jump(before: Reading, after: Reading) -> timedelta:
    """By how much the clock was set between two readings, backwards below zero; nothing within SLACK."""
    passed = timedelta(seconds=after.steady - before.steady)
    moved = after.wall - before.wall - passed
    return moved if abs(moved) > SLACK else timedelta()


def was_ahead(last: datetime, now: datetime) -> timedelta:
    """By how much (at least) the clock was ahead, when `last` is a time that it has shown before."""
    return last - now if last - now > SLACK else timedelta()


def planned_anew(planned: datetime, now: datetime, *, longest: timedelta, ahead: timedelta = timedelta()) -> datetime:
    """When it shall be instead: what is due stays, what is not waits as long as it would have, at most `longest`."""
    return planned if planned <= now else max(now, min(planned - ahead, now + longest))


def in_words(moved: timedelta, done: Replanned, at: datetime) -> str:
    """What health and the log say of a jump (`moved`), or of a clock that was ahead in an earlier run (no jump).

    >>> from datetime import UTC
    >>> noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    >>> in_words(timedelta(hours=-1), Replanned(timedelta(hours=1), 7), noon)
    'the clock went back by 1:00:00 at 2026-03-02 12:00 UTC; 7 plans were made anew'
    >>> in_words(timedelta(days=1), Replanned(), noon)
    'the clock went forward by 1 day, 0:00:00 at 2026-03-02 12:00 UTC (or the machine slept)'
    >>> in_words(timedelta(), Replanned(timedelta(hours=1), 7), noon)
    'the clock was 1:00:00 or more ahead in an earlier run; 7 plans were made anew'
    >>> in_words(timedelta(), Replanned(timedelta(), 1), noon)
    '1 plan lay further ahead than it can, as of a clock that was ahead; made anew'
    """
    plans = f"{done.plans} plan{'' if done.plans == 1 else 's'}"
    length = _length(moved or done.ahead)
    anew = f"; {plans} {'was' if done.plans == 1 else 'were'} made anew" if done.plans else ""
    if moved < timedelta():
        return f"the clock went back by {length} at {at:%Y-%m-%d %H:%M} UTC{anew}"
    if moved:
        return f"the clock went forward by {length} at {at:%Y-%m-%d %H:%M} UTC (or the machine slept){anew}"
    if done.ahead:
        return f"the clock was {length} or more ahead in an earlier run{anew}"
    return f"{plans} lay further ahead than it can, as of a clock that was ahead; made anew" if done.plans else ""


def _length(moved: timedelta) -> str:
    return str(timedelta(seconds=round(abs(moved).total_seconds())))
