"""Which database belongs to a data folder: one that is gone, emptied or replaced is not taken for a fresh start.

The file carries an id (SQLite's `application_id`), and the id lies beside it too, in `watchword.db-id`. A copy has the
same id as what it is a copy of, so a backup can be put back; another installation's database has not.
"""

import contextlib
import os
import secrets
import sqlite3
from pathlib import Path

from bot.errors import StoreError

_ID_AT, _ID_BYTES = 68, 4  # of a database file: https://sqlite.org/fileformat.html#application_id


class Identity:
    """The id of one database file, and whether the file at that path is still the one that was opened."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._note = path.with_name(path.name + "-id")
        self._id = 0
        self._file: int | None = None  # kept open as long as the connection: closing it would drop SQLite's locks
        self._on_disk = False  # the id was seen in the file itself: a new one is in the write-ahead log for a while

    # ------------------------------------------------------------------------------------------------------ at a start

    def admit(self) -> None:
        """Raises StoreError when this folder had a database, and it is gone or empty now. Before the file is made."""
        if self._noted() is None:
            return
        try:
            size_bytes = self._path.stat().st_size
        except OSError:
            size_bytes = -1
        if size_bytes <= 0:
            raise self._refusal("is not there any more" if size_bytes else "is empty")

    def settle(self, connection: sqlite3.Connection) -> None:
        """Give a database without an id one, and note it. Inside a transaction. Raises StoreError for a foreign one."""
        known, noted = _id_of(connection), self._noted()
        if noted is not None and known != noted:
            raise self._refusal("is not the one that was here before")
        if not known:
            known = secrets.randbelow(2**31 - 1) + 1
            connection.execute(f"pragma application_id = {known}")
        self._id = known

    def is_settled(self, connection: sqlite3.Connection) -> bool:
        """Whether there is nothing to do for `settle`."""
        self._id = _id_of(connection)
        return self._id != 0 and self._id == self._noted()

    def note(self) -> None:
        """Keep the id beside the database, once it is committed there."""
        draft = self._note.with_name(f"{self._note.name}.{secrets.token_hex(4)}")
        with contextlib.suppress(OSError):  # a folder that cannot be written to has more to complain of than this
            file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(file, "w", encoding="ascii") as lines:
                lines.write(f"{self._id}\n")
                lines.flush()
                os.fsync(lines.fileno())
            draft.replace(self._note)

    def _noted(self) -> int | None:
        try:
            text = self._note.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError):
            return 0
        return int(text) if text.isdecimal() and len(text) <= 10 else 0

    # ---------------------------------------------------------------------------------------------------- while it runs

    def opened(self) -> None:
        """The file is about to be opened."""
        self.closed()
        with contextlib.suppress(OSError):
            self._file = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)

    def closed(self) -> None:
        """The connection is closed."""
        if self._file is not None:
            os.close(self._file)
        self._file, self._on_disk = None, False

    def confirm(self) -> None:
        """Raises StoreError when the path leads to another file by now, or what is in it is another database: before
        each transaction, for what is written to a file that nobody finds again is lost.
        """
        if self._file is None or os.name == "nt":
            return
        try:
            there, ours = self._path.stat(), os.fstat(self._file)
        except OSError:
            raise self._refusal("is not there any more") from None
        if (there.st_dev, there.st_ino) != (ours.st_dev, ours.st_ino):
            raise self._refusal("was replaced while Watchword runs")
        header = os.pread(self._file, _ID_BYTES, _ID_AT)
        on_disk = int.from_bytes(header, "big")
        if self._on_disk and not header:
            raise self._refusal("is empty")
        if self._id and on_disk != self._id and (on_disk or self._on_disk):
            raise self._refusal("was replaced while Watchword runs")
        self._on_disk = self._on_disk or (self._id != 0 and on_disk == self._id)

    def _refusal(self, what: str) -> StoreError:
        return StoreError(
            f"The database {self._path} {what}.",
            cure="Stop Watchword, put the database or a backup of it back and start it again; or, to begin anew"
            f" with what is there, delete {self._note}.",
        )


def _id_of(connection: sqlite3.Connection) -> int:
    return int(connection.execute("pragma application_id").fetchone()[0])
