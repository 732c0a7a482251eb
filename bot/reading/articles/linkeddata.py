"""What a page's JSON-LD says of its article (schema.org): when it was published and changed, and by whom."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.addresses import canonical_url

_MOST_SCRIPTS, _MOST_NODES = 20, 500
_MOST_CHARACTERS = 300_000
_BEFORE, _BEHIND = ("<!--", "//", "/*", "<![CDATA[", "*/"), ("-->", "*/", "]]>", "//", "/*", ";")  # around JSON
_INNER = ("@graph", "mainEntity", "mainEntityOfPage")  # where the article may be; not among the parts of a list
_BROKEN = re.compile(r'"(datePublished|dateModified)"\s{0,9}:\s{0,9}"([^"\\]{6,60})"')
_ARTICLE = re.compile(r"Article$|Posting$|^(?:Report|VideoObject|AudioObject|PodcastEpisode|Recipe|CreativeWork)$")
_PAGE = re.compile(r"Page$|^$")
_OTHER = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """Dates as written, the article's own before its page's."""

    published: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    author: str = ""


def linked_data(tree: Any, url: str) -> Linked:
    """From all JSON-LD of the page; of several articles that with the page's own address, else the first."""
    nodes = tree.document.query_selector_all('script[type^="application/ld+json"]') if tree.document is not None else ()
    things = [thing for node in list(nodes)[:_MOST_SCRIPTS] for thing in _things(node.text)]
    known = [thing for thing in things if _rank(thing) != _OTHER]
    here = canonical_url(url)
    known.sort(key=lambda thing: (_rank(thing), here == "" or here not in _addresses(thing)))
    first = known[:1] + [thing for thing in known[1:] if _rank(thing) > _rank(known[0])][:1]
    return Linked(
        published=tuple(_texts(first, "datePublished", "uploadDate", "dateCreated")),
        changed=tuple(_texts(first, "dateModified")),
        author=next(filter(None, (_names(thing.get("author") or thing.get("creator")) for thing in first)), ""),
    )


def _things(text: str) -> list[dict[str, Any]]:
    text = _bare(text[:_MOST_CHARACTERS])
    try:
        waiting = [json.loads(text, strict=False)]
    except (ValueError, RecursionError):  # quotation marks and commas are often wrong: its first dates at least
        return [dict(reversed(_BROKEN.findall(text)))]
    things: list[dict[str, Any]] = []
    for _ in range(_MOST_NODES):
        if not waiting:
            break
        thing = waiting.pop(0)
        if isinstance(thing, list):
            waiting = thing[:_MOST_NODES] + waiting
        elif isinstance(thing, dict):
            things.append(thing)
            waiting += [thing[name] for name in _INNER if name in thing]
    return things


def _bare(text: str) -> str:
    text = text.strip()
    for sign in _BEFORE:
        text = text.removeprefix(sign).lstrip()
    for sign in _BEHIND:
        text = text.removesuffix(sign).rstrip()
    return text


def _rank(thing: dict[str, Any]) -> int:
    said = thing.get("@type", "")
    types = [str(name).rpartition("/")[2] for name in (said if isinstance(said, list) else [said])]
    if any(_ARTICLE.search(name) for name in types):
        return 0
    return 1 if any(_PAGE.search(name) for name in types) else _OTHER


def _addresses(thing: dict[str, Any]) -> set[str]:
    whole = thing.get("mainEntityOfPage")
    said = [thing.get("url"), thing.get("@id"), whole.get("@id") if isinstance(whole, dict) else whole]
    return {canonical_url(name) for name in said if isinstance(name, str)}


def _texts(things: list[dict[str, Any]], *names: str) -> Iterator[str]:
    for thing in things:
        for name in names:
            value = thing.get(name)
            value = value[0] if isinstance(value, list) and value else value
            value = value.get("@value") if isinstance(value, dict) else value
            if isinstance(value, (str, int)) and value:
                yield str(value)


def _names(value: object) -> str:
    people = value if isinstance(value, list) else [value]
    names = (person.get("name") if isinstance(person, dict) else person for person in people[:20])
    return ", ".join(name for name in names if isinstance(name, str) and name and "://" not in name)
