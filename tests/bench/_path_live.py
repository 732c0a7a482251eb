"""The part of tests/bench/path.py on waiting: documents pass, people type, and nobody waits for the other."""

import asyncio
import os
import re
import tempfile
import time
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.app import clock
from bot.model import Delivery, Poll, State
from rules import Document
from tests.bench import _news
from tests.bench._path_world import HOUR, Figure, World, address, entry, fake_feeds, new_world
from tests.bench.first_run import resident
from tests.fakes import text_of

RULES, CHATS, FEEDS = 10_000, 500, 20
A_SECOND = 50  # documents
AT_ONCE = 10  # of one feed
COMMANDS = 4  # a second, from one chat after the other
GRACE_SECONDS, DRAIN_SECONDS = 5.0, 60.0  # for the last documents, then for what they queued; else it waited until then
_MARK = re.compile(r"Xdoc(\d+)e", re.IGNORECASE)


def nobody_waits(full: bool) -> list[Figure]:
    """Documents, commands and messages at the same time, by the real clock."""
    seconds = 60 if full else 10
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_pass(Path(folder), seconds))


class Watch:
    """When each thing was due and when it was done, in seconds of the monotonic clock."""

    def __init__(self) -> None:
        self.came: dict[int, float] = {}  # documents
        self.taken: dict[int, float] = {}
        self.typed: dict[str, float] = {}  # commands
        self.acknowledged: dict[str, float] = {}
        self.answered: dict[str, float] = {}
        self.waiting: dict[str, asyncio.Event] = {}
        self.alerts: list[float] = []  # seconds from the document to the platform
        self.unknown = 0  # messages that name no document of ours

    def seen(self, delivery: Delivery) -> None:
        """The platform got something: an answer, or an alert that names its documents by their marks."""
        now = time.perf_counter()
        if delivery.reply_to in self.waiting:  # else it stands in the thread of an alert
            self.answered.setdefault(delivery.reply_to, now)
            self.waiting[delivery.reply_to].set()
            return
        text = f"{delivery.message.gist} {text_of(delivery.message)}".replace("[", "").replace("]", "")
        times = [self.came[int(number)] for number in _MARK.findall(text) if int(number) in self.came]
        if times:
            self.alerts.append(now - min(times))
        else:
            self.unknown += 1

    def waits(self, due: dict[Any, float], done: dict[Any, float], end: float) -> list[float]:
        """How long each waited; those that are not done have waited until the end."""
        return sorted(done.get(one, end) - at for one, at in due.items())


async def _pass(folder: Path, seconds: int) -> list[Figure]:
    # Each title begins with a word that no other text has, so that a message tells which document it is about.
    articles = _news.articles(seconds * A_SECOND, 6)
    documents = [replace(one, title=f"Xdoc{at}e {one.title}") for at, one in enumerate(articles)]
    feeds = [replace(one, next_poll_at=clock() + 24 * HOUR) for one in fake_feeds(FEEDS)]
    world, watch = new_world(folder, rules=RULES, chats=CHATS, feeds=feeds, clock=clock), Watch()
    await _push(world, 0, _news.articles(1, 7))  # rules are read, parsers are there
    world.gate.seen = watch.seen
    running = [asyncio.create_task(work) for work in (world.pipeline.wake(), _tick(world))]
    memory = resident(os.getpid())
    begin = time.perf_counter()
    work = [asyncio.create_task(one) for one in _due(world, watch, documents, begin)]
    await asyncio.wait(work, timeout=seconds + GRACE_SECONDS)
    after = resident(os.getpid())
    unsent = await _drained(world)
    end = time.perf_counter()
    watch.alerts += [DRAIN_SECONDS] * unsent
    for task in [*work, *running]:
        task.cancel()
    await asyncio.gather(*work, *running, return_exceptions=True)
    await world.close()
    return _figures(watch, end, memory, after)


async def _drained(world: World) -> int:
    """Wait until all that is queued was handed over, for so long; how many messages were not."""
    give_up = time.perf_counter() + DRAIN_SECONDS
    while time.perf_counter() < give_up:
        counts = await world.write(world.store.counts)
        waiting = sum(number for state, number in counts.items() if state not in (State.SENT, State.DEAD))
        if not waiting:
            return 0
        await asyncio.sleep(0.1)
    return waiting


def _due(world: World, watch: Watch, documents: Sequence[Document], begin: float) -> list[Coroutine[Any, Any, None]]:
    """All that will happen, each at its moment, whether or not what was before it is done."""
    seconds = len(documents) // A_SECOND
    work = [
        _documents(world, watch, number, documents[number : number + AT_ONCE], begin + number / A_SECOND)
        for number in range(0, len(documents), AT_ONCE)
    ]
    texts = ("help", "rules")
    return work + [
        _types(world, watch, texts[number % 2], number * 7 % CHATS, begin + number / COMMANDS)
        for number in range(seconds * COMMANDS)
    ]


async def _documents(world: World, watch: Watch, first: int, documents: Sequence[Document], at: float) -> None:
    await asyncio.sleep(at - time.perf_counter())
    watch.came |= {first + place: at for place in range(len(documents))}
    await _push(world, first // AT_ONCE % FEEDS, documents)
    watch.taken |= {first + place: time.perf_counter() for place in range(len(documents))}


async def _push(world: World, number: int, documents: Sequence[Document]) -> None:
    """A feed's visit brought these."""
    feed = next(one for one in fake_feeds(FEEDS) if one.url == address(number))
    entries = tuple(entry(one, world.clock()) for one in documents)
    await world.pipeline.collect.pushed(feed, Poll(entries=entries))


async def _types(world: World, watch: Watch, text: str, chat: int, at: float) -> None:
    await asyncio.sleep(at - time.perf_counter())
    command = world.command(text, chat)
    watch.typed[command.message_id] = at
    answered = watch.waiting[command.message_id] = asyncio.Event()
    await world.pipeline.answer.receive(command)
    watch.acknowledged[command.message_id] = time.perf_counter()
    await answered.wait()


async def _tick(world: World) -> None:
    while True:
        await world.pipeline.tick()
        await asyncio.sleep(1)


def _figures(watch: Watch, end: float, before: float, after: float) -> list[Figure]:
    commands = watch.waits(watch.typed, watch.answered, end)
    acknowledged = watch.waits(watch.typed, watch.acknowledged, end)
    assert watch.unknown <= len(watch.alerts) // 10, f"{watch.unknown} alerts do not name their document"
    missing = [end - at for number, at in watch.came.items() if number not in watch.taken]
    alerts = sorted([*watch.alerts, *missing])
    print(
        f"{RULES:,} rules in {CHATS} chats; {len(watch.came)} documents came at {A_SECOND} a second,"
        f" {len(watch.taken)} were in at the end; {len(watch.alerts)} alerts, {len(watch.typed)} commands"
    )
    return [
        Figure("a command is answered, p50", _at(commands, 0.5) * 1000, "ms"),
        Figure("a command is answered, p99", _at(commands, 0.99) * 1000, "ms", 150),
        Figure("a command is acknowledged, p50", _at(acknowledged, 0.5) * 1000, "ms"),
        Figure("a command is acknowledged, p99", _at(acknowledged, 0.99) * 1000, "ms", 100),
        Figure("from a document to its alert, p50", _at(alerts, 0.5), "s"),
        Figure("from a document to its alert, p95", _at(alerts, 0.95), "s", 2.0),
        Figure("memory at the beginning", before, "MB"),
        Figure("memory at the end", after, "MB", before * 1.1),
    ]


def _at(times: list[float], share: float) -> float:
    """The time that this share of all is not above."""
    return times[min(int(len(times) * share), len(times) - 1)]
