"""Dates and times in words, as feeds write them: taken apart into time, zone and day, each of which has to fit exactly.

What is left over decides: where a word remains that none of the three explains, the whole is no date. A wrong hour in
silence is worse than none.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from bot.reading.text import datewords
from bot.reading.text.datewords import BEFORE, EVENING, MONTHS, MORNING, SMALL_WORDS, WEEKDAYS, folded
from bot.reading.text.zones import AMERICAN, OFFSET, named_zone, offset_zone, region_in

_KOREAN = timezone(timedelta(hours=9))  # written in one zone, and mostly without saying so
_PARENTHESIS = re.compile(r"\(([^()]*)\)")
_CJK_DAY = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일号號]?")
_CJK_TIME = re.compile(r"(\d{1,2})\s?[时時点點시]\s?(?:(\d{1,2})\s?[分분]?)?\s?(?:(\d{1,2})\s?[秒초])?")
_HANGUL = re.compile("[가-힣]")
_DOTTED_TIME = re.compile(r"(?<=\d{4})([ ,]+(?:klo|kl\.?|ore|pukul)? ?)(\d{1,2})\.(\d\d)(?![.\d])")
_HOUR_ALONE = re.compile(r"(?<=\d{4} )(\d{1,2})(?= [+-]\d{4}$)|(?<![\d:.])(\d{1,2})(?= ?(?:uhr|h)\b(?! ?\d))")
_NO_TIME_YET = re.compile(r"\b00:00:00\.0 (?=\d\d:)")
_BEFORE = "|".join(BEFORE)
_HALVES = "|".join(sorted((re.escape(word) for word in (MORNING | EVENING) - BEFORE), key=len, reverse=True))
_TIME = re.compile(
    rf"(?:(?<=\d)t|(?P<before>{_BEFORE}))?\s?(?<![\d:.])(?P<hour>\d{{1,2}})"
    r"(?:(?::|h ?)(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,]\d{1,9})?(?::00)?)?(?![\d:]*\d)"
    rf"(?:,? ?(?P<after>{_HALVES})(?![^\W\d_]))?|,? ?(?P<alone>{_HALVES})(?![^\W\d_]))"
)
_NAME = r"[^\W\d_]{1,9}"
_ZONED = rf"(?P<name>{_NAME})?[ ]?(?P<offset>{OFFSET.pattern})"
_ZONE = re.compile(rf"[ ,]*:?{_ZONED}\s?(?P<too>{_NAME})?(?=$|[ ,])|[ ,]*(?P<bare>{_NAME})(?=$|[ ,.])")
_ZONE_LAST = re.compile(rf"(?<=\d) {_ZONED}(?P<too>)$|(?<=\d) (?P<bare>{_NAME})$")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|\.?o|-?го)\b")
_WORD = re.compile(r"[^\s\d,./|'+-][^\s\d,/|+-]*(?:-[^\s\d,./|+-]+)*")
_SPACES = re.compile(r"[\s,]+")
_NUMBER = re.compile(r"\d+")
_AROUND_MARK = re.compile(r" ?([-/]) ?(?=@|\d)|(?<=@\d\d) ?([-/]) ?")
_M = r"(?P<month>\d{1,2}|@\d\d)"
_DAY_FORMS = (
    re.compile(rf"(?P<year>\d{{4}})[-/. ] ?0?{_M}[-/. ] ?(?P<day>\d{{1,2}})\.?"),
    re.compile(r"(?P<day>\d{1,2})\.? ?[-/. ]? ?(?P<month>@\d\d) ?[-/. ]? ?'?(?P<year>\d{4}|\d\d)\.?"),
    re.compile(r"(?P<month>@\d\d) ?(?P<day>\d{1,2})\.? (?P<year>\d{4})"),
    re.compile(r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\. ?(?P<year>\d{4}|\d\d)\.?"),
)
_UNSURE = re.compile(r"(\d{1,2})([-/ ])(\d{1,2})\2(\d{4}|\d\d)(?: -)?")


@dataclass(slots=True)
class _Left:
    """What of the text is not explained yet, and what the parts that were say of it."""

    text: str
    zone: tzinfo | None = None
    american: bool = False  # by its zone or its twelve hours
    weekday: int | None = None


class _NoDateError(Exception):
    """Something in it cannot be right."""


def read_date(text: str) -> datetime | None:
    """The moment that `text` names, in UTC; None when it names none or when that is not sure."""
    try:
        left = _Left(text=text)
        _take_region(left)
        left.text = _NO_TIME_YET.sub("", _counted(folded(left.text)))
        asides = _PARENTHESIS.findall(left.text)
        left.text = _PARENTHESIS.sub(" ", left.text).strip()
        since_midnight = _take_time(left)
        _take_aside(left, asides)
        year, month, day = _day(left)
        zone = left.zone or (_KOREAN if since_midnight and _HANGUL.search(folded(text)) else UTC)
        return (datetime(year, month, day, tzinfo=zone) + since_midnight).astimezone(UTC)
    except (_NoDateError, ValueError, OverflowError):
        return None


def _counted(text: str) -> str:
    """The signs of China, Japan and Korea for year, hour and so on, and lone hours, in the form of the others."""
    if not text.isascii():
        text = datewords.TWO_WORDS.sub(r"\1_", text)
        text = _CJK_DAY.sub(r"\1-\2-\3 ", text)
        text = _CJK_TIME.sub(lambda match: ":".join([match[1], match[2] or "00", *filter(None, [match[3]])]), text)
    text = _DOTTED_TIME.sub(r"\1\2:\3", text)
    return _HOUR_ALONE.sub(lambda match: f"{match[1] or match[2]}:00", text)


def _take_region(left: _Left) -> None:
    """America/Los_Angeles is a zone, and would not be after its letters are made small."""
    region = region_in(left.text)
    if region:
        left.zone = named_zone(region[0])
        if left.zone is None:
            raise _NoDateError
        left.american = region[0].startswith("America/")
        left.text = left.text.replace(region[0], " ")


def _take_time(left: _Left) -> timedelta:
    """The time of day, and the zone behind it or at the end."""
    match = _TIME.search(left.text)
    behind = left.text[match.end() :] if match else ""
    before = left.text[: match.start()] if match else left.text
    if behind.strip() == "00":  # an offset of which only this is left
        behind, left.zone = "", UTC
    zone = _ZONE.match(behind) if match else None
    if zone and _take_zone(left, zone):
        behind = behind[zone.end() :]
    left.text = f"{before} {behind}".strip()
    last = _ZONE_LAST.search(left.text) if behind.strip() or match is None else None
    if last and _take_zone(left, last):
        left.text = left.text[: last.start()]
    return _since_midnight(match, left) if match else timedelta()


def _take_zone(left: _Left, match: re.Match[str]) -> bool:
    """Whether it is a zone indeed. An offset beside a name decides."""
    name = match["bare"] or match["name"] or ""
    if match["offset"]:
        if any(word and named_zone(word) is None for word in (name, match["too"])):
            return False
        offset = OFFSET.fullmatch(match["offset"])
        zone = offset_zone(offset) if offset else None
        if zone is None:
            raise _NoDateError
    else:
        zone = named_zone(name)
        if zone is None:
            return False
    left.zone = left.zone or zone
    left.american = left.american or name in AMERICAN
    return True


def _since_midnight(match: re.Match[str], left: _Left) -> timedelta:
    half = match["before"] or match["after"] or match["alone"]
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    if half:
        if not 1 <= hour <= 12 and not (hour == 0 and half in MORNING) and not (hour < 24 and half in EVENING and hour):
            raise _NoDateError
        left.american = left.american or half.isascii()
        if hour <= 12:
            hour = hour % 12 + (12 if half in EVENING else 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        raise _NoDateError
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def _take_aside(left: _Left, asides: list[str]) -> None:
    """What stands in parentheses is a weekday, or the name of a zone; without another zone it has to be known."""
    for aside in asides:
        aside = aside.strip()
        if aside in WEEKDAYS or f"星期{aside}" in WEEKDAYS or f"{aside}曜" in WEEKDAYS or not aside:
            continue
        if left.zone is None:
            left.zone = _zone_of(aside)
            if left.zone is None:
                raise _NoDateError


def _zone_of(words: str) -> tzinfo | None:
    match = _ZONE.fullmatch(words)
    left = _Left(text="")
    return left.zone if match and _take_zone(left, match) else None


def _day(left: _Left) -> tuple[int, int, int]:
    """(year, month, day) out of all that is left."""
    text = _without_words(left)
    for form in _DAY_FORMS:
        match = form.fullmatch(text.rstrip(" -"))
        if match:
            return _year(match["year"]), int(match["month"].lstrip("@")), int(match["day"])
    match = _UNSURE.fullmatch(text)
    if match is None:
        raise _NoDateError
    return _day_or_month_first(match, left)


def _without_words(left: _Left) -> str:
    """The text with months as @1 to @12, without weekdays and small words."""
    text = _ORDINAL.sub("", left.text)
    words = _WORD.findall(text)
    months = sum(word.rstrip(".") in MONTHS for word in words) + (len(_NUMBER.findall(text)) == 3)
    at_first = text.partition(",")[0].strip(" .")
    for number, word in enumerate(words):
        bare = word.rstrip(".")
        is_weekday = bare in WEEKDAYS and (bare not in MONTHS or months > 1)
        if is_weekday or (number == 0 and bare == at_first and bare not in MONTHS):
            left.weekday = WEEKDAYS.get(bare)
            months -= bare in MONTHS
            text = text.replace(word, " ", 1)
        elif bare in MONTHS:
            text = text.replace(word, f" @{MONTHS[bare]:02} ", 1)
        elif bare in SMALL_WORDS or word in SMALL_WORDS or (bare == "a" and number):
            text = text.replace(word, " ", 1)
        else:
            raise _NoDateError
    return _SPACES.sub(" ", _AROUND_MARK.sub(r"\1\2", _SPACES.sub(" ", text))).strip(" ,.")


def _year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 70 else 1900)


def _day_or_month_first(match: re.Match[str], left: _Left) -> tuple[int, int, int]:
    """12/11/2026 is sure by a number above 12, by the weekday, or by what else is American; else it is no date."""
    first, second, year = int(match[1]), int(match[3]), _year(match[4])
    choices = {(year, month, day) for month, day in ((second, first), (first, second)) if 1 <= month <= 12}
    if len(match[4]) == 2 and second <= 12:  # the year may be the first
        choices.add((_year(f"{first:02}"), second, int(match[4])))
    if len(choices) > 1 and left.weekday is not None:
        choices = {choice for choice in choices if date(*choice).weekday() == left.weekday}
    elif len(choices) > 1 and left.american and match[2] == "/":
        choices = {(year, first, second)}
    if len(choices) != 1:
        raise _NoDateError
    return choices.pop()
