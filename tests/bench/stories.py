"""How long story grouping takes a document, what it remembers, and how long a start takes until it remembers again.

`python -m tests.bench.stories [remembered]`; 20,000 documents are remembered in the longest case unless told, 100,000
are wanted. What is remembered are real fingerprints of articles, then random ones of the same form, which is as hard
for the index. The baseline is the slow, obvious grouping of the tests in the same process. Seconds are processor time.
"""

import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from bot.config import Settings
from bot.core.stories.fingerprint import micros
from bot.core.stories.grouper import Grouper
from bot.core.stories.memory import RECORD
from bot.model import Arrival, Feed, FingerprintRow, FingerprintRows
from bot.ports import Kit, Store
from bot.stores.sqlite import connect
from rules import Document
from tests.bench._news import articles
from tests.bot.slow_stories import SlowGrouper

NOW = datetime(2026, 3, 2, tzinfo=UTC)
NEW, WARM, BATCH, SLOW = 1_000, 1_000, 20, 100
AIM, LEAST_RATIO, GOAL_BYTES, GOAL_START = 0.3, 1.3, 2_000, 1.0  # the start: of 100,000


def remembered(count: int) -> FingerprintRows:
    """Fingerprints that no article shares anything with."""
    draw = np.random.default_rng(5)
    rows = np.zeros(count, dtype=RECORD)
    rows["sketch"] = draw.integers(0, 2**32, rows["sketch"].shape, dtype=np.uint32)
    for name in ("key", "address", "site", "headline", "story"):
        rows[name] = draw.integers(1, 2**63, count, dtype=np.uint64)
    rows["at"], rows["published"], rows["length"], rows["sketched"] = micros(NOW), micros(NOW), 400, 1
    ids = [f"{number:016x}" for number in range(count)]
    return FingerprintRows(document_ids=ids, story_ids=[f"f{name[1:]}" for name in ids], features=rows.tobytes())


def placing(grouper: Grouper | SlowGrouper, documents: list[Document]) -> float:
    """Milliseconds a document, in batches where it takes them."""
    begun = time.process_time()
    for start in range(0, len(documents), BATCH):
        part = documents[start : start + BATCH]
        if isinstance(grouper, Grouper):
            grouper.place_all(part, NOW)
        else:
            for document in part:
                grouper.place(document, NOW)
    return (time.process_time() - begun) * 1_000 / len(documents)


def filled(store: Store, rows: FingerprintRows) -> None:
    """An archive with these fingerprints; its texts are short, for they are not read."""
    store.add_feed(Feed(id="f", kind="feed", url="https://f.example/"), "c")
    size, count = RECORD.itemsize, len(rows.document_ids)
    for start in range(0, count, 5_000):
        numbers = range(start, min(count, start + 5_000))
        names = [(number, rows.document_ids[number], rows.story_ids[number]) for number in numbers]
        with store.atomic():
            store.add_documents(
                [
                    Arrival(document=Document(id=name, title="", body="x"), feed_id="f", story_id=story, seen_at=NOW)
                    for _, name, story in names
                ]
            )
            store.save_fingerprints(
                [
                    FingerprintRow(
                        document_id=name,
                        story_id=story,
                        seen_at=NOW,
                        features=rows.features[number * size : (number + 1) * size],
                    )
                    for number, name, story in names
                ]
            )


def starting(rows: FingerprintRows, document: Document) -> tuple[float, float]:
    """Seconds until the fingerprints are read, and until the first document has its story as well."""
    with tempfile.TemporaryDirectory() as folder:
        kit = Kit(settings=Settings(data=Path(folder)), clock=lambda: NOW)
        store = connect(kit)
        store.migrate()
        filled(store, rows)
        store.close()
        store = connect(kit)
        begun = time.process_time()
        found = store.fingerprints(since=NOW - timedelta(days=3))
        read = time.process_time() - begun
        grouper = Grouper(text_of=lambda _: None)
        grouper.learn(found)
        grouper.place(document, NOW)
        taken = time.process_time() - begun
        store.close()
    assert len(grouper) == len(rows.document_ids) + 1
    return read, taken


def main() -> int:
    """Print the table; 1 when a goal was missed. Milliseconds are an aim: they say as much of the machine as of us."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    warm, new = articles(WARM, 1), articles(NEW, 2)
    missed = False
    slow = SlowGrouper()
    placing(slow, warm)
    baseline = placing(slow, new[:SLOW])
    print(f"the slow grouping           {baseline:6.2f} ms a document")
    for count in sorted({1_000, 10_000, most}):
        grouper = Grouper(text_of={document.id: document for document in [*warm, *new]}.get)
        placing(grouper, warm)
        grouper.learn(remembered(count - len(warm)))
        size, each = grouper.size_bytes / len(grouper), placing(grouper, new)
        missed |= each * LEAST_RATIO > baseline or size > GOAL_BYTES
        print(f"{count:7,} remembered         {each:6.2f} ms, {size:6,.0f} bytes a document; {baseline / each:.1f} x")
    read, taken = starting(remembered(most), new[0])
    missed |= taken > GOAL_START
    print(f"a start with {most:7,}      {taken:6.2f} s to the first document, {read:.2f} s of it reading the store")
    verdict = "MISSED" if missed else "met"
    print(f"goals: {LEAST_RATIO} x, {GOAL_BYTES:,} bytes, {GOAL_START} s: {verdict}; aim {AIM} ms")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
