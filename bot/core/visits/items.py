"""Which item of its source a document is: by what the source calls it, then by its address, before any likeness.

A source's item has versions: it is edited, gets another headline, moves. They are one story however little they are
alike, unless the source used a name again: for the next week's column, or for the notice that replaces the last one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.addresses import canonical_url, place_in_page
from bot.core.stories.arriving import RECURRING
from bot.core.stories.judging import changed_little, is_version, unconflicted
from bot.core.stories.likeness import OPENERS
from bot.core.stories.wording import Wording, compare, headlines_agree
from bot.core.stories.words import norms
from bot.model import Entry, content_id
from rules.document import Document

LEAST_SHARED, LEAST_SHARE = 2, 0.15  # of the words that tell something: a rewritten report keeps its matter
_WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What one feed's item is known by again, as digests; empty where it has no such name.

    `own` is the name that the source gave it; `address` is where it can be read, which several items may share.
    `again` says that the feed told the same before, and that it is news again: a state that came back.
    """

    own: str = ""
    address: str = ""
    again: bool = False

    @property
    def all(self) -> tuple[str, ...]:
        """The strongest first."""
        return tuple(filter(None, (self.own, self.address)))


NAMELESS = Names()


def names_of(item_id: str, url: str, feed_url: str, *, again: bool = False) -> Names:
    """The names of an entry. A watched page is no item's address: all its changes stand there."""
    address = _place(url)
    own = _place(item_id) if item_id.startswith(_WEB) else item_id.strip()
    if address.partition("#")[0] == _place(feed_url).partition("#")[0]:
        address = ""
    if own in (address, url):  # nothing but the address, which may be one page for many notices
        own = ""
    return Names(
        own=content_id("item", own) if own else "",
        address=content_id("address", address) if address else "",
        again=again,
    )


def told_apart(entries: Sequence[Entry]) -> list[Entry]:
    """The entries, with their `place` where several have the same words and page: items of a live page, comments."""
    places: dict[tuple[str, str, str], set[str]] = {}
    for entry in entries:
        if "#" in entry.url:
            places.setdefault(_words_at(entry), set()).add(place_in_page(entry.url))
    return [
        replace(entry, place=place_in_page(entry.url)) if len(places.get(_words_at(entry), ())) > 1 else entry
        for entry in entries
    ]


def _words_at(entry: Entry) -> tuple[str, str, str]:
    return entry.url.partition("#")[0], entry.title, entry.content


def _place(url: str) -> str:
    """An address without scheme and www., with its fragment; empty for a site's front page and for what is none."""
    parts = urlsplit(canonical_url(url))
    path = parts.path.rstrip("/")
    place = place_in_page(url)
    if not path and not parts.query and not place:
        return ""
    return f"{parts.netloc.removeprefix('www.')}{path}?{parts.query}{place or '#'}"


def is_same_item(old: Document, new: Document, *, arrived_apart: timedelta, by_own_name: bool, renamed: bool) -> bool:
    """Whether `new`, which has a name of `old` in their feed, is a version of it and not another item.

    `by_own_name`: they share the name that the feed gave; else only the address, and `renamed` says that both have
    names of their own, which differ. Then they are one item only when nothing of substance differs.
    """
    before, now = Wording(old), Wording(new)
    like = compare(before, now)
    if renamed or _apart(old, new, arrived_apart) > RECURRING:
        if is_equal(old, new):
            return True
        return is_version(like) and unconflicted(like) and headlines_agree(before, now, like)
    if not by_own_name and is_version(like):  # the next notice of the same form, at the same address
        return unconflicted(like) or changed_little(like)
    return tells_the_same(old, new)


def is_equal(old: Document, new: Document) -> bool:
    """Whether they have the same words."""
    return norms(old.title) == norms(new.title) and norms(old.body) == norms(new.body)


def tells_the_same(old: Document, new: Document) -> bool:
    """Whether they share some of the words that tell what they are about."""
    before, now = _matter(old), _matter(new)
    shared = len(before & now)
    few = min(len(before), len(now))
    return few == 0 or (shared >= min(LEAST_SHARED, few) and shared >= LEAST_SHARE * few)


def _matter(document: Document) -> set[str]:
    words = {word for word in norms(f"{document.title}\n{document.body[:4_000]}") if word not in OPENERS}
    return {word[:6] for word in words if len(word) > 3} or words


def _apart(old: Document, new: Document, arrived: timedelta) -> timedelta:
    if old.published_at is not None and new.published_at is not None:
        return abs(new.published_at - old.published_at)
    return arrived


def is_long_ago(published_at: datetime | None, since: datetime, limit: timedelta) -> bool:
    """Whether it was published more than `limit` before `since`."""
    return published_at is not None and published_at < since - limit
