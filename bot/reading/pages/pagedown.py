"""A watched text that is replaced as a whole for a while: by a notice of maintenance, an error, a login wall.

The notice is no news, and the old text is none when it returns. A state that changes and comes back ("closed", "open",
"closed") is news each time: that is a line or two, or the text it gives way to is as long as itself.
"""

from collections.abc import Sequence
from datetime import timedelta

from bot.reading.pages.pagetext import PageText, marks
from bot.reading.text.notices import is_check, says_down

LEAST_LINES, LEAST_SIZE = 3, 150  # a shorter text is a state
LEFT = 0.1  # of its characters: no more is left of a text that was replaced as a whole
BACK = 0.5  # of its characters: as much is there again when it returned
SHORTER = 1 / 3  # what stands in place of a text for a while is a word about it, not another text
LONGEST_NOTICE = 1_000
PATIENCE = timedelta(days=2)  # after that, a text that returns is a state that came back


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
