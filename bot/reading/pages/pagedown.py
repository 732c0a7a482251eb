"""What goes from a watched page and comes back.

A text can be replaced as a whole for a while: by a notice of maintenance, an error, a login wall.

The notice is no news, and the old text is none when it returns. A state that changes and comes back ("closed", "open",
"closed") is news each time: that is a line or two, or the text it gives way to is as long as itself.

Of a whole page, a box that rotates is no news either. It shows something else at each visit or two, a state stays for
hours: a line that returns is news when it was gone for a while, and what stood there meanwhile had stayed as long.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from bot.reading.pages.pagetext import PageText, marks
from bot.reading.text.notices import is_check, says_down

LEAST_LINES, LEAST_SIZE = 3, 150  # a shorter text is a state
LEFT = 0.1  # of its characters: no more is left of a text that was replaced as a whole
BACK = 0.5  # of its characters: as much is there again when it returned
SHORTER = 1 / 3  # what stands in place of a text for a while is a word about it, not another text
LONGEST_NOTICE = 1_000
PATIENCE = timedelta(days=2)  # after that, a text that returns is a state that came back
WHILE = timedelta(hours=2)  # two of the longest pauses between visits
LONG = timedelta(days=1)  # away as long as this, a line is news although nothing gave way to it
MOST_MOVES = 400  # moves that are remembered

Moves = dict[str, int]  # by a line's mark: the minute at which it came; negative: the minute at which it went


def is_notice(page: PageText, old: Sequence[str], name: str) -> bool:
    """Whether the page plainly shows a notice in place of its text `old`; `name` was its title then, if known."""
    if _size(page.lines) > LONGEST_NOTICE or not _is_gone(old, page.lines) or any(map(_is_said, old)):
        return False
    if any(map(is_check, page.lines)) or is_titled_so(page.title, name):
        return True
    return _is_text(old) and any(map(says_down, page.lines))


def is_titled_so(title: str, name: str) -> bool:
    """Whether a page that was called `name` (empty: nobody knows) is now titled as a notice."""
    return bool(name) and title != name and _is_said(title)


def gives_way(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether `new` stands in place of the whole text `old`, perhaps for a while: in words that nobody foresaw."""
    return _is_text(old) and _is_gone(old, new) and _size(new) <= SHORTER * _size(old)


def is_back(before: Sequence[str], old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether the text `before` returned, and what stood in its place (`old`) is gone."""
    return _left(before, new) >= BACK * _size(before) and _is_gone(old, new)


def _is_said(line: str) -> bool:
    return is_check(line) or says_down(line)


def _is_text(lines: Sequence[str]) -> bool:
    return len(lines) >= LEAST_LINES and _size(lines) >= LEAST_SIZE


def _is_gone(old: Sequence[str], new: Sequence[str]) -> bool:
    return bool(old) and _left(old, new) <= LEFT * _size(old)


def _left(old: Sequence[str], new: Sequence[str]) -> int:
    """How many characters of `old` stand in `new`, by whole lines."""
    there = {*marks(new)} - {""}
    return sum(len(line) for line, mark in zip(old, marks(old), strict=True) if mark in there)


def _size(lines: Sequence[str]) -> int:
    return sum(map(len, lines))


def moved(moves: Mapping[str, int], old: Collection[str], new: Collection[str], now: datetime) -> Moves:
    """`moves` with those from the marks of the last visit to the marks of this one."""
    minute, before, here = _minute(now), {*old}, {*new}
    fresh = {mark: -minute for mark in old if mark and mark not in here}
    fresh |= {mark: minute for mark in new if mark and mark not in before}
    kept = [(mark, at) for mark, at in moves.items() if mark not in fresh]
    return dict([*kept, *fresh.items()][-MOST_MOVES:])


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
