"""Parts of tests/bench/path.py about documents a second: beside the peer, with many messages, and stage by stage."""

import asyncio
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from rules import Document, RuleSet
from tests.bench import _news
from tests.bench._path_world import HOUR, ROOT, Figure, World, fake_feeds, feed, new_world, served, url_of, write_feeds
from tests.fakes import NOON, FakeWorker
from tests.house import write_here

RULES, CHATS, FEEDS = 100, 10, 40
MANY_RULES, MANY_CHATS, FEW_FEEDS = 10_000, 500, 20
PEER = ("reader[search]==3.26", "sgmllib3k")  # its own copy of feedparser wants the second, which it does not say
_PEER_HOME = ROOT / ".ci" / "tools" / "reader"


def throughput(full: bool) -> list[Figure]:
    """Feeds over HTTP to delivered messages, with the archive's index; beside it the peer on the very same feeds."""
    with tempfile.TemporaryDirectory() as folder:
        web, data = Path(folder, "web"), Path(folder, "data")
        documents = _news.articles(2000 if full else 800, 2)
        _prepare(web, documents)
        data.mkdir()
        with served(web) as port:
            seconds, messages = asyncio.run(_ours(data, port, len(documents)))
            plain, index = (_peer(Path(folder), mode, port, len(documents)) for mode in ("plain", "index"))
    ours = len(documents) / seconds
    print(f"{len(documents):,} entries of {FEEDS} feeds, {RULES} rules, {CHATS} chats, {messages} messages")
    figures = [Figure("documents a second of processor time", ours, "/s", 1000, least=True)]
    if plain and index:
        figures += [
            Figure("lemon24/reader without its index", plain, "/s"),
            Figure("lemon24/reader with its index", index, "/s"),
            Figure("ours by lemon24/reader with its index", ours / index, "times", 4, least=True),
        ]
    return figures


def _prepare(web: Path, documents: Sequence[Document]) -> None:
    """The feeds, and one more of one entry that is read first: what is loaded once is nobody's work."""
    web.mkdir()
    write_feeds(web, documents, FEEDS)
    extra = web / "extra"
    extra.mkdir()
    write_feeds(extra, _news.articles(1, 3), 1)
    (extra / "0.xml").rename(web / f"{FEEDS}.xml")


async def _ours(data: Path, port: int, documents: int, **parts: Any) -> tuple[float, int]:
    """Seconds of processor time for all feeds, and the messages that came of it."""
    world = await _ready(data, port, **parts)
    try:
        before = await world.processor()
        await _read_all(world, documents)
        return await world.processor() - before, sum(world.store.counts().values())
    finally:
        await world.close()


async def _ready(data: Path, port: int, **parts: Any) -> World:
    """A Watchword that has read the extra feed; the others are due an hour later."""
    feeds = [feed(f"f{at}", "feed", url_of(port, at), NOON + HOUR * (at < FEEDS)) for at in range(FEEDS + 1)]
    world = new_world(data, rules=RULES, chats=CHATS, feeds=feeds, **parts)
    await world.pipeline.rulebook.wait()
    await world.pipeline.collect.slots.idle()
    assert world.store.count_documents() == 1, "the extra feed was not read"
    return world


async def _read_all(world: World, documents: int) -> None:
    world.clock.forward(hours=1)
    await world.pipeline.rulebook.wait()
    await world.pipeline.collect.slots.idle()
    await world.pipeline.deliver.slots.idle()
    taken = world.store.count_documents() - 1
    assert taken == documents, f"{taken} of {documents} documents came in"


# ----------------------------------------------------------------------------------------------------------- the peer


def _peer(folder: Path, mode: str, port: int, documents: int) -> float:
    """Documents a second of the peer's processor time; 0 where it cannot be installed."""
    python = _peer_python()
    if python is None:
        return 0.0
    urls = [url_of(port, at) for at in range(FEEDS)]
    command = [str(python), str(ROOT / "tests/bench/_path_reader.py"), str(folder / f"{mode}.sqlite"), mode, *urls]
    found = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    assert found["entries"] == documents, f"the peer took in {found['entries']} of {documents}"
    return documents / float(found["seconds"])


def _peer_python() -> Path | None:
    """The peer's own environment, made now if it is missing: it has source packages, which our locks do not take."""
    python = _PEER_HOME / "bin" / "python"
    if python.exists() and _quiet([str(python), "-c", "import reader, bs4, sgmllib"]) is None:
        return python
    problem = _quiet([sys.executable, "-m", "venv", "--clear", str(_PEER_HOME)])
    problem = problem or _quiet([str(python), "-m", "pip", "install", "--quiet", *PEER])
    if problem is None:
        return python
    print(f"lemon24/reader cannot be installed here, so the goal beside it is not judged: {problem}")
    return None


def _quiet(command: Sequence[str]) -> str | None:
    """None when it went well, else the last line of what it said."""
    done = subprocess.run(command, capture_output=True, text=True)
    said = (done.stderr or done.stdout).strip().splitlines()
    return None if done.returncode == 0 else (said[-1] if said else f"exit code {done.returncode}")


# --------------------------------------------------------------------------------------------------- many messages


def messages(full: bool) -> list[Figure]:
    """What a document and what a message costs: documents that no rule is true of, then such that raise many alerts."""
    size = 1000 if full else 100
    quiet, loud = _split(size)
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(_many(Path(folder), quiet, loud))
    document, (seconds, queued), delivering = found
    each = queued / len(loud)
    print(f"{MANY_RULES:,} rules in {MANY_CHATS} chats on the same {FEW_FEEDS} feeds")
    print(f"{len(quiet)} documents without a hit, {len(loud)} with {each:.1f} messages each")
    message = (seconds - document * len(loud)) / queued
    return [
        Figure("a document", document * 1000, "ms", 0.8),
        Figure("a message, until it is queued", message * 1000, "ms", 0.6),
        Figure("a message, from the queue to the platform", delivering / queued * 1000, "ms"),
    ]


def _split(size: int) -> tuple[list[Document], list[Document]]:
    """Articles without any hit, and articles with about 3.8 each."""
    engine = RuleSet()
    engine.add_many((str(number), text) for number, text in enumerate(_news.rules(MANY_RULES)))
    articles = _news.articles(size * 14, 4)
    hits = Counter(place for place, _, _ in engine.match_batch(articles))
    quiet = [one for place, one in enumerate(articles) if not hits[place]][:size]
    loud = [one for place, one in enumerate(articles) if 2 <= hits[place] <= 8][:size]
    return quiet, loud


async def _many(folder: Path, quiet: list[Document], loud: list[Document]) -> tuple[float, tuple[float, int], float]:
    """Seconds a quiet document, (seconds, messages) of all loud ones, seconds of delivering those messages."""
    world = new_world(folder, rules=MANY_RULES, chats=MANY_CHATS, feeds=fake_feeds(FEW_FEEDS))
    try:
        await world.publish(_news.articles(FEW_FEEDS, 3), FEW_FEEDS)
        await world.pipeline.deliver.slots.idle()
        times = [await world.processor()]
        await world.publish(quiet, FEW_FEEDS)
        times.append(await world.processor())
        await world.pipeline.deliver.slots.idle()
        before, start = sum(world.store.counts().values()), await world.processor()
        await world.publish(loud, FEW_FEEDS)
        queued, loud_end = sum(world.store.counts().values()) - before, await world.processor()
        await world.pipeline.deliver.slots.idle()
        return (times[1] - times[0]) / len(quiet), (loud_end - start, queued), await world.processor() - loud_end
    finally:
        await world.close()


# ---------------------------------------------------------------------------------------------------- where it goes

# By path, the most telling first. A weak stage counts only when no other one is in the same stack: the engine's words
# are used by all, and every stage reads and writes.
_STAGES = (
    ("bot/reading/feeds/", "parse the feed"),
    ("bot/reading/text/", "to_document"),
    ("bot/core/stories/", "group"),
    ("bot/core/archive/", "index"),
    ("bot/stores/_sqlite_archive", "index"),
    ("bot/pipeline/match", "match"),
    ("bot/core/alerts/", "decide"),
    ("bot/writing/", "render"),
)
_WEAK = (("rules/", "match"), ("bot/stores/", "store"), ("bot/http", "fetch"), ("bot/sources/", "fetch"))
_TICK_SECONDS = 0.001  # of processor time between two looks


class Stages:
    """Looks at the stack once a millisecond of processor time; what passed since the last look is the stage's."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._last = 0.0

    def __enter__(self) -> "Stages":
        self._before = signal.signal(signal.SIGPROF, self._look)
        self._last = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, _TICK_SECONDS, _TICK_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, self._before)

    def _look(self, _: int, frame: FrameType | None) -> None:
        now = time.process_time()
        self.seconds[_stage(frame)] += now - self._last
        self._last = now


def _stage(frame: FrameType | None) -> str:
    """Of the innermost frame that tells one."""
    weak = ""
    while frame is not None:
        path = frame.f_code.co_filename.removeprefix(f"{ROOT}/")
        for start, stage in _STAGES:
            if path.startswith(start):
                return stage
        weak = weak or next((stage for start, stage in _WEAK if path.startswith(start)), "")
        frame = frame.f_back
    return weak or "the rest"


def profile(full: bool) -> list[Figure]:
    """The share of each stage in the set-up of `throughput`, all of it in this thread, where it can be looked at."""
    with tempfile.TemporaryDirectory() as folder:
        web, data = Path(folder, "web"), Path(folder, "data")
        documents = _news.articles(2000 if full else 400, 2)
        _prepare(web, documents)
        data.mkdir()
        with served(web) as port:
            seconds = asyncio.run(_staged(data, port, len(documents)))
    total = sum(seconds.values())
    print(f"{len(documents):,} documents, {total / len(documents) * 1000:.2f} ms each")
    return [
        Figure(stage, spent / total * 100, f"%  {spent / len(documents) * 1000:.2f} ms a document")
        for stage, spent in seconds.most_common()
    ]


async def _staged(data: Path, port: int, documents: int) -> Counter[str]:
    world = await _ready(data, port, write=write_here, worker=FakeWorker())
    try:
        with Stages() as stages:
            await _read_all(world, documents)
        return stages.seconds
    finally:
        await world.close()
