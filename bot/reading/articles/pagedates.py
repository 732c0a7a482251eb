"""When an article was published, by what its page says: JSON-LD, meta tags, microdata, `<time>`.

Pages say it in several places, and not in all of them with the hour. The first place decides the day; the hour may come
from another place that agrees with it. When a page was changed counts only where nothing says when it was published.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.reading.text.times import parse_time

EAST, WEST = timedelta(hours=14), timedelta(hours=12)  # how far clocks on the wall are from UTC
_DAY = timedelta(days=1)
_DAY_ALONE, _NO_ZONE, _EXACT = 0, 1, 2  # a day alone, an hour without its zone, an instant
_HOUR = re.compile(r"\d[T ,]*\d{1,2}[:.h]\d\d|\d{8}T?\d{4}|^\d{9,13}$|\d ?[ap]\.?m\b", re.I)
_MIDNIGHT = re.compile(r"(?<![\d:+-])00:00(?::00(?:\.0+)?)?(?![\d:])|T0000(?:00)?(?!\d)")
_ZONE = re.compile(r"(?:\d|[ap]m) ?(?:Z|[+-]\d\d(?::?\d\d)?|[A-Z]{2,5})$|\b(?:GMT|UTC)|^\d{9,13}$")
_PUBLISHED = [
    "article:published_time",
    "article:published",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "iso-8601-publish-date",
    "article.published",
    "bt:pubdate",
    "article_date_original",
    "originalpublicationdate",
    "shareaholic:article_published_time",
    "vr:published_time",
    "og:pubdate",
    "pubdate",
    "pub_date",
    "publishdate",
    "publish-date",
    "publish_date",
    "published",
    "published_time",
    "published_at",
    "publication_date",
    "publication-date",
    "publicationdate",
    "release_date",
    "citation_online_date",
    "citation_publication_date",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.created",
    "dc.date.created",
    "dcterms.date",
    "dc.date",
    "dc:date",
    "date",
    "article.created",
    "created",
]
_CHANGED = [
    "article:modified_time",
    "article:updated_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
    "revised",
]
_TIMES = "article time[datetime], main time[datetime], [role=main] time[datetime], header time[datetime]"
_MOST_TIMES = 20
_NOT_OF_IT = frozenset({"aside", "nav", "footer", "li", "td", "blockquote", "figure", "form"})
_OTHERS = re.compile(r"comment|related|teaser|sidebar|event|updated|modified|recommend|more-", re.I)
_SENTENCE = 120  # characters: a paragraph that is longer tells of something, and its date is of that


@dataclass(frozen=True, slots=True)
class _Said:
    when: datetime
    rank: int


def published_at(
    linked: tuple[Iterable[str], Iterable[str]], meta: dict[str, str], tree: Any, guess: str = ""
) -> datetime | None:
    """`linked` is what JSON-LD says: published, changed. `meta` has small names; `guess` is trafilatura's day."""
    published, changed = linked
    named = (meta[name] for name in _PUBLISHED if name in meta)
    places = [*published, *named, *_microdata(tree, "datePublished"), *_times(tree)]
    # A guess that is of the day of a change is mostly that day, and the hour is known with it.
    return best(places) or best([guess, *changed, *(meta[name] for name in _CHANGED if name in meta)])


def best(places: Iterable[str]) -> datetime | None:
    """The first of these dates, or the first more exact one that can be the same moment."""
    dates = [date for date in map(_said, places) if date]
    if not dates:
        return None
    chosen = dates[0]
    for date in dates[1:]:
        if date.rank > chosen.rank and _may_be(chosen, date.when):
            chosen = date
    return chosen.when


def sharper(known: datetime | None, exact: datetime | None) -> datetime | None:
    """`known`; where that is midnight, so perhaps a day alone, `exact` if it is of that day."""
    if known is None or exact is None:
        return known or exact
    is_day = (known.hour, known.minute, known.second, known.microsecond) == (0, 0, 0, 0)
    return exact if is_day and _may_be(_Said(known, _DAY_ALONE), exact) else known


def _may_be(rough: _Said, when: datetime) -> bool:
    latest = rough.when + WEST + (_DAY if rough.rank == _DAY_ALONE else timedelta())
    return rough.when - EAST <= when <= latest


def _said(text: str) -> _Said | None:
    text = text.strip()
    when = parse_time(text)
    if when is None:
        return None
    if not _HOUR.search(text) or _MIDNIGHT.search(text):  # programs write midnight where they know no hour
        return _Said(when, _DAY_ALONE)
    return _Said(when, _EXACT if _ZONE.search(text) else _NO_ZONE)


def _microdata(tree: Any, name: str) -> Iterator[str]:
    node = tree.document.query_selector(f'[itemprop~="{name}"]') if tree.document is not None else None
    if node is not None:
        yield node.getattr("content") or node.getattr("datetime") or node.text[:200]


def _times(tree: Any) -> Iterator[str]:
    """The first `<time>` that stands at the article, not in a sentence, a list or a comment."""
    nodes = tree.document.query_selector_all(_TIMES) if tree.document is not None else ()
    for node in list(nodes)[:_MOST_TIMES]:
        if _is_of_article(node):
            yield node.getattr("datetime") or ""
            return


def _is_of_article(node: Any) -> bool:
    for _ in range(12):
        if node is None or node.tag in ("article", "main", "body"):
            return True
        names = f"{node.getattr('class') or ''} {node.getattr('id') or ''} {node.getattr('itemprop') or ''}"
        if node.tag in _NOT_OF_IT or _OTHERS.search(names) or (node.tag == "p" and len(node.text) > _SENTENCE):
            return False
        node = node.parent
    return True
