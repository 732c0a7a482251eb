"""`ports.CorrectionStore` in SQLite."""

import sqlite3
from datetime import datetime, timedelta

from bot.model import Correction, CorrectionCheck
from bot.stores import _wire
from bot.stores._sqlite_base import SqliteBase


class SqliteCorrections(SqliteBase):
    """Articles that are read again."""

    def save_correction_check(self, check: CorrectionCheck) -> None:
        values = {
            "document_id": check.document_id,
            "url": check.url,
            "since": _wire.micros(check.since),
            "next_at": _wire.micros_or_none(check.next_at),
            "visits": check.visits,
            "misses": check.misses,
            "title": _wire.scrub(check.title),
            "text": _wire.scrub(check.text),
            "corrections": _wire.dumps(tuple[Correction, ...], check.corrections),
            "leased_until": 0,
        }
        changes = ", ".join(f"{name} = excluded.{name}" for name in values)
        with self.atomic():
            self.insert("correction_checks", values, f"on conflict (document_id) do update set {changes}")

    def correction_check(self, document_id: str) -> CorrectionCheck | None:
        row = self.row("select * from correction_checks where document_id = ?", (document_id,))
        return _check(row) if row else None

    def claim_correction_checks(self, now: datetime, *, limit: int, lease: timedelta) -> list[CorrectionCheck]:
        at = _wire.micros(now)
        with self.atomic():
            due = "next_at <= ? and leased_until <= ? order by next_at, document_id limit ?"
            rows = self.rows(f"select * from correction_checks where {due}", (at, at, limit))
            until = _wire.micros(now + lease)
            for row in rows:
                lease_it = "update correction_checks set leased_until = ? where document_id = ?"
                self.run(lease_it, (until, row["document_id"]))
            return [_check(row) for row in rows]


def _check(row: sqlite3.Row) -> CorrectionCheck:
    return CorrectionCheck(
        document_id=row["document_id"],
        url=row["url"],
        since=_wire.instant(row["since"]),
        next_at=_wire.instant_or_none(row["next_at"]),
        visits=row["visits"],
        misses=row["misses"],
        title=row["title"],
        text=row["text"],
        corrections=_wire.loads(tuple[Correction, ...], row["corrections"]),
    )
