"""Faults on purpose, against the real program: what must hold, and what was counted.

    python -m tests.faults [--full] [--only NAME] [--kills N]

Each row of docs/reliability.md is one of these. Exits 1 when something did not hold.
"""

import argparse
import random
import resource
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.stores.sqlite import FILE
from tests.fake_telegram import Refusal
from tests.faults.crashing import POINTS
from tests.faults.site import CHATS, Site, site

DRAIN = 240.0  # seconds for all that was queued to arrive, at the end


@dataclass(frozen=True)
class Row:
    """What was done, and what came of it."""

    injection: str
    size: str
    holds: bool
    measured: str


def kills(folder: Path, size: int) -> Iterator[Row]:
    """SIGKILL at any moment: while it starts, reads, decides, sends."""
    chance = random.Random(7)
    with site(folder) as there:
        there.settle()
        there.kill()
        done = 0
        while done < size:
            there.publish()
            there.start(wait=False)
            time.sleep(chance.choice((0.2, 0.8, 1.4)) + chance.random() * 1.6)
            there.kill()
            done += 1
        there.start()
        there.drain(DRAIN + size)
        yield _counted(there, f"kill -9 anywhere, {CHATS} lanes", f"{size} kills", size)


def _counted(there: Site, injection: str, size: str, most: int) -> Row:
    missing, repeats, broken = there.missing(), there.repeats(), there.broken()
    worst = max(repeats.values(), default=0)
    total = there.documents * CHATS
    words = f"{len(missing)} of {total:,} alerts lost; {sum(repeats.values())} repeats, at most {worst} in one chat"
    return Row(injection, size, not missing and not broken and worst <= most, "; ".join([words, *broken]))


def crash_points(folder: Path, size: int) -> Iterator[Row]:
    """It dies at a named point, at the first and later times that it comes by."""
    for place, point in enumerate(POINTS):
        with site(folder / str(place), WATCHWORD_BACKUP_FOLDER=str(folder / f"backups{place}")) as there:
            there.settle()
            there.kill()
            died = 0
            for number in range(size):
                there.publish(2)
                there.type(1 + number % CHATS, f"/list name{number} = a1, b1")
                if point == "in a migration":
                    shutil.rmtree(folder / str(place) / "backup", ignore_errors=True)
                there.settings["WATCHWORD_TEST_CRASH_AT"] = f"{point}:{1 + number % 3}"
                there.start("tests.faults.crashing", wait=False)
                assert there.process is not None
                Site.wait_for(lambda: there.process.poll() is not None, 40)
                died += there.process.poll() == 137
                if there.process.poll() is None:
                    there.kill()
            there.start()
            there.drain(DRAIN)
            lists = Site.wait_for(lambda: all(there.heard(f"name{n}") for n in range(size)), 60)
            row = _counted(there, f"dies {point}", f"{size} x, died {died}", size)
            yield Row(
                row.injection, row.size, row.holds and lists, row.measured + ("" if lists else "; a command lost")
            )


def commands(folder: Path, size: int) -> Iterator[Row]:
    """SIGKILL with many commands in the queue: none is lost, none is applied twice."""
    chance = random.Random(5)
    with site(folder) as there:
        there.settle()
        there.kill()
        for number in range(size):
            there.type(1 + number % CHATS, f"/watch beta{number} topic:beta{number}")
        died = 0
        while there.heard("“beta") < size and died < 60:
            there.start(wait=False)
            time.sleep(1.2 + chance.random() * 2.5)
            there.kill()
            died += 1
        there.start()
        Site.wait_for(lambda: there.heard("“beta") >= size, DRAIN)
        with closing(sqlite3.connect(folder / "data" / FILE)) as connection:
            saved = connection.execute(
                "select count(*), count(distinct topic) from rules where topic like 'beta%'"
            ).fetchone()
        answers = {line.split("“")[1] for line in _lines(there) if "Watching: rule" in line and "“beta" in line}
        holds = tuple(saved) == (size, size) and len(answers) == size
        words = f"{size - saved[1]} lost, {saved[0] - saved[1]} applied twice, {size - len(answers)} answers missing"
        yield Row("kill -9 with commands queued", f"{size} commands, {died} kills", holds, words)


def _lines(there: Site) -> list[str]:
    return [str(message["text"]).split("\n")[0] for message in there.fake.sent]


def platform(folder: Path, size: int) -> Iterator[Row]:
    """The platform is down, asks to wait, or accepts and cuts the link."""
    with site(folder / "down") as there:
        there.settle()
        there.fake.faults = [Refusal(502, "Bad Gateway")] * (size * 4)
        there.publish(size)
        Site.wait_for(lambda: not there.fake.faults, 120)
        there.drain(DRAIN)
        yield _counted(there, "platform answers 502", f"{size * 4} refusals", 0)
    with site(folder / "storm") as there:
        there.settle()
        times: list[tuple[float, int, bool]] = []
        _note_calls(there, times)
        there.fake.faults = [Refusal(429, "Too Many Requests: retry after 2", retry_after=2)] * size
        there.publish(size)
        there.drain(DRAIN)
        early = _early(times, 2.0)
        row = _counted(there, "429 storm", f"{size} refusals with Retry-After 2 s", 0)
        yield Row(row.injection, row.size, row.holds and not early, f"{row.measured}; {early} calls before its end")
    with site(folder / "dropped") as there:
        there.settle()
        there.fake.faults = ["drop" if number % 3 == 0 else "" for number in range(size * 3)]  # type: ignore[assignment]
        there.fake.faults = [fault for fault in there.fake.faults if fault] * 1
        cut = len(there.fake.faults)
        there.publish(size)
        there.drain(DRAIN)
        yield _counted(there, "accepted, then the link cut", f"{cut} times", cut)


def _note_calls(there: Site, times: list[tuple[float, int, bool]]) -> None:
    plain = there.fake._fault

    def noted(method: str):  # type: ignore[no-untyped-def]
        fault = plain(method)
        if method == "sendMessage":
            chat = int(there.fake.calls[-1][1]["chat_id"])
            times.append((time.monotonic(), chat, isinstance(fault, Refusal)))
        return fault

    there.fake._fault = noted  # type: ignore[method-assign]


def _early(times: list[tuple[float, int, bool]], seconds: float) -> int:
    """Calls to a chat before the pause that it was told was over."""
    until: dict[int, float] = {}
    early = 0
    for at, chat, refused in times:
        early += at < until.get(chat, 0) - 0.05
        if refused:
            until[chat] = at + seconds
    return early


def backlog(folder: Path, size: int) -> Iterator[Row]:
    """What waited while it was off drains at the legal rate: one message a second and chat."""
    with site(folder) as there:
        there.settle()
        there.kill()
        there.publish(size)
        times: list[tuple[float, int, bool]] = []
        _note_calls(there, times)
        there.start()
        there.drain(DRAIN)
        rates = []
        for chat in range(1, CHATS + 1):
            own = [at for at, whose, _ in times if whose == chat]
            rates.append((len(own) - 1) / (own[-1] - own[0]) if len(own) > 1 else 0.0)
        row = _counted(there, "a backlog drains", f"{size} alerts in each of {CHATS} chats", 0)
        least = min(rates)
        yield Row(
            row.injection, row.size, row.holds and least >= 0.95, f"{row.measured}; {least:.2f} of the legal rate"
        )


def restarts(folder: Path, size: int) -> Iterator[Row]:
    """SIGTERM at any moment, and a new start."""
    chance, slowest = random.Random(3), 0.0
    with site(folder) as there:
        there.settle()
        for _ in range(size):
            there.publish()
            time.sleep(chance.random() * 2)
            slowest = max(slowest, there.terminate())
            there.start()
        there.drain(DRAIN)
        row = _counted(there, "SIGTERM and a new start", f"{size} times", 0)
        yield Row(
            row.injection, row.size, row.holds and slowest <= 10, f"{row.measured}; gone after {slowest:.1f} s at most"
        )


def disk(folder: Path, size: int) -> Iterator[Row]:
    """The database cannot grow any more (RLIMIT_FSIZE), then it can; another program holds it."""
    with site(folder / "full") as there:
        there.settle()
        assert there.process is not None
        for _ in range(size):
            wal = there.folder / "data" / f"{FILE}-wal"
            limit = max(wal.stat().st_size, (there.folder / "data" / FILE).stat().st_size)
            resource.prlimit(there.process.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            there.publish(3)
            time.sleep(6)
            resource.prlimit(there.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            time.sleep(2)
        alive = there.process.poll() is None
        there.drain(DRAIN)
        row = _counted(there, "the disk is full, then it is not", f"{size} times 6 s", size)
        yield Row(row.injection, row.size, row.holds and alive, row.measured + ("" if alive else "; the process ended"))
    with site(folder / "locked") as there:
        there.settle()
        assert there.process is not None
        for _ in range(size):
            with closing(sqlite3.connect(there.folder / "data" / FILE, isolation_level=None)) as other:
                other.execute("begin immediate")
                there.publish(2)
                time.sleep(13)
                other.execute("rollback")
            time.sleep(1)
        alive = there.process.poll() is None
        there.drain(DRAIN)
        row = _counted(there, "another program holds the database", f"{size} times 13 s", size)
        yield Row(row.injection, row.size, row.holds and alive, row.measured + ("" if alive else "; the process ended"))


def clock(folder: Path, size: int) -> Iterator[Row]:
    """The clock is set while it runs (libfaketime)."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
    if library is None:
        yield Row("the clock is set", "-", True, "not run: libfaketime is missing (Debian: faketime)")
        return
    for number, (name, jump) in enumerate(
        (("+1 day", "+1d"), ("-1 day", "-1d"), ("+1 hour", "+1h"), ("-1 hour", "-1h"))
    ):
        stamp = folder / f"clock{number}.rc"
        folder.mkdir(parents=True, exist_ok=True)
        stamp.write_text("+0\n")
        fake = {
            "LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(stamp), "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }  # fmt: skip
        with site(folder / str(number), **fake) as there:
            there.settle()
            waits = []
            for _ in range(size):
                stamp.write_text(f"{jump}\n")
                time.sleep(3)
                there.publish()
                waits.append(there.drain(60))
                stamp.write_text("+0\n")
                time.sleep(3)
                there.publish()
                waits.append(there.drain(60))
            row = _counted(there, f"the clock is set by {name}, and back", f"{size} times", 0)
            yield Row(
                row.injection, row.size, row.holds and max(waits) < 45, f"{row.measured}; {max(waits):.1f} s at most"
            )


# name -> (what it does, size of the short form, of the full one)
INJECTIONS: dict[str, tuple[Callable[[Path, int], Iterator[Row]], int, int]] = {
    "kills": (kills, 20, 1000),
    "points": (crash_points, 1, 20),
    "commands": (commands, 100, 400),
    "platform": (platform, 6, 40),
    "backlog": (backlog, 15, 60),
    "restarts": (restarts, 5, 200),
    "disk": (disk, 1, 20),
    "clock": (clock, 1, 5),
}


def main() -> int:
    """Run them, print a table as it grows; 1 when something did not hold."""
    given = argparse.ArgumentParser()
    given.add_argument("--full", action="store_true", help="in the sizes of the goals (hours)")
    given.add_argument("--only", action="append", choices=INJECTIONS, help="only this one; may be repeated")
    given.add_argument("--size", type=int, help="another size")
    asked = given.parse_args()
    held = True
    print("| injection | size | measured | held |\n|---|---|---|---|", flush=True)
    for name, (injection, short, full) in INJECTIONS.items():
        if asked.only and name not in asked.only:
            continue
        with tempfile.TemporaryDirectory() as folder:
            for row in injection(Path(folder), asked.size or (full if asked.full else short)):
                held = held and row.holds
                print(
                    f"| {row.injection} | {row.size} | {row.measured} | {'yes' if row.holds else '**no**'} |",
                    flush=True,
                )
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
