"""`ports.ChoiceStore` in SQLite."""

import sqlite3
from dataclasses import replace

from bot.model import AuditEntry, Destination, Preferences, User
from bot.stores import _wire
from bot.stores._sqlite_base import PERSON, SqliteBase, user_of

_ENTRY = f"select a.number, a.entry, a.undone_by, {PERSON} from audit a left join users u on u.key = a.undone_by"


class SqliteChoices(SqliteBase):
    """Preferences, and the audit log of each chat."""

    def preferences(self, whose: Destination | User) -> Preferences:
        row = self.row(f"select chosen from preferences where {_column(whose)} = ?", (whose.key,))
        return _wire.loads(Preferences, row["chosen"]) if row else Preferences()

    def save_preferences(self, whose: Destination | User, chosen: Preferences) -> None:
        column = _column(whose)
        with self.atomic():
            key = self.place(whose) if isinstance(whose, Destination) else self.person(whose)
            values = {column: key, "chosen": _wire.dumps(Preferences, chosen)}
            self.insert("preferences", values, f"on conflict ({column}) do update set chosen = excluded.chosen")

    def add_audit_entry(self, entry: AuditEntry) -> AuditEntry:
        with self.atomic():
            place = self.place(entry.destination)
            kept = replace(entry, number=self.count(f"audit {place}"))
            values = {
                "destination": place,
                "number": kept.number,
                "user": self.person(entry.user),
                "at": _wire.micros(entry.at),
                "entry": _wire.dumps(AuditEntry, kept),
            }
            self.insert("audit", values)
            return kept

    def audit_entry(self, destination: Destination, number: int) -> AuditEntry | None:
        row = self.row(f"{_ENTRY} where a.destination = ? and a.number = ?", (destination.key, number))
        return _entry(row) if row else None

    def audit_entries(self, destination: Destination, *, limit: int) -> list[AuditEntry]:
        rows = self.rows(f"{_ENTRY} where a.destination = ? order by a.number desc limit ?", (destination.key, limit))
        return [_entry(row) for row in rows]

    def mark_undone(self, destination: Destination, number: int, by: User) -> None:
        with self.atomic():
            values = (self.person(by), destination.key, number)
            self.run("update audit set undone_by = ? where destination = ? and number = ?", values)


def _column(whose: Destination | User) -> str:
    return "destination" if isinstance(whose, Destination) else "user"


def _entry(row: sqlite3.Row) -> AuditEntry:
    by = user_of(row) if row["undone_by"] else None
    return replace(_wire.loads(AuditEntry, row["entry"]), undone_by=by)
