"""`ports.Rereads` in SQLite."""

import sqlite3
from datetime import datetime, timedelta

from bot.model import Reread, SilentEdit
from bot.stores import _wire
from bot.stores._sqlite_base import SqliteBase


class SqliteRereads(SqliteBase):
    """Articles that are read again."""

    def save_reread(self, reread: Reread) -> None:
        values = {
            "document_id": reread.document_id,
            "url": reread.url,
            "since": _wire.micros(reread.since),
            "next_at": _wire.micros_or_none(reread.next_at),
            "visits": reread.visits,
            "misses": reread.misses,
            "title": _wire.scrub(reread.title),
            "text": _wire.scrub(reread.text),
            "edits": _wire.dumps(tuple[SilentEdit, ...], reread.edits),
            "leased_until": 0,
        }
        changes = ", ".join(f"{name} = excluded.{name}" for name in values)
        with self.atomic():
            self.insert("rereads", values, f"on conflict (document_id) do update set {changes}")

    def reread(self, document_id: str) -> Reread | None:
        row = self.row("select * from rereads where document_id = ?", (document_id,))
        return _reread(row) if row else None

    def claim_rereads(self, now: datetime, *, limit: int, lease: timedelta) -> list[Reread]:
        at = _wire.micros(now)
        with self.atomic():
            rows = self.rows(
                "select * from rereads where next_at <= ? and leased_until <= ? order by next_at, document_id limit ?",
                (at, at, limit),
            )
            for row in rows:
                until = _wire.micros(now + lease)
                self.run("update rereads set leased_until = ? where document_id = ?", (until, row["document_id"]))
            return [_reread(row) for row in rows]


def _reread(row: sqlite3.Row) -> Reread:
    return Reread(
        document_id=row["document_id"],
        url=row["url"],
        since=_wire.instant(row["since"]),
        next_at=_wire.instant_or_none(row["next_at"]),
        visits=row["visits"],
        misses=row["misses"],
        title=row["title"],
        text=row["text"],
        edits=_wire.loads(tuple[SilentEdit, ...], row["edits"]),
    )
