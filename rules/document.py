"""What the engine reads and what it answers: plain text in, spans out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFacts:
    """What is known of the document's story when it is matched: each independent source's first report so far.

    `reports` holds (source, aware UTC time), this document's own among them. `is_first`: it opened the story.
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


class Match:
    """One rule that is true of one document. `find` gives its hits in reading order, and those to be shown first."""

    __slots__ = ("_find", "_hit_spans", "document_id", "rule_id")

    def __init__(self, *, rule_id: str, document_id: str, find: Callable[[], "HitSpans"]) -> None:
        self.rule_id, self.document_id = rule_id, document_id
        self._find = find
        self._hit_spans: HitSpans | None = None

    @property
    def spans(self) -> tuple[Span, ...]:
        """The hits that make the rule true, in reading order; looked up at the first call."""
        return self._hits()[0]

    @property
    def preferred(self) -> tuple[Span, ...]:
        """Those of them that the rule marks with `^`, to be shown first."""
        return self._hits()[1]

    def _hits(self) -> "HitSpans":
        if self._hit_spans is None:
            self._hit_spans = self._find()
        return self._hit_spans

    def __repr__(self) -> str:
        return f"Match(rule_id={self.rule_id!r}, document_id={self.document_id!r}, spans={self.spans!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Match):
            return NotImplemented
        return (self.rule_id, self.document_id, self._hits()) == (other.rule_id, other.document_id, other._hits())

    __hash__ = None  # type: ignore[assignment]


HitSpans = tuple[tuple[Span, ...], tuple[Span, ...]]  # all spans, the preferred ones
