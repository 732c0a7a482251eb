"""How long documents are kept, by a clock that may be wrong. Pure.

A clock that is set months ahead makes the whole archive look old, and what is forgotten is gone. It is seen in the
archive itself: a long time in which nothing came. So such a gap counts as a short one. A machine that was off for
months, which looks the same, keeps its documents that much longer, and so do sources that hardly ever say anything.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

LONGEST_GAP = timedelta(days=7)  # that counts in full: so much of the archive a wrong clock can cost, once
SHORTEST_GAP = timedelta(days=1)


def forget_before(now: datetime, retention: timedelta, days: Iterable[datetime]) -> datetime:
    """What was seen before then is forgotten. `days`: the beginnings of those on which something was seen.

    >>> from datetime import UTC
    >>> days = [datetime(2026, 3, day, tzinfo=UTC) for day in range(1, 31)]
    >>> forget_before(days[-1], timedelta(days=20), days).date()
    datetime.date(2026, 3, 10)
    >>> forget_before(days[-1] + timedelta(days=365), timedelta(days=20), days).date()  # the clock, a year ahead
    datetime.date(2026, 3, 12)
    """
    longest = min(LONGEST_GAP, max(SHORTEST_GAP, retention / 10))
    left, at = retention, now
    for day in sorted((day for day in days if day < now), reverse=True):
        counted = min(at - day, longest)
        if counted >= left:
            break
        left, at = left - counted, day
    return at - left
