"""What a new document costs until it is archived and can be searched: `python -m tests.bench.intake [documents]`.

Three steps, in milliseconds of processor time a document of 400 words: reading the feed, making the document, archiving
it in batches of 20. Beside each stands, in the same run, what it is measured against: the same HTML stripped and
shortened the slow way (tests/bot/slow_reading.py), and SQLite alone writing the same rows and the same tokens.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import TypeVar

from bot.core.archive import sieve
from bot.model import Arrival, Entry
from bot.reading.feeds.parse import ParsedFeed, parse_feed
from bot.reading.text.extract import to_document
from bot.stores._sqlite_feeds import _ADD_DOCUMENT, _ADD_GIVEN, _document_values
from bot.stores.sqlite import Sqlite
from rules import Document
from tests.bench._news import articles
from tests.bot import slow_reading
from tests.house import open_store

T = TypeVar("T")

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PER_FEED, BATCH, REPEATS = 50, 20, 3
LINK_EVERY, TAGGED = 60, "https://x.example/?a=1&amp;b=2"
# How many times as fast as the slow way at least (3.2 when it was written), and of SQLite's own time at most (2.2).
LEAST_QUICKER, MOST_BESIDE_SQLITE = 1.8, 3.0


def main(documents: int) -> int:
    """1 when a goal is missed."""
    bodies = feeds(documents)
    reading, parsed = timed(lambda: [parse_feed(body, "", "https://news.example/feed", NOW) for body in bodies])
    entries = [entry for feed in parsed for entry in feed.entries]
    making, made = timed(lambda: made_of(parsed))
    slowly, _ = timed(lambda: [slow_of(entry) for entry in entries])
    archiving = archived(made, with_store)
    bare = archived(made, with_sqlite_alone)
    for name, spent, beside in (
        ("reading the feed", reading, ""),
        ("making the document", making, f"stripping its HTML the slow way {slowly / documents * 1000:.3f}"),
        ("archiving it", archiving, f"SQLite alone {bare / documents * 1000:.3f}"),
    ):
        print(f"{name:20} {spent / documents * 1000:.3f} ms  {beside}")
    print(f"{slowly / making:.1f} times as fast as the slow way (least {LEAST_QUICKER}), ", end="")
    print(f"{archiving / bare:.1f} times SQLite's own time (most {MOST_BESIDE_SQLITE})")
    return 1 if slowly / making < LEAST_QUICKER or archiving / bare > MOST_BESIDE_SQLITE else 0


def feeds(documents: int) -> list[bytes]:
    """Whole articles with paragraphs, links and entities, as a blog's feed has them."""
    made = [_item(document) for document in articles(documents, 3)]
    parts = ["".join(made[start : start + PER_FEED]) for start in range(0, documents, PER_FEED)]
    head = "<rss version='2.0'><channel><title>News</title><link>https://news.example/</link><language>en</language>"
    return [f"{head}{part}</channel></rss>".encode() for part in parts]


def _item(document: Document) -> str:
    html = "".join(f"<p>{escape(part)}</p>\n" for part in document.body.split("\n\n"))
    words = html.replace("“", "&ldquo;").replace("”", "&#8221;").split(" ")
    for at in range(LINK_EVERY // 3, len(words), LINK_EVERY):
        if words[at].isalpha():
            words[at] = f'<a href="{TAGGED}">{words[at]}</a>'
    return (
        f"<item><title>{document.title}</title><link>{document.url}?utm_source=rss</link><guid>{document.id}</guid>"
        "<pubDate>Mon, 02 Mar 2026 08:10:00 GMT</pubDate><category>World</category><author>A. Writer</author>"
        f"<description><![CDATA[{' '.join(words)}]]></description></item>"
    )


def made_of(parsed: list[ParsedFeed]) -> list[Document]:
    """The documents of feeds."""
    return [
        to_document(entry, feed_title=feed.title, feed_url="https://news.example/feed", now=NOW)
        for feed in parsed
        for entry in feed.entries
    ]


def slow_of(entry: Entry) -> tuple[str, str]:
    """The two costliest parts of a document, as they were."""
    return slow_reading.clean_text(slow_reading.html_to_text(entry.content)), slow_reading.canonical_url(entry.url)


def archived(documents: list[Document], write: Callable[[Sqlite, list[Document]], None]) -> float:
    """Seconds to write all of them, each time into a new file."""
    best = float("inf")
    for _ in range(REPEATS):
        with tempfile.TemporaryDirectory() as folder:
            store = open_store("sqlite", Path(folder))
            assert isinstance(store, Sqlite)
            best = min(best, timed(lambda store=store: write(store, documents), 1)[0])  # type: ignore[misc]
            store.close()
    return best


def with_store(store: Sqlite, documents: list[Document]) -> None:
    """As the bot does it."""
    for start in range(0, len(documents), BATCH):
        store.add_documents([_arrival(document) for document in documents[start : start + BATCH]])


def with_sqlite_alone(store: Sqlite, documents: list[Document]) -> None:
    """Rows and tokens that are ready, in transactions of the same size."""
    add_tokens = "insert into archive_index (rowid, title, body) values (?, ?, ?)"
    for start in range(0, len(documents), BATCH):
        batch = documents[start : start + BATCH]
        store.connection.execute("begin immediate")
        store.connection.executemany(_ADD_DOCUMENT, [_document_values(_arrival(document)) for document in batch])
        store.connection.executemany(_ADD_GIVEN, [("f", document.id) for document in batch])
        store.connection.executemany(add_tokens, [(start + at, *_tokens(one)) for at, one in enumerate(batch, 1)])
        store.connection.execute("commit")


_ready: dict[str, tuple[str, str]] = {}


def _tokens(document: Document) -> tuple[str, str]:
    if document.id not in _ready:
        _ready[document.id] = sieve.entered(document.title).tokens, sieve.entered(document.body).tokens
    return _ready[document.id]


def _arrival(document: Document) -> Arrival:
    return Arrival(document=document, feed_id="f", story_id=document.id, seen_at=NOW)


def timed(work: Callable[[], T], repeats: int = REPEATS) -> tuple[float, T]:
    """The least processor time of several, in seconds, and what came of it."""
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    return best, result


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
