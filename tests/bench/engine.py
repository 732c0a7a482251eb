"""How fast the rule engine is: `python -m tests.bench.engine [--full] [--rules N ...]`.

For each number of rules a process of its own builds the set from text, saves it, loads it from files, and matches news
that it has not seen, on one core; times are CPU time. Beside it, on the same articles and rules: trying every rule, and
SQLite FTS5 and tantivy with the rules that they can express. See docs/performance.md.
"""

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from rules import Document, RuleSet
from rules.forms import Feature
from rules.ruleset import commonness
from rules.words import fold, words
from tests.bench import _news, _rivals

BATCH = 64
_SEEN, _UNSEEN = 12_000, 1280
_REPEATS = 3
_SIZES, _FULL = (1000, 10_000), (1000, 10_000, 100_000, 1_000_000)
# Documents a second in batches, where splitting their words with a regular expression makes SPLIT a second.
AIMS = {1000: 15_000, 10_000: 13_000, 100_000: 10_000, 1_000_000: 5000}
SPLIT = 16_000
_WORD = re.compile(r"\w+")


def main() -> int:
    """Print the table; 1 when an engine disagrees with ours on a rule that both understand."""
    given = argparse.ArgumentParser()
    given.add_argument("--full", action="store_true", help="up to a million rules (about ten minutes)")
    given.add_argument("--rules", type=int, nargs="+", help="numbers of rules")
    given.add_argument("--step", nargs=3, metavar=("STEP", "SIZE", "FOLDER"), help=argparse.SUPPRESS)
    args = given.parse_args()
    if args.step:
        step, size, folder = args.step
        print(json.dumps((_build if step == "build" else _measure)(int(size), Path(folder))))
        return 0
    unreadable = _news.unreadable()
    if unreadable:
        print("rules that the language does not read:", *unreadable, sep="\n  ")
        return 1
    print(f"{_machine()}; CPU time, one core")
    print(f"{_news.WORDS} words an article, {_SEEN:,} seen before, {_UNSEEN:,} to match")
    wrong = 0
    for size in args.rules or (_FULL if args.full else _SIZES):
        with tempfile.TemporaryDirectory() as folder:
            wrong += _show(size, {**_child("build", size, folder), **_child("measure", size, folder)})
    return 1 if wrong else 0


def _child(step: str, size: int, folder: str) -> dict[str, Any]:
    """What one step found, in a process of its own: memory that another one gave back would hide what it takes."""
    command = [sys.executable, "-m", "tests.bench.engine", "--step", step, str(size), folder]
    found: dict[str, Any] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return found


def _machine() -> str:
    return f"Python {platform.python_version()}, numpy {np.__version__}, {os.cpu_count()} cores, {platform.machine()}"


def _show(size: int, found: dict[str, Any]) -> int:
    ours = found["batch"]
    print(f"\n{size:,} rules, {found['hits']:.1f} hits and {found['new_words']:.1f} new words an article")
    print(f"  in batches of {BATCH}   {ours:>9,.0f} documents/s, runs {found['batch_runs']}")
    share = f"{found['share']:.2f} of the {found['split']:,.0f}/s of only splitting the words with a regular expression"
    aim = f" (aim {AIMS[size] / SPLIT:.2f}: {AIMS[size]:,} of {SPLIT:,})" if size in AIMS else ""
    print(f"                      {share}{aim}")
    print(f"  the same again     {found['again']:>9,.0f} documents/s, without new words")
    singly = f"p50 {found['p50']:.2f} ms, p99 {found['p99']:.2f} ms"
    print(f"  one at a time      {found['single']:>9,.0f} documents/s; {singly}")
    print(f"  with every Match   {found['matches']:>9,.0f} documents/s (in batches, an object for each hit)")
    print(f"  built from text in {found['build']:.1f} s ({found['build'] / size * 1e6:.0f} us a rule)")
    print(f"  saved {found['saved'] / 1e6:.1f} MB, loaded in {found['load']:.3f} s; memory {found['memory']:.0f} MB")
    print(f"  add and next document: {found['add']:.2f} ms and {found['next']:.2f} ms; remove {found['remove']:.3f} ms")
    for name in ("every rule", "FTS5", "tantivy"):
        if name in found:
            share = found.get(f"{name} share", 1.0)
            agreed = f", {found[f'{name} pairs']:.0f} pairs agree" if f"{name} pairs" in found else ""
            of = "" if share == 1 else f", {share:.0%} of the rules"
            times = f"ours is {ours / found[name]:,.1f} times faster"
            print(f"  {name:<12} {found[name]:>10,.2f} documents/s: {times}{of}{agreed}")
    for each in found["disagreements"]:
        print("  DISAGREES:", each)
    return len(found["disagreements"])


# ------------------------------------------------------------------------------------------------ one number of rules


def _measure(size: int, folder: Path) -> dict[str, object]:
    seen, unseen = _news.articles(_SEEN, 1), _news.articles(_UNSEEN, 2)
    RuleSet().match_batch(unseen[:1])  # what every process has, rules or not
    found: dict[str, object] = {}
    before = _memory()
    start = time.perf_counter()
    engine = _loaded(folder)
    found["load"] = time.perf_counter() - start
    for batch in _batches(seen):
        engine.match_batch(batch)
    found["memory"] = _memory() - before
    found.update(_speed(engine, unseen))
    found.update(_changes(engine, unseen))
    found.update(_compare(engine, size, unseen))
    return found


def _frequency(articles: list[Document]) -> Callable[[Feature], float]:
    """What share of articles has a word; as the archive tells the application."""
    counts: dict[str, int] = {}
    for article in articles:
        for word in {fold(each) for each in words(f"{article.title}\n{article.body}")}:
            counts[word] = counts.get(word, 0) + 1

    def share(feature: Feature) -> float:
        return commonness(feature) if feature.form else (counts.get(feature.key, 0) + 0.3) / len(articles)

    return share


def _build(size: int, folder: Path) -> dict[str, object]:
    engine = RuleSet(frequency=_frequency(_news.articles(_SEEN // 10, 1)))
    texts = list(_news.rules(size))
    start = time.process_time()
    engine.add_many((str(number), text) for number, text in enumerate(texts))
    build = time.process_time() - start
    arrays = engine.save()
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    return {"build": build, "saved": sum(array.nbytes for array in arrays.values())}


def _loaded(folder: Path) -> RuleSet:
    return RuleSet.load({path.stem: np.load(path, mmap_mode="r") for path in folder.glob("*.npy")})


def _memory() -> float:
    """Resident megabytes, mapped files among them; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text("utf-8").splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _batches(articles: list[Document]) -> Iterator[list[Document]]:
    for start in range(0, len(articles), BATCH):
        yield articles[start : start + BATCH]


def _speed(engine: RuleSet, unseen: list[Document]) -> dict[str, object]:
    """Each article is matched once, so that none has been seen; the articles are cut into as many runs."""
    third = len(unseen) // (_REPEATS + 1) // BATCH * BATCH
    known, hits = engine.known_words, list[int]()
    rates, splits = [], []
    for run in range(_REPEATS):
        part = unseen[run * third : (run + 1) * third]
        splits.append(_rate(part, _split))
        rates.append(_rate(part, lambda batch: hits.append(len(engine.match_batch(batch)))))
    new_words = (engine.known_words - known) / (third * _REPEATS)
    again = _rate(part, engine.match_batch)
    rest = unseen[_REPEATS * third :]
    single = [_timed(lambda article=article: engine.match_batch([article])) for article in rest]
    return {
        "batch": statistics.median(rates),
        "batch_runs": " ".join(f"{rate:,.0f}" for rate in rates),
        "share": statistics.median(rate / split for rate, split in zip(rates, splits, strict=True)),
        "split": statistics.median(splits),
        "again": again,
        "hits": sum(hits) / (third * _REPEATS),
        "new_words": new_words,
        "single": len(rest) / sum(single),
        "p50": statistics.median(single) * 1000,
        "p99": sorted(single)[int(len(single) * 0.99)] * 1000,
        "matches": _rate(rest, engine.match_many),
    }


def _split(batch: list[Document]) -> None:
    for document in batch:
        _WORD.findall(document.title.lower())
        _WORD.findall(document.body.lower())


def _rate(articles: list[Document], work: Callable[[list[Document]], object]) -> float:
    """Documents a second."""
    start = time.process_time()
    for batch in _batches(articles):
        work(batch)
    return len(articles) / (time.process_time() - start)


def _timed(work: Callable[[], object]) -> float:
    """Seconds of wall time, as a reader waits for it."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _changes(engine: RuleSet, unseen: list[Document]) -> dict[str, float]:
    """Rules of every kind added, each followed by one document; then removed."""
    adds, nexts, removes = [], [], []
    for number, text in enumerate(_news.rules(200, seed=6)):
        start = time.perf_counter()
        engine.add(f"new {number}", text)
        adds.append(time.perf_counter() - start)
        start = time.perf_counter()
        engine.match_batch([unseen[number]])
        nexts.append(time.perf_counter() - start)
    for number in range(200):
        start = time.perf_counter()
        engine.remove(f"new {number}" if number % 2 else str(number))
        removes.append(time.perf_counter() - start)
    median = statistics.median
    return {"add": median(adds) * 1000, "next": median(nexts) * 1000, "remove": median(removes) * 1000}


def _compare(engine: RuleSet, size: int, unseen: list[Document]) -> dict[str, object]:
    """The others on one batch, with a sample of the rules where all of them would take too long."""
    batch = unseen[:BATCH]
    texts = {str(number): text for number, text in enumerate(_news.rules(size)) if number >= 200}  # others were removed
    pairs = {(document, rule_id) for document, rule_id in engine.match_batch(batch).pairs()}
    found: dict[str, object] = {"every rule": _rivals.every_rule(texts, batch, size), "disagreements": []}
    for rival in (_rivals.Fts5(), _rivals.Tantivy.or_none()):
        if rival is None:
            continue
        outcome = rival.run(texts, batch)
        found[rival.name], found[f"{rival.name} share"] = outcome.rate, outcome.share
        ours = {(document, rule_id) for document, rule_id in pairs if rule_id in outcome.asked}
        found[f"{rival.name} pairs"] = len(ours & outcome.pairs)
        wrong = ours ^ outcome.pairs
        found["disagreements"] += [f"{rival.name}: {texts[rule]} on article {at}" for at, rule in sorted(wrong)[:3]]
    return found


if __name__ == "__main__":
    sys.exit(main())
