"""The nouns of what comes in: feeds, entries, what a visit brought."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.model._ids import content_id
from bot.model._who import Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who waits to be told what a visit brings: where, and below which message."""

    destination: Destination
    reply_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a feed has been, over all visits."""

    failing_since: datetime | None = None
    known_since: datetime | None = None  # the first visit
    newest_at: datetime | None = None  # the last visit that brought news
    news: int = 0  # visits that did
    longest_pause: timedelta = timedelta()
    latency: timedelta | None = None  # from publication to receipt
    silent_since: datetime | None = None  # an alarm was raised
    pages_failed: int = 0  # articles in a row that could not be had
    asked: tuple[Asked, ...] = ()  # who is told of the next visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Anything polled. `cursor` is opaque to all but the feed's source; `kind` names that source."""

    id: str
    kind: str
    url: str
    title: str = ""
    interval: timedelta = timedelta(minutes=10)
    cursor: str = ""
    next_poll_at: datetime | None = None
    polled_at: datetime | None = None  # last successful poll; None until the first one
    failures: int = 0  # in a row
    last_error: str = ""  # in words, empty when healthy
    note: str = ""  # what could not be read although the poll succeeded
    health: Health = Health()
    every: timedelta | None = None  # the shortest interval that a chat chose for it
    learns: bool = True  # some chat that holds it chose none: it is visited that often at least, not exactly
    alert_first_poll: bool = False  # an added feed's old entries are archived, not alerted, unless this is set

    @property
    def address(self) -> str:
        """Its address as a chat may see it; empty for a path, which only the operator may know."""
        return "" if self.url.startswith(("/", "file:")) else self.url

    @property
    def name(self) -> str:
        """What chats call it."""
        return self.title or self.address or self.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An item as published: HTML or plain text, exactly as the source gave it. `id` is the source's own (guid).

    `occasion` is set when the same words at the same address were an item before and are news again: a page that
    changed says them again. It tells the two apart. So does `place`, the fragment of the address, where items of one
    feed differ in nothing else.
    """

    id: str
    url: str = ""
    title: str = ""
    content: str = ""
    is_html: bool = True
    author: str = ""
    lang: str = ""
    tags: tuple[str, ...] = ()
    outlet: str = ""  # the publisher's name where the item gives one
    published_at: datetime | None = None
    occasion: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What one visit to a feed gave. `wait` is the pause that the server asked for; `note` is for `/sources`."""

    entries: tuple[Entry, ...] = ()
    cursor: str = ""
    title: str = ""
    unchanged: bool = False
    note: str = ""
    moved_to: str = ""
    wait: timedelta | None = None


LISTED = "list"  # the kind of a find that is only named in a list; what it is has to be seen there


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What discovery found behind an address that somebody pasted: a feed that `source add` can take."""

    kind: str
    url: str
    title: str = ""
    newest_title: str = ""
    newest_at: datetime | None = None
    entries: int = 0
    setup: str = ""  # what its owner must know once it is added: shown as it is
    secret: str = ""  # a part of `setup` that is shown once and never stored; `ports.KeepsSecrets` gives it again
    note: str = ""  # what could not be read there
    beside: bool = False  # not what was pasted, but something that it names or that lies near: to be chosen, not taken
    untried: bool = False  # only named there: what it is has to be seen

    @property
    def mark(self) -> str:
        """A short name for it among those behind the same address."""
        return content_id(self.kind, self.url)[:6]


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An HTTP answer after redirects: `url` is the last address; header names are lower-case."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes
    moved_to: str = ""  # where permanent redirects alone lead, empty without any


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What changed in an article after it alerted. `before` is empty when the new words stand for themselves."""

    kind: Literal["correction", "retraction", "change", "removed"]
    before: str = ""
    after: str = ""
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionCheck:
    """An article that alerted and is read again for two days. `title` and `text`: as they were read last."""

    document_id: str
    url: str
    since: datetime
    next_at: datetime | None  # None: no more
    visits: int = 0
    misses: int = 0  # visits in a row that found the page gone
    title: str = ""
    text: str = ""
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What one feed calls by `name` (a digest): the newest document that it gave as this item, and its story.

    `own`: the item's name of its own, another digest; empty where nothing but its address names it.
    `old`: it was there at the feed's first visit, or was published long before it arrived; it is never news.
    """

    feed_id: str
    name: str
    own: str
    document_id: str
    story_id: str
    old: bool = False
