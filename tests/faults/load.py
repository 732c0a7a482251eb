"""An hour of load: 5,000 sources, 10,000 rules, 500 chats, 50 documents a second; memory and waiting over time.

    python -m tests.faults.load [--minutes 60] [--rate 50] [--out FOLDER]
    python -m tests.faults.load --draw FOLDER    (the picture and the row of what was sampled, also of a run cut off)

Writes FOLDER/samples.csv as it goes, one line for each quarter of a minute, and at the end FOLDER/memory.svg and a row
for docs/reliability.md. The documents are made in another process, so that making them holds up nobody. Sources are
visited by their plan without a network; what they bring is pushed at its moment. The platform takes all at once.
"""

import argparse
import asyncio
import csv
import os
import random
import tempfile
import time
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from bot.app import clock
from bot.model import Delivery, Feed, Poll, State
from rules import Document
from tests.bench import _news
from tests.bench._path_world import World, entry, fake_feeds, new_world, place
from tests.bench.first_run import resident
from tests.fakes import text_of

SOURCES, RULES, CHATS, READERS = 5_000, 10_000, 500, 10
EVERY_SECONDS = 15.0  # a sample
CHUNK_SECONDS = 20  # documents that are made at once
AT_ONCE = 10  # documents of one push
COMMANDS = 1.0  # a second
COLUMNS = ("minute", "memory_mb", "worker_mb", "documents", "alerts", "alert_p95_s", "alert_max_s", "command_p99_s",
           "waiting", "archive_mb", "load")  # fmt: skip


@dataclass
class Watch:
    """What happened since the last sample, and in all."""

    came: dict[str, float] = field(default_factory=dict)  # mark of a document -> when it was due
    typed: dict[str, float] = field(default_factory=dict)
    alerts: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    documents: int = 0
    sent: int = 0
    all_alerts: deque[float] = field(default_factory=lambda: deque(maxlen=500_000))

    def seen(self, delivery: Delivery) -> None:
        """The platform got a message."""
        now = time.perf_counter()
        if delivery.reply_to in self.typed:
            self.answers.append(now - self.typed.pop(delivery.reply_to))
            return
        words = text_of(delivery.message).replace("[", "").replace("]", "").split()
        due = [self.came[word] for word in words if word in self.came]
        if due and delivery.kind == "send":
            self.alerts.append(now - min(due))
            self.all_alerts.append(now - min(due))
        self.sent += 1


def made(seed: int, count: int) -> list[Document]:
    """That many articles; each title begins with a word that no other has. In a process of its own."""
    articles = _news.articles(count, seed)
    return [
        replace(
            article, id=f"{article.id}-{seed}", title=f"Xdoc{seed}n{at}e {article.title}", url=f"{article.url}-{seed}"
        )
        for at, article in enumerate(articles)
    ]


async def run(minutes: float, rate: int, out: Path, sources: int = SOURCES) -> list[dict[str, float]]:
    """The load for that long; the samples."""
    samples: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(1) as maker:
        soon = random.Random(1)
        feeds = [
            replace(feed, next_poll_at=clock() + timedelta(seconds=soon.uniform(5, 600)))
            for feed in fake_feeds(sources)
        ]
        world, watch = _world(Path(folder), feeds), Watch()
        world.gate.seen = watch.seen
        running = [asyncio.create_task(work) for work in (world.pipeline.wake(), _tick(world))]
        begin = time.perf_counter()
        work = [
            asyncio.create_task(job)
            for job in (_publish(world, watch, maker, rate, minutes), _type(world, watch, minutes))
        ]
        with (out / "samples.csv").open("w", newline="") as file:
            table = csv.DictWriter(file, COLUMNS)
            table.writeheader()
            while time.perf_counter() - begin < minutes * 60:
                await asyncio.sleep(EVERY_SECONDS)
                samples.append(await _sample(world, watch, (time.perf_counter() - begin) / 60, Path(folder)))
                table.writerow(samples[-1])
                file.flush()
        for task in [*work, *running]:
            task.cancel()
        await asyncio.gather(*work, *running, return_exceptions=True)
        await world.close()
    return samples


def _world(folder: Path, feeds: list[Feed]) -> World:
    """Each source is read by ten chats, so that a document concerns the rules of those."""
    world = new_world(folder, rules=RULES, chats=CHATS, feeds=(), clock=clock)
    channels = [world.store.subscriptions(place(number))[0].id for number in range(CHATS)]
    with world.store.atomic():
        for number, feed in enumerate(feeds):
            for reader in range(READERS):
                world.store.add_feed(feed, channels[(number * (reader + 1) + reader) % CHATS])
    return world


async def _publish(world: World, watch: Watch, maker: ProcessPoolExecutor, rate: int, minutes: float) -> None:
    """Documents at their moments, whether or not those before them are done; bounded, so that a machine that cannot
    keep up shows it in the waiting and not in its memory.
    """
    loop, seed, under_way = asyncio.get_running_loop(), 0, asyncio.Semaphore(200)
    coming = loop.run_in_executor(maker, made, seed, rate * CHUNK_SECONDS)
    documents = await coming
    start, number, pushed = time.perf_counter(), 0, set[asyncio.Task[None]]()
    while True:
        seed += 1
        coming = loop.run_in_executor(maker, made, seed, rate * CHUNK_SECONDS)
        for first in range(0, len(documents), AT_ONCE):
            due = start + number / rate
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            await under_way.acquire()
            task = asyncio.create_task(_push(world, watch, number // AT_ONCE, documents[first : first + AT_ONCE], due))
            pushed.add(task)
            task.add_done_callback(pushed.discard)
            task.add_done_callback(lambda done: under_way.release())
            number += AT_ONCE
        for mark in [mark for mark, due in watch.came.items() if time.perf_counter() - due > 120]:
            del watch.came[mark]
        documents = await coming


async def _push(world: World, watch: Watch, number: int, documents: list[Document], due: float) -> None:
    watch.came |= {document.title.split()[0]: due for document in documents}
    feed = world.store.feed(f"f{number * 13 % SOURCES}")
    assert feed is not None
    entries = tuple(entry(document, world.clock()) for document in documents)
    await world.pipeline.collect.pushed(feed, Poll(entries=entries))
    watch.documents += len(documents)


async def _type(world: World, watch: Watch, minutes: float) -> None:
    for number in range(int(minutes * 60 * COMMANDS)):
        await asyncio.sleep(1 / COMMANDS)
        command = world.command(("help", "rules", "sources", "mutes")[number % 4], number * 7 % CHATS)
        watch.typed[command.message_id] = time.perf_counter()
        await world.pipeline.answer.receive(command)


async def _tick(world: World) -> None:
    while True:
        await world.pipeline.tick()
        await asyncio.sleep(1)


async def _sample(world: World, watch: Watch, minute: float, folder: Path) -> dict[str, float]:
    counts = await world.write(world.store.counts)
    alerts, answers = sorted(watch.alerts), sorted(watch.answers)
    watch.alerts, watch.answers = [], []
    return dict(
        zip(
            COLUMNS,
            (
                round(minute, 2),
                round(_own_memory(), 1),
                round(await _worker_memory(world), 1),
                watch.documents,
                watch.sent,
                round(_at(alerts, 0.95), 3),
                round(alerts[-1] if alerts else 0, 3),
                round(_at(answers, 0.99), 3),
                sum(number for state, number in counts.items() if state not in (State.SENT, State.DEAD)),
                round(await asyncio.to_thread(_archive_bytes, folder) / 1e6, 1),
                round(os.getloadavg()[0], 2),
            ),
            strict=True,
        )
    )


def _archive_bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("watchword.db*"))


def _own_memory() -> float:
    """Megabytes of this process alone (Linux): its children are the parser and what makes the documents."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


async def _worker_memory(world: World) -> float:
    return resident(await world.worker.run(os.getpid))


def _at(times: list[float], share: float) -> float:
    return times[min(int(len(times) * share), len(times) - 1)] if times else 0.0


def read(folder: Path, *, less: float = 0) -> list[dict[str, float]]:
    """The samples of a run, complete or not, with `less` taken from the memory of each."""
    with (folder / "samples.csv").open(newline="") as file:
        samples = [{name: float(value) for name, value in line.items() if value} for line in csv.DictReader(file)]
    whole = [sample for sample in samples if len(sample) == len(COLUMNS)]  # the last line may be cut off
    return [sample | {"memory_mb": sample["memory_mb"] - less} for sample in whole]


def picture(samples: list[dict[str, float]]) -> str:
    """Memory over time as an SVG drawing: the process, and its parser."""
    wide, high, left, bottom = 720, 300, 60, 40
    last = max(samples[-1]["minute"], 1)
    most = max(sample["memory_mb"] for sample in samples) * 1.15

    def points(name: str) -> str:
        return " ".join(
            f"{left + sample['minute'] / last * (wide - left - 20):.1f},"
            f"{high - bottom - sample[name] / most * (high - bottom - 20):.1f}"
            for sample in samples
        )

    def line(name: str, look: str) -> str:
        return f'<polyline points="{points(name)}" fill="none" stroke="{look}" stroke-width="2"/>'

    def mark(words: object, x: float, y: float, anchor: str) -> str:
        return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{words}</text>'

    step = 50 if most < 400 else 100
    up, along = (high - bottom - 20) / most, (wide - left - 20) / last
    marks = [mark(value, left - 8, high - bottom - value * up + 4, "end") for value in range(0, int(most), step)]
    each = max(int(last) // 6, 1)
    marks += [
        mark(minute, left + minute * along, high - bottom + 18, "middle") for minute in range(0, int(last) + 1, each)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" font-family="sans-serif" font-size="12">'
        f'<rect width="{wide}" height="{high}" fill="white"/>{"".join(marks)}'
        f"{line('memory_mb', '#0b6')}{line('worker_mb', '#b60')}"
        f'<text x="{left + 8}" y="16">Memory in MB over minutes: the process (green), its parser (brown)</text></svg>\n'
    )


def row(samples: list[dict[str, float]], rate: int) -> str:
    """The row of docs/reliability.md."""
    third = len(samples) // 3
    alerts = sorted(sample["alert_p95_s"] for sample in samples if sample["alert_p95_s"])
    answers = sorted(sample["command_p99_s"] for sample in samples if sample["command_p99_s"])
    busy = sum(sample["load"] for sample in samples) / len(samples)
    done = samples[-1]["documents"] / (samples[-1]["minute"] * 60)
    return (
        f"{samples[-1]['minute']:.0f} minutes at {rate} documents a second ({done:.1f} came in):"
        f" alert p95 {_at(alerts, 0.5):.2f} s (median of the samples; worst {alerts[-1] if alerts else 0:.2f} s),"
        f" command p99 {_at(answers, 0.5):.2f} s (worst {answers[-1] if answers else 0:.2f} s); memory"
        f" {samples[third]['memory_mb']:.0f} MB after a third, {samples[2 * third]['memory_mb']:.0f} after two,"
        f" {samples[-1]['memory_mb']:.0f} at the end; load of the machine {busy:.1f}"
    )


def main() -> None:
    """Run it, print the row, write the picture."""
    given = argparse.ArgumentParser()
    given.add_argument("--minutes", type=float, default=60)
    given.add_argument("--rate", type=int, default=50)
    given.add_argument("--out", type=Path, default=Path("load-results"))
    given.add_argument("--draw", type=Path, help="run nothing: draw what was sampled in this folder")
    given.add_argument("--less", type=float, default=0, help="megabytes that memory_mb counts besides the process")
    asked = given.parse_args()
    if asked.draw is not None:
        asked.out, samples = asked.draw, read(asked.draw, less=asked.less)
    else:
        asked.out.mkdir(parents=True, exist_ok=True)
        samples = asyncio.run(run(asked.minutes, asked.rate, asked.out))
    (asked.out / "memory.svg").write_text(picture(samples))
    print(row(samples, asked.rate))


if __name__ == "__main__":
    main()
