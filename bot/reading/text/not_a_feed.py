"""What something that is not a feed looks like, in words for the person who pasted its address."""

import re

from bot.reading.text.htmltext import plain_line

_TITLE = re.compile(r"<title(?:\s[^>]{0,300})?>([^<]{0,500})", re.I)
_HTML = re.compile(r"<!doctype html|<html(?=[\s>])|<body(?=[\s>])|<head(?=[\s>])", re.I)
_OTHER_XML = {
    "urlset": "a sitemap",
    "sitemapindex": "an index of sitemaps",
    "opml": "an OPML list of feeds, which “source add” takes whole",
    "svg": "a picture (SVG)",
}
_ELEMENT = re.compile(r"<([A-Za-z_][\w.:-]{0,60})")
_MAGIC = {
    "%PDF": "a PDF file",
    "\x89PNG": "a picture",
    "GIF8": "a picture",
    "\xff\xd8": "a picture",
    "PK\x03\x04\x14\x00\x06\x00": "a Word, Excel or PowerPoint document",
    "PK\x03\x04": "a ZIP archive",
    "\x1f\x8b": "a compressed file",
}


def looks_like_html(text: str) -> bool:
    """Whether it is a web page."""
    return _HTML.search(text, 0, 50_000) is not None


def not_a_feed(text: str, content_type: str) -> str:
    """A noun phrase for `text`; empty when nothing speaks against it."""
    head = text[:50_000]
    if head.startswith("PK\x03\x04") and "mimetypeapplication/epub" in head[:100]:
        return "a book (EPUB)"
    for magic, words in _MAGIC.items():
        if head.startswith(magic):
            return words
    if looks_like_html(text):
        title = _TITLE.search(text[:200_000])
        named = plain_line(title[1]) if title else ""
        return f"a web page titled “{named[:100]}”" if named else "a web page"
    first = _ELEMENT.search(head)
    if first:
        name = first[1].rpartition(":")[2].lower()
        return _OTHER_XML.get(name, f"XML of another kind (<{first[1]}>)")
    if content_type.startswith(("image/", "audio/", "video/", "application/pdf")):
        return f"a file of type {content_type.partition(';')[0]}"
    return "an empty page" if not head.strip() and content_type else ""
