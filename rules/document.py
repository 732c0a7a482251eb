"""What the engine reads and what it answers: plain text in, spans out."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFacts:
    """What is known of the document's story when it is matched: each independent outlet's first report so far.

    `reports` holds (outlet, aware UTC time), this document's own among them. `is_first`: it opened the story.
    """

    reports: tuple[tuple[str, datetime], ...]
    is_first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Plain text to match, with what is known of it.

    `site` is the publishing host, `source` the outlet's or feed's name, `country` the outlet's ISO 3166 code. Times are
    aware UTC; `received_at` is when it was read, from which its age counts. `story` is None until its story is known.
    """

    id: str
    title: str = ""
    body: str = ""
    url: str = ""
    author: str = ""
    lang: str = ""
    tags: tuple[str, ...] = ()
    site: str = ""
    source: str = ""
    country: str = ""
    published_at: datetime | None = None
    received_at: datetime | None = None
    story: StoryFacts | None = None


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A hit: code points `start` to `end` (half-open) of `field`, which is "title" or "body"."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One rule that is true of one document, with the hits that made it so, in reading order.

    `preferred` are those of them that the rule marks with `^`, to be shown first.
    """

    rule_id: str
    document_id: str
    spans: tuple[Span, ...]
    preferred: tuple[Span, ...] = ()
