"""A copy of the database while it is written, and a copy put back in its place."""

import contextlib
import os
import secrets
import sqlite3
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

from bot.errors import StoreError, UserError
from bot.stores import _sqlite_file as file

PAGES = 512  # copied at a time, 2 MiB: between them others write
Progress = Callable[[int, int], None]  # pages done, pages in all


def copy_to(source: sqlite3.Connection, target: Path, progress: Progress) -> None:
    """All that is committed, as one file that was looked at before it gets its name. Raises StoreError, OSError."""
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        file.create_private(draft)
        copy = sqlite3.connect(draft)
        try:
            source.backup(copy, pages=PAGES, sleep=0.005, progress=lambda _, left, total: progress(total - left, total))
            copy.execute("pragma journal_mode = delete")  # one file, without a log beside it
            problems = file.quick_check(copy)
        finally:
            copy.close()
        if problems:
            raise StoreError(f"The copy is damaged ({problems[0]}).", cure="Look at the disk that it was written to.")
        _sync(draft)
        draft.replace(target)
        _sync(target.parent)
    except sqlite3.Error as error:
        raise file.as_store_error(error, target) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()


def put_back(copy: Path, path: Path, steps: Collection[str], now: datetime) -> Path | None:
    """Put a copy in the database's place; nobody may be at work in it. Where the old one lies now, if there was one.

    Raises UserError when the copy is none, StoreError when it is damaged or newer than this program.
    """
    if not copy.is_file():
        raise UserError(f"There is no file {copy}.", cure="Name a file that `watchword backup` wrote.")
    if not file.applied_steps(copy, steps):
        raise UserError(f"{copy} is empty.", cure="Name a file that `watchword backup` wrote.")
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    source = sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)
    try:
        copy_to(source, draft, lambda _done, _all: None)
    finally:
        source.close()
    kept = None
    if path.exists():
        kept = path.with_name(f"{path.stem}-before-{now:%Y%m%d-%H%M%S}{path.suffix}")
        path.replace(kept)
        for end in ("-wal", "-shm"):  # what was written last is in the log: it goes with its database
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + end).replace(kept.with_name(kept.name + end))
    with contextlib.suppress(FileNotFoundError):
        path.with_name(path.name + "-id").unlink()  # the copy brings its own
    draft.replace(path)
    _sync(path.parent)
    return kept


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
