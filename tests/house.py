"""A whole Watchword in memory: fake source, fake chat, a store, a clock that the test moves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar

from bot import registry
from bot.config import Settings
from bot.core.quotas import Quotas
from bot.model import Command, Delivery, Destination, Discovery, Entry, State
from bot.pipeline import Pipeline
from bot.ports import Kit, Source, Store
from bot.ports.meter import SILENT, Meter
from tests.fakes import ANNA, ROOM, FakeChat, FakeClock, FakeSource, FakeWeb, FakeWorker, Typist, text_of

P = ParamSpec("P")
R = TypeVar("R")


class WriteHere:
    """The writer thread, without the thread."""

    async def __call__(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)

    @property
    def urgent(self) -> "WriteHere":
        return self


write_here = WriteHere()


def open_store(name: str, folder: Path) -> Store:
    """A migrated store of that kind."""
    store: Store = registry.module("bot.stores", name).connect(
        Kit(settings=Settings(data=folder, store=name), clock=FakeClock())
    )
    store.migrate()
    return store


@dataclass
class House:
    """`say` types a command and lets everything settle; `publish` puts entries into a feed and has it read."""

    store: Store
    clock: FakeClock = field(default_factory=FakeClock)
    chat: FakeChat = field(default_factory=FakeChat)
    source: FakeSource = field(default_factory=FakeSource)
    web: FakeWeb = field(default_factory=FakeWeb)
    worker: FakeWorker = field(default_factory=FakeWorker)
    kinds: dict[str, Source] = field(default_factory=dict)  # instead of the fake one
    rules_folder: Path | None = None  # where the index of the rules is saved
    meter: Meter = SILENT
    quotas: Quotas = field(default_factory=Quotas)

    def __post_init__(self) -> None:
        self.restart()
        self.typists: dict[tuple[str, str], Typist] = {}

    def restart(self) -> None:
        """Forget all that is only in memory, as a new process would."""
        self.pipeline = Pipeline(
            store=self.store,
            sources=self.kinds or {"fake": self.source},
            chats={self.chat.platform: self.chat},
            worker=self.worker,
            http=self.web,
            write=write_here,
            clock=self.clock,
            steady=self.clock.steady,
            retention=timedelta(days=90),
            rules_folder=self.rules_folder,
            meter=self.meter,
            quotas=self.quotas,
        )

    async def say(self, text: str, *, user=ANNA, to: Destination = ROOM, **more: object) -> str:  # type: ignore[no-untyped-def]
        """The answer, as plain text."""
        typist = self.typists.setdefault((user.key, to.key), Typist(self.clock, user, to))
        command = typist(text, **more)
        before = len(self.chat.posts)
        await self.hear(command)
        answers = [one for one in self.chat.posts[before:] if one.destination.key == to.key and not one.alert_key]
        return text_of(answers[-1].message) if answers else ""

    async def hear(self, command: Command) -> None:
        """Receive it and let everything settle; time passes until the lanes are open again."""
        await self.pipeline.answer.receive(command)
        await self.settle()

    async def settle(self) -> None:
        """Everything that is due, with the lanes' pauses waited out."""
        for _ in range(30):
            await self.pipeline.settle()
            if not await self._wait_for_a_lane():
                return

    async def _wait_for_a_lane(self) -> bool:
        """Let seconds pass until something is sent; when nothing is within five, none have passed."""
        began, counts = self.clock.now, self.store.counts()
        while counts.keys() - {State.SENT, State.DEAD} and self.clock.now < began + timedelta(seconds=5):
            self.clock.forward(seconds=1)
            await self.pipeline.deliver.slots.idle()
            if self.store.counts() != counts:
                return True
        self.clock.now = began
        return False

    async def add_feed(self, url: str = "fake:news", *, to: Destination = ROOM, user=ANNA) -> str:  # type: ignore[no-untyped-def]
        """Add a source by command, and let its first poll pass."""
        self.source.found[url] = (Discovery(kind="fake", url=url, title=f"Feed {url}"),)
        answer = await self.say(f"source add {url}", to=to, user=user)
        await self.settle()
        return answer

    async def publish(self, entries: Sequence[Entry], url: str = "fake:news") -> list[Delivery]:
        """New entries in the feed, and two hours later it has been read; the new posts."""
        before = len(self.chat.posts)
        self.source.entries[url] = [*self.source.entries.get(url, ()), *entries]
        self.clock.forward(hours=2)
        await self.settle()
        return self.chat.posts[before:]
