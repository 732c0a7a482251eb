"""Backups of the data folder: by hand, every night, and put back without a flood of alerts."""

import asyncio
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from bot.alone import take
from bot.config import Settings
from bot.errors import UserError, WatchwordError
from bot.pipeline.writer import Write
from bot.ports import Clock, Store
from bot.stores import _sqlite_copy as copying
from bot.stores.sqlite import FILE, SCHEMA

log = structlog.get_logger(__name__)

LOOKS = timedelta(minutes=10)  # between two looks whether today's backup is there
_NAMED = re.compile(r"watchword-\d{4}-\d\d-\d\d\.db")
_DRAFT = re.compile(rf"\.{_NAMED.pattern}\.[0-9a-f]{{8}}(?:-journal)?")


def due(names: Iterable[str], now: datetime) -> str:
    """The name of today's backup when it is not there yet, else "". Days are those of UTC."""
    name = f"watchword-{now:%Y-%m-%d}.db"
    return "" if name in set(names) else name


def superfluous(names: Iterable[str], kept: int) -> Sequence[str]:
    """The nightly backups that are older than the newest `kept`; files of other names are left alone."""
    ours = sorted(name for name in names if _NAMED.fullmatch(name))
    return ours[: max(0, len(ours) - kept)]


def unfinished(names: Iterable[str]) -> Sequence[str]:
    """What is left of backups during which the process died; nothing else writes here while a new one is made."""
    return [name for name in names if _DRAFT.fullmatch(name)]


def nightly(reader: Store, folder: Path, kept: int, now: datetime) -> str:
    """Write today's backup when it is missing, and remove old ones; the name of what was written, or "".

    In a thread of its own. Raises StoreError, OSError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = [path.name for path in folder.iterdir()]
    name = due(names, now)
    if name:
        reader.backup(folder / name)
    for old in [*superfluous([*names, name], kept), *unfinished(names)]:
        (folder / old).unlink(missing_ok=True)
    return name


class Daily:
    """Writes today's backup when it is missing, while others go on writing. `trouble`: why it could not, in words."""

    def __init__(self, store: Store, write: Write, settings: Settings, clock: Clock) -> None:
        self._store = store
        self._write = write
        self._settings = settings
        self._clock = clock
        self.trouble = ""

    async def run(self) -> None:
        """To be called now and then."""
        folder, kept = self._settings.backup_folder, self._settings.backups_kept
        if folder is None:
            return
        try:
            reader = await self._write(self._store.reader)
            try:
                name = await asyncio.to_thread(nightly, reader, folder, kept, self._clock())
            finally:
                reader.close()
            self.trouble = ""
            if name:
                log.info("a backup was written", file=name)
        except (OSError, WatchwordError) as error:
            self.trouble = f"the daily backup failed: {error}"
            log.error("the daily backup failed; it is tried again", error=str(error), folder=str(folder))


def restore(settings: Settings, file: Path, now: datetime) -> Path | None:
    """Put a backup in the place of the database; where that lies now. Raises UserError, StoreError.

    `Store.after_restore` follows, once it is open.
    """
    if settings.store != "sqlite":
        raise UserError(f"The store is {settings.store}.", cure="Restore it with its own tools.")
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    alone, lock = take(settings.data)
    try:
        if not alone:
            raise UserError("Watchword is running on this data folder.", cure="Stop it, then restore.")
        return copying.put_back(file, settings.data / FILE, {path.stem for path in SCHEMA.glob("*.sql")}, now)
    finally:
        if lock is not None:
            lock.close()
