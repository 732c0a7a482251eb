"""How long a rule's backtest takes on an archive of documents of about 400 words.

`python -m tests.bench.backtest [documents]`; the goal is 2 s for 100,000, which take two minutes to write. The archive
is made by the store itself, in a temporary folder. The baseline is the obvious way in the same process: read every
document and try the rule on it; it is timed on the newest 500 and counted up.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np

from bot.commands import _backtest
from bot.config import Settings
from bot.model import Feed
from bot.ports import Kit, Store
from bot.stores.sqlite import connect
from rules import Document, Rule, parse

T = TypeVar("T")

DOCUMENTS = 20_000
WORDS = 400
TITLE = 10
VOCABULARY = 60_000
BASELINE = 500
GOAL_SECONDS, GOAL_DOCUMENTS = 2.0, 100_000
NOW = datetime(2026, 3, 2, tzinfo=UTC)
SPACING = timedelta(seconds=60)
ENDINGS = ("", "s", "ed", "ing", "er", "ation")


class Case(NamedTuple):
    """A rule by what makes it easy or hard. Words are named by how common they are: word(9) is the tenth."""

    name: str
    rule: str


def word(rank: int) -> str:
    """The word of that rank: syllables that spell the number, and one of six endings."""
    stem, ending = divmod(rank, len(ENDINGS))
    syllables = ""
    while True:
        stem, digit = divmod(stem, 80)
        syllables += "bdfgklmnprstvzhj"[digit // 5] + "aeiou"[digit % 5]
        if not stem:
            return f"{syllables}k{ENDINGS[ending]}"


def cases() -> list[Case]:
    """From rules that match next to nothing to rules that match nearly everything."""
    rare, medium, common = (tuple(map(word, ranks)) for ranks in ((50_000, 40_001), (2_000, 3_001), (60, 75)))
    return [
        Case("rare word", rare[0]),
        Case("rare phrase", f'"{common[0]} {medium[0]}"'),
        Case("medium AND medium", f"{medium[0]} AND {medium[1]}"),
        Case("medium NOT common", f"{medium[0]} NOT {common[0]}"),
        Case("stems near each other", f"~{medium[0]} NEAR/5 ~{common[0]}"),
        Case("common word", common[0]),
        Case("common AND common", f"{common[0]} AND {common[1]}"),
        Case("common OR common NOT medium", f"({common[0]} OR {common[1]}) AND NOT {medium[0]}"),
        Case("common stem", f"~{common[0]}"),
        Case("common NEAR common", f"{common[0]} NEAR/10 {common[1]}"),
        Case("common phrase NEAR common", f'"{word(0)} {word(6)}" NEAR/3 {common[1]}'),
    ]


def texts(number: int) -> Iterator[list[str]]:
    """The words of Zipfian texts."""
    random = np.random.default_rng(7)
    shares = (1 / np.arange(1, VOCABULARY + 1)).cumsum()
    names = np.array([word(rank) for rank in range(VOCABULARY)], dtype=object)
    for start in range(0, number, 1000):
        ranks = np.searchsorted(shares / shares[-1], random.random((min(1000, number - start), WORDS)))
        yield from names[ranks].tolist()


def build(folder: Path, number: int) -> Store:
    """An archive as the store itself writes it."""
    store = connect(Kit(settings=Settings(data=folder), clock=lambda: NOW))
    store.migrate()
    store.add_feed(Feed(id="f", kind="feed", url="https://f.example/"), "c")
    for batch in batched(enumerate(texts(number)), 5000):
        with store.atomic():
            for place, words in batch:
                title, body = " ".join(words[:TITLE]), " ".join(words[TITLE:])
                document = Document(id=f"d{place}", title=title, body=body)
                at = NOW - SPACING * (number - place)
                store.add_document(document, feed_id="f", story_id=f"s{place // 2}", seen_at=at)
    return store


def batched(items: Iterator[T], size: int) -> Iterator[list[T]]:
    """So many at a time."""
    while batch := list(islice(items, size)):
        yield batch


def timed(function: Callable[[], object]) -> float:
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


def try_everything(store: Store, rule: Rule, last: int, number: int) -> int:
    """The baseline: the newest `number` documents, one by one."""
    return sum(rule.spans(one.document) is not None for one in store.archived(range(last - number + 1, last + 1)))


def main() -> None:
    """Print the table."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTS
    with tempfile.TemporaryDirectory() as inside:
        began = time.perf_counter()
        store = build(Path(inside), number)
        took = time.perf_counter() - began
        size = sum(path.stat().st_size for path in Path(inside).iterdir()) / 1e6
        print(f"an archive of {number:,} documents of {WORDS} words: {size:.0f} MB, {took / number * 1e6:.0f} us each")
        print(f"{'rule':30} {'stories':>8} {'seconds':>8} {'every document':>15} {'ratio':>7}")
        slowest = max(measure(store, case, number) for case in cases())
        store.close()
    goal = GOAL_SECONDS * max(number / GOAL_DOCUMENTS, 0.2)
    of = f"{GOAL_SECONDS:.0f} s for {GOAL_DOCUMENTS:,} documents"
    print(f"slowest {slowest:.2f} s; the goal is {goal:.1f} s ({of})")
    sys.exit(slowest > goal)


def measure(store: Store, case: Case, number: int) -> float:
    """One line of the table; the seconds."""
    rule = parse(case.rule)
    found = _backtest.forecast(store, rule, ["c"], now=NOW)
    seconds = timed(lambda: _backtest.forecast(store, rule, ["c"], now=NOW))
    few = min(BASELINE, number)
    baseline = timed(lambda: try_everything(store, rule, number, few)) * number / few
    stories = f"{found.stories + found.before:,}" + ("*" if found.cut else "")
    print(f"{case.name:30} {stories:>8} {seconds:8.3f} {baseline:15.1f} {baseline / seconds:7.0f}", flush=True)
    return seconds


if __name__ == "__main__":
    main()
