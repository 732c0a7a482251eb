"""Points in time as other people write them, brought within reason."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from bot.reading.text.dates import read_date
from bot.reading.text.datewords import MONTHS, folded

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_SLACK = timedelta(days=1)  # clocks and time zones of others are wrong by hours
_LONGEST = 100  # characters; what is longer is no date
# Nearly all of RSS: RFC 822 with a numeric offset or Greenwich, its words in whatever language.
_WORD = r"[^\W\d_]{2,12}\.?"
_USUAL = re.compile(
    rf"(?:{_WORD},? )?([0-9]{{1,2}}) ({_WORD}) ([0-9]{{4}}) ([0-9]{{2}}):([0-9]{{2}}):([0-9]{{2}}) "
    r"(?:GMT|UTC|Z|([+-])([0-9]{2}):?([0-9]{2}))"
)
_ISO = re.compile(
    r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:[Zz]|[+-]\d\d(?::?\d\d)?)?)?", re.ASCII
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
_SECONDS, _THOUSANDTHS = re.compile(r"[1-9]\d{8,9}", re.ASCII), re.compile(r"[1-9]\d{12}", re.ASCII)


@lru_cache(maxsize=8192)
def parse_time(text: str) -> datetime | None:
    """A date or time in any usual form as aware UTC (one without zone is taken for UTC); None when it is none.

    The exact forms of the standards go first, then what people write (`bot.reading.text.dates`). A year or a month
    alone is no date.
    """
    text = text.strip()
    if not 6 <= len(text) <= _LONGEST:
        return None
    try:
        when = _standard(text) or read_date(text)
    except (ValueError, OverflowError):
        return None
    return when if when and 1900 <= when.year <= 2199 else None  # 2569 is 2026 in Thailand


def _standard(text: str) -> datetime | None:
    """RFC 822, ISO 8601, seconds since 1970. Raises ValueError for what has such a form but names no moment."""
    if usual := _USUAL.fullmatch(text):
        return _from_usual(*usual.groups())
    if _ISO.fullmatch(text):
        return _from_iso(text)
    if _SECONDS.fullmatch(text) or _THOUSANDTHS.fullmatch(text):
        return datetime.fromtimestamp(int(text[:-3] if len(text) > 10 else text), UTC)
    if compact := _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second, zone = compact.groups("00")
        return _from_iso(f"{year}-{month}-{day}T{hour}:{minute}:{second}{zone if zone != '00' else ''}")
    return None


def _from_usual(
    day: str, month: str, year: str, hour: str, minute: str, second: str, sign: str | None, hours: str, minutes: str
) -> datetime | None:
    number = _month(month)
    if number is None or hour == "24" or second == "60":
        return None
    when = datetime(int(year), number, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    if sign is None:
        return when
    if int(minutes) > 59 or int(hours) > 15:
        raise ValueError
    away = timedelta(hours=int(hours), minutes=int(minutes))
    return when + away if sign == "-" else when - away


def _from_iso(text: str) -> datetime | None:
    if text[11:13] == "24" or text[17:19] == "60":
        return None
    when = datetime.fromisoformat(text.upper())
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)


@lru_cache(maxsize=256)
def _month(word: str) -> int | None:
    return MONTHS.get(folded(word).rstrip("."))


def clamp(when: datetime | None, now: datetime) -> datetime | None:
    """A believable publication time: more than a day ahead becomes `now`, before 1990 (a zero, mostly) is none."""
    if when is None or when < EARLIEST:
        return None
    return now if when > now + _SLACK else when
