"""`ports.StoryStore` in SQLite."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.core.stories.memory import FORM
from bot.model import FingerprintRow, FingerprintRows, StoredDocument
from bot.stores import _wire
from bot.stores._sqlite_base import many
from bot.stores._sqlite_feeds import SqliteFeeds

_SAVE = """
insert into fingerprints (seq, form, document_id, story_id, seen_at, features)
select seq, ?, id, ?, ?, ? from documents where id = ?
on conflict (seq) do update set form = excluded.form, story_id = excluded.story_id, features = excluded.features
"""


class SqliteStories(SqliteFeeds):
    """What story grouping remembers, a blob for each document."""

    def save_fingerprints(self, rows: Sequence[FingerprintRow], *, dropped: Iterable[str] = ()) -> None:
        with self.atomic():
            self.run_many(
                _SAVE,
                [(FORM, row.story_id, _wire.micros(row.seen_at), row.features, row.document_id) for row in rows],
            )
            self.run(
                "update fingerprints set features = x'' where seq in"
                " (select seq from documents where id in (select value from json_each(?)))",
                (many(dropped),),
            )

    def fingerprints(self, *, after_seq: int = 0, since: datetime) -> FingerprintRows:
        rows = self.tuples(
            "select document_id, story_id, features, seq from fingerprints"
            " where seq > ? and seen_at >= ? and form = ? and features != x'' order by seq",
            (after_seq, _wire.micros(since), FORM),
        )
        if not rows:
            return FingerprintRows(last_seq=after_seq)
        ids, stories, features, seqs = zip(*rows, strict=True)
        return FingerprintRows(document_ids=ids, story_ids=stories, features=b"".join(features), last_seq=seqs[-1])

    def without_fingerprint(self, *, since: datetime, limit: int) -> list[StoredDocument]:
        return self._archive(
            "seq in (select d.seq from documents d where d.seen_at >= ? and not exists"
            " (select 1 from fingerprints f where f.seq = d.seq and f.form = ?) order by d.seq limit ?)",
            _wire.micros(since),
            FORM,
            limit,
        )

    def drop_fingerprints(self, before: datetime) -> int:
        with self.atomic():
            return self.run("delete from fingerprints where seen_at < ?", (_wire.micros(before),))
