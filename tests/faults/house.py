"""The real program with a folder of news and eight chats, to be killed and started again; what must hold at the end.

Each document has a mark of its own in its title.
"""

import bisect
import itertools
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bot.stores.sqlite import FILE, Sqlite
from tests.fake_telegram import TOKEN
from tests.faults.peer import Platform, platform
from tests.waiting import LONG, wait_until

ROOT = Path(__file__).resolve().parents[2]
CHATS = range(101, 109)
PROGRAM = ("-m", "bot", "run")
MARK = re.compile(r"xd(\d+)x")
_BRACKETS = str.maketrans("", "", "[]")
_READY = "Watching: rule"
END_SECONDS = 10.0  # a stop takes no longer


@dataclass
class Result:
    """A row of the table. `faults`: what did not hold, in words; none is good."""

    injection: str
    size: str
    must_hold: str
    measured: str
    faults: list[str] = field(default_factory=list)


class House:
    """A data folder, a news folder, the platform, and the process while there is one."""

    def __init__(self, folder: Path, peer: Platform, address: str, chats: Sequence[int] = CHATS, **more: str) -> None:
        self.folder, self.peer, self.chats = folder, peer, list(chats)
        self.news = folder / "news"
        self.news.mkdir()
        self.kills: list[float] = []
        self.published = 0
        self.process: subprocess.Popen[bytes] | None = None
        kept = {name: value for name, value in os.environ.items() if not name.startswith("WATCHWORD_")}
        self.environment = {
            **kept,
            "PYTHONPATH": str(ROOT),
            "WATCHWORD_DATA": str(folder / "data"),
            "WATCHWORD_FOLDERS": str(self.news),
            "WATCHWORD_HTTP_PORT": "0",
            "WATCHWORD_TELEGRAM_TOKEN": TOKEN,
            "WATCHWORD_TELEGRAM_BASE_URL": address,
            **more,
        }

    # --------------------------------------------------------------------------------------------------- the process

    def start(self, program: Sequence[str] = PROGRAM, *, before: Sequence[str] = (), **more: str) -> None:
        """Begin; it is not waited for. `before`: a command that runs it, such as faketime."""
        with (self.folder / "out.txt").open("ab") as out:
            self.process = subprocess.Popen(
                [*before, sys.executable, *program],
                cwd=self.folder,
                env={**self.environment, **more},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def wait_for_the_platform(self) -> None:
        """Until the process that was started asks the platform for what is new."""
        asked = self.peer.polls
        wait_until(lambda: self.peer.polls > asked)

    def kill(self) -> None:
        """SIGKILL, at once."""
        assert self.process is not None
        self.process.kill()
        self.ended()

    def ended(self) -> int:
        """Wait for the end of a process that dies by itself; it counts as a kill."""
        assert self.process is not None
        code = self.process.wait(timeout=LONG)
        self.kills.append(time.monotonic())
        return code

    def stop(self) -> float:
        """SIGTERM; how long it took, in seconds."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=LONG)
        self.process = None
        return time.monotonic() - began

    @property
    def output(self) -> str:
        return (self.folder / "out.txt").read_text(encoding="utf-8", errors="replace")

    # ------------------------------------------------------------------------------------------- news, and people

    def publish(self, count: int = 1) -> None:
        """New documents, each a story of its own, and each in its folder whole or not at all."""
        for number in range(self.published, self.published + count):
            draw = Random(number)
            words = " ".join("".join(draw.choices("bcdfghklmnprstvz", k=7)) for _ in range(30))
            text = f"Troop deployment xd{number}x in Ukraine\n\nA troop deployment in Ukraine: {words}.\n"
            draft = self.news / f".{number}"
            draft.write_text(text)
            draft.rename(self.news / f"{number:06}.txt")
        self.published += count

    def say(self, text: str, chat: int) -> None:
        """The chat's owner types it."""
        person = {"id": chat, "is_bot": False, "first_name": f"P{chat}"}
        self.peer.say(text, {"id": chat, "type": "private", "first_name": f"P{chat}"}, person)

    def settle_in(self) -> None:
        """The first start: every chat reads the folder, and has a rule that is true of all in it."""
        for chat in self.chats:
            self.say("/source add folder:news", chat)
            self.say('/watch "troop deployment" AND Ukraine topic:troops', chat)
        self.start()
        wait_until(lambda: {one.chat for one in list(self.peer.arrived) if _READY in one.text} == set(self.chats))
        self.stop()

    def drained(self) -> bool:
        """Whether every document is in every chat."""
        there = {(chat, number) for chat, number, _ in self.alerts()}
        return len(there) == len(self.chats) * self.published

    def drain(self, seconds: float) -> bool:
        """Run until every document is in every chat, or it takes too long; then stop. Whether it was in time."""
        if self.process is None or self.process.poll() is not None:
            self.start()
        end = time.monotonic() + seconds
        while not self.drained() and time.monotonic() < end:
            time.sleep(0.1)
        done = self.drained()
        time.sleep(1.0)  # a repeat would come now; the last notes are written
        self.stop()
        return done

    # ---------------------------------------------------------------------------------------------- what must hold

    def alerts(self) -> Iterator[tuple[int, int, float]]:
        """(chat, document, when) of each alert, repeats included."""
        for arrival in list(self.peer.arrived):
            found = MARK.search(arrival.text.split("\n", 1)[0].translate(_BRACKETS))
            if found:
                yield arrival.chat, int(found[1]), arrival.at

    def repeats(self, cuts: int = 0) -> tuple[int, list[str]]:
        """How many alerts came again; and faults: a repeat without a kill, two of one kill in one chat.

        So many links that were cut after a message was taken may each cost a repeat too.
        """
        arrivals = defaultdict(list)
        for chat, number, at in self.alerts():
            arrivals[chat, number].append(at)
        total, by_kill, uncalled = 0, Counter[tuple[int, int]](), list[str]()
        for (chat, number), times in arrivals.items():
            for earlier, later in itertools.pairwise(times):
                total += 1
                kill = bisect.bisect(self.kills, earlier)
                if kill < len(self.kills) and self.kills[kill] < later:
                    by_kill[chat, kill] += 1
                else:
                    uncalled.append(f"document {number} came twice to chat {chat} without a kill between")
        faults = uncalled if len(uncalled) > cuts else []
        faults += [f"{n} repeats in chat {chat} of kill {kill}" for (chat, kill), n in by_kill.items() if n > 1]
        return total, faults

    def faults(self, cuts: int = 0) -> list[str]:
        """What does not hold of totals, repeats and the database, after `drain`."""
        there = {(chat, number) for chat, number, _ in self.alerts()}
        wanted = {(chat, number) for chat in self.chats for number in range(self.published)}
        lost = sorted(wanted - there)
        faults = [f"{len(lost)} alerts lost, such as {lost[0]}"] if lost else []
        return faults + self.repeats(cuts)[1] + self._faults_of_store()

    def _faults_of_store(self) -> list[str]:
        store = Sqlite(self.folder / "data" / FILE)
        try:
            faults = list(store.check())
            documents = store.count_documents()
        finally:
            store.close()
        if documents != self.published:
            faults.append(f"{documents} documents kept of {self.published}")
        per_chat = self.rows(
            "select d.chat_id, count(distinct o.alert_key) from deliveries o"
            " join destinations d on d.key = o.destination"
            " where o.kind = 'send' and o.alert_key <> '' and d.platform = 'telegram' group by d.chat_id"
        )
        faults += [f"chat {chat}: {n} alerts of {documents} documents" for chat, n in per_chat if n != documents]
        half = self.rows("select count(*) from documents where story_id = '' or seq is null")[0][0]
        faults += [f"{half} half-written documents"] if half else []
        left = self.rows("select state, count(*) from deliveries where state <> 'sent' group by state")
        return faults + [f"{n} deliveries are still {state}" for state, n in left]

    def rows(self, sql: str) -> list[tuple[int, int]]:
        """Asked of the database, whoever writes to it."""
        connection = sqlite3.connect(f"file:{self.folder / 'data' / FILE}?mode=ro", uri=True)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()


@contextmanager
def house(chats: Sequence[int] = CHATS, **more: str) -> Iterator[House]:
    """One in a folder of its own, whose chats are ready."""
    with tempfile.TemporaryDirectory() as folder, platform() as (peer, address):
        own = House(Path(folder), peer, address, chats, **more)
        try:
            own.settle_in()
            yield own
        finally:
            if own.process is not None and own.process.poll() is None:
                own.process.kill()
                own.process.wait(timeout=LONG)
