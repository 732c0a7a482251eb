"""Bytes to a parsed feed. Pure, but at the mercy of what it reads: it runs in the worker, under a deadline.

fastfeedparser reads first, because it is 38-132 times faster; it loses entries and words of broken XML without a word.
So `_doubtful` compares its result with what the raw text holds, and feedparser reads again where they differ.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from bot.core.feedbytes import REPLACED, decode, mend
from bot.core.htmltext import plain_line
from bot.core.jsonfeed import RawEntry, looks_like_json, parse_json
from bot.core.looks import not_a_feed
from bot.core.times import clamp, parse_time
from bot.errors import UserError
from bot.model import Entry

MAX_ENTRIES = 5_000
MAX_CONTENT = 1_000_000  # characters of one entry
MAX_LINE = 2_000
_ITEM = re.compile(r"<(?:[A-Za-z_][\w.-]{0,40}:)?(?:item|entry)(?![\w.:-])", re.I)
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,40}:)?(rss|feed|rdf|channel)(?=[\s>])", re.I)
_END = re.compile(r"</(?:[A-Za-z_][\w.-]{0,40}:)?(?:rss|feed|rdf|channel)\s{0,20}>", re.I)
# Markup directly inside a text element: fastfeedparser keeps only what stands before it (but knows XHTML content).
_NESTED = re.compile(
    r"<(?:title|description|summary)(?:\s[^>]{0,300})?>[^<]{0,2000}<(?!!\[CDATA\[|/)"
    r"|<(?:content|content:encoded)(?:\s(?![^>]{0,300}xhtml)[^>]{0,300})?>[^<]{0,2000}<(?!!\[CDATA\[|/)",
    re.I,
)
_DATED = re.compile(r"<[\w:.-]{0,40}(?:date|published|issued|updated|modified|created)\b", re.I)
_SOURCE = re.compile(r"<source(?:\s[^>]{0,500})?>(.{0,3000}?)</source>", re.I | re.S)
_SOURCE_TITLE = re.compile(r"<title(?:\s[^>]{0,300})?>(.{0,1000}?)</title>", re.I | re.S)
_LANGUAGE = re.compile(
    r"<(?:dc:)?language>\s{0,20}([A-Za-z]{2,3})\b|^[^>]{0,2000}\bxml:lang=[\"']([A-Za-z]{2,3})\b", re.I
)
_BASE = re.compile(r"^[^>]{0,2000}\bxml:base=[\"']([^\"'<>]{1,1000})[\"']", re.I)
_TTL = re.compile(r"<ttl>\s{0,20}(\d{1,5})\s{0,20}</ttl>", re.I)
_PERIOD = re.compile(r"<sy:updatePeriod>\s{0,20}(\w{4,8})\s{0,20}</", re.I)
_FREQUENCY = re.compile(r"<sy:updateFrequency>\s{0,20}(\d{1,4})\s{0,20}</", re.I)
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}
_KINDS = {"rss": "rss", "channel": "rss", "feed": "atom", "rdf": "rdf"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed as read. `entries` in the feed's own order; `note` says in words what was lost; `wait` is what it asks."""

    title: str
    entries: tuple[Entry, ...]
    kind: str  # rss, rdf, atom or json
    note: str = ""
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """What entries inherit from their feed."""

    base: str
    lang: str
    now: datetime


def parse_feed(body: bytes, content_type: str, base_url: str, now: datetime, thorough: bool = True) -> ParsedFeed:
    """Read an RSS, RDF, Atom or JSON feed fetched from `base_url`.

    A broken feed gives the entries that can be saved and a note. `thorough=False` never asks the slow parser.
    Raises UserError, saying what it looks like, when it is not a feed.
    """
    text = decode(body, content_type)
    if looks_like_json(text):
        return _json_feed(text, base_url, now)
    root = _ROOT.search(text)
    if root is None or not_a_feed(text[: root.start()], ""):
        raise UserError(
            f"{_where(base_url)} is not a feed: it looks like {not_a_feed(text, content_type) or 'plain text'}."
        )
    return _xml_feed(mend(text), _KINDS[root[1].lower()], base_url, now, thorough)


def _json_feed(text: str, base_url: str, now: datetime) -> ParsedFeed:
    try:
        parsed = parse_json(text)
    except ValueError as error:
        raise UserError(f"{_where(base_url)} looks like JSON but is damaged: {error}.") from None
    if parsed is None:
        raise UserError(f"{_where(base_url)} is JSON, but not a JSON Feed: it has no list of items.")
    feed, raw = parsed
    frame = _Frame(base=feed["link"] or base_url, lang=feed["lang"], now=now)
    entries, note = _entries(raw, frame)
    return ParsedFeed(title=plain_line(feed["title"][:MAX_LINE]), entries=entries, kind="json", note=note)


def _xml_feed(text: str, kind: str, base_url: str, now: datetime, thorough: bool) -> ParsedFeed:
    items = [found.start() for found in _ITEM.finditer(text)]
    title, link, raw = _fast(text)
    notes = []
    if thorough and _doubtful(text, len(items), raw):
        other_title, other_link, other = _slow(text)
        if len(other) >= len(raw):
            title, link, raw = other_title or title, other_link or link, other
    if raw and len(raw) == len(items):
        _add_from_source_text(raw, text, items)
    if not _END.search(text[-2000:]):
        notes.append("It breaks off in the middle; what came before was read.")
    elif len(raw) < len(items):
        notes.append(f"It is damaged: {len(raw)} of about {len(items)} entries could be read.")
    if REPLACED in text:
        notes.append("Some characters do not fit its encoding; they show as \ufffd.")
    head = text[: items[0]] if items else text[:20_000]
    body = head.partition("?>")[2].lstrip()
    lang, base = _LANGUAGE.search(body), _BASE.match(body)
    frame = _Frame(
        base=_base(base_url, base[1] if base else "", link), lang=(lang[1] or lang[2]) if lang else "", now=now
    )
    entries, note = _entries(raw, frame)
    note = " ".join([*notes, note]).strip()
    return ParsedFeed(title=plain_line(title[:MAX_LINE]), entries=entries, kind=kind, note=note, wait=_wait(head))


def _fast(text: str) -> tuple[str, str, list[RawEntry]]:
    """(title, link, raw entries) by fastfeedparser; nothing where it gives up."""
    import fastfeedparser

    try:
        parsed = fastfeedparser.parse(text.encode(), include_media=False)
    except Exception:  # it raises ValueError, and whatever lxml and its date parsers raise
        return "", "", []
    feed, entries = parsed["feed"], parsed["entries"]
    return feed.get("title") or "", feed.get("link") or "", [_from_parser(entry, "description") for entry in entries]


class _Bytes:
    """feedparser takes bytes for a file name or address first; something readable it just reads."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def read(self) -> bytes:
        """All of it."""
        return self._body


def _slow(text: str) -> tuple[str, str, list[RawEntry]]:
    """(title, link, raw entries) by feedparser; nothing where it gives up."""
    import feedparser

    try:
        parsed = feedparser.parse(
            _Bytes(text.encode()),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception:  # it has raised on many inputs that it should not
        return "", "", []
    feed, entries = parsed["feed"], parsed["entries"]
    return feed.get("title") or "", feed.get("link") or "", [_from_parser(entry, "summary") for entry in entries]


def _from_parser(entry: Any, summary: str) -> RawEntry:
    """What both parsers agree on, by our names. The longest of the contents is the text."""
    contents = [(one.get("value") or "", one.get("type") or "") for one in entry.get("content") or ()]
    contents.append((entry.get(summary) or "", "text/html"))
    content, content_type = max(contents, key=lambda one: len(one[0]))
    stamp = entry.get("published_parsed") or entry.get("updated_parsed")
    date = _iso(stamp) if stamp else entry.get("published") or entry.get("updated")
    enclosures = [one.get("url") or one.get("href") for one in entry.get("enclosures") or ()]
    return {
        "id": entry.get("id") or "",
        "link": entry.get("link") or next((str(url) for url in enclosures if url), ""),
        "title": entry.get("title") or "",
        "content": content,
        "is_html": content_type not in ("text", "text/plain"),
        "author": entry.get("author") or "",
        "tags": [one.get("term") or one.get("label") or "" for one in entry.get("tags") or ()],
        "date": date or "",
    }


def _iso(stamp: Sequence[int]) -> str:
    """feedparser's struct_time, which is UTC; empty where it names no real moment."""
    try:
        year, month, day, hour, minute, second = stamp[:6]
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC).isoformat()
    except ValueError:
        return ""


def _doubtful(text: str, items: int, raw: list[RawEntry]) -> bool:
    """Whether the fast parser may have lost something."""
    hollow = any(not (one["title"] or one["content"]) for one in raw)
    return len(raw) != items or not raw or hollow or _NESTED.search(text) is not None


def _add_from_source_text(raw: list[RawEntry], text: str, items: list[int]) -> None:
    """What the fast parser leaves out (`<source>`) or makes up (a date from the guid), entry by entry."""
    has_source = "<source" in text
    for entry, start, end in zip(raw, items, [*items[1:], len(text)], strict=True):
        if entry["date"] and not _DATED.search(text, start, end):
            entry["date"] = ""
        source = _SOURCE.search(text, start, end) if has_source else None
        if source:
            inner = _SOURCE_TITLE.search(source[1])
            words = (inner[1] if inner else source[1]).replace("<![CDATA[", "").replace("]]>", "")
            entry["outlet"] = "" if "<" in words else words


def _entries(raw: Iterable[RawEntry], frame: _Frame) -> tuple[tuple[Entry, ...], str]:
    entries = tuple(_entry(one, frame) for one in raw)
    kept = tuple(entry for entry in entries if entry.title or entry.content)
    notes = []
    if len(kept) > MAX_ENTRIES:
        notes.append(f"Only the first {MAX_ENTRIES} of its {len(kept)} entries were read.")
    if lost := len(entries) - len(kept):
        notes.append(f"{lost} of its {len(entries)} entries could not be read: neither title nor text was found.")
    return kept[:MAX_ENTRIES], " ".join(notes)


def _entry(raw: RawEntry, frame: _Frame) -> Entry:
    link = _absolute(frame.base, str(raw["link"]))
    if not link and str(raw["id"]).startswith(("http://", "https://")):
        link = str(raw["id"]).strip()
    return Entry(
        id=(str(raw["id"]).strip() or link)[:MAX_LINE],
        url=link,
        title=plain_line(str(raw["title"])[:MAX_LINE]),
        content=str(raw["content"])[:MAX_CONTENT],
        is_html=bool(raw["is_html"]),
        author=plain_line(str(raw["author"])[:MAX_LINE]),
        lang=(str(raw.get("lang") or "") or frame.lang).lower().partition("-")[0],
        tags=tuple(tag for tag in (plain_line(str(tag)[:200]) for tag in raw["tags"][:50]) if tag),
        outlet=plain_line(str(raw.get("outlet") or "")[:MAX_LINE]),
        published_at=clamp(parse_time(str(raw["date"])), frame.now),
    )


def _absolute(base: str, link: str) -> str:
    """An http(s) address, or nothing: javascript:, data: and broken ones are no links."""
    link = link.strip()
    if not link:
        return ""
    try:
        joined = urljoin(base, link)
        return joined if urlsplit(joined).scheme in ("http", "https") and urlsplit(joined).hostname else ""
    except ValueError:
        return ""


def _base(feed_url: str, xml_base: str, link: str) -> str:
    """What relative links are relative to: xml:base, else the feed's site, else the feed itself."""
    if xml_base:
        return _absolute(feed_url, xml_base) or feed_url
    return _absolute(feed_url, link) or feed_url


def _wait(head: str) -> timedelta | None:
    """The longest pause that `ttl` or `sy:updatePeriod` ask for."""
    waits = []
    if ttl := _TTL.search(head):
        waits.append(timedelta(minutes=int(ttl[1])))
    if (period := _PERIOD.search(head)) and period[1].lower() in _PERIODS:
        frequency = _FREQUENCY.search(head)
        waits.append(timedelta(hours=_PERIODS[period[1].lower()]) / max(int(frequency[1]) if frequency else 1, 1))
    return max(waits, default=None)


def _where(url: str) -> str:
    return url if len(url) <= 120 else url[:119] + "…"
