"""Which WebSub hub a feed announces, and for which topic: in Link headers, else in the feed itself (W3C WebSub, 4)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin

from bot.reading.text.encoding import decode

_HEAD = 64 * 1024  # bytes of a feed in which its links are looked for
_JSON = 1024 * 1024  # bytes of JSON that are read for it
_LINK = re.compile(r"<(?:[A-Za-z][\w-]{0,20}:)?link\b([^<>]{0,4000})>")
_ITEM = re.compile(r"<(?:[A-Za-z][\w-]{0,20}:)?(?:item|entry)\b")
_ATTRIBUTE = re.compile(r"""\b(rel|href)\s{0,5}=\s{0,5}(?:"([^"]{0,2000})"|'([^']{0,2000})')""")
_HEADER = re.compile(r"<([^<>]{1,2000})>((?:\s{0,5};[^,;<>]{0,500}){0,10})")
_REL = re.compile(r"""\brel\s{0,5}=\s{0,5}(?:"([^"]{0,200})"|([^\s;,"]{1,200}))""", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class HubLinks:
    """Where to subscribe, and to what: both are needed."""

    hub: str
    topic: str


def hub_links(url: str, headers: Mapping[str, str], body: bytes) -> HubLinks | None:
    """The first hub that the answer from `url` names; its own address is the topic unless it names another one."""
    links: dict[str, str] = {}
    for rel, href in (*_in_header(headers.get("link", "")), *_in_body(body, headers.get("content-type", ""))):
        try:
            address = urljoin(url, href.strip())
        except ValueError:
            continue
        if address.lower().startswith(("http://", "https://")):
            links.setdefault(rel, address)
    return HubLinks(hub=links["hub"], topic=links.get("self", url)) if "hub" in links else None


def _in_header(value: str) -> list[tuple[str, str]]:
    """(relation, address) of each link in a Link header."""
    links = []
    for link in _HEADER.finditer(value[:20_000]):
        rel = _REL.search(link[2])
        links += [(name, link[1]) for name in _wanted((rel[1] or rel[2]) if rel else "")]
    return links


def _in_body(body: bytes, content_type: str) -> list[tuple[str, str]]:
    text = decode(body[:_HEAD], content_type)
    if text.lstrip()[:1] == "{":
        return _in_json(body) if len(body) <= _JSON else []
    item = _ITEM.search(text)
    links = []
    for link in _LINK.finditer(text, 0, item.start() if item else len(text)):
        attributes = {name: unescape(quoted or single) for name, quoted, single in _ATTRIBUTE.findall(link[1])}
        links += [(name, attributes["href"]) for name in _wanted(attributes.get("rel", "")) if attributes.get("href")]
    return links


def _in_json(body: bytes) -> list[tuple[str, str]]:
    """JSON Feed: `hubs`, a list of {type, url}; `feed_url` is the topic."""
    try:
        feed = json.loads(body)
        hubs = [hub["url"] for hub in feed.get("hubs") or () if str(hub["type"]).lower() in ("websub", "pubsubhubbub")]
        topic = feed.get("feed_url")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return []
    links = [("hub", hub) for hub in hubs if isinstance(hub, str)]
    return [*links, ("self", topic)] if isinstance(topic, str) else links


def _wanted(rel: str) -> list[str]:
    return [name for name in ("hub", "self") if name in rel.lower().split()]
