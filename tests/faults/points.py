"""Death at named points of the real process: `python -m tests.faults points migrations backups`."""

import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from bot.stores.sqlite import SCHEMA
from tests.faults import launcher
from tests.faults.house import CHATS, House, Result, house
from tests.waiting import LONG

PATIENCE = 20.0  # seconds in which a point must be reached; more news comes meanwhile
COPY = "copy.db"


def crashed(times: int, names: Sequence[str] = (*launcher.POINTS,), seed: int = 9) -> Result:
    """At each point, at its first to twelfth call."""
    draw, faults = Random(seed), list[str]()
    with house() as own:
        typed = 0
        for name in names:
            for turn in range(times):
                own.publish(2)
                own.say(f"/watch xc{typed}x", CHATS[typed % len(CHATS)])
                typed += 1
                most = 12 if name in ("in the transaction", "before the request", "after the request") else 3
                own.start(launcher.program(name, 1 if turn == 0 or "command" in name else draw.randint(1, most)))
                if not _dies(own):
                    faults.append(f"“{name}” was not reached")
                    own.kill()
        own.drain(2 * own.published + 60)
        kept = own.rows("select count(*), count(distinct text) from rules where text like 'xc%'")[0]
        faults += [f"{kept[0]} rules ({kept[1]} different) of {typed} commands"] if kept != (typed, typed) else []
        faults += own.faults()
        return Result(
            "named crash points",
            f"{len(names)} x {times}",
            "the same; each command applied once",
            f"{own.published * len(CHATS)} alerts, {own.repeats()[0]} repeats, {typed} commands",
            faults,
        )


def _dies(own: House) -> bool:
    """Whether the process reached its point; news comes until it does."""
    assert own.process is not None
    for _ in range(5):
        try:
            code = own.process.wait(timeout=PATIENCE / 5)
        except subprocess.TimeoutExpired:
            own.publish()
            continue
        own.ended()
        return code == launcher.DIED
    return False


def migrated(times: int, names: Sequence[str] = (*launcher.IN_MIGRATIONS,)) -> Result:
    """Every start brings a new step; it dies in it, and the next start does it again."""
    faults, step = list[str](), 0
    with house() as own:
        schema = own.folder / "schema"
        shutil.copytree(SCHEMA, schema)
        for name in names:
            for _ in range(times):
                own.publish()
                (schema / f"{900 + step}_fault.sql").write_text(
                    f"create table fault_{step} (x text);\ninsert into fault_{step} select id from documents;\n"
                )
                step += 1
                own.start(launcher.program(name, 1, schema=schema))
                if not _dies(own):
                    faults.append(f"“{name}” was not reached")
                    own.kill()
                own.start(launcher.program("none", 1, schema=schema))
                time.sleep(1.5)
                own.kill()
        own.start(launcher.program("none", 1, schema=schema))
        own.drain(2 * own.published + 60)
        tables = own.rows("select count(*), 0 from sqlite_master where name like 'fault_%' and type = 'table'")[0][0]
        faults += [f"{tables} of {step} steps were done"] if tables != step else []
        return Result(
            "death in a migration",
            f"{len(names)} x {times}",
            "the next start does it whole; nothing lost",
            f"{step} steps, {own.published * len(CHATS)} alerts",
            faults + own.faults(),
        )


def backed_up(times: int, names: Sequence[str] = (*launcher.IN_BACKUPS,)) -> Result:
    """`watchword backup` dies while the service works; then one that may end, which must be whole."""
    faults = list[str]()
    with house() as own:
        target = own.folder / "copies" / COPY
        target.parent.mkdir()
        own.start()
        for name in names:
            for _ in range(times):
                own.publish()
                code = _watchword(own, *launcher.program(name, 1, "backup", str(target)))
                faults += [f"“{name}” was not reached"] if code != launcher.DIED else []
                faults += _damage(target)
        code = _watchword(own, "-m", "bot", "backup", str(target))
        faults += [f"the last backup ended with {code}"] if code else []
        faults += _damage(target) if target.exists() else ["there is no backup"]
        left = len(list(target.parent.iterdir())) - 1
        own.drain(2 * own.published + 60)
        return Result(
            "death in a backup",
            f"{len(names)} x {times}",
            "no damaged copy, the service goes on",
            f"{own.published * len(CHATS)} alerts, {left} unfinished copies left",
            faults + own.faults(),
        )


def _watchword(own: House, *words: str) -> int:
    ended = subprocess.run(
        [sys.executable, *words],
        cwd=own.folder,
        env=own.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=LONG,
        check=False,
    )
    return ended.returncode


def _damage(copy: Path) -> list[str]:
    if not copy.exists():
        return []
    connection = sqlite3.connect(copy)
    try:
        (problem,) = connection.execute("pragma integrity_check").fetchone()
    finally:
        connection.close()
    return [] if problem == "ok" else [f"a damaged copy: {problem}"]
