"""Taking an end off what was typed, and reading how far back somebody looks."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

from bot import say
from bot.errors import UserError
from bot.reading.text.datewords import folded
from bot.reading.times.calendar import Length, Point, length_from, moments
from bot.reading.times.grammar import Meaning, meaning
from bot.reading.times.tokens import marker_of

LONGEST = timedelta(days=366)
CURE = "For example: for 2h, tomorrow, until noon, until monday 9:00, until 5 Dec."
_MOST_WORDS = 9  # of an end: "for the rest of the day after tomorrow"
_MOST_SHOWN = 60  # characters of what could not be read
_WORD = re.compile(r"\S+")
_QUOTED = re.compile(r"\"[^\"]*\"?|“[^”]*”?|„[^“”]*[“”]?|«[^»]*»?")
_BEHIND = "in within at on of the before after since from by and or not und oder et ou y o та або и"
_DANGLING = frozenset(_BEHIND.split())  # words that end no thing: with "in", "24h" is part of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What was typed, taken apart: `thing` is what is left.

    `until` is None without an end, and when `good`: for good was said. `sure` is False when the words of time could
    be words of the thing ("black friday").
    """

    thing: str
    until: datetime | None = None
    good: bool = False
    sure: bool = True
    words: str = ""  # those of the end


def read_end(argument: str, now: datetime, zone: tzinfo, is_name: Callable[[str], bool] = lambda name: False) -> Ending:
    """`troops for 2h` -> `troops` and the end, aware UTC. Of several readings the longest end wins.

    `is_name`: whether a thing is called that: "world in 24h" is no end when there is a topic of that name. What stands
    in quotes is never an end. Raises UserError for an end that cannot be read, is over, or is more than a year away.
    """
    text = argument.strip()
    if not text or is_name(text):
        return Ending(thing=text)
    stretches = list(_stretches(text, now.astimezone(zone).date()))
    named = next((stretch for stretch in stretches if is_name(stretch.thing)), None)
    if not stretches:
        _refuse_unread(text, text)
        return Ending(thing=text)
    chosen = named or stretches[0]
    if named is None and not chosen.marked:
        _refuse_unread(text, chosen.thing)  # "until sun 5 dec", which is a Saturday
    until = None if chosen.meaning == "good" else _end(chosen.meaning, chosen.words, now, zone)
    sure = chosen.sure or named is not None
    return Ending(thing=chosen.thing, until=until, good=until is None, sure=sure, words=chosen.words)


def read_since(words: str, now: datetime, zone: tzinfo) -> datetime:
    """How far back `24h`, `yesterday` or `since monday` goes: aware UTC, not after now. Raises UserError."""
    stretch = re.sub(r"^(?:since|from|seit|ab|depuis|desde|від|з)\s+", "until ", folded(words)).split()
    marker = marker_of(stretch[0]) if stretch else ""
    rest = " ".join(stretch[1:] if marker else stretch)
    meant = meaning(rest, marker or "until", now.astimezone(zone).date())
    if meant is None or meant == "good":
        raise UserError(f"“{words.strip()}” is no length or time.", cure="For example: 24h, yesterday, since monday")
    try:
        if isinstance(meant, Length):
            return length_from(meant, now, zone, "past")
        if meant.ends and meant.at is None:  # today: since it began
            first = (meant.begins,) if meant.begins else meant.days
            meant = Point(days=first, every=meant.every, free=meant.free)
        since = max(moments(meant, now, zone, "past"))
    except OverflowError:
        raise UserError(f"“{words.strip()}” is too long ago.", cure="For example: 24h, yesterday") from None
    if since > now:
        raise UserError(f"“{words.strip()}” is still to come.", cure="For example: 24h, yesterday, since monday")
    return since


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """A part of what was typed that can be read as an end, and what it leaves."""

    thing: str
    words: str
    meaning: Meaning
    marked: bool  # begins with `for`, `until`
    sure: bool


def _stretches(text: str, today: date) -> Iterator[_Stretch]:
    """Every end that it can have, the likeliest first: behind the thing or before it, the longer the likelier."""
    words = [match.span() for match in _WORD.finditer(text)]
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    for start, _ in words[-_MOST_WORDS:]:
        if all(end <= start for _, end in quoted):
            yield from _stretch(text[:start], text[start:], today)
    for start, _ in reversed(words[1:_MOST_WORDS]):
        if all(start <= begin for begin, _ in quoted):
            for stretch in _stretch(text[start:], text[:start], today):
                if stretch.marked or isinstance(stretch.meaning, Length):
                    yield replace(stretch, sure=stretch.marked)


def _stretch(thing: str, words: str, today: date) -> Iterator[_Stretch]:
    first, _, rest = folded(words).partition(" ")
    marker = marker_of(first)
    whole = meaning(folded(words), "", today)  # "for good", "bis auf weiteres"
    meant = whole if whole is not None or not marker else meaning(rest, marker, today)
    if meant is None:
        return
    thing = thing.strip().rstrip(",").rstrip()
    dangling = folded(thing).rpartition(" ")[2] in _DANGLING
    sure = bool(marker) or (isinstance(meant, Length) and not dangling)
    yield _Stretch(thing=thing, words=words.strip(), meaning=meant, marked=bool(marker), sure=sure)


def _end(meant: Length | Point, words: str, now: datetime, zone: tzinfo) -> datetime:
    """Raises UserError for an end that is over, too far away, or two."""
    if meant == Length():
        raise UserError(f"“{words}” is no time at all.", cure=CURE)
    try:
        if isinstance(meant, Length):
            ends = [length_from(meant, now, zone, "future")]
        else:
            ends = list(dict.fromkeys(moments(meant, now, zone, "future")))
    except OverflowError:
        raise UserError(f"“{words}” is more than a year away.", cure="Write “for good” when you mean that.") from None
    coming = [end for end in ends if end > now]
    if not coming:
        raise UserError(f"“{words}” is over: it was {_shown(max(ends), zone)}.", cure=CURE)
    near = [end for end in coming if end <= now + LONGEST]
    if not near:
        raise UserError(f"“{words}” is more than a year away.", cure="Write “for good” when you mean that.")
    if len(near) > 1:
        days = [end.astimezone(zone) for end in near]
        both = " or ".join(f"{day.day} {day:%B %Y}" for day in days)
        raise UserError(f"“{words}” can be {both}.", cure=f"Write {' or '.join(f'{day:%Y-%m-%d}' for day in days)}.")
    return near[0]


def _shown(when: datetime, zone: tzinfo) -> str:
    return say.moment(when, zone).text


def _refuse_unread(text: str, thing: str) -> None:
    """Raises UserError when `for` or `until` stands in the thing, outside quotes: what follows was meant as an end."""
    bare = _QUOTED.sub(lambda match: " " * len(match[0]), thing)
    markers = [match for match in _WORD.finditer(bare) if marker_of(folded(match[0]))]
    if not markers:
        return
    marker = markers[-1]
    words = text[text.index(thing) + marker.end() :].strip() if thing in text else ""
    if not words:
        raise UserError(f"{'How long' if marker_of(folded(marker[0])) == 'for' else 'Until when'}?", cure=CURE)
    shown = words if len(words) <= _MOST_SHOWN else words[:_MOST_SHOWN] + "…"
    raise UserError(f"“{shown}” is no length or time.", cure=f"{CURE} Words that are no time go into quotes.")
