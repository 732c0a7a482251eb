"""Bytes to a parsed feed. Pure, but at the mercy of what it reads: it runs in the worker, under a deadline."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from bot.errors import UserError
from bot.model import Entry
from bot.reading.feeds.feedxml import read_xml
from bot.reading.feeds.jsonfeed import RawEntry, looks_like_json, parse_json
from bot.reading.feeds.mending import after_comments, mend
from bot.reading.feeds.targets import target_of
from bot.reading.text.encoding import REPLACED, decode, unpacked, windows_signs
from bot.reading.text.htmltext import plain_line
from bot.reading.text.not_a_feed import looks_like_html, not_a_feed
from bot.reading.text.times import clamp, parse_time

MAX_ENTRIES = 5_000
MAX_CONTENT = 1_000_000  # characters of one entry
MAX_LINE = 2_000
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,40}:)?(rss|feed|rdf|channel)(?=[\s>])", re.I)
_ENTRY_ROOT = re.compile(
    r"\s{0,100}(?:<\?xml[^>]{0,400}\?>\s{0,100})?<(?:[A-Za-z_][\w.-]{0,40}:)?(entry)(?=[\s>])", re.I
)
_IN_PAGE = re.compile(
    r"<((?:[A-Za-z_][\w.-]{0,40}:)?feed)\s[^<>]{0,2000}http://www\.w3\.org/2005/Atom|<(rss)\s[^<>]{0,2000}version=",
    re.I,
)
_END = re.compile(r"</(?:[A-Za-z_][\w.-]{0,40}:)?(?:rss|feed|rdf|channel|entry)\s{0,20}>", re.I)
_ITEM = re.compile(r"<(?:[A-Za-z_][\w.-]{0,40}:)?(item|entry)(?=[\s>])", re.I)
_LANGUAGE = re.compile(
    r"<(?:dc:)?language>\s{0,20}([A-Za-z]{2,3})\b|^[^>]{0,2000}\bxml:lang=[\"']([A-Za-z]{2,3})\b", re.I
)
_BASE = re.compile(r"^[^>]{0,2000}\bxml:base=[\"']([^\"'<>]{1,1000})[\"']", re.I)
_TTL = re.compile(r"<ttl>\s{0,20}(\d{1,5})\s{0,20}</ttl>", re.I)
_PERIOD = re.compile(r"<sy:updatePeriod>\s{0,20}(\w{4,8})\s{0,20}</", re.I)
_FREQUENCY = re.compile(r"<sy:updateFrequency>\s{0,20}(\d{1,4})\s{0,20}</", re.I)
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}
_WHOLE = re.compile(r"https?://[^/?#\s]+/?(?!\.)(?:[^.\s]|(?<!/)\.)*\Z")  # joining would not change it
_ORDINARY = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[!-~]*+)?")  # nothing in its host to doubt
_LINE_MARKS = re.compile(r"[\t\r\n]+[ ]*")  # browsers take them out of an address; a space is %20 to them
_KINDS = {"entry": "atom", "rss": "rss", "channel": "rss", "feed": "atom", "rdf": "rdf"}


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
    text = windows_signs(after_comments(decode(unpacked(body), content_type)))
    if looks_like_json(text):
        return _json_feed(text, base_url, now)
    text = _out_of_page(text)
    root = _ENTRY_ROOT.match(text) or _ROOT.search(text)
    if root and not not_a_feed(text[: root.start()], ""):
        return _xml_feed(mend(text), _KINDS[root[1].lower()], base_url, now, thorough)
    rooted = _rooted(text)
    if not rooted:
        looks = not_a_feed(text, content_type) or "plain text"
        raise UserError(f"{_where(base_url)} is not a feed: it looks like {looks}.")
    feed = _xml_feed(mend(rooted), "atom" if rooted.startswith("<feed") else "rss", base_url, now, thorough)
    return replace(feed, note=f"Its first tag is damaged. {feed.note}".strip())


def _out_of_page(text: str) -> str:
    """The feed that stands as it is within a web page; else the text."""
    root = _IN_PAGE.search(text) if looks_like_html(text) else None
    end_tag = f"</{root[1] or root[2]}>" if root else ""
    end = text.rfind(end_tag) if root else -1
    return text[root.start() : end] + end_tag if root and end > root.start() else text


def _rooted(text: str) -> str:
    """A feed of which only the first tag is damaged, with another in its place; empty for anything else."""
    end, item = _END.search(text[-2000:]), _ITEM.search(text)
    if end is None or item is None or looks_like_html(text):
        return ""
    atom, rss = '<feed xmlns="http://www.w3.org/2005/Atom">', '<rss version="2.0"><channel>'
    return (atom if item[1].lower() == "entry" else rss) + text[item.start() :]


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
    reading = read_xml(text, thorough)
    notes = []
    if not _END.search(text[-2000:]):
        notes.append("It breaks off in the middle; what came before was read.")
    elif len(reading.entries) < len(reading.items):
        notes.append(f"It is damaged: {len(reading.entries)} of about {len(reading.items)} entries could be read.")
    elif reading.fault:
        notes.append(f"It is not well-formed XML ({reading.fault}); what could be read was read.")
    if REPLACED in text:
        notes.append("Some characters do not fit its encoding; they show as \ufffd.")
    head = text[: reading.items[0]] if reading.items else text[:20_000]
    body = head.partition("?>")[2].lstrip()
    lang, base = _LANGUAGE.search(body), _BASE.match(body)
    home = _base(base_url, base[1] if base else "", reading.link)
    frame = _Frame(base=home, lang=(lang[1] or lang[2]) if lang else "", now=now)
    entries, note = _entries(reading.entries, frame)
    note = " ".join([*notes, note]).strip()
    title = plain_line(reading.title[:MAX_LINE])
    return ParsedFeed(title=title, entries=entries, kind=kind, note=note, wait=_wait(head))


def _entries(raw: Iterable[RawEntry], frame: _Frame) -> tuple[tuple[Entry, ...], str]:
    entries = tuple(_entry(item, frame) for item in raw)
    kept = tuple(entry for entry in entries if entry.title or entry.content)
    notes = []
    if len(kept) > MAX_ENTRIES:
        notes.append(f"Only the first {MAX_ENTRIES} of its {len(kept)} entries were read.")
    if lost := len(entries) - len(kept):
        notes.append(f"{lost} of its {len(entries)} entries could not be read: neither title nor text was found.")
    return kept[:MAX_ENTRIES], " ".join(notes)


def _entry(raw: RawEntry, frame: _Frame) -> Entry:
    base = str(raw.get("base") or "")
    link = target_of(_absolute(_absolute(frame.base, base) or frame.base if base else frame.base, str(raw["link"])))
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
    link = _LINE_MARKS.sub("", link.strip()).replace(" ", "%20")
    if not link:
        return ""
    try:
        joined = link if _WHOLE.match(link) else urljoin(base, link)
        if _ORDINARY.fullmatch(joined):
            return joined
        parts = urlsplit(joined)
        return joined if parts.scheme in ("http", "https") and parts.hostname else ""
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
