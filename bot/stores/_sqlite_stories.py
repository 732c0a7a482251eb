"""`ports.StoryStore` in SQLite."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.core.stories.memory import FORM
from bot.model import FingerprintRow, FingerprintRows, Item, StoredDocument
from bot.stores import _wire
from bot.stores._sqlite_base import many
from bot.stores._sqlite_feeds import SqliteFeeds

_SAVE = """
insert into fingerprints (seq, form, document_id, story_id, seen_at, features)
select seq, ?, id, ?, ?, ? from documents where id = ?
on conflict (seq) do update set form = excluded.form, story_id = excluded.story_id, features = excluded.features
"""
_SAVE_ITEM = """
insert into items (feed_id, name, own, document_id, story_id, old) values (?, ?, ?, ?, ?, ?)
on conflict (feed_id, name) do update set
    own = excluded.own, document_id = excluded.document_id, story_id = excluded.story_id, old = excluded.old
"""


class SqliteStories(SqliteFeeds):
    """What story grouping remembers, a blob for each document; what feeds call their items."""

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

    def items(self, feed_id: str, names: Iterable[str]) -> dict[str, Item]:
        rows = self.rows(
            "select * from items where feed_id = ? and name in (select value from json_each(?))", (feed_id, many(names))
        )
        return {row["name"]: _item(row) for row in rows}

    def items_of(self, feed_id: str, document_ids: Iterable[str]) -> list[Item]:
        rows = self.rows(
            "select * from items where feed_id = ? and document_id in (select value from json_each(?)) order by name",
            (feed_id, many(document_ids)),
        )
        return [_item(row) for row in rows]

    def save_items(self, items: Sequence[Item]) -> None:
        with self.atomic():
            self.run_many(
                _SAVE_ITEM,
                [(item.feed_id, item.name, item.own, item.document_id, item.story_id, item.old) for item in items],
            )


def _item(row: sqlite3.Row) -> Item:
    return Item(
        feed_id=row["feed_id"],
        name=row["name"],
        own=row["own"],
        document_id=row["document_id"],
        story_id=row["story_id"],
        old=bool(row["old"]),
    )
