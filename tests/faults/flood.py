"""One person floods, another asks for help: `python -m tests.faults.flood [--seconds 20]`.

One person sends twenty rules of up to a thousand words and more, and `doctor` ten times in a chat with a thousand
rules; then the same again with other words as soon as all is answered, for as long as it is measured; then two people
do. (The same words again would be refused as a rule that the chat has, and measure nothing.) Meanwhile another person
asks for `help` twice a second and for a `test` every two seconds, and a document a second is to alert a chat. Beside it
the same without a flood. No limit of commands a minute is set: this is what the turns and the room alone do. At the
end, what 3,000 mutes of a chat cost at each hit.
"""

import argparse
import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bot.app import clock
from bot.core.alerts import mutes
from bot.model import Delivery, Mute, MuteKind, Poll, WatchRule, content_id
from rules import Document
from tests.bench import _news
from tests.bench._path_live import Watch
from tests.bench._path_world import HOUR, Figure, World, address, entry, fake_feeds, fill, new_world, owner, place
from tests.fakes import NOON, text_of

FULL, OTHER, READER = 0, 1, 2  # chats: with a thousand rules, of the person who asks, of who waits for alerts
FLOODERS = (10, 11)  # private chats of those who flood; the first of them has the chat FULL too
CHATS, RULES, ARCHIVE = 12, 1_000, 1_000
DOCTORS = 10
MISSING = 999.0  # seconds, where nothing came at all
_MARK = re.compile(r"Xdoc(\d+)e", re.IGNORECASE)
WITHIN = 2.0  # seconds, in which another is answered and alerted


class Alerted(Watch):
    """With the first message that names each document: a later one may quote it beside its own."""

    def __init__(self) -> None:
        super().__init__()
        self.first: dict[int, float] = {}

    def seen(self, delivery: Delivery) -> None:
        """See Watch."""
        super().seen(delivery)
        for number in _MARK.findall(text_of(delivery.message).replace("[", "").replace("]", "")):
            self.first.setdefault(int(number), time.perf_counter())


async def run(seconds: float) -> list[Figure]:
    """Idle, one who floods, two who flood; then the mutes."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        world = _world(Path(folder))
        news = iter(_marked(_news.articles(2_000, 11)))
        archive = _news.articles(ARCHIVE, 12)
        for first in range(0, ARCHIVE, 20):
            await _push(world, archive[first : first + 20])
        running = [asyncio.create_task(work) for work in (world.pipeline.wake(), _tick(world))]
        for name, flooders in (("idle", ()), ("one floods", FLOODERS[:1]), ("two flood", FLOODERS)):
            figures += await _phase(world, name, flooders, seconds, news)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await world.close()
    return [*figures, Figure("3,000 mutes, a hit", 1000 * _mutes(), "ms", 50)]


def _world(folder: Path) -> World:
    """A chat with a thousand rules, and one whose rule alerts every document that is to be waited for."""
    feeds = [replace(one, next_poll_at=clock() + 24 * HOUR) for one in fake_feeds(1)]
    world = new_world(folder, rules=RULES, chats=1, feeds=feeds, clock=clock)
    fill(world.store, rules=0, chats=CHATS, feeds=feeds)
    rule = WatchRule(
        id="reader", number=0, channel_id=content_id("channel", place(READER).key), owner=owner(READER),
        topic="all", text="zeppelin", created_at=NOON,
    )  # fmt: skip
    world.store.add_rule(rule)
    return world


def _marked(articles: Sequence[Document]) -> list[Document]:
    """Each begins with a mark of its own (Watch knows it), and the reader's word."""
    return [replace(one, title=f"Xdoc{at}e zeppelin {one.title}") for at, one in enumerate(articles)]


async def _phase(
    world: World, name: str, flooders: Sequence[int], seconds: float, news: Iterator[Document]
) -> list[Figure]:
    watch = Alerted()
    world.gate.seen = watch.seen
    begin = time.perf_counter()
    asking = [asyncio.create_task(work) for work in (_asks(world, watch), _publishes(world, watch, news))]
    flood = [asyncio.create_task(_floods(world, watch, chat)) for chat in flooders]
    used = time.process_time()
    await asyncio.sleep(seconds)
    used = time.process_time() - used
    for task in (*asking, *flood):
        task.cancel()
    await asyncio.gather(*asking, *flood, return_exceptions=True)
    await asyncio.sleep(1)
    done = sum(mark.startswith("flood-") for mark in watch.answered)
    print(
        f"{name}: {done} commands of the flood were answered; {used / (time.perf_counter() - begin - 1):.0%} of a core"
    )
    helped = _waits(watch, "help", time.perf_counter())
    tested = _waits(watch, "test", time.perf_counter())
    # Of a document that joins a story no message tells at once; it is not counted, and how many are is said.
    alerted = sorted(watch.first[number] - at for number, at in watch.came.items() if number in watch.first)
    goal = WITHIN if flooders else None
    return [
        Figure(f"{name}: help, p50 of {len(helped)}", _at(helped, 0.5), "s"),
        Figure(f"{name}: help, p99", _at(helped, 0.99), "s"),
        Figure(f"{name}: help, most", helped[-1], "s", goal),
        Figure(f"{name}: test, p50 of {len(tested)}", _at(tested, 0.5), "s"),
        Figure(f"{name}: test, most", tested[-1], "s", goal),
        Figure(f"{name}: alert, p50 of {len(alerted)} of {len(watch.came)}", _at(alerted, 0.5), "s"),
        Figure(f"{name}: alert, most", max(alerted, default=MISSING), "s", goal),
    ]


def _waits(watch: Watch, verb: str, end: float) -> list[float]:
    """How long the other's commands waited; those that nobody answered have waited until the end."""
    return sorted(watch.answered.get(mark, end) - at for mark, at in watch.typed.items() if mark.startswith(f"{verb}-"))


async def _types(world: World, watch: Watch, text: str, chat: int, user: int, kind: str) -> asyncio.Event:
    """Somebody types it there; the event says when it is answered."""
    made = world.command(text, chat)
    command = replace(made, user=owner(user), message_id=f"{kind}-{made.message_id}")
    watch.typed[command.message_id] = time.perf_counter()
    answered = watch.waiting[command.message_id] = asyncio.Event()
    await world.pipeline.answer.receive(command)
    return answered


async def _asks(world: World, watch: Watch) -> None:
    """The other person: twice a second, whether or not what was asked before is answered."""
    asked = set[asyncio.Task[asyncio.Event]]()
    for turn in range(1_000_000):
        # Two chats: in one chat a person's commands keep their order, and `help` would wait for `test`.
        asked.add(asyncio.create_task(_types(world, watch, "help", OTHER, OTHER, "help")))
        if turn % 4 == 0:
            asked.add(asyncio.create_task(_types(world, watch, "test harbour AND kite", 3, OTHER, "test")))
        await asyncio.sleep(0.5)


async def _publishes(world: World, watch: Watch, news: Iterator[Document]) -> None:
    while True:
        document = next(news)
        watch.came[int(document.title[4:].partition("e")[0])] = time.perf_counter()
        await _push(world, [document])
        await asyncio.sleep(1)


async def _floods(world: World, watch: Watch, chat: int) -> None:
    """All at once, and again when all is answered."""
    for turn in range(1_000_000):
        waiting = [await _types(world, watch, text, chat, chat, "flood") for text in _flood(f"{turn}x{chat}")]
        waiting += [await _types(world, watch, f"doctor {at + 1}", FULL, chat, "flood") for at in range(DOCTORS)]
        for answered in waiting:
            await answered.wait()


def _flood(mark: str) -> list[str]:
    """Rules of one word again and again, as far as a rule may go and farther, and of as many words."""
    again = [f"k{mark}x{at} " * (1_000 if at % 2 else 2_000) for at in range(8)]
    either = [" OR ".join([f"a{mark}x{at}"] * 800) for at in range(6)]
    words = [" OR ".join(f"w{mark}x{at}x{word}" for word in range(500)) for at in range(6)]
    return [f"watch {text.strip()}" for text in (*again, *either, *words)]


async def _push(world: World, documents: Sequence[Document]) -> None:
    feed = next(one for one in fake_feeds(1) if one.url == address(0))
    entries = tuple(entry(one, world.clock()) for one in documents)
    await world.pipeline.collect.pushed(feed, Poll(entries=entries))


async def _tick(world: World) -> None:
    while True:
        await world.pipeline.tick()
        await asyncio.sleep(1)


def _mutes() -> float:
    """Seconds for a hit in a chat with 3,000 mutes that are rules, none of which is true; they were parsed before."""
    made = [
        Mute(id=f"m{at}", kind=MuteKind.RULE, what=f'"kite {at}" NEAR/5 harbour', destination=place(0), created_at=NOON)
        for at in range(3_000)
    ]
    rule = WatchRule(id="r", number=1, channel_id="c", owner=owner(0), topic="t", text="troops", created_at=NOON)
    document = _news.articles(1, 3)[0]
    mutes.silencing(made, rule, document, ())
    begin = time.perf_counter()
    for _ in range(10):
        mutes.silencing(made, rule, document, ())
    return (time.perf_counter() - begin) / 10


def _at(times: Sequence[float], share: float) -> float:
    return times[min(int(len(times) * share), len(times) - 1)] if times else MISSING


def main() -> int:
    """Print the figures; 1 when another waited longer than they may."""
    given = argparse.ArgumentParser()
    given.add_argument("--seconds", type=float, default=20, help="of each phase, at least")
    figures = asyncio.run(run(given.parse_args().seconds))
    for figure in figures:
        goal = "" if figure.limit is None else f"  goal <= {figure.limit:g}: {'ok' if figure.met else 'MISSED'}"
        print(f"{figure.name:<36} {figure.value:>9.3f} {figure.unit}{goal}")
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f}")
    return 0 if all(figure.met for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
