"""What the engine reads and what it answers: plain text in, spans out."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Plain text to match. `published_at` is aware UTC; `site` is the publishing host or outlet."""

    id: str
    title: str = ""
    body: str = ""
    url: str = ""
    author: str = ""
    lang: str = ""
    tags: tuple[str, ...] = ()
    site: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A hit: code points `start` to `end` (half-open) of `field`, which is "title" or "body"."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One rule that is true of one document, with the hits that made it so, in reading order."""

    rule_id: str
    document_id: str
    spans: tuple[Span, ...]
