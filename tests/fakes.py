"""Named fakes of the ports, shared by the tests. They behave; they do not record expectations."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.errors import PermanentError, UserError
from bot.model import Command, Delivery, Destination, Discovery, Entry, Feed, Limits, Message, Poll, Response, User
from bot.ports import Export, Reach
from rules import Document

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ANNA = User(platform="fake", user_id="anna", name="Anna")
BORIS = User(platform="fake", user_id="boris", name="Boris")
ROOM = Destination(platform="fake", chat_id="room")
HALL = Destination(platform="fake", chat_id="hall")
ANNAS = Destination(platform="fake", chat_id="anna", user_id="anna")


@dataclass
class FakeClock:
    """A clock that stands until it is told to go."""

    now: datetime = NOON
    was_set: timedelta = timedelta()

    def steady(self) -> float:
        """Seconds that have passed, however the clock was set."""
        return (self.now - NOON - self.was_set).total_seconds()

    def set_by(self, **length: float) -> None:
        """Somebody sets the clock; no time passes."""
        self.now += timedelta(**length)
        self.was_set += timedelta(**length)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **length: float) -> datetime:
        self.now += timedelta(**length)
        return self.now


class FakeChat:
    """A platform in memory. `faults` are raised by the next calls, one each."""

    limits = Limits(pace=timedelta(seconds=1), per_second=1000)

    def __init__(self, platform: str = "fake") -> None:
        self.platform = platform
        self.posts: list[Delivery] = []
        self.edits: list[Delivery] = []
        self.faults: list[BaseException] = []
        self.broken: dict[str, BaseException] = {}
        self.accepted_before_fault = False
        self.remembers = False
        self.lookup_faults: list[BaseException] = []
        self.handle: Callable[[Command], Awaitable[None]] | None = None

    async def listen(self, handle: Callable[[Command], Awaitable[None]]) -> None:
        self.handle = handle
        await asyncio.Event().wait()

    def _fault(self, delivery: Delivery, log: list[Delivery]) -> None:
        error = self.broken.get(delivery.destination.chat_id) or (self.faults.pop(0) if self.faults else None)
        if error is not None:
            if self.accepted_before_fault:
                log.append(delivery)
            raise error

    async def send(self, delivery: Delivery) -> str:
        await asyncio.sleep(0)
        self._fault(delivery, self.posts)
        self.posts.append(delivery)
        return f"m{len(self.posts)}"

    async def lookup(self, delivery: Delivery) -> str | None:
        """Exact where `remembers`, as a platform whose history can be read."""
        await asyncio.sleep(0)
        if self.lookup_faults:
            raise self.lookup_faults.pop(0)
        if not self.remembers:
            return None
        return next((f"m{number}" for number, one in enumerate(self.posts, 1) if one.id == delivery.id), "")

    async def edit(self, delivery: Delivery) -> None:
        await asyncio.sleep(0)
        self._fault(delivery, self.edits)
        self.edits.append(delivery)

    async def close(self) -> None:
        self.handle = None

    def texts(self, destination: Destination | None = None) -> list[str]:
        """What was posted, as plain text."""
        return [text_of(one.message) for one in self.posts if destination in (None, one.destination)]


class FakeWeb:
    """`ports.Http`: pages by address, or the error that a visit meets; every visit is noted."""

    def __init__(self) -> None:
        self.pages: dict[str, str | Exception] = {}
        self.visits: list[str] = []

    async def get(self, url: str, *, headers: dict[str, str] | None = None, robots: bool = False) -> Response:
        self.visits.append(url)
        page = self.pages.get(url, PermanentError(f"nothing at {url}", missing=True))
        if isinstance(page, Exception):
            raise page
        return Response(url=url, status=200, headers={"content-type": "text/html"}, body=page.encode())

    async def close(self) -> None:
        return


class FakeSource:
    """A source whose polls are set by the test."""

    kind = "fake"
    least_interval = timedelta(minutes=1)
    links_articles = False
    export: Export = Export.NOT

    def __init__(self) -> None:
        self.entries: dict[str, Sequence[Entry]] = {}
        self.faults: dict[str, Exception] = {}
        self.found: dict[str, Sequence[Discovery]] = {}

    def accepts(self, url: str) -> Reach:
        return Reach.SITE if url.startswith("fake:") or url in self.found else Reach.NONE

    async def discover(self, url: str) -> Sequence[Discovery]:
        if url not in self.found:
            raise UserError(f"nothing at {url}: tried it, found no feed", cure="Try another address.")
        return self.found[url]

    async def poll(self, feed: Feed) -> Poll:
        if feed.url in self.faults:
            raise self.faults[feed.url]
        return Poll(entries=tuple(self.entries.get(feed.url, ())), cursor="read")


class FakeWorker:
    """Runs the job here and now."""

    async def run(self, function: Callable[..., Any], *args: object, seconds: float = 3.0) -> Any:
        return function(*args)

    def warm(self) -> None:
        return

    async def close(self) -> None:
        return


class BusyWorker(FakeWorker):
    """Has no time for the jobs of one name."""

    def __init__(self, fault: Exception, name: str) -> None:
        self.fault: Exception | None = fault
        self.name = name

    async def run(self, function: Callable[..., Any], *args: object, seconds: float = 3.0) -> Any:
        if self.fault is not None and function.__name__ == self.name:
            raise self.fault
        return function(*args)


@dataclass
class Typist:
    """Makes commands with fresh ids."""

    clock: FakeClock
    user: User = ANNA
    destination: Destination = ROOM
    count: int = 0
    extra: dict[str, Any] = field(default_factory=dict)

    def __call__(self, text: str, **changes: Any) -> Command:
        self.count += 1
        command = Command(
            id=f"{self.user.user_id}:{self.destination.key}:{self.count}",
            user=self.user,
            destination=self.destination,
            text=text,
            message_id=f"t{self.count}",
            received_at=self.clock(),
        )
        return replace(command, **{**self.extra, **changes})


def text_of(message: Message) -> str:
    """A message as plain lines, hits in brackets."""
    return "\n".join(
        "".join(f"[{run.text}]" if "hit" in run.styles else run.text for run in block.runs) for block in message.blocks
    )


def entry(number: int, title: str, body: str = "", **more: Any) -> Entry:
    """A plain-text entry with an address of its own."""
    outlet = more.pop("outlet", "Daily Courier")
    return Entry(
        id=f"e{number}",
        url=more.pop("url", f"https://{outlet.lower().replace(' ', '-')}.example/{number}"),
        title=title,
        content=body,
        is_html=False,
        outlet=outlet,
        **more,
    )


def document(number: int, title: str = "", body: str = "", site: str = "Daily Courier", **more: Any) -> Document:
    """A document with an address of its own."""
    return Document(id=f"d{number}", title=title, body=body, site=site, url=f"https://courier.example/{number}", **more)


GONE = PermanentError("the chat is gone", gone=True)
