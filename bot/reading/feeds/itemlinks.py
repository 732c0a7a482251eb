"""Which of an item's addresses is the page that people should open."""

import re
from dataclasses import dataclass, field

_PAGES = ("", "text/html", "application/xhtml+xml", "html", "xhtml", "text/xhtml")
_HTTP = re.compile(r"\s*https?://", re.I)
# The lower, the better; what is not here is no page of the item: self, edit, replies, next, license.
_RANKS = {"alternate": 0, "": 0, "http://www.iana.org/assignments/relation/alternate": 0, "related": 60, "via": 70}


@dataclass(slots=True)
class Links:
    """All that an item links to, and which is best."""

    base: str = ""  # xml:base of the item
    about: str = ""  # rdf:about
    original: str = ""  # where FeedBurner's own address leads to
    enclosures: list[str] = field(default_factory=list)
    _ranked: list[tuple[int, int, str, str]] = field(default_factory=list)  # (rank, how many before, link, xml:base)

    def add(self, text: str, href: str, rel: str, kind: str, base: str, space: str) -> None:
        """A link element: RSS has the address as its text, Atom in `href`."""
        rel, kind = rel.strip().lower(), kind.strip().lower().partition(";")[0]
        address = text.strip() or href.strip()
        if rel == "enclosure":
            self.enclosures.append(address)
        rank = _RANKS.get(rel)
        if rank is None or not address:
            return
        rank += (0 if kind in _PAGES else 40) + (10 if space == "atom" else 0)
        self._ranked.append((rank, len(self._ranked), address, base))

    def add_guid(self, guid: str, permalink: str) -> None:
        """A guid is the item's address unless it says that it is not."""
        if permalink.strip().lower() != "false" and _HTTP.match(guid):
            self._ranked.append((30, len(self._ranked), guid, ""))

    def add_id(self, identity: str, space: str) -> None:
        """Atom's id is an identity first, but often an address that works."""
        if _HTTP.match(identity):
            self._ranked.append((90, len(self._ranked), identity, ""))

    def best(self) -> str:
        """The address, perhaps relative to `base`; empty when there is none."""
        if _HTTP.match(self.original):
            return self.original.strip()
        if self._ranked:
            _, _, address, base = min(self._ranked)
            if base:
                self.base = base
            return address
        if _HTTP.match(self.about):
            return self.about.strip()
        return next((url.strip() for url in self.enclosures if url), "")
