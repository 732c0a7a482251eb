"""The program, made to die at a named point: `python -m tests.faults.launcher POINT NTH [--schema FOLDER] [WORD ...]`.

It wraps a function of the product and ends the process at the NTH call, before or after it, without any clean-up: what
kill -9 does, at a place of our choice. Nothing in the product knows of it. POINT may be `none`. The words are those of
`watchword`, `run` without any.
"""

import argparse
import asyncio
import functools
import importlib
import os
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

DIED = 86  # the exit code


class Point(NamedTuple):
    """Where: `module:Class.function`, or `module:function`; when: before or after its call, or of what it returns."""

    where: str
    when: str


POINTS = {
    "after the fetch": Point("bot.sources.directory:DirectorySource.poll", "after"),
    "in the transaction": Point("bot.pipeline.ingest:Ingest._queue", "after"),
    "before the commit": Point("bot.pipeline.ingest:Ingest._take_in", "after"),
    "after the commit": Point("bot.pipeline.ingest:Ingest.documents", "after"),
    "in the claim": Point("bot.pipeline.deliver:Deliver._in_words", "after"),
    "after the claim": Point("bot.pipeline.deliver:Deliver._written", "after"),
    "before the request": Point("bot.chats._telegram_chat:Telegram._post", "before"),
    "after the request": Point("bot.chats._telegram_chat:Telegram._post", "after"),
    "before the mark": Point("bot.pipeline.deliver:Deliver._note", "before"),
    "in the mark": Point("bot.stores._sqlite_outbox:SqliteOutbox.sent", "after"),
    "after the mark": Point("bot.pipeline.deliver:Deliver._note", "after"),
    "before a command is kept": Point("bot.pipeline.answer:Answer.receive", "before"),
    "after a command is kept": Point("bot.pipeline.answer:Answer.receive", "after"),
    "in a command": Point("bot.pipeline.answer:Answer._finish", "before"),
    "after a command": Point("bot.pipeline.answer:Answer._apply", "after"),
}
IN_MIGRATIONS = {
    "in the copy before a migration": Point("bot.stores._sqlite_copy:_sync", "before"),
    "after the copy": Point("bot.stores.sqlite:Sqlite._keep_copy", "after"),
    "in a migration": Point("bot.stores.sqlite:_step", "of it"),
    "after a migration": Point("bot.stores.sqlite:Sqlite._apply", "after"),
}
IN_BACKUPS = {
    "in a backup": Point("bot.stores._sqlite_copy:_sync", "before"),
    "before a backup is looked at": Point("bot.stores._sqlite_file:quick_check", "before"),
}


def owner_of(point: Point) -> tuple[Any, str]:
    """What has the function, and its name there."""
    module, _, path = point.where.partition(":")
    *classes, name = path.split(".")
    return functools.reduce(getattr, classes, importlib.import_module(module)), name


class Counted:
    """Ends the process at the nth call, in whichever thread."""

    def __init__(self, nth: int) -> None:
        self._left = nth
        self._lock = threading.Lock()

    def __call__(self) -> None:
        with self._lock:
            self._left -= 1
            if self._left == 0:
                os._exit(DIED)


def wrapped(function: Callable[..., Any], when: str, call: Callable[[], None]) -> Callable[..., Any]:
    """The function, with `call` before or after it, or after what it returns was called."""
    if when == "of it":
        return lambda *args: wrapped(function(*args), "after", call)
    if asyncio.iscoroutinefunction(function):

        @functools.wraps(function)
        async def waits(*args: Any, **kwargs: Any) -> Any:
            if when == "before":
                call()
            result = await function(*args, **kwargs)
            if when == "after":
                call()
            return result

        return waits

    @functools.wraps(function)
    def calls(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            call()
        result = function(*args, **kwargs)
        if when == "after":
            call()
        return result

    return calls


def prepare(name: str, nth: int, schema: Path | None) -> None:
    """Put the point into this process."""
    from bot.stores import sqlite

    if schema is not None:
        sqlite.SCHEMA = schema
    point = {**POINTS, **IN_MIGRATIONS, **IN_BACKUPS}.get(name)
    if point is not None:
        owner, attribute = owner_of(point)
        setattr(owner, attribute, wrapped(getattr(owner, attribute), point.when, Counted(nth)))


def program(name: str, nth: int, *words: str, schema: Path | None = None) -> Sequence[str]:
    """The arguments of Python that run the program so."""
    folder = ("--schema", str(schema)) if schema else ()
    return ("-m", "tests.faults.launcher", *folder, name, str(nth), *words)


def main() -> None:
    """Run it."""
    given = argparse.ArgumentParser()
    given.add_argument("name")
    given.add_argument("nth", type=int)
    given.add_argument("words", nargs="*")
    given.add_argument("--schema", type=Path)
    asked = given.parse_args()
    prepare(asked.name, asked.nth, asked.schema)
    from bot.__main__ import main as watchword

    sys.argv = ["watchword", *(asked.words or ["run"])]
    watchword(prog_name="watchword")


if __name__ == "__main__":
    main()
