"""The data folder: readable by its owner alone, and whether this process is the only one at work in it."""

import asyncio
import contextlib
import stat
from pathlib import Path
from typing import TextIO

import structlog

from bot.errors import UserError

log = structlog.get_logger(__name__)

TRIES, PAUSE = 30, 0.1  # seconds each
OTHERS = 0o077  # what group and others may do


def keep_private(folder: Path) -> None:
    """Make the folder where it is missing, and take it and what lies in it from everybody but its owner.

    A folder that others need to get through (the working directory, a home, /tmp) stays open; what lies in it does
    not. Raises OSError when it cannot be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    shared = {Path.cwd(), *Path.cwd().parents, Path.home(), *Path.home().parents}
    if folder.resolve() not in shared and not folder.stat().st_mode & stat.S_ISVTX:
        _close(folder)
    for entry in folder.iterdir():
        if not entry.is_symlink():
            _close(entry)


def _close(path: Path) -> None:
    """Links are left alone: what they lead to is not ours."""
    try:
        mode = stat.S_IMODE(path.lstat().st_mode)
        if mode & OTHERS:
            path.chmod(mode & ~OTHERS)
    except FileNotFoundError:  # another process made an end of it
        return
    except OSError as error:
        log.warning("others can read what is kept in the data folder", path=str(path), error=error.strerror)


def take(folder: Path) -> tuple[bool, TextIO | None]:
    """(alone, handle): alone when no other process has taken `folder`. Keep the handle open for as long as you work.

    After a `kill -9` the system has let go of the dead process's lock, so the next start knows that every lease in the
    store is void and need not wait for it to run out. Where there are no such locks (Windows), the leases run out.
    """
    try:
        import fcntl
    except ImportError:
        return False, None
    try:
        handle = (folder / "lock").open("a", encoding="utf-8")
    except OSError:  # a folder that cannot be written to: the store says so in better words
        return False, None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        alone = True
    except OSError:
        alone = False
    with contextlib.suppress(OSError):  # another process is at this very step
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)  # the others can see that somebody is here
    return alone, handle


async def refuse_company(handle: TextIO | None, folder: Path) -> None:
    """Raises UserError when another process serves the folder still: two would answer everything twice.

    `handle` is that of `take`, None when nobody else was there. A command that only looks is waited for.
    """
    if handle is None or await _are_others_gone(handle):
        return
    raise UserError(
        f"Watchword is running on {folder} already.", cure="Stop it first, or set WATCHWORD_DATA to another folder."
    )


async def _are_others_gone(handle: TextIO) -> bool:
    import fcntl

    for _ in range(TRIES):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            await asyncio.sleep(PAUSE)
        else:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return True
    return False
