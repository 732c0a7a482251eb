"""XML to raw entries, with nothing lost in silence.

Sound XML is read in one walk over its tree (`feedtree`), completely. Where the text breaks the rules of XML that loses
entries and words without a word: so each item is read by itself, that a broken one cannot take its neighbours along,
and feedparser reads again what is small enough for it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from typing import Any
from xml.parsers import expat

from bot.reading.feeds.feedtree import first_date, read_tree
from bot.reading.feeds.jsonfeed import RawEntry

MAX_SLOW = 25  # broken items that feedparser, at 1-3 ms each, reads one by one
MAX_APART = 5_000  # items of a broken feed, at 0.1-0.2 ms each; as many as are kept of any
MAX_SLOW_WHOLE = 150_000  # characters of a broken feed that feedparser reads as a whole, at 0.3 s for 100,000
_ITEM = re.compile(r"<((?:[A-Za-z_][\w.-]{0,40}:)?(?:item|entry))(?![A-Za-z0-9_.:-])", re.I)
# Patterns that begin with a letter of their own are searched for several times as fast as one that is all of them.
_NAMES = r"(?:[iI][tT][eE][mM]|[eE][nN][tT][rR][yY])(?![A-Za-z0-9_.:-])"
_PLAIN_ITEM, _NAMESPACED_ITEM = re.compile(f"<{_NAMES}"), re.compile(f":{_NAMES}")
_NAMESPACE = re.compile(r"<[A-Za-z_][\w.-]{0,40}\Z")
_CDATA_OPENS, _CDATA_CLOSES = re.compile(r"<!\[CDATA\["), re.compile(r"\]\]>")
_AFTER_ITEM = re.compile(r"</(?:[A-Za-z_][\w.-]{0,40}:)?(?:item|entry)>\s*$", re.I)
_OPEN_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,40}:)?(rss|feed|rdf|channel)(?=[\s>])[^>]{0,20000}>", re.I)
_FIELD = re.compile(
    r"<!\[CDATA\[.*?\]\]>|<(?P<closing>/?)"
    r"(?P<name>title|link|guid|id|pubDate|updated|published|description|summary|content|content:encoded|dc:\w{1,20})"
    r"(?=[\s/>])[^<>]{0,2000}?(?P<empty>/?)>",
    re.S,
)
_OPENS_NOTHING = re.compile(r"<([\w:]{1,40})(?:\s[^<>]{0,2000})?>\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """`items`: where the text's items begin; `fault`: where it breaks the rules of XML, in words, empty when sound."""

    title: str
    link: str
    entries: list[RawEntry]
    items: list[int]
    fault: str


def read_xml(text: str, thorough: bool) -> Reading:
    """Read mended XML. Without `thorough` only its tree is asked."""
    items = _items(text)
    tree = read_tree(text)
    title, link, raw, fault = tree.title, tree.link, tree.entries, _fault(text)
    if thorough and (fault or len(raw) < len(items)):
        saved = _entries_apart(text, items)
        if saved and len(saved) >= max(len(items), len(raw)):
            raw = saved
        else:
            whole = _slow(text)[2] if len(text) <= MAX_SLOW_WHOLE else []
            raw = _fuller(raw, _fuller(saved, whole))
    if not title and fault and items:
        title, link, _ = _slow(text[: items[0]])
    return Reading(title=title, link=link, entries=raw, items=items, fault=fault)


def _items(text: str) -> list[int]:
    """Where items begin: not within CDATA, unless an item ended just before, for then a "]]>" is missing."""
    items = [tag.start() for tag in _PLAIN_ITEM.finditer(text)]
    items += [tag.start() for end in _NAMESPACED_ITEM.finditer(text) if (tag := _NAMESPACE.search(text, *_before(end)))]
    if "<![CDATA[" not in text:
        return sorted(items)
    marks = [(at, "item") for at in items]
    marks += [(mark.start(), "open") for mark in _CDATA_OPENS.finditer(text)]
    marks += [(mark.start(), "close") for mark in _CDATA_CLOSES.finditer(text)]
    starts, in_cdata = [], False
    for at, kind in sorted(marks):
        if kind != "item":
            in_cdata = kind == "open"
        elif not in_cdata or _AFTER_ITEM.search(text, max(at - 200, 0), at):
            starts.append(at)
            in_cdata = False
    return starts


def _before(end: re.Match[str]) -> tuple[int, int]:
    """Where the namespace of a tag may stand whose name ends with this."""
    return max(end.start() - 42, 0), end.start()


def _entries_apart(text: str, items: list[int]) -> list[RawEntry]:
    """Each item as a feed of its own; those of which nothing can be read are left out."""
    root = _OPEN_ROOT.search(text)
    if root is None:
        return []
    opening = root[0] + ("<channel>" if root[1].lower() == "rss" else "")
    saved, slow = [], 0
    for start, end in islice(_spans(items, len(text)), MAX_APART):
        piece = _closed(text[start:end])
        readings = [read_tree(opening + piece).entries]
        if _fault(piece):
            slow += 1
            mended = _fields_closed(piece)
            pieces = [piece] if mended == piece else [mended, piece]
            readings += [read_tree(opening + mended).entries for mended in pieces[:-1]]
            readings += (
                [_slow(opening + piece)[2] for piece in pieces]
                if slow <= MAX_SLOW and len(piece) <= MAX_SLOW_WHOLE
                else []
            )
        entries = [entry for read in readings for entry in read[:1] if not _is_hollow(entry)]
        saved += [reduce(_merged, entries)] if entries else []
    return saved


def _closed(piece: str) -> str:
    """One item up to its end tag, which is added where it is missing, as is the end of its last CDATA section."""
    name = _ITEM.match(piece)
    end = f"</{name[1] if name else 'item'}>"
    at = piece.find(end)
    piece = piece[:at] if at >= 0 else piece
    mark = piece.rfind("<![CDATA[")
    around = _OPENS_NOTHING.search(piece, 0, mark) if mark >= 0 and piece.find("]]>", mark) < 0 else None
    if around:
        stop = piece.find(f"</{around[1]}>", mark)
        piece = f"{piece[:stop]}]]>{piece[stop:]}" if stop >= 0 else f"{piece}]]></{around[1]}>"
    return piece + end


def _fields_closed(piece: str) -> str:
    """One broken item with the end tags of its title, link, text and so on put in where the next field begins."""
    out, position, current = [], 0, ""
    end = piece.rfind("</")
    for tag in _FIELD.finditer(piece, 0, end):
        name, closing = tag["name"], tag["closing"]
        if not name or (closing and name == current):
            current = current if not name else ""
        elif closing:  # of nothing that is open
            out.append(piece[position : tag.start()])
            position = tag.end()
        else:
            before = piece[position : tag.start()]
            if current and before.rstrip().endswith(">") and _OPENS_NOTHING.search(before):  # an end tag gone wrong
                before, current = _OPENS_NOTHING.sub("", before), ""
            out.append(before + (f"</{current}>" if current else ""))
            position, current = tag.start(), "" if tag["empty"] else name
    return "".join(out) + piece[position:end] + (f"</{current}>" if current else "") + piece[end:]


def _spans(items: list[int], length: int) -> Iterator[tuple[int, int]]:
    return zip(items, [*items[1:], length], strict=True) if items else iter(())


def _is_hollow(entry: RawEntry) -> bool:
    return not (entry["title"] or entry["content"])


def _fuller(fast: list[RawEntry], slow: list[RawEntry]) -> list[RawEntry]:
    """Of equally many entries each with the fuller text; else the longer list and what only the other has."""
    if len(fast) == len(slow):
        return [
            other if entry["link"] and other["link"] and entry["link"] != other["link"] else _merged(entry, other)
            for entry, other in zip(fast, slow, strict=True)
        ]
    more, less = (slow, fast) if len(slow) > len(fast) else (fast, slow)
    links = {entry["link"] for entry in more} | {""}
    return more + [entry for entry in less if entry["link"] not in links]


def _merged(fast: RawEntry, slow: RawEntry) -> RawEntry:
    """One entry out of two readings of it."""
    fuller = max(slow, fast, key=lambda entry: len(entry["content"]))
    title = max(slow["title"], fast["title"], key=len)
    known = {name: fast.get(name) or slow.get(name) or "" for name in ("id", "link", "base", "author", "tags", "date")}
    known["outlet"] = fast.get("outlet") or slow.get("outlet") or ""
    return {**known, "title": title, "content": fuller["content"], "is_html": fuller["is_html"]}


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
    return feed.get("title") or "", feed.get("link") or "", [_from_parser(entry) for entry in entries]


def _from_parser(entry: Any) -> RawEntry:
    """What feedparser found, by our names. The longest of the contents is the text."""
    contents = [(part.get("value") or "", part.get("type") or "") for part in entry.get("content") or ()]
    contents.append((entry.get("summary") or "", "text/html"))
    content, content_type = max(contents, key=lambda pair: len(pair[0]))
    enclosures = [enclosure.get("url") or enclosure.get("href") for enclosure in entry.get("enclosures") or ()]
    return {
        "id": entry.get("id") or "",
        "link": entry.get("link") or next((str(url) for url in enclosures if url), ""),
        "title": entry.get("title") or "",
        "content": content,
        "is_html": content_type not in ("text", "text/plain"),
        "author": entry.get("author") or "",
        "tags": [tag.get("term") or tag.get("label") or "" for tag in entry.get("tags") or ()],
        "outlet": (entry.get("source") or {}).get("title") or "",
        "date": first_date(str(entry.get(name) or "") for name in ("published", "created", "updated")),
    }


def _fault(text: str) -> str:
    """Where and how `text` breaks the rules of XML, in the parser's words; empty for sound XML.

    A missing end tag swallows the words behind it although the count of entries is right. Costs 6 ms a megabyte.
    """
    parser = expat.ParserCreate()
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        return f"line {error.lineno}: {expat.ErrorString(error.code)}"
    return ""
