"""The real program under fault: a process of its own, a Telegram that outlives it, a folder that goes on publishing.

What must hold is counted at the end: which document reached which chat, how often.
"""

import asyncio
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp.test_utils import TestServer

from bot.stores.sqlite import FILE
from tests.fake_telegram import TOKEN, FakeTelegram

ROOT = Path(__file__).parents[2]
CHATS = 8
STARTED = re.compile(r"Local chat: http://127\.0\.0\.1:(\d+)/")
_MARK = re.compile(r"\bmark(\d+)x\b")
_WORDS = [
    "river",
    "bridge",
    "market",
    "engine",
    "harvest",
    "violin",
    "glacier",
    "senate",
    "orchard",
    "ferry",
    "copper",
    "lantern",
    "museum",
    "drought",
    "canal",
]


@dataclass
class Site:
    """Eight private chats that all watch one folder. `documents` counts what was published."""

    folder: Path
    fake: FakeTelegram
    address: str
    settings: dict[str, str] = field(default_factory=dict)
    documents: int = 0
    process: "subprocess.Popen[bytes] | None" = None
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    @property
    def news(self) -> Path:
        """The folder that is watched."""
        return self.folder / "news"

    @property
    def log(self) -> Path:
        """What all its processes wrote."""
        return self.folder / "log.txt"

    def start(self, *command: str, wait: bool = True, seconds: float = 60) -> float:
        """Start it; with `wait` until it serves. Seconds that took."""
        begin, at = time.monotonic(), self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *(command or ("bot",)), "run"],
                cwd=self.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        while wait and not STARTED.search(self._said(at)):
            if self.process.poll() is not None or time.monotonic() - begin > seconds:
                raise AssertionError(f"it did not start: {self._said(at)[-2000:]}")
            time.sleep(0.05)
        return time.monotonic() - begin

    def _said(self, at: int) -> str:
        """What it wrote since its log had so many bytes."""
        return self.log.read_bytes()[at:].decode(errors="replace")

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("WATCHWORD_")}
        return {
            **kept,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "WATCHWORD_DATA": str(self.folder / "data"),
            "WATCHWORD_FOLDERS": str(self.news),
            "WATCHWORD_HTTP_PORT": "0",
            "WATCHWORD_TELEGRAM_TOKEN": TOKEN,
            "WATCHWORD_TELEGRAM_BASE_URL": self.address,
            "WATCHWORD_COMMANDS_PER_MINUTE": "0",
            **self.settings,
        }

    def kill(self) -> None:
        """SIGKILL, and its children with it."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def terminate(self) -> float:
        """SIGTERM; seconds until it was gone."""
        assert self.process is not None
        begin = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
        return time.monotonic() - begin

    def settle(self) -> None:
        """Every chat reads the folder and has a rule."""
        self.news.mkdir(parents=True, exist_ok=True)
        self.start()
        for chat in range(1, CHATS + 1):
            self.type(chat, "/source add folder:news")
            self.type(chat, "/watch alpha topic:alpha")
        self.wait_for(lambda: self.heard("Watching: rule") >= CHATS, 120)

    def type(self, chat: int, text: str) -> None:
        """Somebody types into the chat of that number."""
        person = {"id": chat, "is_bot": False, "first_name": f"P{chat}"}
        self.fake.say(text, {"id": chat, "type": "private", "first_name": f"P{chat}"}, person)

    def publish(self, count: int = 1) -> None:
        """New documents, each with a mark of its own and words that make it a story of its own."""
        for _ in range(count):
            self.documents += 1
            number = self.documents
            words = [f"{self.chance.choice(_WORDS)}{self.chance.randrange(10_000)}" for _ in range(60)]
            text = f"Alpha mark{number}x {' '.join(words[:6])}\n\nAn alpha text {' '.join(words)}.\n"
            path = self.news / f"{number:06}.txt"
            path.with_suffix(".tmp").write_text(text)
            path.with_suffix(".tmp").rename(path)

    def heard(self, words: str) -> int:
        """How many messages with these words arrived."""
        return sum(words in str(message["text"]) for message in [*self.fake.sent])

    def arrived(self) -> Counter[tuple[int, int]]:
        """(chat, document) -> how often its alert arrived."""
        counts: Counter[tuple[int, int]] = Counter()
        for message in [*self.fake.sent]:
            for number in set(_MARK.findall(str(message["text"]).split("\n")[0])):
                counts[int(message["chat_id"]), int(number)] += 1
        return counts

    def missing(self) -> list[tuple[int, int]]:
        """What has not arrived."""
        there = self.arrived()
        wanted = [(chat, number) for chat in range(1, CHATS + 1) for number in range(1, self.documents + 1)]
        return [pair for pair in wanted if pair not in there]

    def repeats(self) -> Counter[int]:
        """How many alerts too many each chat got."""
        counts: Counter[int] = Counter()
        for (chat, _), times in self.arrived().items():
            counts[chat] += times - 1
        return +counts

    def drain(self, seconds: float) -> float:
        """Wait until everything arrived; seconds that took."""
        begin = time.monotonic()
        self.wait_for(lambda: not self.missing(), seconds)
        return time.monotonic() - begin

    @staticmethod
    def wait_for(done: object, seconds: float) -> bool:
        """Whether it came true within that time."""
        assert callable(done)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if done():
                return True
            time.sleep(0.1)
        return bool(done())

    def broken(self) -> Sequence[str]:
        """What is wrong with the database: damage, half-written documents."""
        with closing(sqlite3.connect(self.folder / "data" / FILE)) as connection:
            faults = [row[0] for row in connection.execute("pragma integrity_check") if row[0] != "ok"]
            orphans = (
                "select count(*) from feed_documents f left join documents d on d.id = f.document_id where d.id is null"
            )
            half = connection.execute(orphans).fetchone()[0]
            return [*faults, *([f"{half} half-written documents"] if half else [])]


@contextmanager
def site(folder: Path, **settings: str) -> Iterator[Site]:
    """A site over a Telegram of our own, in a thread: it outlives every process that is killed."""
    fake, loop, started = FakeTelegram(), asyncio.new_event_loop(), threading.Event()
    address = []

    async def serve() -> None:
        server = TestServer(fake.application())
        await server.start_server()
        address.append(str(server.make_url("/")))
        started.set()

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(serve(), loop)
    assert started.wait(30)
    folder.mkdir(parents=True, exist_ok=True)
    there = Site(folder, fake, address[0], settings)
    try:
        yield there
    finally:
        if there.process is not None and there.process.poll() is None:
            there.kill()
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=30)
