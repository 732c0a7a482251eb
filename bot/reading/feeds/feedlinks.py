"""Where a site's feed may be: the addresses that a pasted text can mean, the links that a page names, usual places."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from bot.reading.text.encoding import decode

WELL_KNOWN = ("/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.json", "/index.xml")
_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "text/xml")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)")
_HOST = re.compile(r"[^\s/?#@:\\]+\.[^\s/?#@:\\.]{2,63}\.?|\d{1,3}(?:\.\d{1,3}){3}|localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLinks:
    """The feeds that a page names, likeliest first (those of comments last)."""

    title: str
    feeds: tuple[str, ...]


def addresses(text: str) -> list[str]:
    """The http(s) addresses that a pasted text can mean, in the order to try them; none for other things."""
    text = text.strip().strip("<>").strip()
    if text.lower().startswith("feed:"):
        text = text[5:]
        text = "http:" + text if text.startswith("//") else text
    if any(space in text for space in (" ", "\n", "\t")) or not text:
        return []
    if text.lower().startswith(("http://", "https://")):
        return [text]
    host = re.split(r"[/?#]", text, maxsplit=1)[0].rpartition(":")
    if _SCHEME.match(text) or not _HOST.fullmatch(host[0] or host[2]):
        return []
    return [f"https://{text}", f"http://{text}"]


def page_links(body: bytes, content_type: str, base_url: str) -> PageLinks:
    """Read `<link rel=alternate>` of a page. Runs in the worker."""
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse(decode(body, content_type))
    base = tree.document.query_selector("base[href]") if tree.document else None
    home = urljoin(base_url, base.getattr("href") or "") if base else base_url
    feeds: dict[str, bool] = {}
    for link in tree.document.query_selector_all("link[rel][href]") if tree.document else ():
        rel, kind = (link.getattr("rel") or "").lower().split(), (link.getattr("type") or "").lower()
        if "alternate" not in rel and "feed" not in rel:
            continue
        if kind.partition(";")[0].strip() in _TYPES or (not kind and "feed" in rel):
            href = link.getattr("href") or ""
            address = _join(home, href)
            if address:
                feeds.setdefault(address, "comment" in (href + (link.getattr("title") or "")).lower())
    return PageLinks(title=(tree.title or "").strip(), feeds=tuple(sorted(feeds, key=lambda url: feeds[url])))


def root_of(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _join(base: str, href: str) -> str:
    try:
        address = urljoin(base, href.strip())
        return address if urlsplit(address).scheme in ("http", "https") else ""
    except ValueError:
        return ""
