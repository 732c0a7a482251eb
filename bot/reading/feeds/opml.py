"""OPML: the lists of feeds that readers exchange, read and written. Runs in the worker, for lists come from anywhere.

Shape: opml.org/spec2.opml. Readers write the names of its attributes in any case, nest outlines as folders, leave out
`type`, or say `url` for `xmlUrl`. Where a list breaks the rules of XML the rest is read tag by tag, without folders.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from bot.errors import UserError
from bot.reading.feeds.mending import after_comments, mend
from bot.reading.text.encoding import decode

MAX_OUTLINES = 2_000  # with an address; a chat can have 500 sources
MAX_TITLE, MAX_URL = 200, 4096
MAX_FOLDERS = 8  # of one outline
_OPML = re.compile(r"<(?:opml|outline)(?=[\s/>])", re.I)
_ELEMENT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,60}:)?([A-Za-z_][\w.-]{0,60})")
_TAG = re.compile(r"<outline(?=[\s/>])((?:[^<>\"']|\"[^\"<]{0,9000}\"|'[^'<]{0,9000}')*)>?", re.I)
_ATTRIBUTE = re.compile(
    r"(?<![\w:.-])([A-Za-z_][\w:.-]{0,60}+)\s{0,20}+=\s{0,20}+(?:\"([^\"<]{0,9000})\"|'([^'<]{0,9000})')"
)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = {ord(mark): f"&{name};" for mark, name in zip('&<>"', ("amp", "lt", "gt", "quot"), strict=True)}
_EXAMPLE = 'It has lines like <outline type="rss" text="News" xmlUrl="https://news.example/feed"/>.'


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One source of a list. `folders` from the outside in; `is_feed` is false for what other readers cannot poll."""

    url: str
    title: str = ""
    folders: tuple[str, ...] = ()
    is_feed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Opml:
    """A list; `note` says in words what of it could not be read."""

    title: str = ""
    outlines: tuple[Outline, ...] = ()
    note: str = ""


def looks_like_opml(text: str) -> bool:
    """Whether pasted text holds such a list, or a part of one."""
    return "<" in text and _OPML.search(text) is not None


def is_opml(body: bytes) -> bool:
    """Whether an answer is one: its root element says so. Cheap, so it needs no worker; ASCII is enough for it."""
    head = body[:20_000].replace(b"\0", b"").decode("latin-1")
    first = _ELEMENT.search(after_comments(head[head.find("<") :])) if "opml" in head.lower() else None
    return first is not None and first[1].lower() == "opml"


def read_opml(body: bytes, content_type: str = "") -> Opml:
    """Read a list. Raises UserError when it is none, or names no address."""
    text = mend(after_comments(decode(body, content_type)))
    if not looks_like_opml(text):
        raise UserError("This is not an OPML list of feeds.", cure=_EXAMPLE)
    reader = _Reader()
    fault = reader.read(text)
    if not reader.outlines:
        why = f" It is damaged ({fault})." if fault else ""
        raise UserError(f"No address is in this OPML list.{why}", cure=_EXAMPLE)
    return Opml(title=reader.title, outlines=tuple(reader.outlines), note=" ".join(reader.remarks(fault)))


@dataclass(slots=True)
class _Reader:
    """Folders are those of the open outlines that have no address."""

    title: str = ""
    outlines: list[Outline] = field(default_factory=list)
    total: int = 0
    twice: int = 0
    broken: int = 0
    _open: list[str] = field(default_factory=list)  # the folder's name of each open outline, empty for a source
    _folders: list[str] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)
    _in_title: bool = False
    _depth: int = 0

    def read(self, text: str) -> str:
        """All of it; what breaks the rules of XML, in the parser's words, empty for a sound list."""
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._starts, self._ends
        parser.CharacterDataHandler = self._says
        parser.buffer_text = True
        data = text.encode()
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            rest = data[max(parser.ErrorByteIndex, 0) :].decode("utf-8", "replace")
            self._folders, self._open = [], []
            for tag in _TAG.finditer(rest):
                self._outline({name.lower(): _unescaped(a or b) for name, a, b in _ATTRIBUTE.findall(tag[1])})
            return f"line {error.lineno}: {expat.ErrorString(error.code)}"
        return ""

    def remarks(self, fault: str) -> Iterator[str]:
        """What the reader of the list should know, in sentences."""
        if fault:
            yield f"The list is damaged ({fault}); what could be read was read."
        if self.total > len(self.outlines):
            yield f"Only the first {len(self.outlines):,} of its {self.total:,} addresses are read."
        if self.twice:
            yield f"{self.twice:,} of its addresses {'stands' if self.twice == 1 else 'stand'} there more than once."
        if self.broken:
            yield f"{self.broken:,} of its outlines {'has' if self.broken == 1 else 'have'} an unusable address."

    def _starts(self, name: str, given: dict[str, str]) -> None:
        self._depth += 1
        local = name.rpartition(":")[2].lower()
        self._in_title = local == "title" and self._depth == 3 and not self.title
        if local != "outline":
            return
        attributes = {key.lower(): value for key, value in given.items()}
        folder = "" if self._outline(attributes) else _line(attributes.get("text") or attributes.get("title") or "")
        folder = folder if len(self._folders) < MAX_FOLDERS else ""
        self._open.append(folder)
        self._folders += [folder] if folder else []

    def _ends(self, name: str) -> None:
        self._depth -= 1
        self._in_title = False
        if name.rpartition(":")[2].lower() == "outline" and self._open and self._open.pop():
            self._folders.pop()

    def _says(self, text: str) -> None:
        if self._in_title:
            self.title = _line(self.title + text)

    def _outline(self, given: dict[str, str]) -> bool:
        """Keep an outline that has an address; whether it has one."""
        link = given.get("type", "").strip().lower() == "link"
        url = (given.get("xmlurl") or given.get("url") or "").strip()
        if not url:
            return False
        if len(url) > MAX_URL or any(ord(character) < 32 for character in url):
            self.broken += 1
        elif url in self._known:
            self.twice += 1
        else:
            self.total += 1
            if len(self.outlines) < MAX_OUTLINES:
                self._known.add(url)
                title = _line(given.get("title") or given.get("text") or "")
                is_feed = bool(given.get("xmlurl", "").strip()) or not link
                folders = tuple(self._folders)
                self.outlines.append(Outline(url=url, title=title, folders=folders, is_feed=is_feed))
        return True


def _line(text: str) -> str:
    return " ".join(text.split())[:MAX_TITLE].strip()


def _unescaped(text: str) -> str:
    for point, name in _ESCAPES.items():
        text = text.replace(name, chr(point)) if name != "&amp;" else text
    return text.replace("&amp;", "&")


# ------------------------------------------------------------------------------------------------------------- writing


def write_opml(outlines: Iterable[Outline], title: str) -> str:
    """The list as OPML 2.0, in the order given; neighbours in the same folder share it."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += [f"  <head><title>{_escaped(_line(title))}</title></head>", "  <body>"]
    here: tuple[str, ...] = ()
    for outline in outlines:
        lines += _moved(here, outline.folders)
        here = outline.folders
        name, named = _escaped(outline.title or outline.url), _escaped(outline.url)
        kind = f'type="rss" text="{name}" title="{name}" xmlUrl="{named}"'
        if not outline.is_feed:
            kind = f'type="link" text="{name}" title="{name}" url="{named}"'
        lines.append(f"{_indent(len(here))}<outline {kind}/>")
    return "\n".join([*lines, *_moved(here, ()), "  </body>", "</opml>", ""])


def _moved(here: tuple[str, ...], there: tuple[str, ...]) -> Iterator[str]:
    """The tags that lead from one folder to another."""
    shared = 0
    while shared < min(len(here), len(there)) and here[shared] == there[shared]:
        shared += 1
    for depth in range(len(here) - 1, shared - 1, -1):
        yield f"{_indent(depth)}</outline>"
    for depth in range(shared, len(there)):
        yield f'{_indent(depth)}<outline text="{_escaped(there[depth])}">'


def _indent(depth: int) -> str:
    return "  " * (depth + 2)


def _escaped(text: str) -> str:
    return _NOT_XML.sub("", " ".join(text.split()) if "\n" in text or "\t" in text else text).translate(_ESCAPES)
