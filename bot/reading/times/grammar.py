"""What a stretch of words means: a length, a point in time, for good; the whole of it, or nothing."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from bot.reading.times.calendar import Length, Point
from bot.reading.times.clocks import take_clock
from bot.reading.times.days import take_day
from bot.reading.times.lengths import take_length
from bot.reading.times.tokens import Marker, Tokens, tokens_of

Meaning = Length | Point | Literal["good"]


def meaning(text: str, marker: Marker, today: date) -> Meaning | None:
    """What folded `text` means behind that marker; None when it is no length and no time."""
    tokens = tokens_of(text, marked=bool(marker))
    if not tokens:
        return None
    if [token.kind for token in tokens] == ["GOOD"]:
        return "good"
    try:
        left = Tokens(tokens)
        point = _point(left, marker, today)
        if point is not None and not left.left:
            return point
        left = Tokens(tokens)
        length = take_length(left, marked=bool(marker))
        return length if length is not None and not left.left else None
    except (ValueError, OverflowError):  # 31 June, 25:00, 10,000 years
        return None


def _point(left: Tokens, marker: Marker, today: date) -> Point | None:
    """A day, a time of day, or both in either order."""
    day = take_day(left, today)
    if left.kind(1):
        left.take("A")  # "mañana a las 9", "demain à 9h"
    clock = take_clock(left, marker, day=day is not None)
    if day is None and clock is not None:
        day = take_day(left, today)
    if clock is not None:
        at, midnight_after = clock
        day = day or Point(every=timedelta(days=1))
        return replace(day, at=at, midnight_after=midnight_after, ends=False)
    if day is not None and marker == "for" and not day.ends:  # "for tomorrow": until it is over
        return replace(day, days=tuple(each + day.lasts for each in day.days), ends=True)
    return day
