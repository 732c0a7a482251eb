"""What the engine is measured against: trying every rule, SQLite FTS5 in memory, and tantivy where it is installed."""

import re
import sqlite3
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from rules import Document, Rule, parse
from rules.tokenized import Tokenized

_TRIED, _ASKED = 2000, 4000  # rules of a sample
# Rules that all three understand alike: words, phrases and wildcards of ASCII, with AND, OR, NOT.
_SHARED = re.compile(r'(?:[a-z]++\*?|"[a-z]+ [a-z]+"|AND|OR|NOT|[() ])++')


class Outcome(NamedTuple):
    """Documents a second for all rules of the kind, their share, and the (document, rule) pairs of those asked."""

    rate: float
    share: float
    asked: set[str]
    pairs: set[tuple[int, str]]


def every_rule(texts: dict[str, str], batch: list[Document], size: int) -> float:
    """Documents a second by trying each rule's tree, counted up from a sample of rules on four documents."""
    rules: list[Rule] = [parse(text) for text in list(texts.values())[:_TRIED]]
    start = time.process_time()
    for document in batch[:4]:
        tokens = Tokenized(document)
        for rule in rules:
            rule.node.hits(tokens)
    spent = (time.process_time() - start) / 4
    return 1 / (spent * size / len(rules))


class _Rival:
    name = ""

    def run(self, texts: dict[str, str], batch: list[Document]) -> Outcome:
        shared = {rule_id: text for rule_id, text in texts.items() if _SHARED.fullmatch(text)}
        asked = dict(list(shared.items())[:_ASKED])
        start = time.process_time()
        self.index(batch)
        indexed = time.process_time() - start
        queries = list(self.prepared(asked))
        start = time.process_time()
        pairs = {(place, rule_id) for rule_id, query in queries for place in self.ask(query)}
        asking = (time.process_time() - start) * len(shared) / len(asked)  # of those that it was asked, counted up
        share = len(shared) / len(texts) * len(queries) / len(asked)
        return Outcome(len(batch) / (indexed + asking), share, {rule_id for rule_id, _ in queries}, pairs)

    def index(self, batch: list[Document]) -> None:
        raise NotImplementedError

    def prepared(self, asked: dict[str, str]) -> Iterator[tuple[str, Any]]:
        """Queries ready to ask: reading them is not timed, as stored rules are read once."""
        yield from asked.items()

    def ask(self, query: Any) -> list[int]:
        raise NotImplementedError


class Fts5(_Rival):
    """A table of the batch in memory; each rule is a MATCH."""

    name = "FTS5"

    def index(self, batch: list[Document]) -> None:
        self._base = sqlite3.connect(":memory:")
        self._base.execute("create virtual table texts using fts5(title, body, tokenize = 'unicode61')")
        rows = [(place, document.title, document.body) for place, document in enumerate(batch)]
        self._base.executemany("insert into texts (rowid, title, body) values (?, ?, ?)", rows)

    def ask(self, query: str) -> list[int]:
        return [place for (place,) in self._base.execute("select rowid from texts where texts match ?", (query,))]


class Tantivy(_Rival):
    """An index of the batch in memory; each rule is a query that was parsed before."""

    name = "tantivy"

    def __init__(self, library: Any) -> None:
        self._library = library

    @classmethod
    def or_none(cls) -> "Tantivy | None":
        """None where it is not installed."""
        try:
            import tantivy
        except ImportError:
            return None
        return cls(tantivy)

    def index(self, batch: list[Document]) -> None:
        schema = self._library.SchemaBuilder()
        schema.add_text_field("title", stored=False)
        schema.add_text_field("body", stored=False)
        schema.add_unsigned_field("place", stored=True)
        self._index = self._library.Index(schema.build())
        writer = self._index.writer(num_threads=1)
        for place, document in enumerate(batch):
            writer.add_document(self._library.Document(title=document.title, body=document.body, place=place))
        writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def prepared(self, asked: dict[str, str]) -> Iterator[tuple[str, Any]]:
        for rule_id, text in asked.items():
            if "*" not in text:  # its parser has no prefixes within other terms
                yield rule_id, self._index.parse_query(_for_tantivy(text), ["title", "body"])

    def ask(self, query: Any) -> list[int]:
        hits = self._searcher.search(query, limit=100, count=False).hits
        return [self._searcher.doc(address)["place"][0] for _, address in hits]


def _for_tantivy(text: str) -> str:
    return re.sub(r"(\S+) NOT (\S+)", r"+\1 -\2", text)
