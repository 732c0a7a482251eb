"""Which files of a sitemap are visited next, and which of their addresses are news."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.model import Entry, content_id
from bot.reading.pages.sitemaps import Child

MAX_VISITS = 6  # files at each poll
MAX_FILES = 300
MAX_IN_TURN = 40  # of those whose index gives no dates, so that they must all be asked
MAX_OF_FILE = 500  # addresses of one file of many
MAX_MARKS = 20_000  # over all files
LATE = timedelta(days=3)  # sitemaps are made once a day, and say when an article was written


@dataclass(slots=True, kw_only=True)
class File:
    """What is known of one file: as it was `listed`, as it was when we read it, and the marks of what it held."""

    url: str
    listed: str = ""  # its lastmod in the index
    read: str = ""  # the lastmod with which it was read, or taken for read
    index: str = ""  # the index that names it; empty for the feed's own address
    visited: int = 0  # number of the poll that last tried it
    good: bool = False  # it has been read, and `marks` are remembered
    late: bool = False  # it was listed only after the first poll: all in it is new
    etag: str = ""
    modified: str = ""
    body: str = ""
    marks: str = ""  # eight hexadecimal digits for each address

    @property
    def known(self) -> set[str]:
        """The marks, one by one."""
        return {self.marks[start : start + 8] for start in range(0, len(self.marks), 8)}


def merged(files: Sequence[File], children: Sequence[Child], index: str, *, first: bool) -> list[File]:
    """All files, once `index` names `children` now: the latest MAX_FILES. `first`: it was not read before."""
    known = {file.url: file for file in files}
    listing = []
    for child in latest(children):
        file = known.get(child.url) or File(url=child.url, late=not first, index=index)
        file.listed = child.lastmod
        listing.append(file)
    listed = {file.url for file in listing}
    others = [file for file in files if file.url not in listed and file.index != index]
    if not index:  # what a vanished index named has vanished with it
        others = [file for file in others if file.index in listed]
    return [*listing[: MAX_FILES - min(len(others), MAX_FILES // 2)], *others][:MAX_FILES]


def latest(children: Sequence[Child]) -> list[Child]:
    """Newest first; those without a date as listed from the end, which is where lists grow."""
    return sorted(children, key=lambda child: child.lastmod)[::-1]


def due(files: Sequence[File], *, first: bool) -> list[File]:
    """The files to read at this visit, at most MAX_VISITS: new ones, then whichever was not read for longest."""
    undated = [file for file in files if not file.listed][:MAX_IN_TURN]
    changed = [file for file in files if file.listed and file.listed != file.read]
    chosen = sorted([*changed, *undated], key=lambda file: file.visited)[:MAX_VISITS]
    if first:
        for file in files:
            if file not in chosen:
                file.read = file.listed  # what is old stays unread until it changes
    return chosen


def news(file: File, entries: Sequence[Entry], polled_at: datetime | None) -> list[Entry]:
    """The entries that `file` did not hold before; on the very first visit all, to be archived.

    Dated ones from long before the last visit are no news, wherever they come from.
    """
    if polled_at is None:
        return list(entries)
    is_baseline = not file.good and not file.late
    known, since = file.known, polled_at - LATE
    fresh = [entry for entry in entries if mark(entry) not in known]
    return [
        entry for entry in fresh if (entry.published_at >= since if entry.published_at is not None else not is_baseline)
    ]


def mark(entry: Entry) -> str:
    """By what an address is known again."""
    return content_id(entry.id)[:8]


def remember(file: File, entries: Sequence[Entry], number: int) -> None:
    """`file` was read at poll `number` and held these."""
    file.marks = "".join(dict.fromkeys(mark(entry) for entry in entries))
    file.read, file.visited, file.good = file.listed, number, True


def kept(files: Sequence[File]) -> list[dict[str, Any]]:
    """For the cursor: the marks of files that were not read for long are forgotten first."""
    left = MAX_MARKS
    for file in sorted(files, key=lambda file: file.visited, reverse=True):
        left -= len(file.marks) // 8
        if left < 0:
            file.marks, file.good, file.late = "", False, False
            file.etag = file.modified = file.body = ""
    return [{name: value for name, value in asdict(file).items() if value} for file in files]


def files_of(value: object) -> list[File]:
    """The reverse; nothing of what `kept` never wrote."""
    files = []
    for fields in value if isinstance(value, list) else ():
        try:
            file = File(**fields)
            texts = (file.url, file.listed, file.read, file.etag, file.modified, file.body, file.marks)
            if all(isinstance(text, str) for text in texts) and isinstance(file.visited, int):
                files.append(file)
        except TypeError:
            continue
    return files
