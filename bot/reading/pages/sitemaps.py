"""Sitemaps as bytes to entries and further sitemaps (sitemaps.org 0.9, Google's news extension). Runs in the worker."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from bot.errors import UserError
from bot.model import Entry
from bot.reading.feeds.mending import mend
from bot.reading.pages.linkidentity import link_identity
from bot.reading.text.encoding import decode
from bot.reading.text.htmltext import plain_line
from bot.reading.text.not_a_feed import not_a_feed
from bot.reading.text.times import clamp, parse_time

MAX_BYTES = 52_428_800  # unpacked: what sitemaps.org allows one file
MAX_URLS = 50_000  # likewise
MAX_KEPT = 5_000  # entries that one file gives, the newest where they are dated
MAX_CHILDREN = 1_000
_MAX_LINE = 2_000
_MENDED = 5_000_000  # bytes; larger ones are no news sitemaps, and must be read in time
_MAX_TITLE = 500
_CHUNK = 64 * 1024
_GZIP = b"\x1f\x8b"
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,40}:)?(urlset|sitemapindex|rss|feed|rdf)(?=[\s>/])", re.I)
_EMPTY = re.compile(r"<(?:[A-Za-z_][\w.-]{0,40}:)?(?:urlset|sitemapindex)[^<>]{0,2000}/>", re.I)
_LIST = re.compile(r"\s*https?://\S+\s*(?:$|https?://)", re.I)
_SUFFIX = re.compile(r"\.(?:s?html?|php|aspx?|jsp)$", re.I)
_IDS = re.compile(r"[\d_.,-]*|[0-9a-f-]{8,}", re.I)
_NEWS = ("title", "publication_date", "language", "name", "keywords")
_CURE = "Look for “Sitemap:” in the site's robots.txt, or paste that robots.txt."


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A sitemap that an index names; `lastmod` as written, empty when it is not given."""

    url: str
    lastmod: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """`entries` newest first where all are dated, else as listed; `note` says in words what was left out."""

    entries: tuple[Entry, ...] = ()
    children: tuple[Child, ...] = ()
    note: str = ""


@dataclass(slots=True, kw_only=True)
class _Reading:
    """What has been read of a file so far."""

    items: list[dict[str, str]] = field(default_factory=list)
    children: list[dict[str, str]] = field(default_factory=list)
    more: bool = False


def parse_sitemap(body: bytes, content_type: str, url: str, now: datetime) -> Sitemap:
    """Read a sitemap, an index of sitemaps, or a plain list of addresses, each possibly packed with gzip.

    Raises UserError, saying what it looks like, for anything else.
    """
    body, cut = unpack(body)
    head = decode(body[:_CHUNK], content_type)
    root = _ROOT.search(head)
    if root is None and _LIST.match(head):
        lines = decode(body, content_type).split()
        reading = _Reading(items=[{"loc": line} for line in lines[:MAX_URLS]], more=len(lines) > MAX_URLS)
    elif root is not None and root[1].lower() in ("urlset", "sitemapindex"):
        reading = _read(mend(decode(body, content_type)).encode() if len(body) < _MENDED else body)
    else:
        looks = not_a_feed(head, content_type) or "something else"
        cure = "It is a feed: paste its address as it is." if root else _CURE
        raise UserError(f"{url[:120]} is not a sitemap: it looks like {looks}.", cure=cure)
    unique = list({item.get("loc", ""): item for item in reversed(reading.items) if item.get("loc")}.values())[::-1]
    entries = [entry for item in _newest(unique) if (entry := _entry(item, url, now))]
    notes = []
    if cut or reading.more:
        notes.append("It is larger than sitemaps may be; its beginning was read.")
    elif root is not None and f"</{root[0][1:]}".encode() not in body[-2000:] and not _EMPTY.search(head):
        notes.append("It breaks off in the middle; what came before was read.")
    if len(unique) > MAX_KEPT:
        notes.append(f"Only {MAX_KEPT:,} of its {len(unique):,} addresses are watched.")
    children = {
        address: Child(url=address, lastmod=item.get("lastmod", "")[:40])
        for item in reading.children[:MAX_CHILDREN]
        if (address := _absolute(url, item.get("loc", "")))
    }
    return Sitemap(entries=tuple(entries), children=tuple(children.values()), note=" ".join(notes))


def unpack(body: bytes) -> tuple[bytes, bool]:
    """(content, whether it was cut at MAX_BYTES) of what may be gzip; a bomb is unpacked no further than that."""
    if not body.startswith(_GZIP):
        return body, False
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        content = unpacker.decompress(body, MAX_BYTES)
    except zlib.error:
        return b"", False
    return content, bool(unpacker.unconsumed_tail)


def _read(body: bytes) -> _Reading:
    """All facts of `<url>` and `<sitemap>` elements; what stands before damage, if there is any."""
    reading = _Reading()
    for element in _elements(body):
        (reading.items if _local(element) == "url" else reading.children).append(_facts(element))
        element.clear()
        while element.getprevious() is not None:  # what has been read need not be kept
            del element.getparent()[0]
        if len(reading.items) + len(reading.children) >= MAX_URLS:
            reading.more = True
            break
    return reading


def _elements(body: bytes) -> Iterator[Any]:
    """`<url>` and `<sitemap>` as they end. No entities, no DTD, no network; damage is passed over where possible."""
    from lxml import etree

    parser = etree.XMLPullParser(
        events=("end",),
        tag=("{*}url", "{*}sitemap"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        recover=True,
    )
    body = body.lstrip()
    try:
        for start in range(0, len(body), _CHUNK):
            parser.feed(body[start : start + _CHUNK])
            for _, element in parser.read_events():
                yield element
    except etree.XMLSyntaxError:
        return
    # What the parser would close by itself at the end broke off in the middle: half an address is none.


def _facts(element: Any) -> dict[str, str]:
    """Its address and date; of pictures' and films' titles nothing, of the news extension all that is wanted."""
    facts: dict[str, str] = {}
    for child in element:
        if _local(child) == "news":
            for inside in child.iter():
                if _local(inside) in _NEWS:
                    facts.setdefault(_local(inside), (inside.text or "").strip()[:_MAX_LINE])
        elif _local(child) in ("loc", "lastmod") and not len(child):  # an entity within is a child
            facts.setdefault(_local(child), (child.text or "").strip()[:_MAX_LINE])
    return facts


def _local(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _entry(facts: dict[str, str], base: str, now: datetime) -> Entry | None:
    url = _absolute(base, facts.get("loc", ""))
    identity = link_identity(url)
    if not identity or identity == link_identity(base):
        return None
    when = parse_time(facts.get("publication_date", "")) or parse_time(facts.get("lastmod", ""))
    return Entry(
        id=identity,
        url=url,
        title=plain_line(facts.get("title", ""))[:_MAX_TITLE] or words_of(url),
        is_html=False,
        lang=facts.get("language", "").lower().partition("-")[0],
        tags=tuple(tag for tag in (plain_line(tag[:200]) for tag in facts.get("keywords", "").split(",")[:50]) if tag),
        outlet=plain_line(facts.get("name", ""))[:_MAX_TITLE],
        published_at=clamp(when, now),
    )


def words_of(url: str) -> str:
    """What an address says by itself: "/2026/storm-closes-harbour-4711.html" is "storm closes harbour"."""
    parts = urlsplit(url)
    for step in reversed(parts.path.split("/")):
        words = [word for word in re.split(r"[-_+\s]+", _SUFFIX.sub("", unquote(step))) if not _IDS.fullmatch(word)]
        if words:
            return plain_line(" ".join(words))[:_MAX_TITLE]
    return parts.netloc


def _newest(items: list[dict[str, str]]) -> list[dict[str, str]]:
    """At most MAX_KEPT: the newest, where all are dated; else the last ones, since lists grow at their end."""
    dates = [item.get("publication_date") or item.get("lastmod") or "" for item in items]
    if all(dates):
        # By the text of the date, which ISO 8601 sorts but for time zones: reading 50,000 of them takes too long.
        order = sorted(range(len(items)), key=lambda number: dates[number], reverse=True)
        return [items[number] for number in order[:MAX_KEPT]]
    return items[-MAX_KEPT:]


def _absolute(base: str, link: str) -> str:
    try:
        address = urljoin(base, link.strip()) if link.strip() else ""
        return address if urlsplit(address).scheme in ("http", "https") and urlsplit(address).hostname else ""
    except ValueError:
        return ""
