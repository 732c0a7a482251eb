"""Whether this process is the only one at work in a data folder."""

import contextlib
from pathlib import Path
from typing import TextIO


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
