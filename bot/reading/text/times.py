"""Points in time as other people write them, brought within reason."""

from datetime import UTC, datetime, timedelta

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_SLACK = timedelta(days=1)  # clocks and time zones of others are wrong by hours


def parse_time(text: str) -> datetime | None:
    """An ISO 8601 date or time as aware UTC (a time without zone is taken for UTC); None when it is none."""
    try:
        when = datetime.fromisoformat(text.strip())
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def clamp(when: datetime | None, now: datetime) -> datetime | None:
    """A believable publication time: more than a day ahead becomes `now`, before 1990 (a zero, mostly) is none."""
    if when is None or when < EARLIEST:
        return None
    return now if when > now + _SLACK else when
