"""The articles that a page links to. Pure, but at the mercy of what it reads: it runs in the worker."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from bot.errors import UserError
from bot.model import Entry
from bot.reading.pages.linkidentity import document_name, link_identity, link_keys
from bot.reading.text.encoding import decode
from bot.reading.text.htmltext import html_to_text, plain_line
from bot.reading.text.not_a_feed import not_a_feed
from bot.reading.text.pagenoise import meaning, without_counters
from bot.reading.text.times import clamp, parse_time

MAX_LINKS = 500  # of one page
_MAX_ANCHORS = 5_000
_MAX_TITLE = 500
_MAX_CARDS = 2_000_000  # characters of HTML in all boxes together
_MOST_STEPS = 4  # up from a link to the box that has its heading
_MAX_CARD = 1_500  # characters; what is longer is no article's box but a part of the page
_FURNITURE = "nav, header, footer, aside, form, [role=navigation], [role=banner], [role=contentinfo], [role=search]"
ADVERTS = (
    "ins.adsbygoogle, [class~=ad], [class~=ads], [class~=ad-slot], [class*=advert], [class*=sponsored]"
    ", [id^=google_ads], [id^=div-gpt-ad], [data-ad], [data-ad-slot], [aria-label=Advertisement], [class*=taboola]"
    ", [class*=outbrain]"
)
_BOXES = "article, li, tr, dd, [class*=card], [class*=teaser], [class*=item]"
_GENERIC = re.compile(
    r"(?:(?:read|show|view|see|load|learn|find out) )?(?:more|all|next|previous|prev|older|newer|here|details|comments?"
    r"|share|reply|permalink|link|download|herunterladen|télécharger|descargar"
    r"|weiterlesen|mehr|lire la suite|suite|leer más|más|читать далее|подробнее|далее"
    r"|читати далі|докладніше)\W*|[\W\d_]*",
    re.I,
)
_NOT_ARTICLES = re.compile(
    r"/(?:tags?|topics?|categor(?:y|ies)|authors?|users?|login|log-in|signin|sign-in|register|signup|subscribe|search"
    r"|privacy|terms|imprint|impressum|contact|about|cart|account|help|faq)(?:/|$|\.)[^/]*$"
    r"|\.(?:jpe?g|png|gif|svg|webp|ico|css|js|xml|rss|mp3|mp4|zip|exe)$",
    re.I,
)
_SHARING = re.compile(
    r"^https?://(?:[\w-]+\.)?(?:facebook\.com/(?:sharer|share)|(?:twitter|x)\.com/(?:intent|share)|linkedin\.com/share"
    r"|pinterest\.\w+/pin/create|wa\.me/|api\.whatsapp\.com/|t\.me/share|reddit\.com/submit|telegram\.me/share)",
    re.I,
)
# XML that has a source of its own, and JSON
_DATA = re.compile(
    r"\s*(?:[{\[]|(?:<[?!][^>]{0,1000}>\s*){0,20}<(?:[a-z]{1,20}:)?(?:urlset|sitemapindex|rss|feed|rdf|opml|svg)\b)",
    re.I,
)
_PIECES = re.compile(r"\n+[•\s]*| [·|•] |^[•\s]+")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEntries:
    """`entries` in the page's own order; `parts` is how many parts the selector chose."""

    title: str
    entries: tuple[Entry, ...]
    parts: int


@dataclass(slots=True)
class _Link:
    """All links of one address on the page; the best text wins."""

    url: str
    title: str = ""
    weight: int = 0
    teaser: str = ""
    at: datetime | None = field(default=None)


def page_entries(body: bytes, content_type: str, url: str, select: str, now: datetime) -> PageEntries:
    """An entry for each article that the page, or its part, links to. Raises UserError when it is no page."""
    tree = parse_page(body, content_type, url)
    base = tree.document.query_selector("base[href]")
    home = urljoin(url, (base.getattr("href") or "") if base else "")
    parts = chosen(tree, select)
    links, cards = dict[str, _Link](), _Cards(now)
    for anchor in _anchors(parts):
        address = link_identity(_join(home, anchor.getattr("href") or ""))
        if not address or address == link_identity(url) or _SHARING.match(address):
            continue
        if not select and (_NOT_ARTICLES.search(urlsplit(address).path) or _is_furniture(anchor)):
            continue
        if not select and anchor.closest(ADVERTS) is not None:
            continue
        _see(links.setdefault(link_keys(address, "")[0], _Link(address)), anchor, bool(select), cards)
    good = [link for link in links.values() if link.weight > 0][:MAX_LINKS]
    lang = (getattr_of(tree.document.query_selector("html"), "lang")).lower().partition("-")[0]
    return PageEntries(
        title=plain_line(tree.title or "")[:_MAX_TITLE],
        entries=tuple(_entry(link, lang) for link in good),
        parts=len(parts),
    )


def parse_page(body: bytes, content_type: str, url: str) -> Any:
    """The page's tree, with a document and a body. Raises UserError in words when it is something else."""
    from resiliparse.parse.html import HTMLTree

    kind = content_type.partition(";")[0].strip().lower()
    text = decode(body, content_type)
    if kind.startswith(("image/", "video/", "audio/", "font/")) or kind in ("application/pdf", "application/zip"):
        looks = not_a_feed(text, content_type) or kind
        raise UserError(
            f"{url[:120]} is not a web page: it looks like {looks}.", cure="Paste the page that links to it."
        )
    if "\0" in text[:2000] or "<" not in text or _DATA.match(text):
        looks = not_a_feed(text, content_type) or "plain text"
        raise UserError(f"{url[:120]} is not a web page: it looks like {looks}.", cure="Paste a page's address.")
    tree = HTMLTree.parse(text)
    if tree.document is None or tree.body is None:
        raise UserError(f"{url[:120]} is an empty page.", cure="Open it in a browser and check the address.")
    return tree


def chosen(tree: Any, select: str) -> list[Any]:
    """The parts of a page that a selector chooses, none within another; the body without one.

    Raises UserError for what is no CSS selector.
    """
    if not select:
        return [tree.body]
    from resiliparse.parse.html import exception

    try:
        nodes = tree.document.query_selector_all(select)
    except exception.CSSParserException as error:
        why = str(error).rpartition("Selectors. ")[2].rstrip(".").lower()
        raise UserError(
            f"“{select[:80]}” is not a CSS selector: {why}.", cure="Write one like: main .list, or #news li, or .price"
        ) from None
    outer: list[Any] = []
    for node in nodes[:_MAX_ANCHORS]:  # in the order of the document: what holds others comes before them
        if not (outer and outer[-1].contains(node)):
            outer.append(node)
    return outer


def getattr_of(node: Any, name: str) -> str:
    """An attribute of a node that may be missing, or have none."""
    return (node.getattr(name) or "") if node is not None else ""


def _anchors(parts: Iterable[Any]) -> Iterator[Any]:
    left = _MAX_ANCHORS
    for part in parts:
        inside = [part] if part.tag == "a" else part.query_selector_all("a[href]")
        yield from inside[:left]
        left -= len(inside)
        if left <= 0:
            return


def _is_furniture(anchor: Any) -> bool:
    """Within menus and footers - but an article may have a header of its own."""
    around = anchor.closest(_FURNITURE)
    if around is None:
        return False
    article = anchor.closest("article")
    return article is None or not article.contains(around)


def _see(link: _Link, anchor: Any, is_chosen: bool, cards: "_Cards") -> None:
    """Take the anchor's text, its box's date and teaser, where they are better than what is known."""
    heading = anchor.closest("h1, h2, h3, h4, h5, h6") or anchor.query_selector("h1, h2, h3, h4, h5, h6")
    words = _label(anchor, heading)
    if not words:
        words, heading = cards.beside(anchor)
    file = document_name(link.url)
    words = words or file
    weight = _weight(words, heading is not None, is_chosen or bool(file), in_box=anchor.closest(_BOXES) is not None)
    if weight > link.weight:
        link.title, link.weight = words, weight
    card = cards.around(anchor) if not (link.teaser and link.at) else None
    if card is not None:
        link.at = link.at or card.at
        link.teaser = link.teaser or card.teaser


@dataclass(frozen=True, slots=True, kw_only=True)
class _Card:
    """What the box of an article says besides its headline."""

    at: datetime | None
    teaser: str


class _Cards:
    """Each box is read once, and only so many characters of all: a table can be the box of a thousand links."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._read: dict[Any, _Card | None] = {}
        self._headings: dict[Any, list[Any]] = {}
        self._left = _MAX_CARDS

    def beside(self, anchor: Any) -> tuple[str, Any]:
        """The only heading of the box around "Read more" or a picture, with its text; none where several could be."""
        node = anchor.parent
        for _ in range(_MOST_STEPS):
            if node is None or node.tag in ("body", "main", "html") or self._left <= 0:
                break
            if node not in self._headings:
                html = node.html if node.tag != "body" else ""
                self._left -= len(html)
                headings = node.query_selector_all("h1, h2, h3, h4, h5, h6")
                places = {link.getattr("href") for link in node.query_selector_all("a[href]")}
                self._headings[node] = headings if len(places) == 1 else [*headings, None]
            headings = self._headings[node]
            if len(headings) == 1 and headings[0] is not None:
                return plain_line(node_text(headings[0])[: _MAX_TITLE * 4])[:_MAX_TITLE], headings[0]
            if len(headings) > 1 or None in headings:
                break
            node = node.parent
        return "", None

    def around(self, anchor: Any) -> _Card | None:
        """The anchor's box; None without one, and for what is too large for one article."""
        box = anchor.closest(_BOXES)
        if box is None:
            return None
        if box not in self._read:
            self._read[box] = self._card(box) if self._left > 0 else None
        return self._read[box]

    def _card(self, box: Any) -> _Card | None:
        html = str(box.html)
        self._left -= len(html)
        if len(html) > _MAX_CARD * 20:
            return None
        text = "\n".join(plain_line(line) for line in html_to_text(html).split("\n"))
        if len(text) > _MAX_CARD:
            return None
        at = clamp(parse_time(getattr_of(box.query_selector("time[datetime]"), "datetime")), self._now)
        links = {link.getattr("href") for link in box.query_selector_all("a[href]")}
        is_single = box.tag == "article" or len(links) <= 2
        return _Card(at=at, teaser=text if is_single else "")


def node_text(node: Any) -> str:
    """A node's text with a space between its parts: "<h2>One</h2><p>Two" is not "OneTwo"."""
    return html_to_text(str(node.html))


def _label(anchor: Any, heading: Any) -> str:
    """What a link is called: the heading within it, else its text, its title, the picture's description."""
    inner = heading if heading is not None and anchor.contains(heading) else anchor
    for text in (node_text(inner), anchor.getattr("title"), getattr_of(anchor.query_selector("img[alt]"), "alt")):
        words = plain_line((text or "")[: _MAX_TITLE * 4])[:_MAX_TITLE]
        if words and not _GENERIC.fullmatch(words):
            return without_counters(words)
    return ""


def _weight(words: str, in_heading: bool, is_chosen: bool, *, in_box: bool) -> int:
    """How much a text looks like a headline; 0 for what is none. In a part that somebody chose, every text may be.

    A short text is enough in a heading or an item of a list: what stands there always is no news anyway.
    """
    if not words or _GENERIC.fullmatch(words):
        return 0
    size = len(words.split()) + len(_CJK.findall(words)) // 2
    if is_chosen or in_heading or size >= (2 if in_box else 4):
        return size + (1_000 if in_heading else 0)
    return 0


def _entry(link: _Link, lang: str) -> Entry:
    pieces = _PIECES.split(link.teaser)
    teaser = "\n".join(words for piece in pieces if (words := _own_words(piece, link.title)))
    return Entry(
        id=link.url, url=link.url, title=link.title, content=teaser, is_html=False, lang=lang, published_at=link.at
    )


def _own_words(piece: str, title: str) -> str:
    """A piece of a teaser; nothing when it says only the headline again, "read more", a date or a counter."""
    piece = piece.strip()
    rest = (without_counters(piece) if piece else "").replace(title, " ").strip()
    return piece if meaning(rest) and not _GENERIC.fullmatch(rest) else ""


def _join(base: str, href: str) -> str:
    try:
        address = urljoin(base, " ".join(href.split()).replace(" ", "%20"))
        return address if urlsplit(address).scheme in ("http", "https") else ""
    except ValueError:
        return ""
