"""Times of day: `9`, `9:30`, `9pm`, `9 Uhr 30`, `14h30`, `noon`, `midnight`, `morning`."""

from datetime import time

from bot.reading.text.datewords import folded
from bot.reading.times.lengths import UNITS
from bot.reading.times.tokens import Marker, Tokens, tokens_of

# When a part of the day begins.
_PARTS = {"MORNING": 8, "AFTERNOON": 14, "EVENING": 18, "NIGHT": 22}
_MIDNIGHT = 24
_HALVES = ("AM", "PM", *_PARTS)


def take_clock(left: Tokens, marker: Marker, *, day: bool) -> tuple[time, bool] | None:
    """The time, and whether it is the midnight at the end of the day. `day`: one was named before.

    A number alone is a time behind `until` or a day only. Raises ValueError for 25:00.
    """
    if left.take("NOON"):
        return time(12), False
    if left.take("MIDNIGHT"):
        return time(), day
    part = left.take(*_PARTS)
    shown = _shown(left, marker, day=day or part is not None)
    if shown is None:
        return None if part is None else (time(_PARTS[part.kind]), False)
    hour, minute, second = shown
    hour = _in_half(left, hour, part.kind if part else "")
    if (hour, minute, second) == (_MIDNIGHT, 0, 0):
        return time(), True
    return time(hour, minute, second), False


def read_clock(words: str) -> time | None:
    """The time of day that all of the words are: `22:00`, `7`, `9pm`, `8 Uhr`, `noon`; None when they are none."""
    tokens = tokens_of(folded(words), marked=True)
    left = Tokens(tokens or [])
    try:
        clock = take_clock(left, "until", day=True)
    except ValueError:  # 25:00
        return None
    return clock[0] if clock is not None and not left.left else None


def _shown(left: Tokens, marker: Marker, *, day: bool) -> tuple[int, int, int] | None:
    """What the clock shows: hour, minute, second."""
    if (clock := left.take("clock")) is not None:
        hour, minute, *second = (int(number) for number in clock.text.split(":"))
        left.take("OCLOCK")
        return hour, minute, second[0] if second else 0
    if left.kind() != "number":
        return None
    behind, marked = left.kind(1), marker.startswith("until")
    if behind == "HOUR" and not (day or marker == "until o'clock"):
        return None  # "until 2h" is a length
    if behind != "HOUR" and (behind in UNITS or not (day or marked or behind in ("OCLOCK", "AM", "PM"))):
        return None
    hours, _, minutes = left.left[0].text.replace(",", ".").partition(".")
    if minutes and len(minutes) != 2:
        return None  # "9.30" is a time, "1.5" is none
    left.left.pop(0)
    left.take("OCLOCK", "HOUR")
    if not minutes and (follows := left.whole_number(digits=2)) is not None:  # "9 Uhr 30", "14h30"
        left.take("number")
        return int(hours), follows, 0
    return int(hours), int(minutes or 0), 0


def _in_half(left: Tokens, hour: int, part: str) -> int:
    """The hour of 24, by what follows ("9 pm") or went before ("tomorrow evening at 9")."""
    half = left.take(*_HALVES)
    kind = half.kind if half is not None else part
    if kind in ("AM", "PM") and not 1 <= hour <= 12:
        raise ValueError
    if kind == "AM" and hour == 12:
        return 0
    return hour + 12 if kind in ("PM", "AFTERNOON", "EVENING", "NIGHT") and 1 <= hour < 12 else hour
