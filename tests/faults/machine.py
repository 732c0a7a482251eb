"""A machine that misbehaves: a full disk, a database that is held, a clock that is set."""

import resource
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from bot.stores.sqlite import FILE
from tests.faults.house import CHATS, House, Result, house

FAULT_SECONDS = 6
HELD_SECONDS = 13  # longer than a statement waits
JUMPS = ("+1d", "-1d", "+1h", "-1h")
WAIT_SECONDS = 45  # for news after the clock was set


def full(times: int) -> Result:
    """The files of the process cannot grow; then they can."""
    return _trouble("disk full, then not", times, _full)


def held(times: int) -> Result:
    """Another program is in the middle of a transaction."""
    return _trouble("another program holds the database", times, _held)


@contextmanager
def _full(own: House) -> Iterator[None]:
    assert own.process is not None
    data = own.folder / "data"
    largest = max(path.stat().st_size for path in (data / FILE, data / f"{FILE}-wal") if path.exists())
    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.prlimit(own.process.pid, resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
    yield
    time.sleep(FAULT_SECONDS)
    resource.prlimit(own.process.pid, resource.RLIMIT_FSIZE, unlimited)


@contextmanager
def _held(own: House) -> Iterator[None]:
    with closing(sqlite3.connect(own.folder / "data" / FILE, isolation_level=None)) as other:
        other.execute("begin immediate")
        yield
        time.sleep(HELD_SECONDS)
        other.execute("rollback")


def _trouble(name: str, times: int, fault: Callable[[House], AbstractContextManager[None]]) -> Result:
    with house() as own:
        own.start()
        own.wait_for_the_platform()
        assert own.process is not None
        for _ in range(times):
            with fault(own):
                own.publish(3)
            time.sleep(2)
        alive = own.process.poll() is None
        faults = [] if alive else ["the process ended"]
        own.drain(120 + 4 * own.published)
        return Result(
            name,
            f"{times}",
            "the process goes on; 0 lost, 0 repeats after it heals",
            f"{own.published * len(CHATS)} alerts, {own.repeats()[0]} repeats",
            faults + own.faults(),
        )


def clock(times: int) -> Result:
    """It is set by a day and an hour, ahead and back, while it runs."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
    must = f"0 lost, 0 repeats; news within {WAIT_SECONDS} s of each"
    if library is None:
        return Result("the clock is set", "-", must, "not run: libfaketime is missing (Debian: faketime)")
    slowest = 0.0
    with house() as own:
        stamp = own.folder / "clock"
        stamp.write_text("+0\n")
        fake = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(stamp),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        own.start(**fake)
        own.wait_for_the_platform()
        for jump in JUMPS * times:
            for there in (jump, "+0"):
                stamp.write_text(f"{there}\n")
                time.sleep(1)
                own.publish()
                began = time.monotonic()
                while not own.drained() and time.monotonic() < began + 2 * WAIT_SECONDS:
                    time.sleep(0.1)
                slowest = max(slowest, time.monotonic() - began)
        own.drain(60)
        faults = own.faults()
        faults += [f"news came after {slowest:.0f} s"] if slowest > WAIT_SECONDS else []
        return Result(
            "the clock is set by a day, an hour; and back",
            f"{2 * len(JUMPS) * times} times",
            must,
            f"{own.published * len(CHATS)} alerts, the slowest {slowest:.1f} s",
            faults,
        )
