"""How soon a start has all rules in force: `python -m tests.bench.rules_start [--full] [--rules N ...]`.

The rules lie in SQLite, as the service keeps them. One process reads them all and saves the index, the next one loads
it; each then matches its first document, and a batch of 64. Ten rules of each number are unreadable, as after a change
of the language, and the first process and the second are asked which. See docs/performance.md.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.config import Settings
from bot.model import User, WatchRule
from bot.pipeline.match import Matcher
from bot.ports import Kit, Store
from bot.stores import sqlite
from tests.bench import _news

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
UNREADABLE = 10
CHANNELS = 500
_SIZES, _FULL = (10_000,), (10_000, 100_000, 1_000_000)


def main() -> int:
    """Print a table; 1 when a rule that cannot be read is not told, or another one is."""
    given = argparse.ArgumentParser()
    given.add_argument("--full", action="store_true", help="up to a million rules (about twenty minutes)")
    given.add_argument("--rules", type=int, nargs="+", help="numbers of rules")
    given.add_argument("--step", nargs=3, metavar=("STEP", "SIZE", "FOLDER"), help=argparse.SUPPRESS)
    args = given.parse_args()
    if args.step:
        step, size, folder = args.step
        print(json.dumps(_fill(int(size), Path(folder)) if step == "fill" else _start(Path(folder))))
        return 0
    wrong = 0
    for size in args.rules or (_FULL if args.full else _SIZES):
        with tempfile.TemporaryDirectory() as folder:
            _child("fill", size, folder)
            read, loaded = _child("start", size, folder), _child("start", size, folder)
            saved = sum(path.stat().st_size for path in (Path(folder) / "rules-index").iterdir())
        print(f"\n{size:,} rules; the saved index has {saved / 1e6:.1f} MB")
        for name, found in (("read and saved", read), ("loaded", loaded)):
            print(
                f"  {name:<15} {found['ready']:8.3f} s ({found['cpu']:.3f} s of CPU), {found['memory']:6.0f} MB more;"
                f" first document {found['first'] * 1000:6.1f} ms later, 64 more {found['batch'] * 1000:6.1f} ms"
            )
            wrong += found["told"] != UNREADABLE
        print(f"  unreadable: {read['told']} told by the first start, {loaded['told']} by the second, of {UNREADABLE}")
        same = read["matched"] == loaded["matched"]
        print(f"  both matched {loaded['matched']:,} pairs" if same else f"  DISAGREE: {read['matched']}")
        wrong += not same
    return 1 if wrong else 0


def _child(step: str, size: int, folder: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.rules_start", "--step", step, str(size), folder]
    said = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.splitlines()
    answer: dict[str, Any] = json.loads(said[-1])  # the log stands before it
    return answer


def _opened(folder: Path) -> Store:
    store = sqlite.connect(Kit(settings=Settings(data=folder), clock=lambda: NOW))
    store.migrate()
    return store


def _fill(size: int, folder: Path) -> dict[str, Any]:
    store = _opened(folder)
    owner = User(platform="bench", user_id="anna")
    broken = {size * each // UNREADABLE for each in range(UNREADABLE)}
    texts = list(_news.rules(size))
    for start in range(0, size, 10_000):
        with store.atomic():
            for number, text in enumerate(texts[start : start + 10_000], start):
                store.add_rule(
                    WatchRule(
                        id=f"rule-{number * 7919 % size:07}",
                        number=0,
                        channel_id=f"channel-{number % CHANNELS}",
                        owner=owner,
                        topic="news",
                        text=f"{text} WITHIN/of (" if number in broken else text,
                        created_at=NOW,
                    )
                )
    store.close()
    return {}


def _start(folder: Path) -> dict[str, Any]:
    documents = _news.articles(65, 2)
    store = _opened(folder)
    matcher = Matcher(store, folder / "rules-index")
    before, cpu, began = _memory(), time.process_time(), time.perf_counter()
    matcher.prepare(store.reader())
    matcher.sync()
    ready, used = time.perf_counter() - began, time.process_time() - cpu
    matched = len(matcher.match_batch(documents[:1])[0])
    first = time.perf_counter() - began - ready
    began = time.perf_counter()
    matched += sum(len(ids) for ids in matcher.match_batch(documents[1:]))
    batch, memory = time.perf_counter() - began, _memory() - before
    told = len({rule.id for rule, _ in matcher.failed()})
    store.close()
    names = ("ready", "cpu", "first", "batch", "memory", "matched", "told")
    return dict(zip(names, (ready, used, first, batch, memory, matched, told), strict=True))


def _memory() -> float:
    """MB that this process had at most; pages of a mapped file count as far as they were touched."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


if __name__ == "__main__":
    raise SystemExit(main())
