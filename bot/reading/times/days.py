"""Days: `tomorrow`, `next monday`, `5 Dec`, `05.12.2026`, `12/05/2026`, `the end of the week`."""

import re
from datetime import date, timedelta

from bot.reading.times.calendar import Point, months_on
from bot.reading.times.tokens import Tokens

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
_RELATIVE = {"YESTERDAY": -1, "TODAY": 0, "TONIGHT": 0, "TOMORROW": 1, "DAYAFTER": 2}
_WEEKDAYS = {f"W{number}": number for number in range(7)}
_MONTHS = {f"M{number}": number for number in range(1, 13)}
_SPANS = ("DAY", "WEEK", "MONTH", "YEAR", "WEEKEND")
_ENDS = {"ENDDAY": "DAY", "ENDWEEK": "WEEK", "ENDMONTH": "MONTH"}


def take_day(left: Tokens, today: date) -> Point | None:
    """The day that begins there, or the end of a week, month or year. Raises ValueError for the 31st of June."""
    ending = left.take(*_ENDS)
    if ending is not None:
        return Point(days=(_last_day(_ENDS[ending.kind], today),), ends=True)
    before = list(left.left)
    ends = left.take("END") is not None
    which = left.take("NEXT", "LAST", "THIS")
    point = _spanned(left, today, which.kind if which else "", ends=ends)
    if point is None and which is None:
        point = _relative(left, today) or _dated(left, today)
    if point is None:
        point = _weekday(left, today, which.kind if which else "")
    if point is None:
        left.left = before  # what it took is not explained
        return None
    return point if not ends else Point(days=point.days, every=point.every, free=point.free, ends=True)


def _spanned(left: Tokens, today: date, which: str, *, ends: bool) -> Point | None:
    """`next week` (when it begins), `this week`, `the end of the week` (its last minute), `the weekend`."""
    behind = left.kind(1) if left.kind() in _SPANS else ""
    if not (which or ends or left.kind() == "WEEKEND" or behind in ("NEXT", "LAST")):
        return None
    span = left.take(*_SPANS)
    if span is None:
        return None
    if not which and (follows := left.take("NEXT", "LAST")) is not None:  # "la semaine prochaine"
        which = follows.kind
    steps = {"NEXT": 1, "LAST": -1}.get(which, 0)
    first = _first_day(span.kind, today, steps)
    if ends or (which == "THIS" and span.kind != "WEEKEND"):
        return Point(days=(_last_day(span.kind, first),), ends=True, begins=first)
    return Point(days=(first,), begins=first, lasts=_last_day(span.kind, first) - first)


def _first_day(span: str, today: date, steps: int) -> date:
    monday = today - timedelta(days=today.weekday())
    match span:
        case "DAY":
            return today + steps * DAY
        case "WEEK":
            return monday + steps * WEEK
        case "WEEKEND":
            return monday + 5 * DAY + steps * WEEK
        case "MONTH":
            return months_on(today.replace(day=1), steps)
        case _:
            return date(today.year + steps, 1, 1)


def _last_day(span: str, day: date) -> date:
    """Of the span that holds the day."""
    match span:
        case "DAY":
            return day
        case "WEEK" | "WEEKEND":
            return day + timedelta(days=6 - day.weekday())
        case "MONTH":
            return months_on(day.replace(day=1), 1) - DAY
        case _:
            return date(day.year, 12, 31)


def _relative(left: Tokens, today: date) -> Point | None:
    word = left.take(*_RELATIVE)
    if word is None:
        return None
    return Point(days=(today + timedelta(days=_RELATIVE[word.kind]),), ends=word.kind in ("TODAY", "TONIGHT"))


def _weekday(left: Tokens, today: date, which: str) -> Point | None:
    word = left.take(*_WEEKDAYS)
    if word is None:
        return None
    number = _WEEKDAYS[word.kind]
    dated = _dated(left, today)
    if dated is not None:  # "Sat 5 Dec": they have to agree
        if not any(day.weekday() == number for day in dated.days):
            raise ValueError
        return Point(days=tuple(day for day in dated.days if day.weekday() == number))
    if not which and (follows := left.take("NEXT", "LAST")) is not None:  # "lundi prochain"
        which = follows.kind
    day = today + timedelta(days=number - today.weekday())
    if which == "NEXT":
        return Point(days=(day + WEEK,))
    if which == "LAST":
        return Point(days=(day if day < today else day - WEEK,))
    return Point(days=(day,), every=WEEK)


def _dated(left: Tokens, today: date) -> Point | None:
    kind = left.kind()
    if kind == "iso":
        year, month, day = _numbers(left)
        return Point(days=(date(year, month, day),))
    if kind in ("dotted", "slashed", "dashed"):
        first, second, *last = _numbers(left)
        orders = [(first, second)] if kind == "dotted" else [(first, second), (second, first)]
        return _readings(orders, last[0] if last else None, today)
    order = _day_and_month(left)
    if order is None:
        return None
    year_behind = left.whole_number(digits=4)
    if year_behind is not None:
        left.take("number")
    return _readings([order], year_behind, today)


def _numbers(left: Tokens) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", left.left.pop(0).text)]


def _day_and_month(left: Tokens) -> tuple[int, int] | None:
    """`5 Dec` or `Dec 5`."""
    for month_at, day_at in ((1, 0), (0, 1)):
        day = left.whole_number(at=day_at)
        if left.kind(month_at) in _MONTHS and day is not None:
            month = _MONTHS[left.kind(month_at)]
            del left.left[:2]
            return day, month
    return None


def _readings(orders: list[tuple[int, int]], year: int | None, today: date) -> Point:
    """A point with a day for each (day, month) that there is. Raises ValueError when there is none."""
    if year is not None and year < 100:
        year += 2000
    days = dict.fromkeys(_existing(day, month, year, today) for day, month in orders)
    existing = tuple(day for day in days if day is not None)
    if not existing:
        raise ValueError
    return Point(days=existing, free=year is None)


def _existing(day: int, month: int, year: int | None, today: date) -> date | None:
    """That day in that year, or in the nearest one that has it: the 29th of February."""
    for each in [year] if year is not None else [today.year, today.year + 1, today.year + 2, today.year + 3]:
        try:
            return date(each, month, day)
        except ValueError:
            continue
    return None
