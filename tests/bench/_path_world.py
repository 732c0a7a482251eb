"""What the parts of tests/bench/path.py share: a whole Watchword on disk, its articles, and a measured figure."""

import asyncio
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_network
from itertools import count
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from bot import registry
from bot.config import Settings
from bot.http import GuardedHttp
from bot.model import (
    Channel,
    Command,
    Delivery,
    Destination,
    Entry,
    Feed,
    Limits,
    Subscription,
    User,
    WatchRule,
    content_id,
)
from bot.pipeline import Pipeline, Writer
from bot.ports import Kit, Store, Worker
from bot.worker import ProcessWorker
from rules import Document
from tests.bench import _news
from tests.fakes import NOON, FakeClock, FakeSource

ROOT = Path(__file__).parents[2]
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number and the goal that it has, if any: at most `limit`, or with `least` at least so much."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    least: bool = False

    @property
    def met(self) -> bool:
        """Whether the goal is kept; a figure without a goal keeps it."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.least else self.value <= self.limit


class Gate:
    """A platform that takes everything at once, with no pace of its own, and keeps nothing. `seen` is told of all."""

    platform = "fake"
    limits = Limits(pace=timedelta(0), per_second=1_000_000)

    def __init__(self) -> None:
        self.taken = count(1)
        self.seen: Callable[[Delivery], None] = lambda delivery: None

    async def listen(self, handle: Callable[[Command], Any]) -> None:
        await asyncio.Event().wait()

    async def send(self, delivery: Delivery) -> str:
        await asyncio.sleep(0)
        self.seen(delivery)
        return f"m{next(self.taken)}"

    async def lookup(self, delivery: Delivery) -> str | None:
        return None

    async def edit(self, delivery: Delivery) -> None:
        await asyncio.sleep(0)

    async def close(self) -> None:
        return


@dataclass
class World:
    """`Pipeline` as the application builds it, over the database in `folder`; the clock stands unless it is another."""

    folder: Path
    clock: Any = field(default_factory=FakeClock)
    gate: Gate = field(default_factory=Gate)
    source: FakeSource = field(default_factory=FakeSource)
    write: Any = field(default_factory=Writer)
    worker: Worker = field(default_factory=ProcessWorker)

    def __post_init__(self) -> None:
        settings = Settings(data=self.folder, allow_networks=(ip_network("127.0.0.0/8"),))
        self.http = GuardedHttp(settings)
        kit = Kit(settings=settings, clock=self.clock, http=self.http, worker=self.worker)
        self.store = open_store(kit)
        self.pipeline = Pipeline(
            store=self.store,
            sources={"fake": self.source, "feed": registry.module("bot.sources", "feed").connect(kit)},
            chats={"fake": self.gate},
            worker=self.worker,
            http=self.http,
            write=self.write,
            clock=self.clock,
            steady=getattr(self.clock, "steady", time.monotonic),
            retention=timedelta(days=90),
            rules_folder=self.folder / "rules-index",
        )
        self._commands = count(1)

    def command(self, text: str, chat: int) -> Command:
        """As if somebody had typed it in that chat."""
        number = next(self._commands)
        at = self.clock()
        mark = f"c{number}at{at.timestamp()}"
        return Command(id=mark, user=owner(chat), destination=place(chat), text=text, message_id=mark, received_at=at)

    async def publish(self, documents: Sequence[Document], feeds: int) -> None:
        """The feeds give these documents, one to each in turn, and have been read; what came of it is only queued."""
        await self.pipeline.rulebook.wait()
        self.source.entries.clear()
        for number in range(feeds):
            share = documents[number::feeds]
            self.source.entries[address(number)] = [entry(one, self.clock()) for one in share]
        self.clock.forward(hours=2)
        await self.pipeline.collect.slots.idle()

    async def processor(self) -> float:
        """Seconds of processor time that this process and its parser process have taken."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        own = used.ru_utime + used.ru_stime
        if isinstance(self.worker, ProcessWorker):
            own += await self.worker.run(time.process_time)
        return own

    async def close(self) -> None:
        """End it as the application does."""
        await self.pipeline.stop()
        await self.worker.close()
        await self.http.close()
        await self.write(self.store.close)
        if isinstance(self.write, Writer):
            self.write.close()


def open_store(kit: Kit) -> Store:
    """The real store, migrated."""
    store: Store = registry.module("bot.stores", "sqlite").connect(kit)
    store.migrate()
    return store


def owner(chat: int) -> User:
    """Who speaks in that chat."""
    return User(platform="fake", user_id=f"u{chat}", name=f"User {chat}")


def place(chat: int) -> Destination:
    """The chat of that number."""
    return Destination(platform="fake", chat_id=f"chat{chat}")


def address(number: int) -> str:
    """Of a feed that is read without a network."""
    return f"fake:{number}"


def fake_feeds(number: int) -> list[Feed]:
    """Feeds that are read without a network; the first visit alerts."""
    return [feed(f"f{at}", "fake", address(at)) for at in range(number)]


def feed(name: str, kind: str, url: str, due: datetime = NOON) -> Feed:
    """A feed whose first entries count as news."""
    return Feed(id=name, kind=kind, url=url, title=f"Feed {name}", next_poll_at=due, alert_first_poll=True)


def fill(store: Store, *, rules: int, chats: int, feeds: Sequence[Feed], own: Iterable[str] | None = None) -> None:
    """Chats that all hold the same feeds, and rules that are dealt out among them."""
    channels = [content_id("channel", place(number).key) for number in range(chats)]
    with store.atomic():
        for number, channel_id in enumerate(channels):
            store.save_channel(Channel(id=channel_id, owner=owner(number), home=place(number)))
            store.subscribe(Subscription(destination=place(number), channel_id=channel_id))
            for one in feeds:
                store.add_feed(one, channel_id)
        for number, text in enumerate(_news.rules(rules) if own is None else own):
            store.add_rule(
                WatchRule(
                    id=f"r{number}", number=0, channel_id=channels[number % chats], owner=owner(number % chats),
                    topic=text[:40], text=text, created_at=NOON,
                )
            )  # fmt: skip


def new_world(folder: Path, *, rules: int, chats: int, feeds: Sequence[Feed], **parts: Any) -> World:
    """A database with these, and Watchword over it."""
    world = World(folder, **parts)
    fill(world.store, rules=rules, chats=chats, feeds=feeds)
    return world


def entry(document: Document, now: datetime) -> Entry:
    """The document as a plain-text entry that came out a minute ago."""
    host = document.url.split("/")[2]
    return Entry(
        id=document.id, url=document.url, title=document.title, content=document.body, is_html=False, lang="en",
        outlet=host.partition(".")[0], published_at=now - timedelta(minutes=1),
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------------ feeds by HTTP


def write_feeds(folder: Path, documents: Sequence[Document], feeds: int) -> None:
    """RSS files 0.xml, 1.xml, ... with the documents in turn, as HTML, the way that news sites give them."""
    for number in range(feeds):
        items = "".join(_item(one) for one in documents[number::feeds])
        head = f"<title>Feed {number}</title><link>https://feed{number}.example.org/</link><language>en</language>"
        text = f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'
        (folder / f"{number}.xml").write_text(text, encoding="utf-8")


def _item(document: Document) -> str:
    html = "".join(f"<p>{escape(part)}</p>" for part in document.body.split("\n\n"))
    return (
        f"<item><guid>{document.id}</guid><title>{escape(document.title)}</title><link>{document.url}</link>"
        f"<pubDate>Mon, 02 Mar 2026 11:30:00 GMT</pubDate><description>{escape(html)}</description></item>"
    )


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """The folder behind HTTP, by another process; the port. Loopback's many addresses stand for as many hosts."""
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "0.0.0.0", "--directory", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert server.stdout is not None
        said = server.stdout.readline()
        found = re.search(r"port (\d+)", said)
        assert found, f"the server said {said!r}"
        yield int(found[1])
    finally:
        server.kill()
        server.wait()


def url_of(port: int, number: int) -> str:
    """Where feed `number` is served."""
    return f"http://127.0.1.{number + 1}:{port}/{number}.xml"
