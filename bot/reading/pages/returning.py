"""Lines of a whole page that go and come back: a state that changed and changed back is news, a rotating box is not.

The two differ in how long they stand: a box shows something else at each visit or two, a state stays for hours. So a
line that returns is news when it was gone for a while, and what stood there meanwhile had stayed as long.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

WHILE = timedelta(hours=2)  # two of the longest pauses between visits
LONG = timedelta(days=1)  # away as long as this, a line is news although nothing gave way to it
MOST = 400  # moves that are remembered

Moves = dict[str, int]  # by a line's mark: the minute at which it came; negative: the minute at which it went


def moved(moves: Mapping[str, int], old: Collection[str], new: Collection[str], now: datetime) -> Moves:
    """`moves` with those from the marks of the last visit to the marks of this one."""
    minute, before, here = _minute(now), {*old}, {*new}
    fresh = {mark: -minute for mark in old if mark and mark not in here}
    fresh |= {mark: minute for mark in new if mark and mark not in before}
    kept = [(mark, at) for mark, at in moves.items() if mark not in fresh]
    return dict([*kept, *fresh.items()][-MOST:])


def returned(moves: Mapping[str, int], old: Collection[str], new: Collection[str], now: datetime) -> set[str]:
    """Marks of lines that were gone for a while and are there again, as news. `moves` are from before this visit."""
    minute, before, here = _minute(now), {*old}, {*new}
    went = [mark for mark in before - here if mark]
    patience = WHILE if any(stood_long(moves, mark, now) for mark in went) else LONG
    away = {mark: minute + moves.get(mark, 0) for mark in here - before if moves.get(mark, 0) < 0}
    return {mark for mark, minutes in away.items() if minutes >= _minutes(patience)}


def stood_long(moves: Mapping[str, int], mark: str, now: datetime) -> bool:
    """Whether a line that stands there has been there for a while, or since before anybody looked."""
    return _minute(now) - max(moves.get(mark, 0), 0) >= _minutes(WHILE)


def _minute(moment: datetime) -> int:
    return int(moment.timestamp() // 60)


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
