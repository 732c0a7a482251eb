"""What the parts of the SQLite store share: the connection, the transaction, people and places."""

import json
import sqlite3
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import StoreError
from bot.model import Destination, User
from bot.stores import _sqlite_file as file
from bot.stores import _wire
from bot.stores._sqlite_identity import Identity

if TYPE_CHECKING:
    from sqlite_utils import Database

PLACE = (
    "d.platform as d_platform, d.workspace as d_workspace, d.chat_id as d_chat_id,"
    " d.thread_id as d_thread_id, d.user_id as d_user_id"
)
PERSON = "u.platform as u_platform, u.workspace as u_workspace, u.user_id as u_user_id, u.name as u_name"


class SqliteBase:
    """One connection, used by one thread at a time (a mutex sees to it). Opens the file when first asked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._tables: Database | None = None
        self._depth = 0
        self._mutex = threading.RLock()
        self.identity = Identity(path)
        self._write_lock = file.WriteLock(path.with_name(path.name + "-lock"))

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection; opened now if it is not."""
        if self._connection is None:
            try:
                self._connection = self._open()
            except sqlite3.Error as error:
                raise file.as_store_error(error, self.path) from error
        return self._connection

    def _open(self) -> sqlite3.Connection:
        file.create_private(self.path)
        self.identity.opened()
        connection = sqlite3.connect(
            self.path, timeout=file.WAIT_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        connection.row_factory = sqlite3.Row
        # NORMAL lost acknowledged commits in 256 of 300 simulated power cuts, FULL in none.
        connection.execute("pragma synchronous = full")
        connection.execute("pragma foreign_keys = on")
        return connection

    @property
    def tables(self) -> "Database":
        """sqlite-utils' view of the same connection: for migrations, which a warm start does without."""
        if self._tables is None:
            from sqlite_utils import Database

            self._tables = Database(self.connection, recursive_triggers=False, execute_plugins=False)
        return self._tables

    # ------------------------------------------------------------------------------------------------- transactions

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """See `ports.Store`. A nested block is a savepoint: caught outside it, an exception undoes that block only."""
        with self._mutex, self._savepoint() if self._depth else self._transaction():
            self._depth += 1
            try:
                yield
            except sqlite3.Error as error:
                raise file.as_store_error(error, self.path) from error
            finally:
                self._depth -= 1

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        connection = self.connection
        with self.writing():
            self.identity.confirm()
            try:
                connection.execute("begin immediate")  # a deferred one fails at once when another process writes
                yield
                connection.execute("commit")
            except BaseException as error:
                if connection.in_transaction:
                    connection.execute("rollback")
                if isinstance(error, sqlite3.Error):
                    raise file.as_store_error(error, self.path) from error
                raise

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        connection, name = self.connection, f"depth_{self._depth}"
        self._still_in_transaction()
        connection.execute(f"savepoint {name}")
        try:
            yield
        except BaseException:
            if connection.in_transaction:
                connection.execute(f"rollback to {name}")
                connection.execute(f"release {name}")
            raise
        self._still_in_transaction()
        connection.execute(f"release {name}")

    def _still_in_transaction(self) -> None:
        """A full disk makes SQLite undo the whole transaction by itself: what follows must not commit on its own."""
        if not self.connection.in_transaction:
            raise StoreError(f"The database {self.path} undid the transaction.", cure="See the error before this one.")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """While this runs no other process writes or check-points, where SQLite itself does not see to that."""
        if not file.LOSES_COMMITS:
            yield
            return
        self._write_lock.acquire()
        try:
            yield
        finally:
            self._write_lock.release()

    # --------------------------------------------------------------------------------------------------- statements

    def rows(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[sqlite3.Row]:
        """All rows of a query."""
        with self._mutex:
            try:
                return self._execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise file.as_store_error(error, self.path) from error

    def tuples(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """All rows of a query without the names of their columns: half the time where there are a hundred thousand."""
        with self._mutex:
            try:
                cursor = self.connection.cursor()
                cursor.row_factory = None
                return cursor.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise file.as_store_error(error, self.path) from error

    def row(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> sqlite3.Row | None:
        """The first row of a query, if any."""
        rows = self.rows(sql, values)
        return rows[0] if rows else None

    def run(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> int:
        """A statement inside `atomic`; how many rows it changed."""
        self._still_in_transaction()
        return self._execute(sql, values).rowcount

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """One statement for each row of values, in their order. Inside `atomic`."""
        self._still_in_transaction()
        waiting = deque(rows)
        try:
            self.connection.executemany(sql, _taken(waiting))
        except UnicodeEncodeError:  # a lone surrogate in the row at the head; those before it are done
            self.connection.executemany(sql, [_wire.scrub(tuple(row)) for row in waiting])

    def insert(self, table: str, values: Mapping[str, Any], tail: str = "") -> bool:
        """One new row; False when `tail` ("on conflict do nothing") made it nothing."""
        marks = ", ".join("?" * len(values))
        return self.run(f"insert into {table} ({', '.join(values)}) values ({marks}) {tail}", [*values.values()]) > 0

    def count(self, name: str) -> int:
        """The counter of that name, one higher. Inside `atomic`."""
        self.insert("counters", {"name": name, "value": 1}, "on conflict (name) do update set value = value + 1")
        row = self.row("select value from counters where name = ?", (name,))
        assert row is not None, "just counted"
        return int(row[0])

    def _execute(self, sql: str, values: Sequence[Any] | Mapping[str, Any]) -> sqlite3.Cursor:
        try:
            return self.connection.execute(sql, values)
        except UnicodeEncodeError:  # a lone surrogate somewhere: rare, so looked for only now
            if isinstance(values, Mapping):
                return self.connection.execute(sql, {name: _wire.scrub(value) for name, value in values.items()})
            return self.connection.execute(sql, _wire.scrub(tuple(values)))

    # -------------------------------------------------------------------------------------------- people and places

    def place(self, destination: Destination) -> str:
        """The destination's key, after making sure that its row is there. Inside `atomic`."""
        self.insert(
            "destinations",
            {
                "key": destination.key,
                "platform": destination.platform,
                "workspace": destination.workspace,
                "chat_id": destination.chat_id,
                "thread_id": destination.thread_id,
                "user_id": destination.user_id,
            },
            "on conflict (key) do update set user_id = excluded.user_id"
            " where excluded.user_id not in ('', destinations.user_id)",
        )
        return destination.key

    def person(self, user: User) -> str:
        """The user's key, after making sure that the row is there with the latest name. Inside `atomic`."""
        self.insert(
            "users",
            {
                "key": user.key,
                "platform": user.platform,
                "workspace": user.workspace,
                "user_id": user.user_id,
                "name": user.name,
            },
            "on conflict (key) do update set name = excluded.name where excluded.name not in ('', users.name)",
        )
        return user.key


def _taken(waiting: deque[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """The rows, each of which leaves the queue when the next one is asked for."""
    while waiting:
        yield waiting[0]
        waiting.popleft()


def destination_of(row: sqlite3.Row) -> Destination:
    """From the columns of PLACE."""
    return Destination(
        platform=row["d_platform"],
        workspace=row["d_workspace"],
        chat_id=row["d_chat_id"],
        thread_id=row["d_thread_id"],
        user_id=row["d_user_id"],
    )


def user_of(row: sqlite3.Row) -> User:
    """From the columns of PERSON."""
    return User(platform=row["u_platform"], workspace=row["u_workspace"], user_id=row["u_user_id"], name=row["u_name"])


def many(texts: Iterable[str]) -> str:
    """One parameter for any number of texts: `x in (select value from json_each(?))`."""
    return json.dumps(list(texts), ensure_ascii=False)
