"""Where a site's feed may be: the addresses that a pasted text can mean, the links that a page names, usual places."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from bot.reading.text.encoding import decode
from bot.reading.text.not_a_feed import not_a_feed

WELL_KNOWN = ("/feed", "/rss.xml", "/rss", "/atom.xml", "/index.xml", "/feed.json")  # the commonest first
_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "text/xml")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)")
_HOST = re.compile(r"[^\s/?#@:\\]+\.[^\s/?#@:\\.]{2,63}\.?|\d{1,3}(?:\.\d{1,3}){3}|localhost")


MOST_LINKS = 40
_NAMES = re.compile(r"\b(?:rss|atom|feeds?|podcast feed|xml)\b", re.I)  # in the words of a link: "RSS", "Our feed"
_PLACES = re.compile(
    r"(?:^|[/._-])(?:rss|atom|feed|feeds)(?:\d?\.(?:xml|php|json|aspx?))?/?$|\.(?:rss|atom|rdf)$", re.I
)
_LONGEST_NAME = 40
_FRONT = re.compile(r"/?(?:index|home|default|start)?(?:\.\w{2,5})?/?", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """A feed that a page names. `named`: in its head, where readers look; else only a link that is called so."""

    url: str
    title: str = ""
    named: bool = True
    comments: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLinks:
    """The feeds that a page names, likeliest first (those of comments last). `is_page`: it is a page at all."""

    title: str
    feeds: tuple[FeedLink, ...]
    is_page: bool = True


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
    """Read the feeds that a page names: `<link rel=alternate>`, and links called "RSS". Runs in the worker."""
    from resiliparse.parse.html import HTMLTree

    text = decode(body, content_type)
    looks = not_a_feed(text, "")
    if not looks.startswith("a web page") and not (content_type.startswith("text/html") and "<" in text[:5000]):
        return PageLinks(title="", feeds=(), is_page=False)
    tree = HTMLTree.parse(text)
    document = tree.document
    if document is None:
        return PageLinks(title="", feeds=())
    base = document.query_selector("base[href]")
    home = urljoin(base_url, base.getattr("href") or "") if base else base_url
    feeds: dict[str, FeedLink] = {}
    for node in document.query_selector_all("link[rel][href]"):
        _put(feeds, _in_head(node, home))
    for node in document.query_selector_all("a[href]"):
        if len(feeds) >= MOST_LINKS:
            break
        _put(feeds, _in_text(node, home))
    feeds.pop(base_url, None)
    ordered = sorted(feeds.values(), key=lambda link: (link.comments, not link.named))
    return PageLinks(title=(tree.title or "").strip(), feeds=tuple(ordered))


def _put(feeds: dict[str, FeedLink], link: FeedLink | None) -> None:
    if link is not None and link.url:
        feeds.setdefault(link.url, link)


def _in_head(node: Any, home: str) -> FeedLink | None:
    rel, kind = (node.getattr("rel") or "").lower().split(), (node.getattr("type") or "").lower()
    if "alternate" not in rel and "feed" not in rel:
        return None
    if kind.partition(";")[0].strip() not in _TYPES and (kind or "feed" not in rel):
        return None
    href, title = node.getattr("href") or "", " ".join((node.getattr("title") or "").split())
    return FeedLink(url=_join(home, href), title=title[:200], comments="comment" in (href + title).lower())


def _in_text(node: Any, home: str) -> FeedLink | None:
    href = node.getattr("href") or ""
    place = href.partition("#")[0].partition("?")[0]
    if not href or href.startswith(("#", "mailto:", "javascript:")) or len(href) > 2000:
        return None
    name = " ".join((node.text or node.getattr("title") or node.getattr("aria-label") or "").split())
    called = len(name) <= _LONGEST_NAME and _NAMES.search(name)
    if not called and not _PLACES.search(place):
        return None
    return FeedLink(url=_join(home, href), title=name[:200], named=False, comments="comment" in (href + name).lower())


def is_front(url: str) -> bool:
    """Whether an address is that of a whole site, not of a part of it."""
    parts = urlsplit(url)
    return bool(_FRONT.fullmatch(parts.path)) and not parts.query


def is_of(feed: FeedLink, pasted: str) -> bool:
    """Whether a feed is that of the pasted page and not of the whole site: it lies below it, or is named like it."""
    if feed.comments:
        return False
    if is_front(pasted):
        return True
    folder, place = urlsplit(pasted).path.rstrip("/"), urlsplit(feed.url)
    if place.path.startswith(folder + "/") and root_of(feed.url) == root_of(pasted):
        return True
    last = folder.rpartition("/")[2].partition(".")[0].lower()
    return len(last) > 2 and last in re.split(r"[/._?&=-]", f"{place.path}?{place.query}".lower())


def guesses(url: str) -> list[str]:
    """Where a feed may lie that no page names: below the pasted folder, then at the usual places of the site."""
    folder = urlsplit(url).path.rstrip("/")
    below = [] if is_front(url) else [f"{root_of(url)}{folder}/feed"]
    return below + [root_of(url) + path for path in WELL_KNOWN]


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
