"""How long, and until when, in people's words."""

import re
from datetime import UTC, datetime, timedelta

from bot.errors import UserError

_UNITS = {
    "m": timedelta(minutes=1),
    "min": timedelta(minutes=1),
    "minute": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "hour": timedelta(hours=1),
    "d": timedelta(days=1),
    "day": timedelta(days=1),
    "w": timedelta(weeks=1),
    "week": timedelta(weeks=1),
}
_PART = re.compile(r"(\d{1,4})\s*(minutes?|min|m|hours?|h|days?|d|weeks?|w)\b", re.IGNORECASE)
_SPLIT = re.compile(r"^(?P<what>.*)(?:^|\s+)(?P<word>for|until|till)\s+(?P<when>[^\"“”]+)$", re.IGNORECASE | re.DOTALL)
_CURE = "Write `for 2h`, `for 3d`, `for 1w`, `until 18:00`, `until mon 9:00` or `until 2027-01-31`."
LONGEST = timedelta(days=366)


def split_end(argument: str, now: datetime) -> tuple[str, datetime | None]:
    """`troops for 2h` -> (`troops`, the end); without `for` or `until` the end is None.

    Raises UserError when a length or time follows that cannot be read; "for" inside a name stays part of it.
    """
    match = _SPLIT.match(argument.strip())
    if not match:
        return argument.strip(), None
    try:
        end = parse_end(match["when"], now, length=match["word"].lower() == "for")
    except UserError:
        if match["what"] and not re.search(r"\d|\beod\b|\btomorrow\b|\bmorning\b", match["when"]):
            return argument.strip(), None  # "fight for freedom" is a topic
        raise
    return match["what"].strip(), end


def parse_end(words: str, now: datetime, *, length: bool) -> datetime:
    """The end, aware UTC: `words` is a length ("2h", "1d 12h") when `length`, else a time. Raises UserError."""
    compact = words.strip()
    if compact.lower() in ("eod", "end of day", "tonight"):
        return now.astimezone(UTC).replace(hour=23, minute=59, second=0, microsecond=0)
    parts = _PART.findall(compact)
    if parts and not _PART.sub("", compact).strip(" ,and"):
        total = sum((int(number) * _unit(unit) for number, unit in parts), timedelta())
        return _checked(now + min(total, LONGEST * 2), now, words)
    if length:
        raise UserError(f"I cannot read the length “{words}”.", cure=_CURE)
    return _checked(_read_time(compact, now), now, words)


def _unit(word: str) -> timedelta:
    lower = word.lower()
    return _UNITS[lower] if lower in _UNITS else _UNITS[lower.rstrip("s")]


def _read_time(words: str, now: datetime) -> datetime:
    import dateparser  # takes 0.3 s to import, and few messages need it

    moment: datetime | None = dateparser.parse(
        words,
        languages=["en", "de", "fr", "es", "uk", "ru"],
        settings={
            "RELATIVE_BASE": now.astimezone(UTC).replace(tzinfo=None),
            "PREFER_DATES_FROM": "future",
            "TIMEZONE": "UTC",
            "RETURN_AS_TIMEZONE_AWARE": True,
        },
    )
    if moment is None:
        raise UserError(f"I cannot read the time “{words}”.", cure=_CURE)
    return moment.astimezone(UTC)


def _checked(end: datetime, now: datetime, words: str) -> datetime:
    if end <= now:
        raise UserError(f"“{words}” is over already ({end:%a %d %b %Y, %H:%M} UTC).", cure=_CURE)
    if end > now + LONGEST:
        raise UserError(f"“{words}” is more than a year away.", cure="Leave the end out to mute for good.")
    return end
