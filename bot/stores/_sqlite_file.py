"""The database file: looked at before it is trusted, locked while it is written, and its troubles told in words."""

import contextlib
import os
import sqlite3
import sys
import time
from collections.abc import Collection
from pathlib import Path

from bot.errors import StoreError
from bot.model import content_id
from bot.stores import _wire

if sys.platform != "win32":
    import fcntl

MIGRATION_SET = "watchword"
WAIT_SECONDS = 10.0
HASHES_CHECKED = 2000  # documents, the newest
CHECK_ALL_BYTES = 256 * 2**20  # read whole in about 0.2 s; beyond that a start checks all but the archive

# SQLite 3.7.0 to 3.51.2 can lose a commit when two connections write or checkpoint a WAL at the same moment.
LOSES_COMMITS = sqlite3.sqlite_version_info < (3, 51, 3)

_DAMAGED = (
    "Stop Watchword and put a backup in its place, or save what can be read:"
    " `sqlite3 watchword.db .recover | sqlite3 saved.db`. Nothing was written to the file."
)
_TROUBLES = {
    sqlite3.SQLITE_NOTADB: ("is not an SQLite database, or its beginning is damaged", _DAMAGED),
    sqlite3.SQLITE_CORRUPT: ("is damaged", _DAMAGED),
    sqlite3.SQLITE_FULL: (
        "cannot grow: the disk is full",
        "Free space on that disk; whatever was acknowledged is still there.",
    ),
    sqlite3.SQLITE_READONLY: (
        "is read-only",
        "Let the user that runs Watchword write to the file and to its folder.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "cannot be opened",
        "Check that its folder (WATCHWORD_DATA) is there and that the user that runs Watchword may write to it.",
    ),
    sqlite3.SQLITE_BUSY: (
        f"has been held by another process for more than {WAIT_SECONDS:.0f} seconds",
        "Look for a database tool or a second Watchword that keeps a transaction open, and end it.",
    ),
    sqlite3.SQLITE_IOERR: (
        "could not be read or written",
        "Look at the disk (space, quota, faults); whatever was acknowledged is still there.",
    ),
}


def as_store_error(error: sqlite3.Error, path: Path) -> Exception:
    """The StoreError for what SQLite reports about the file; `error` itself when that is a bug of ours."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    if "no such table" in str(error) or "no such column" in str(error):
        return StoreError(f"The database {path} has no schema yet ({error}).", cure="Run `watchword migrate`.")
    if "Could not decode to UTF-8" in str(error):
        code = sqlite3.SQLITE_CORRUPT
    trouble = _TROUBLES.get(code & 0xFF) if code is not None else None
    if trouble is None:
        return error
    what, cure = trouble
    return StoreError(f"The database {path} {what} ({error}).", cure=cure)


def create_private(path: Path) -> None:
    """A new file is its owner's alone; the files that SQLite puts beside it get the same mode."""
    with contextlib.suppress(OSError):  # it is there, or cannot be made: SQLite says so in better words
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def applied_steps(path: Path, known: Collection[str]) -> set[str]:
    """Which of the `known` schema steps the file has; none for a new one. Opens it read-only.

    Raises StoreError when it is damaged, newer than `known`, or somebody else's.
    """
    if not path.exists() or (path.is_file() and path.stat().st_size == 0):
        return set()
    if not path.is_file():
        raise StoreError(f"The database {path} is not a file.", cure="Move away what is there, or set WATCHWORD_DATA.")
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=WAIT_SECONDS)
        try:
            steps = _steps(connection, path)
            _refuse_newer(steps, known, path)
            problems = _problems(connection, path.stat().st_size)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise as_store_error(error, path) from error
    if problems:
        raise StoreError(f"The database {path} is damaged ({problems[0]}).", cure=_DAMAGED)
    return steps


def _steps(connection: sqlite3.Connection, path: Path) -> set[str]:
    tables = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
    if "_sqlite_migrations" in tables:
        rows = connection.execute("select name from _sqlite_migrations where migration_set = ?", (MIGRATION_SET,))
        return {name for (name,) in rows}
    if tables:
        raise StoreError(
            f"The database {path} is not Watchword's: it holds {', '.join(sorted(tables)[:3])}.",
            cure="Point WATCHWORD_DATA at another folder.",
        )
    return set()


def _refuse_newer(steps: set[str], known: Collection[str], path: Path) -> None:
    newer = sorted(steps - set(known))
    if newer:
        raise StoreError(
            f"The database {path} was written by a newer Watchword (it has {', '.join(newer)}).",
            cure="Start that newer version, or put back the backup from before the update.",
        )


def _problems(connection: sqlite3.Connection, size_bytes: int) -> list[str]:
    if size_bytes <= CHECK_ALL_BYTES:
        return quick_check(connection)
    names = connection.execute(
        "select name from sqlite_master where type = 'table' and name not in ('documents', 'archive_index_data')"
    ).fetchall()
    return [problem for (name,) in names for problem in quick_check(connection, name)]


def quick_check(connection: sqlite3.Connection, table: str = "") -> list[str]:
    """What SQLite finds wrong with the file or one table, a line each; empty when sound."""
    rows = connection.execute(f"pragma quick_check({table})" if table else "pragma quick_check").fetchall()
    return [line for line in (" ".join(str(row[0]).split()) for row in rows) if line != "ok"]


def text_hash(title: str, body: str) -> str:
    """Of a document's text as it arrived."""
    return content_id(_wire.scrub(title), _wire.scrub(body))


def changed_texts(connection: sqlite3.Connection) -> list[str]:
    """Which archived texts are no longer what arrived, of the newest; a line each."""
    sql = "select id, title, body, text_hash from documents where text_hash <> '' order by seq desc limit ?"
    rows = connection.execute(sql, (HASHES_CHECKED,)).fetchall()
    return [f"the text of document {row[0]} is not what arrived" for row in rows if text_hash(row[1], row[2]) != row[3]]


class WriteLock:
    """Lets one process at a time write, check-point or migrate; the system frees it when its holder dies."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def acquire(self) -> None:
        """Wait for it, at most WAIT_SECONDS. Raises StoreError."""
        if sys.platform == "win32":  # its Pythons bring a newer SQLite, whose own lock is enough
            return
        pause, waited = 0.001, 0.0
        while not self._taken():
            if waited > WAIT_SECONDS:
                what, cure = _TROUBLES[sqlite3.SQLITE_BUSY]
                raise StoreError(f"The database beside {self._path} {what}.", cure=cure)
            time.sleep(pause)
            waited += pause
            pause = min(pause * 2, 0.02)

    def _taken(self) -> bool:
        try:
            if self._file is None:
                self._file = self._opened()
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _opened(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            what, cure = _TROUBLES[sqlite3.SQLITE_CANTOPEN]
            raise StoreError(f"The lock file {self._path} {what} ({error.strerror}).", cure=cure) from error

    def release(self) -> None:
        """Let others write."""
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of the lock file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
