"""Parts of tests/bench/path.py about a start and about growth: each database is opened by a process of its own.

`python -m tests.bench._path_start FOLDER TURN` is that process, the first on this database or a later one. It opens the
database with one document due (of the pickled ones beside it), has somebody type `help` right after, then takes in the
other documents, and prints as JSON how long each took.
"""

import asyncio
import gc
import json
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path

from bot.config import Settings
from bot.core.stories.grouper import Grouper
from bot.model import Arrival, Delivery
from bot.ports import Kit, Store
from rules import Document
from tests.bench import _news
from tests.bench._path_world import ROOT, Figure, World, entry, fake_feeds, fill, open_store
from tests.bench.first_run import resident
from tests.fakes import NOON, FakeClock

FEEDS = 2
REMEMBERED = timedelta(days=3)
PATIENCE_SECONDS = 1800.0  # a start that takes longer than this is given up
A_MOMENT = 0.05  # seconds: somebody types while the first document is on its way

# Rules, chats, remembered documents: one of them grows, the others stand still.
BASE = (100, 10, 0)
SMALL_GROWTH = (BASE, (10_000, 10, 0), (100, 500, 0), (100, 10, 1000))
FULL_GROWTH = (
    *(BASE, (10_000, 10, 0), (100_000, 10, 0), (1_000_000, 10, 0)),
    *((100, 500, 0), (100, 10_000, 0), (100, 100_000, 0)),
    *((100, 10, 1000), (100, 10, 10_000), (100, 10, 100_000)),
)


def start(full: bool) -> list[Figure]:
    """The first command and the first document after a start, and what remembered documents take."""
    number = 100_000 if full else 5000
    with tempfile.TemporaryDirectory() as folder:
        empty = _measured(Path(folder, "empty"), (100, 10, 0), 0)
        found = _measured(Path(folder, "full"), (100, 10, number), 0)
    kilobytes = (found["megabytes"] - empty["megabytes"]) * 1000 / number
    print(
        f"{number:,} documents of the last three days; with none, the first command is answered after"
        f" {empty['command']:.2f} s and the first document is in after {empty['document']:.2f} s"
    )
    return [
        Figure("the first command is answered after", found["command"], "s", 1.0),
        Figure("the first document is in after", found["document"], "s", 1.0),
        # Of few documents most of it is what an index takes at all: judged with many.
        Figure("memory a remembered document", kilobytes, "KB", 2.0 if full else None),
    ]


def rules(full: bool) -> list[Figure]:
    """What rules add to a start, the second one on the same database: the first may have saved its index."""
    number = 1_000_000 if full else 10_000
    with tempfile.TemporaryDirectory() as folder:
        empty = _measured(Path(folder, "empty"), (0, 10, 0), 0)
        first = _measured(Path(folder, "full"), (number, 10, 0), 0)
        second = _child(Path(folder, "full"), 0, turn=1)
    print(f"{number:,} rules; with none, the first document is in after {empty['document']:.2f} s")
    return [
        Figure("rules add to the first start", first["document"] - empty["document"], "s"),
        Figure("rules add to the next start", second["document"] - empty["document"], "s", 0.3),
        Figure("memory", second["megabytes"], "MB"),
    ]


def growth(full: bool) -> list[Figure]:
    """A table of what grows with what; no goals."""
    documents = 400 if full else 60
    head = ("rules", "chats", "remembered", "command s", "document s", "ms/document", "messages", "MB")
    print(" ".join(f"{name:>11}" for name in head))
    for sizes in FULL_GROWTH if full else SMALL_GROWTH:
        with tempfile.TemporaryDirectory() as folder:
            found = _measured(Path(folder), sizes, documents)
        names = " ".join(f"{size:>11,}" for size in sizes)
        print(
            f"{names} {found['command']:>11.2f} {found['document']:>11.2f} {found['each'] * 1000:>11.2f}"
            f" {found['messages']:>11.2f} {found['megabytes']:>11.0f}",
            flush=True,
        )
    return []


# ------------------------------------------------------------------------------------------------------ the database


def _measured(folder: Path, sizes: tuple[int, int, int], documents: int) -> dict[str, float]:
    _prepare(folder, *sizes)
    return _child(folder, documents)


def _prepare(folder: Path, rules: int, chats: int, remembered: int) -> None:
    """Everything as it was left behind by a Watchword that ran until a moment ago."""
    folder.mkdir(exist_ok=True)
    store = open_store(Kit(settings=Settings(data=folder), clock=FakeClock()))
    feeds = fake_feeds(FEEDS)
    feeds[1:] = [replace(one, next_poll_at=NOON + timedelta(minutes=1)) for one in feeds[1:]]
    fill(store, rules=rules, chats=chats, feeds=feeds)
    _remember(store, remembered)
    store.close()


def _remember(store: Store, number: int) -> None:
    """Documents evenly over the last three days, with what grouping keeps of them; each is a story of its own."""
    documents, at = enumerate(_archived(number)), NOON - REMEMBERED
    while batch := list(islice(documents, 1000)):
        grouper = Grouper()  # a new one: what the documents have in common does not matter here
        with store.atomic(), grouper.batch() as remembered:
            arrivals = []
            for place, document in batch:
                seen = at + REMEMBERED * ((place + 1) / (number + 1))
                grouper.place(document, seen)
                arrivals.append(Arrival(document=document, feed_id="f0", story_id=document.id, seen_at=seen))
            store.add_documents(arrivals)
            store.save_fingerprints(remembered.fingerprints)


def _archived(number: int) -> Iterator[Document]:
    for seed, begin in enumerate(range(0, number, 5000), 100):
        yield from _news.articles(min(5000, number - begin), seed)


# ------------------------------------------------------------------------------------------------------- the process


def _child(folder: Path, documents: int, turn: int = 0) -> dict[str, float]:
    """What the process found. It makes no texts itself: the words for them take seconds and memory."""
    (folder / "documents.pickle").write_bytes(pickle.dumps(_news.articles(1 + documents, 9 + turn)))
    command = [sys.executable, "-m", "tests.bench._path_start", str(folder), str(turn)]
    found: dict[str, float] = json.loads(_last_line(command))
    return found


def _last_line(command: Sequence[str]) -> bytes:
    """What a child says last; before it stands what it logs."""
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=ROOT).stdout.splitlines()[-1]


async def _start(folder: Path, turn: int, documents: Sequence[Document]) -> dict[str, float]:
    """Seconds from opening the database to the answer and to the document; then what more documents cost."""
    began = time.perf_counter()
    world, answered = World(folder, FakeClock(NOON + timedelta(hours=3 * turn))), asyncio.Event()
    times: dict[str, float] = {}

    def seen(delivery: Delivery) -> None:
        if delivery.reply_to:
            times["command"] = time.perf_counter() - began
            answered.set()

    async def first_document() -> None:
        await world.pipeline.rulebook.wait()
        await world.pipeline.collect.slots.idle()
        times["document"] = time.perf_counter() - began

    world.gate.seen = seen
    world.source.entries["fake:0"] = [entry(documents[0], world.clock())]
    known = await world.write(world.store.count_documents)
    waking = asyncio.create_task(world.pipeline.wake())
    collecting = asyncio.create_task(first_document())
    await asyncio.sleep(A_MOMENT)
    await world.pipeline.answer.receive(world.command("help", 0))
    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(answered.wait(), collecting)
    assert await world.write(world.store.count_documents) == known + 1, "the first document did not come in"
    gc.collect()
    times["megabytes"] = resident(os.getpid())
    waking.cancel()
    times |= await _more(world, documents[1:])
    await world.pipeline.tidy()
    await world.close()
    return times


async def _more(world: World, documents: Sequence[Document]) -> dict[str, float]:
    """Processor time of a document and messages that it raised, with their delivery."""
    if not documents:
        return {}
    sent, before = sum(world.store.counts().values()), await world.processor()
    await world.publish(documents, FEEDS)
    await world.pipeline.deliver.slots.idle()
    spent = await world.processor() - before
    messages = sum(world.store.counts().values()) - sent
    return {"each": spent / len(documents), "messages": messages / len(documents)}


if __name__ == "__main__":
    database = Path(sys.argv[1])
    texts = pickle.loads((database / "documents.pickle").read_bytes())
    print(json.dumps(asyncio.run(_start(database, int(sys.argv[2]), texts))))
