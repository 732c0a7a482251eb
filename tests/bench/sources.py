"""What thousands of sources cost: `python -m tests.bench.sources [--day]`.

First, 5,000 sources at ten minutes' interval whose answers are "304 Not Modified" nine times of ten: a server of our
own in another process, the real pipeline, guard, parser process and database. Measured is the processor time of a
visit, counted up to 5,000 in ten minutes; TLS is not part of it.

Then the schedule alone: 100,000 sources over a simulated quarter of an hour (`--day`: a day, which takes most of an
hour) of the real store and the real decisions, with visits that take a second of simulated time. Measured is how late
visits begin, as a share of the source's interval.
"""

import argparse
import asyncio
import multiprocessing
import resource
import sys
import tempfile
import time
from collections import deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from bot.config import Settings
from bot.core.visits import schedule
from bot.http import GuardedHttp
from bot.model import Channel, Destination, Feed, Poll, User
from bot.pipeline import Pipeline, Writer
from bot.pipeline.collect import AT_ONCE
from bot.pipeline.feedbook import save_visited
from bot.ports import Kit, Store
from bot.sources import feed as feed_source
from bot.stores.sqlite import connect
from bot.worker import ProcessWorker

SOURCES, INTERVAL = 5000, timedelta(minutes=10)
VISITED = 600  # sources of the measured round
SHARE = 0.25  # of one core
MANY, LATE = 100_000, 0.10
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ITEM = (
    "<item><title>Report {n} of {f}</title><link>https://n.example/{f}/{n}</link>"
    "<description>{text}</description></item>"
)
TEXT = "The ferry struck a pier at the harbour and twelve people were hurt, the coast guard said. " * 4


def main() -> int:
    """1 when a goal is missed."""
    given = argparse.ArgumentParser()
    given.add_argument("--day", action="store_true", help="simulate a whole day (most of an hour)")
    args = given.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        share = asyncio.run(visits(Path(folder)))
    with tempfile.TemporaryDirectory() as folder:
        late = punctuality(Path(folder), timedelta(hours=24) if args.day else timedelta(minutes=15))
    return 1 if share > SHARE or late > LATE else 0


# ----------------------------------------------------------------------------------------------- the cost of a visit


def serve(told: Connection) -> None:
    """Answer every source: unchanged nine times of ten, else with one more item."""
    from aiohttp import web

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        number, asked = int(request.path.rpartition("/")[2]), request.headers.get("If-None-Match")
        if asked and (number + rounds[number]) % 10:
            rounds[number] += 1
            return web.Response(status=304, headers={"ETag": asked})
        rounds[number] += 1
        items = "".join(ITEM.format(n=n, f=number, text=TEXT) for n in range(rounds[number], rounds[number] + 5))
        body = f"<rss version='2.0'><channel><title>Source {number}</title>{items}</channel></rss>"
        return web.Response(text=body, content_type="application/rss+xml", headers={"ETag": f'"{rounds[number]}"'})

    async def run() -> None:
        runner = web.ServerRunner(web.Server(answer))
        await runner.setup()
        site = web.TCPSite(runner, "0.0.0.0", 0)  # many addresses of loopback stand for many hosts
        await site.start()
        told.send(site._server.sockets[0].getsockname()[1])  # type: ignore[union-attr]
        await asyncio.Event().wait()

    rounds = [0] * SOURCES
    asyncio.run(run())


async def visits(folder: Path) -> float:
    """The share of one core that 5,000 sources take; prints a line."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    port = ours.recv()
    now = [NOW]
    settings = Settings(data=folder, allow_networks=(ip_network("127.0.0.0/8"),))  # type: ignore[arg-type]
    http, worker, write = GuardedHttp(settings), ProcessWorker(), Writer()
    kit = Kit(settings=settings, clock=lambda: now[0], http=http, worker=worker)
    store = connect(kit)
    store.migrate()
    hosts = [f"http://127.0.{number // 250}.{number % 250 + 1}:{port}/feed/{number}" for number in range(VISITED)]
    fill(store, [Feed(id=f"f{number}", kind="feed", url=url) for number, url in enumerate(hosts)])
    pipeline = Pipeline(
        store=store,
        sources={"feed": feed_source.connect(kit)},
        chats={},
        worker=worker,
        http=http,
        write=write,
        clock=lambda: now[0],
        steady=lambda: now[0].timestamp(),
        retention=timedelta(days=90),
    )
    try:
        await pipeline.rulebook.wait()
        await pipeline.collect.slots.idle()  # the first visits, which read everything
        now[0] += timedelta(hours=1)
        began, wall = processor(), time.perf_counter()
        await pipeline.rulebook.wait()
        await pipeline.collect.slots.idle()
        spent, wall = processor() - began, time.perf_counter() - wall
        with_worker = spent + (await worker.run(time.process_time))
    finally:
        await worker.close()
        await http.close()
        server.kill()
    failing = sum(1 for feed in store.feeds("c") if feed.failures)
    a_visit = with_worker / VISITED
    share = a_visit * SOURCES / INTERVAL.total_seconds()
    print(f"{VISITED:,} visits in {wall:.1f} s, {failing} failed; {a_visit * 1000:.2f} ms of processor time each")
    print(f"{SOURCES:,} sources at {INTERVAL} take {share:.1%} of a core (goal {SHARE:.0%})")
    return share if not failing else 1.0


def processor() -> float:
    """Seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def fill(store: Store, feeds: list[Feed]) -> None:
    """A channel with these feeds, due now."""
    owner = User(platform="local", user_id="u")
    home = Destination(platform="local", chat_id="c")
    with store.atomic():
        store.save_channel(Channel(id="c", owner=owner, home=home))
        for feed in feeds:
            store.add_feed(replace(feed, next_poll_at=feed.next_poll_at or NOW), "c")


# -------------------------------------------------------------------------------------------------------- the schedule


def punctuality(folder: Path, length: timedelta) -> float:
    """How late the 99th of 100 visits is, as a share of its interval; prints a line."""
    store = connect(Kit(settings=Settings(data=folder), clock=lambda: NOW))
    store.migrate()
    spread = timedelta(minutes=40) / MANY
    fill(
        store,
        [
            Feed(
                id=f"f{n}", kind="feed", url=f"https://f{n}.example/", interval=timedelta(minutes=40),
                next_poll_at=NOW + spread * n, polled_at=NOW - timedelta(minutes=40) + spread * n,
            )
            for n in range(MANY)
        ],
    )  # fmt: skip
    now, numbers, lateness = NOW, count(), list[float]()
    underway: deque[tuple[datetime, Feed]] = deque()
    began = processor()
    while now < NOW + length:
        while underway and underway[0][0] <= now:
            _, feed = underway.popleft()
            new = int(next(numbers) % 10 == 0)
            after = schedule.after_success(feed, Poll(unchanged=not new), new, now, timedelta(minutes=1))
            save_visited(store, feed, after, now)
        for feed in store.claim_feeds(now, limit=AT_ONCE - len(underway), lease=timedelta(minutes=2)):
            assert feed.next_poll_at is not None
            lateness.append((now - feed.next_poll_at) / feed.interval)
            underway.append((now + timedelta(seconds=1), feed))
        now += timedelta(seconds=1)
    spent = processor() - began
    lateness.sort()
    worst = lateness[int(len(lateness) * 0.99)]
    print(
        f"{MANY:,} sources, {length} simulated: {len(lateness):,} visits, {spent / len(lateness) * 1e6:.0f} us of the"
        f" schedule each; late by {lateness[len(lateness) // 2]:.2%} of the interval (half), {worst:.2%} (99 of 100)"
    )
    return worst


if __name__ == "__main__":
    sys.exit(main())
