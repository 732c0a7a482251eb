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
    "Rar!": "a RAR archive",
    "ID3": "a sound file",
    "OggS": "a sound or video file",
    "BEGIN:VCALENDAR": "a calendar (iCalendar)",
    "BEGIN:VCARD": "an address card (vCard)",
    "PK\x03\x04\x14\x00\x06\x00": "a Word, Excel or PowerPoint document",
    "PK\x03\x04": "a ZIP archive",
    "\x1f\x8b": "a compressed file",
}

_TYPES = {
    "image/": "a picture",
    "audio/": "a sound file",
    "video/": "a video file",
    "font/": "a font",
    "text/calendar": "a calendar (iCalendar)",
    "text/csv": "a table (CSV)",
    "text/tab-separated-values": "a table (TSV)",
    "application/csv": "a table (CSV)",
    "application/vnd.ms-excel": "a table (Excel)",
    "application/pdf": "a PDF file",
    "application/epub": "a book (EPUB)",
    "application/zip": "a ZIP archive",
    "application/x-tar": "an archive (TAR)",
    "application/x-7z": "a 7z archive",
    "application/vnd.rar": "a RAR archive",
    "application/x-rar": "a RAR archive",
    "application/gzip": "a compressed file",
    "application/x-bzip": "a compressed file",
    "application/x-xz": "a compressed file",
    "application/zstd": "a compressed file",
    "application/javascript": "a script",
    "text/javascript": "a script",
    "text/css": "a style sheet",
}  # fmt: skip
_CELLS = re.compile(r"[^\n,;\t<>{}]{0,80}(?:([,;\t])[^\n,;\t<>{}]{0,80}){1,200}")
_FEW_ROWS = 3


def looks_like_html(text: str) -> bool:
    """Whether it is a web page."""
    return _HTML.search(text, 0, 50_000) is not None


def _by_first_signs(head: str) -> str:
    if head.startswith("PK\x03\x04") and "mimetypeapplication/epub" in head[:100]:
        return "a book (EPUB)"
    for magic, words in _MAGIC.items():
        if head.lstrip("\ufeff \r\n").startswith(magic):
            return words
    if head.startswith("7z") and "\x27\x1c" in head[:8]:  # between them stand bytes that are no text
        return "a 7z archive"
    if head.startswith("RIFF") and head[8:12] == "WEBP":
        return "a picture"
    if head[4:8] == "ftyp":
        return "a picture" if head[8:12] in ("avif", "heic", "mif1") else "a video file"
    if head[257:262] == "ustar":
        return "an archive (TAR)"
    return ""


def not_a_feed(text: str, content_type: str) -> str:
    """A noun phrase for `text`; empty when nothing speaks against it."""
    head = text[:50_000]
    if magic := _by_first_signs(head):
        return magic
    if looks_like_html(text):
        title = _TITLE.search(text[:200_000])
        named = plain_line(title[1]) if title else ""
        return f"a web page titled “{named[:100]}”" if named else "a web page"
    first = _ELEMENT.search(head)
    if first:
        name = first[1].rpartition(":")[2].lower()
        return _OTHER_XML.get(name, f"XML of another kind (<{first[1]}>)")
    kind = content_type.strip().lower()
    if named := next((words for start, words in _TYPES.items() if kind.startswith(start)), ""):
        return named
    if _is_table(head):
        return "a table (CSV)"
    return "an empty page" if not head.strip() and content_type else ""


def _is_table(head: str) -> bool:
    """Whether its first lines are cells, parted by the same sign as often in each."""
    rows = [line.strip() for line in head[:8000].splitlines()[:_FEW_ROWS] if line.strip()]
    if len(rows) < _FEW_ROWS or not all(_CELLS.fullmatch(row) for row in rows):
        return False
    return any(rows[0].count(sign) and len({row.count(sign) for row in rows}) == 1 for sign in ",;\t")
