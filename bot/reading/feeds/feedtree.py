"""A feed's XML to raw entries: one walk over the tree that lxml makes, whatever RSS, RDF or Atom mix stands in it.

A field is known by its namespace and name. What has the namespace of its item is the format's own; of the others only
those that feeds use for the same things count, so that no `<media:title>` takes the place of a title.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from bot.reading.feeds.fieldtext import Text, joined, text_of, title_of
from bot.reading.feeds.itemlinks import Links
from bot.reading.feeds.jsonfeed import RawEntry
from bot.reading.text.times import parse_time

_ROOTS = ("channel", "feed", "rdf", "rss")
_MOST_LEVELS = 8
_XML = "{http://www.w3.org/XML/1998/namespace}"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
# Part of a namespace's address, or the prefix where it is not declared: what we call it.
_SPACES = (
    ("w3.org/2005/atom", "atom"),
    ("purl.org/atom", "atom"),
    ("modules/content", "content"),
    ("purl.org/dc/", "dc"),
    ("search.yahoo.com/mrss", "media"),
    ("dtds/podcast", "itunes"),
    ("w3.org/1999/xhtml", "xhtml"),
    ("feedburner", "feedburner"),
    ("pheedo", "feedburner"),
)
_PREFIXES = {"a10": "atom", "content": "content", "dc": "dc", "dcterms": "dc", "atom": "atom", "atom10": "atom"}
_PREFIXES |= {"media": "media", "itunes": "itunes", "feedburner": "feedburner", "rss": "own"}
# The first of them that can be read is the date: when it was published, else made, else changed.
_DATES = ("pubdate", "published", "issued", "date", "created", "updated", "modified")
_BODIES = ("encoded", "body", "fullitem")  # whatever namespace they are said to be of, they mean this
_SLOTS = {
    **{("own", name): ("date", name) for name in _DATES},
    **{("atom", name): ("date", name) for name in _DATES},
    **{("dc", name): ("date", name) for name in _DATES},
    **{(space, "title"): ("title", space) for space in ("own", "atom", "dc", "itunes", "media")},
    **{(space, "link"): ("link", space) for space in ("own", "atom")},
    **{(space, "id"): ("id", space) for space in ("own", "atom")},
    **{(space, "author"): ("author", space) for space in ("own", "atom", "itunes")},
    **{(space, "category"): ("tag", space) for space in ("own", "atom")},
    **{(space, "content"): ("content", space) for space in ("own", "atom")},
    **{(space, "summary"): ("summary", space) for space in ("own", "atom", "itunes")},
    **{(space, "source"): ("source", space) for space in ("own", "atom")},
    **{("own", name): ("summary", name) for name in ("description", "abstract")},
    ("own", "guid"): ("guid", ""),
    ("own", "enclosure"): ("enclosure", ""),
    ("own", "subject"): ("tag", ""),
    ("own", "creator"): ("author", "dc"),
    ("content", "encoded"): ("content", "encoded"),
    **{
        (space, name): ("content", name)
        for space in ("own", "xhtml", "other")
        for name in ("encoded", "body", "fullitem")
    },
    ("dc", "creator"): ("author", "dc"),
    ("dc", "author"): ("author", "dc"),
    ("dc", "subject"): ("tag", "dc"),
    ("dc", "description"): ("summary", "dc"),
    ("dc", "identifier"): ("id", "dc"),
    ("media", "description"): ("summary", "media"),
    ("media", "group"): ("group", ""),
    ("media", "content"): ("group", ""),
    ("feedburner", "origlink"): ("original", ""),
}


@dataclass(slots=True)
class _Fields:
    """What one item says, by slot; for each slot the first word of the strongest namespace."""

    titles: dict[str, str] = field(default_factory=dict)
    summaries: dict[str, Text] = field(default_factory=dict)
    contents: list[Text] = field(default_factory=list)
    dates: dict[str, str] = field(default_factory=dict)
    authors: dict[str, list[str]] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    links: Links = field(default_factory=Links)
    outlet: str = ""
    outlet_author: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A feed as its tree says it: `link` is the site's."""

    title: str = ""
    link: str = ""
    entries: list[RawEntry] = field(default_factory=list)


def read_tree(text: str) -> Tree:
    """All that can be read of XML that may be broken: lxml closes what is left open. Empty where there is nothing."""
    from lxml import etree

    try:
        root = etree.fromstring(text.encode(), _parser())
    except etree.XMLSyntaxError:
        return Tree()
    if root is None:
        return Tree()
    head = _head(root)
    fields = _fields(head) if head is not None else _Fields()
    author = _author(fields)
    entries = [_entry(item, author) for item in _items(root)]
    return Tree(title=_title(fields), link=fields.links.best(), entries=entries)


@lru_cache(maxsize=1)
def _parser() -> Any:
    from lxml import etree

    return etree.XMLParser(
        recover=True, huge_tree=True, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )


def _head(root: Any) -> Any:
    """The element that says what the feed is called."""
    for element in root.iter():
        if isinstance(element.tag, str):
            name = _name(element.tag)[1]
            if name in ("channel", "feed"):
                return element
            if name in ("item", "entry"):
                return None
    return None


def _items(root: Any) -> Iterator[Any]:
    """Items in the order of the text; none that stands within another."""
    tags = {element.tag for element in root.iter() if isinstance(element.tag, str)}
    names = [tag for tag in tags if _name(tag)[1] in ("item", "entry")]
    for element in root.iter(*names) if names else ():
        if not _within(element, names):
            yield element


def _within(element: Any, names: list[str]) -> bool:
    """Whether another item is around it, in the few levels that a sound feed has between the two."""
    parent = element.getparent()
    for _ in range(_MOST_LEVELS):
        if parent is None or _name(parent.tag)[1] in _ROOTS:
            return False
        if parent.tag in names:
            return True
        parent = parent.getparent()
    return False


@lru_cache(maxsize=2048)
def _name(tag: str) -> tuple[str, str, str]:
    """(namespace in our words, name in small letters, the namespace's address) of a tag as lxml writes it."""
    space, _, name = tag.rpartition("}")
    prefix, _, name = name.lower().rpartition(":")
    address = space.lstrip("{")
    known = next((ours for part, ours in _SPACES if part in address.lower()), "")
    return known or _PREFIXES.get(prefix, "other" if prefix or address else "own"), name, address


@lru_cache(maxsize=4096)
def _slot(tag: str, own: str) -> tuple[str, str]:
    """(slot, which word for it) for a field of an item whose namespace is `own`; ("", "") for what says nothing."""
    space, name, address = _name(tag)
    if address == own and (address or space in ("own", "other")) and ":" not in tag.rpartition("}")[2]:
        space = "own"
    return _SLOTS.get((space, name), ("", ""))


def _fields(item: Any) -> _Fields:
    fields = _Fields()
    own = _name(item.tag)[2]
    fields.links.base = item.get(_XML + "base") or ""
    fields.links.about = item.get(_ABOUT) or ""
    for element in item:
        tag = element.tag
        if isinstance(tag, str):
            slot, word = _slot(tag, own)
            if slot:
                _TAKERS[slot](fields, word, element)
    return fields


def _take_title(fields: _Fields, word: str, element: Any) -> None:
    if word not in fields.titles and (title := title_of(element)):
        fields.titles[word] = title


def _take_summary(fields: _Fields, word: str, element: Any) -> None:
    if word not in fields.summaries and (text := text_of(element)).value:
        fields.summaries[word] = text


def _take_content(fields: _Fields, word: str, element: Any) -> None:
    fields.contents.append(text_of(element, may_be_whole=True))


def _take_date(fields: _Fields, word: str, element: Any) -> None:
    if element.text:
        fields.dates.setdefault(word, element.text)


def _take_author(fields: _Fields, word: str, element: Any) -> None:
    named = [child for child in element.iter() if isinstance(child.tag, str) and _name(child.tag)[1] == "name"]
    names = [(child.text or "").strip() for child in named] if len(element) else [(element.text or "").strip()]
    fields.authors.setdefault(word, []).extend(name for name in names if name)


def _take_tag(fields: _Fields, word: str, element: Any) -> None:
    fields.tags.append(element.get("term") or element.get("label") or element.text or "")


def _take_id(fields: _Fields, word: str, element: Any) -> None:
    if element.text:
        fields.ids.setdefault(word or "guid", element.text.strip())
        fields.links.add_id(element.text.strip(), word)


def _take_guid(fields: _Fields, word: str, element: Any) -> None:
    if element.text:
        fields.ids.setdefault("guid", element.text.strip())
        fields.links.add_guid(element.text.strip(), (element.get("isPermaLink") or element.get("ispermalink") or ""))


def _take_link(fields: _Fields, word: str, element: Any) -> None:
    base = element.get(_XML + "base") or ""
    fields.links.add(
        element.text or "", element.get("href") or "", element.get("rel") or "", element.get("type") or "", base, word
    )


def _take_enclosure(fields: _Fields, word: str, element: Any) -> None:
    fields.links.enclosures.append(element.get("url") or "")


def _take_original(fields: _Fields, word: str, element: Any) -> None:
    fields.links.original = fields.links.original or element.text or ""


def _take_source(fields: _Fields, word: str, element: Any) -> None:
    """The outlet that an item was taken from: RSS gives its name as text, Atom as a title."""
    if not len(element):
        fields.outlet = fields.outlet or element.text or ""
        return
    inside = _fields(element)
    fields.outlet = fields.outlet or _title(inside)
    fields.outlet_author = [name for names in inside.authors.values() for name in names]


def _take_group(fields: _Fields, word: str, element: Any) -> None:
    """Media RSS puts the words on a video around or inside the file."""
    for child in element:
        if isinstance(child.tag, str):
            space, name, _ = _name(child.tag)
            if space == "media" and name in ("title", "description"):
                (_take_title if name == "title" else _take_summary)(fields, "media", child)


_TAKERS = {
    "title": _take_title,
    "summary": _take_summary,
    "content": _take_content,
    "date": _take_date,
    "author": _take_author,
    "tag": _take_tag,
    "id": _take_id,
    "guid": _take_guid,
    "link": _take_link,
    "enclosure": _take_enclosure,
    "original": _take_original,
    "source": _take_source,
    "group": _take_group,
}


def _title(fields: _Fields) -> str:
    return next(
        (fields.titles[space] for space in ("own", "atom", "dc", "itunes", "media") if space in fields.titles), ""
    )


def _author(fields: _Fields) -> str:
    names = next((fields.authors[word] for word in ("dc", "own", "atom", "itunes") if fields.authors.get(word)), [])
    return ", ".join(dict.fromkeys(names))


def _entry(item: Any, feed_author: str) -> RawEntry:
    fields = _fields(item)
    order = ("own", "description", "abstract", "atom", "dc", "media", "itunes")
    summary = next((fields.summaries[word] for word in order if word in fields.summaries), Text())
    text = joined(summary, max(fields.contents, key=lambda text: len(text.value), default=Text()))
    return {
        "id": fields.ids.get("guid") or fields.ids.get("own") or fields.ids.get("atom") or fields.links.about,
        "link": fields.links.best(),
        "base": fields.links.base,
        "title": _title(fields),
        "content": text.value,
        "is_html": text.is_html,
        "author": _author(fields) or ", ".join(fields.outlet_author) or feed_author,
        "lang": item.get(_XML + "lang") or "",
        "tags": fields.tags,
        "outlet": fields.outlet.strip(),
        "date": first_date(fields.dates[word] for word in _DATES if word in fields.dates),
    }


def first_date(texts: Iterator[str]) -> str:
    """The first that can be read; a feed's own word in a form that nobody knows must not hide another."""
    return next((text for text in texts if parse_time(text) is not None), "")
