"""From an entry as published to the plain text that rules are matched against."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from bot.addresses import canonical_url, opened_url
from bot.cleantext import clean_text
from bot.model import Entry, content_id
from bot.reading.articles.bylines import people, without_site
from bot.reading.articles.linkeddata import Linked, linked_data
from bot.reading.articles.pagedates import published_at, sharper
from bot.reading.pdf import is_pdf, pdf_text
from bot.reading.text.encoding import decode
from bot.reading.text.htmltext import html_to_text, plain_line
from bot.reading.text.times import clamp
from rules.codes import country_of_host
from rules.document import Document

MAX_BODY = 250_000  # code points, about 40,000 words; a chain of NEARs over hostile text is slow beyond that
CUT_MARK = "\n\n[cut: the text goes on at the source]"
_MAX_TITLE = 1_000
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9._-]{1,40})", re.I)
_LANG = re.compile(r"[a-z]{2,3}")
_CUT_OFF = re.compile(r"\s*\[?(?:…|\.{3})\]?[^.…]{0,40}$")  # "and then […] Read more"
_SHORT = 200  # characters; when trafilatura finds less, the page's whole text may serve better


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The article on a web page: plain text, and what the page says about it."""

    title: str
    text: str
    lang: str = ""
    published_at: datetime | None = None
    author: str = ""
    site: str = ""
    url: str = ""  # the address that the page gives for itself


def to_document(entry: Entry, *, feed_title: str, feed_url: str, now: datetime) -> Document:
    """The entry as a document: plain text with its paragraphs, cleaned, capped at MAX_BODY.

    The same text at the same address is the same document, whichever feed brings it and however often; unless the
    source says that it is another `occasion`, or only its place in the page tells it from others of its feed.
    """
    page, url = canonical_url(entry.url), opened_url(entry.url)
    title = plain_line(entry.title[: _MAX_TITLE * 4])[:_MAX_TITLE]
    body = clean_text(html_to_text(entry.content) if entry.is_html else entry.content).strip()
    if len(body) > MAX_BODY:
        body = body[: MAX_BODY - len(CUT_MARK)] + CUT_MARK
    lang = _LANG.match(entry.lang.lower())
    return Document(
        id=content_id(page, title, body, *filter(None, (entry.occasion, entry.place))),
        title=title,
        body=body,
        url=url,
        author=plain_line(entry.author)[:_MAX_TITLE],
        lang=lang[0] if lang else "",
        tags=tuple(tag for tag in (plain_line(tag) for tag in entry.tags) if tag),
        source=plain_line(entry.outlet)[:_MAX_TITLE] or plain_line(feed_title)[:_MAX_TITLE],
        country=country_of_host(_host(url)) or country_of_host(_host(feed_url)),
        received_at=now,
        site=plain_line(entry.outlet) or _host(url) or plain_line(feed_title) or _host(feed_url),
        published_at=clamp(entry.published_at, now),
    )


def extract_entry(entry: Entry, feed_title: str, feed_url: str, now: datetime) -> Document:
    """`to_document` with positional arguments, as the worker calls it."""
    return to_document(entry, feed_title=feed_title, feed_url=feed_url, now=now)


def main_text(html: bytes, url: str, thorough: bool = True, content_type: str = "") -> Article:
    """The article on a page; without `thorough` by resiliparse alone, which needs a tenth of the time.

    Runs in the worker unless the page is small: its parsers take half a minute for some hostile megabytes.
    """
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    if is_pdf(html):
        return _of_pdf(html, url)
    text = _decoded(html, content_type)
    tree = HTMLTree.parse(text)
    root, canonical = _first(tree, "html"), _first(tree, 'link[rel="canonical"]')
    own = canonical_url(canonical.getattr("href") or "") if canonical else ""
    whole = str(extract_plain_text(tree, preserve_formatting=True, main_content=True, list_bullets=False))
    meta, linked = _meta(tree), linked_data(tree, own or url)
    facts = _declared(meta, linked)
    if thorough:
        facts |= {name: value for name, value in _facts(text, url).items() if value}
    article, site = facts["text"], plain_line(facts["sitename"])[:_MAX_TITLE]
    lang = _LANG.match((root.getattr("lang") or "").lower() if root is not None else "")
    return Article(
        title=without_site(plain_line(facts["title"] or tree.title or "")[:_MAX_TITLE], site, _host(own or url)),
        text=clean_text(whole if len(article) < min(_SHORT, len(whole)) else article).strip()[:MAX_BODY],
        lang=lang[0] if lang else "",
        published_at=published_at((linked.published, linked.changed), meta, tree, facts["date"]),
        author=people(plain_line(facts["author"])[:_MAX_TITLE]),
        site=site or _host(url),
        url=own,
    )


def _of_pdf(body: bytes, url: str) -> Article:
    pdf = pdf_text(body)
    return Article(
        title=plain_line(pdf.title)[:_MAX_TITLE],
        text=clean_text(pdf.text).strip()[:MAX_BODY],
        published_at=pdf.published_at,
        author=plain_line(pdf.author)[:_MAX_TITLE],
        site=_host(url),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """A page at the first look: `whole` is all of its text, to be matched; `article` is kept when nothing matches."""

    whole: str
    article: Article


def glimpse(html: bytes, url: str, content_type: str = "") -> Glimpse:
    """The first of two looks at an article, by resiliparse alone. Runs in the worker."""
    from resiliparse.extract.html2text import extract_plain_text

    if is_pdf(html):
        article = _of_pdf(html, url)
        return Glimpse(whole=article.text, article=article)
    text = _decoded(html, content_type)
    whole = str(extract_plain_text(text, preserve_formatting=True, main_content=False, list_bullets=False))
    return Glimpse(whole=clean_text(whole).strip()[:MAX_BODY], article=main_text(html, url, False, content_type))


def with_article(document: Document, article: Article) -> Document:
    """The document with the article's own text, and with what only the page knows. It keeps its id.

    The page's word on its own address counts on its own site only. A page with less text than the feed adds none, and
    what only the feed says stays: a rule may be true of that alone.
    """
    host = _host(article.url)
    own_site = host != "" and host == _host(document.url)  # not of a host above it: many people share blogs.example
    return replace(
        document,
        title=document.title or article.title,
        body=_joined(document.body, article.text),
        url=article.url if own_site and "#" not in document.url else document.url,
        author=document.author or article.author,
        lang=document.lang or article.lang,
        published_at=sharper(document.published_at, _believed(article, document)),
    )


def _joined(teaser: str, article: str) -> str:
    """The article, after the feed's own words where it does not repeat them."""
    if len(article) <= len(teaser):
        return teaser
    words = _CUT_OFF.sub("", teaser).casefold().split()
    if " ".join(words) in " ".join(article.casefold().split()):
        return article
    return f"{teaser}\n\n{article}"[:MAX_BODY]


def _believed(article: Article, document: Document) -> datetime | None:
    return clamp(article.published_at, document.received_at) if document.received_at else None


def _first(tree: Any, selector: str) -> Any:
    return tree.document.query_selector(selector) if tree.document is not None else None


def _meta(tree: Any) -> dict[str, str]:
    """What the page's meta tags say, by name in small letters; the first of a name that says anything."""
    said = dict[str, str]()
    tags = tree.document.query_selector_all("meta[content]") if tree.document is not None else ()
    for tag in tags:
        name = tag.getattr("property") or tag.getattr("name") or ""
        value = tag.getattr("content") or ""
        if name and value.strip():
            said.setdefault(name.strip().lower(), value)
    return said


def _declared(meta: dict[str, str], linked: Linked) -> dict[str, str]:
    """What the page says of itself, in the same form."""
    author = meta.get("author", "")
    return {
        "text": "",
        "title": meta.get("og:title", ""),
        "author": author if people(plain_line(author)) else linked.author,
        "date": "",
        "sitename": meta.get("og:site_name", ""),
    }


def _facts(html: str, url: str) -> dict[str, str]:
    """What trafilatura finds: text, title, author, date (ISO), sitename; empty where it finds nothing."""
    import trafilatura

    # An extensive search takes any date in the text for the day of publication.
    dates = {"original_date": True, "extensive_search": False}
    extraction = trafilatura.bare_extraction(
        html, url=url or None, with_metadata=True, include_comments=False, date_extraction_params=dates
    )
    return {name: getattr(extraction, name, None) or "" for name in ("text", "title", "author", "date", "sitename")}


def _decoded(html: bytes, content_type: str) -> str:
    """The server's word on the encoding goes before the page's own (HTML standard)."""
    return decode(html, content_type if "charset" in content_type.lower() else _meta_charset(html))


def _meta_charset(html: bytes) -> str:
    match = _META_CHARSET.search(html[:4096])
    return f"charset={match[1].decode('ascii')}" if match else ""


def _host(url: str) -> str:
    path = url.find("/", 8) if url.startswith(("https://", "http://")) else -1
    return _host_of(url if path < 0 else url[:path])


@lru_cache(maxsize=4096)
def _host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
