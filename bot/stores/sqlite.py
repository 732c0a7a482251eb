"""The store in one SQLite file: the embedded default."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import StoreError
from bot.ports import Kit, Store
from bot.stores import _sqlite_copy as copying
from bot.stores import _sqlite_file as file
from bot.stores import _wire
from bot.stores._sqlite_archive import FOLDED_AS
from bot.stores._sqlite_belongings import SqliteBelongings
from bot.stores._sqlite_choices import SqliteChoices
from bot.stores._sqlite_condition import SqliteCondition
from bot.stores._sqlite_corrections import SqliteCorrections
from bot.stores._sqlite_inbox import SqliteInbox
from bot.stores._sqlite_outbox import SqliteOutbox
from bot.stores._sqlite_people import SqlitePeople
from bot.stores._sqlite_plans import SqlitePlans
from bot.stores._sqlite_stories import SqliteStories
from bot.stores._sqlite_users import SqliteUsers

if TYPE_CHECKING:
    from sqlite_utils import Database

SCHEMA = Path(__file__).parent / "schema"
FILE = "watchword.db"
BEFORE_UPDATE = "watchword-before-update.db"  # the copy that is kept when the schema changes


class Sqlite(
    SqliteStories,
    SqliteUsers,
    SqliteOutbox,
    SqliteInbox,
    SqliteCorrections,
    SqlitePlans,
    SqliteChoices,
    SqlitePeople,
    SqliteCondition,
    SqliteBelongings,
):
    """See `ports.Store`."""

    def migrate(self) -> list[str]:
        """See the port. The file is looked at read-only before anything is written to it."""
        steps = {path.stem: path for path in sorted(SCHEMA.glob("*.sql"))}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The folder {self.path.parent} cannot be made ({error.strerror}).",
                cure="Point WATCHWORD_DATA elsewhere.",
            ) from error
        self.identity.admit()
        known = file.applied_steps(self.path, steps)
        missing = steps.keys() - known
        if missing:
            self._refuse_unwritable()
        if missing and known:
            self._keep_copy()
        applied = self._apply(steps) if missing else []
        self._settle()
        return applied

    def _settle(self) -> None:
        """The database and its folder know each other from now on. Raises StoreError when the folder knows another."""
        try:
            if self.identity.is_settled(self.connection):
                return
            with self.atomic():
                self.identity.settle(self.connection)
        except sqlite3.Error as error:
            raise file.as_store_error(error, self.path) from error
        self.identity.note()

    def _apply(self, steps: dict[str, Path]) -> list[str]:
        from sqlite_utils import Migrations  # 0.2 s of start-up (click, dateutil): only where there is work for it

        migrations = Migrations(file.MIGRATION_SET)
        for name, path in steps.items():
            migrations(name=name)(_step(path.read_text(encoding="utf-8")))
        try:
            with self.writing():
                self.connection.execute("pragma journal_mode = wal")
        except sqlite3.Error as error:
            raise file.as_store_error(error, self.path) from error
        with self.atomic():
            todo = [step.name for step in migrations.pending(self.tables)]  # another process may have been faster
            migrations.apply(self.tables)
        return todo

    def _keep_copy(self) -> None:
        """Of the database as it is before its schema changes. Raises StoreError when there is no room for one."""
        try:
            self.backup(self.path.with_name(BEFORE_UPDATE))
        except (OSError, StoreError) as error:
            raise StoreError(
                f"The database cannot be copied before it is updated ({error}).",
                cure=f"Free {self.path.stat().st_size / 1e6:.0f} MB on that disk. Nothing was changed.",
            ) from error

    def _refuse_unwritable(self) -> None:
        place = self.path if self.path.exists() else self.path.parent
        if not os.access(place, os.W_OK):
            raise StoreError(
                f"The database {self.path} cannot be written.", cure="Let the user that runs Watchword write there."
            )

    def reader(self) -> Store:
        """See the port. In WAL a reader waits for no writer, and no writer for a reader."""
        return SqliteReader(self.path)

    def end_leases(self) -> None:
        """See the port."""
        with self.atomic():
            self.run("update feeds set leased_until = 0 where leased_until > 0")
            self.run("update correction_checks set leased_until = 0 where leased_until > 0")
            self.run("update deliveries set leased_until = 0 where state = 'sending'")

    def backup(self, file: Path, progress: Callable[[int, int], None] = lambda done, total: None) -> None:
        """See the port."""
        reader = SqliteReader(self.path)
        try:
            copying.copy_to(reader.connection, file, progress)
        finally:
            reader.close()

    def after_restore(self, now: datetime) -> int:
        """See the port."""
        self.end_leases()
        with self.atomic():
            at = _wire.micros(now)
            learn = "polled_at = null, alert_first_poll = 0, next_poll_at = ?"
            self.run(f"update feeds set {learn} where next_poll_at is not null", (at,))
            self.run("update commands set done = 1")
            why = "restored from a backup: it was probably sent after that was made"
            waiting = "state in ('pending', 'held', 'sending', 'unknown')"
            return self.run(f"update deliveries set state = 'dead', error = ? where {waiting}", (why,))

    def check(self) -> list[str]:
        """See the port."""
        return file.quick_check(self.connection) + file.changed_texts(self.connection)

    def close(self) -> None:
        """See the port."""
        if self._connection is not None:
            with suppress(StoreError, sqlite3.Error), self.writing():  # the last one to close check-points
                self._connection.close()
            self._connection = self._tables = None
        self.identity.closed()
        self._write_lock.close()


class SqliteReader(Sqlite):
    """The committed data, read-only: a connection of its own, which never check-points."""

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode=ro",
            uri=True,
            timeout=file.WAIT_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.row_factory = sqlite3.Row
        connection.execute("pragma query_only = on")
        return connection

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.connection.execute("begin")  # one view of the data for all that is asked within
        try:
            yield
        finally:
            self.connection.execute("rollback")

    def _in_step(self) -> dict[str, int]:
        """The counters. An index whose words are folded otherwise counts as none: the writer makes it anew."""
        counters = self._counters()
        if counters["archive folding"] != FOLDED_AS:
            counters["archive unindexed"] = int(self.rows("select coalesce(max(seq), 0) from documents")[0][0])
        return counters

    def run(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> int:
        """See the base: never."""
        raise StoreError("What thinks outside the writer thread may only read.")

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _step(script: str) -> "Callable[[Database], None]":
    """The migration that runs a script; `executescript` would commit the transaction that it is in."""

    def run(db: "Database") -> None:
        statement = ""
        for line in script.splitlines(keepends=True):
            statement += line
            if sqlite3.complete_statement(statement):
                db.conn.execute(statement)
                statement = ""

    return run


def connect(kit: Kit) -> Store:
    """The adapter: `watchword.db` in the data folder."""
    return Sqlite(kit.settings.data / FILE)
