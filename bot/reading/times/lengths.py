"""Lengths: `2h`, `1h30`, `an hour and a half`, `2 days and 3 hours`, `une demi-heure`."""

from datetime import timedelta

from bot.reading.times.calendar import Length
from bot.reading.times.tokens import Tokens

_PASSING = {"MIN": timedelta(minutes=1), "HOUR": timedelta(hours=1)}
_DAYS = {"DAY": 1, "WEEK": 7}
_MONTHS = {"MONTH": 1, "YEAR": 12}
UNITS = (*_PASSING, *_DAYS, *_MONTHS)
_READY = {"HALFHOUR": timedelta(minutes=30), "QUARTERHOUR": timedelta(minutes=15)}
_AND_A_HALF = (("AND", "A", "HALF"), ("AND", "number", "HALF"), ("AND", "HALF"))


def take_length(left: Tokens, *, marked: bool) -> Length | None:
    """The length that begins there. `marked`: behind a word like `for`, where `hour` alone is one, too."""
    if marked:
        left.take("NEXT", "LAST")  # "for the next two hours"
    total = _part(left, alone=marked)
    while total is not None and left.left:
        before = list(left.left)
        left.take("AND")
        part = _part(left, alone=False)
        if part is None:
            left.left = before  # what it took is not explained
            break
        total = _sum(total, part)
    return total


def _part(left: Tokens, *, alone: bool) -> Length | None:
    number = _number(left)
    ready = left.take(*_READY)
    if ready is not None and number in (None, 1):  # "une demi-heure"
        return Length(passing=_READY[ready.kind])
    share = 0.5 if left.take("HALF") else 0.25 if left.take("QUARTER") else 0.0
    if share:
        left.take("A")  # "half an hour"
    unit = left.take(*UNITS)
    if unit is None or (number is None and not share and not alone):
        return None
    if share:
        return _length((number if number is not None and number > 1 else 0) + share, unit.kind)
    return _sum(_length(1 if number is None else number, unit.kind), _behind(left, unit.kind))


def _number(left: Tokens) -> float | None:
    article = left.take("A") is not None
    number = left.take("number")
    if left.take("COUPLE"):  # "a couple of", "ein paar"
        return 2
    if left.take("FEW"):
        return 3
    if left.take("MORE"):  # "anderthalb"
        return 1.5
    if number is None:
        return 1 if article else None
    amount = float(number.text.replace(",", "."))
    return amount + 0.5 if left.take_all("AND", "A", "HALF") else amount  # "one and a half hours"


def _behind(left: Tokens, unit: str) -> Length:
    """The minutes of `1h30`, the half of `an hour and a half`."""
    minutes = left.whole_number(digits=2)
    if unit == "HOUR" and minutes is not None and minutes < 60 and len(left.left) == 1:
        left.take("number")
        return Length(passing=timedelta(minutes=minutes))
    for words in _AND_A_HALF:
        if left.kind(len(words)) not in UNITS and left.take_all(*words):
            return _length(0.5, unit)
    return Length()


def _length(amount: float, unit: str) -> Length:
    """Raises OverflowError for what no calendar holds."""
    whole, share = int(amount), amount - int(amount)
    if unit in _PASSING:
        return Length(passing=amount * _PASSING[unit])
    if unit in _DAYS:
        part = share * _DAYS[unit]
        return Length(days=whole * _DAYS[unit] + int(part), passing=timedelta(days=part - int(part)))
    months = share * _MONTHS[unit]
    return Length(months=whole * _MONTHS[unit] + int(months), days=round((months - int(months)) * 30))


def _sum(first: Length, second: Length) -> Length:
    return Length(
        months=first.months + second.months, days=first.days + second.days, passing=first.passing + second.passing
    )
