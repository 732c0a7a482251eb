"""`ports.StoryStore` in SQLite."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.core.stories.evidence.stored import FORM as EVIDENCE_FORM
from bot.core.stories.memory import FORM
from bot.model import EvidenceRow, FingerprintRow, FingerprintRows, Item, StoredDocument, StoryLink
from bot.stores import _wire
from bot.stores._sqlite_base import many
from bot.stores._sqlite_paces import SqlitePaces

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

_SAVE_EVIDENCE = """
insert into evidence (seq, form, document_id, story_id, seen_at, features)
select seq, ?, id, ?, ?, ? from documents where id = ?
on conflict (seq) do update set form = excluded.form, story_id = excluded.story_id, features = excluded.features
"""


class SqliteStories(SqlitePaces):
    """What story grouping remembers, a blob for each document; what feeds call their items; links of stories."""

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
            self.run("delete from evidence where seen_at < ?", (_wire.micros(before),))
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

    def save_evidence(self, rows: Sequence[EvidenceRow]) -> None:
        values = [
            (EVIDENCE_FORM, row.story_id, _wire.micros(row.seen_at), row.features, row.document_id) for row in rows
        ]
        with self.atomic():
            self.run_many(_SAVE_EVIDENCE, values)

    def evidence(self, *, since: datetime) -> list[EvidenceRow]:
        rows = self.tuples(
            "select document_id, story_id, seen_at, features from evidence where seen_at >= ? and form = ?"
            " order by seq",
            (_wire.micros(since), EVIDENCE_FORM),
        )
        return [
            EvidenceRow(document_id=document, story_id=story, seen_at=_wire.instant(at), features=features)
            for document, story, at, features in rows
        ]

    def save_link(self, link: StoryLink) -> None:
        with self.atomic():
            self.run(
                "insert or replace into story_links (story_id, kind, other_id, why, at) values (?, ?, ?, ?, ?)",
                (link.story_id, link.kind, link.other_id, link.why, _wire.micros(link.at)),
            )

    def merge_stories(self, story_id: str, into_id: str, *, why: str, at: datetime) -> None:
        with self.atomic():
            mine = (into_id, story_id)
            self.run(
                "update ledger set story_id = ? where document_id in (select id from documents where story_id = ?)",
                mine,
            )
            for table in ("fingerprints", "evidence"):
                documents = "(select seq from documents where story_id = ?)"
                self.run(f"update {table} set story_id = ? where seq in {documents}", mine)
            self.run("update documents set story_id = ? where story_id = ?", mine)
            self.run("update items set story_id = ? where story_id = ?", mine)
            self.run("update or ignore marks set story_id = ? where story_id = ?", mine)
            self.run("update or ignore follows set story = ? where story = ?", mine)
            self.run("delete from follows where story = ?", (story_id,))
            self.run("update mutes set what = ? where what = ? and kind = 'story'", mine)
            self.run("update story_links set other_id = ? where other_id = ?", mine)
            for column in ("under", "related", "folded"):
                self.run(f"update alerts set {column} = ? where {column} = ? and {column} <> ''", mine)
            self.save_link(StoryLink(story_id=story_id, kind="merged", other_id=into_id, why=why, at=at))

    def links(self, story_ids: Iterable[str]) -> dict[str, StoryLink]:
        rows = self.rows(
            "select * from story_links where story_id in (select value from json_each(?))", (many(story_ids),)
        )
        return {
            row["story_id"]: StoryLink(
                story_id=row["story_id"],
                kind=row["kind"],
                other_id=row["other_id"],
                why=row["why"],
                at=_wire.instant(row["at"]),
            )
            for row in rows
        }


def _item(row: sqlite3.Row) -> Item:
    return Item(
        feed_id=row["feed_id"],
        name=row["name"],
        own=row["own"],
        document_id=row["document_id"],
        story_id=row["story_id"],
        old=bool(row["old"]),
    )
