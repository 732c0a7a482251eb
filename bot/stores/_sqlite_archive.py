"""The archive's index in SQLite: kept in step with the documents, asked by sieves (bot/core/archive/sieve.py)."""

import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from bot.core.archive import sieve
from bot.core.archive.sieve import Glance, Near, Part, Phrase, Sieve
from bot.stores import _wire
from bot.stores._sqlite_base import SqliteBase, many

FOLDING = 4  # grows when rules/words.py splits or folds otherwise
_ALONGSIDE = 4  # old documents that a new one takes into the index with it
_CHUNK = 500
_KNOWN = 200_000  # words that are remembered to be kept: about 25 MB
_LAST = "\U0010ffff"  # sorts behind every word


class SqliteArchive(SqliteBase):
    """The index: what of it is in memory only saves look-ups, and is forgotten when a transaction fails."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._known: set[str] = set()
        self._epoch = -1
        self._pending: list[str] = []  # ids of documents that this transaction archived and has not indexed yet

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """See the base. What was archived is indexed at the end: FTS5 writes to disk at each savepoint in between."""
        try:
            with super().atomic():
                yield
                if self._depth == 1:
                    self._index_pending()
        except BaseException:
            self._epoch = -1
            if not self._depth:
                self._pending = []
            raise

    # -------------------------------------------------------------------------------------------------- keeping it

    def index_documents(self, ids: Iterable[str]) -> None:
        """Take documents that were just archived into the index with this transaction. Inside `atomic`."""
        self._pending += ids

    def _index_pending(self) -> None:
        """Index what was archived and not undone, and some of the documents that wait. Inside `atomic`."""
        if not self._pending:
            return
        pending, self._pending = self._pending, []
        unindexed = self._in_step()["archive unindexed"]
        rows = self.rows(
            "select seq, title, body from documents where id in (select value from json_each(?)) order by seq",
            (many(pending),),
        )
        # Where the index was begun anew this moment, they wait with the others.
        self._index([row for row in rows if row["seq"] > unindexed])
        if unindexed:
            self.index_archive(limit=_ALONGSIDE * len(pending))

    def index_archive(self, *, limit: int) -> int:
        with self.atomic():
            self._index_pending()
            last = self._in_step()["archive unindexed"]
            rows = self.rows(
                "select seq, title, body from documents where seq <= ? order by seq desc limit ?", (last, limit)
            )
            self._index(rows)
            rest = rows[-1]["seq"] - 1 if len(rows) == limit and rows else 0
            self._set_counter("archive unindexed", rest)
            return int(self.rows("select count(*) from documents where seq <= ?", (rest,))[0][0]) if rest else 0

    def drop_from_index(self, before: datetime) -> None:
        """Forget documents that are about to be deleted. Inside `atomic`."""
        self._index_pending()
        last, dropped = self._in_step()["archive unindexed"], 0
        while True:
            rows = self.rows(
                "select seq, title, body from documents where seen_at < ? and seq > ? order by seq limit ?",
                (_wire.micros(before), last, _CHUNK),
            )
            self.run_many(
                "insert into archive_index (archive_index, rowid, title, body) values ('delete', ?, ?, ?)",
                [(row["seq"], *(sieve.entered(row[name]).tokens for name in ("title", "body"))) for row in rows],
            )
            dropped += len(rows)
            if len(rows) < _CHUNK:
                break
            last = rows[-1]["seq"]
        if dropped:
            self._forget_words(dropped)

    def _forget_words(self, dropped: int) -> None:
        """Take out words that no document has any more, when as many documents went as are left."""
        left = int(self.rows("select count(*) from documents")[0][0]) - dropped
        dropped += self._counters()["archive dropped"]
        if dropped >= left:
            self.run("delete from archive_words where word not in (select term from archive_terms)")
            self._set_counter("archive words", self._counters()["archive words"] + 1)
            dropped = 0
        self._set_counter("archive dropped", dropped)

    def _index(self, rows: Sequence[sqlite3.Row]) -> None:
        if not rows:
            return
        entries, written = [], set[str]()
        for row in rows:
            title, body = sieve.entered(row["title"]), sieve.entered(row["body"])
            entries.append((row["seq"], title.tokens, body.tokens))
            written |= title.written
            written |= body.written
        self.run_many("insert into archive_index (rowid, title, body) values (?, ?, ?)", entries)
        self._note(written - self._known)

    def _note(self, new: set[str]) -> None:
        """Keep words as they were written, if they are not kept yet; the latest are remembered."""
        pairs = {(sieve.token_of(word), sieve.spelling(word)) for word in new}
        self.connection.executemany("insert or ignore into archive_words values (?, ?)", pairs)
        if len(self._known) > _KNOWN:
            self._known.clear()
        self._known.update(word for word in new if len(word) <= sieve.LONGEST)

    def _in_step(self) -> dict[str, int]:
        """The counters, after making sure that the index folds words as the engine does. Inside `atomic`."""
        counters = self._counters()
        if counters["archive folding"] != FOLDED_AS:
            self.run("insert into archive_index (archive_index) values ('delete-all')")
            self.run("delete from archive_words")
            last = self.rows("select coalesce(max(seq), 0) from documents")[0][0]
            self._set_counter("archive unindexed", last)
            self._set_counter("archive folding", FOLDED_AS)
            self._set_counter("archive words", counters["archive words"] + 1)
            counters = self._counters()
        if counters["archive words"] != self._epoch:
            self._known, self._epoch = set(), counters["archive words"]
        return counters

    def _counters(self) -> dict[str, int]:
        counters = dict.fromkeys(("archive unindexed", "archive folding", "archive words", "archive dropped"), 0)
        rows = self.rows("select name, value from counters where name >= 'archive ' and name < 'archive!'")
        return counters | {row["name"]: row["value"] for row in rows}

    def _set_counter(self, name: str, value: int) -> None:
        tail = "on conflict (name) do update set value = excluded.value"
        self.insert("counters", {"name": name, "value": value}, tail)

    # --------------------------------------------------------------------------------------------------- asking it

    def sift(self, sieve: Sieve, channel_ids: Sequence[str] | None, *, since: datetime | None = None) -> list[Glance]:
        with self.atomic():
            self._index_pending()
            unindexed = self._in_step()["archive unindexed"]
        wanted, values = ["1"], {"channels": _many(channel_ids), "unindexed": unindexed, "since": _micros(since)}
        if sieve.groups:
            wanted.append("d.seq in (select rowid from archive_index where archive_index match :groups)")
            values["groups"] = " AND ".join(f"({_either(parts)})" for parts in sieve.groups)
        if sieve.absent:
            wanted.append("d.seq not in (select rowid from archive_index where archive_index match :absent)")
            values["absent"] = _either(sieve.absent)
        if not all(sieve.groups):
            wanted = ["0"]  # a group of nothing: no indexed document passes
        rows = self.rows(
            f"""
            select d.seq, d.id, d.story_id, {_AT} from documents d indexed by documents_glance
            where (d.seq <= :unindexed or {" and ".join(wanted)}) and {_AT} >= :since and {_FROM_CHANNELS}
            order by d.seq desc
            """,
            values,
        )
        return [Glance(seq, name, story, _wire.instant(at), seq > unindexed) for seq, name, story, at in rows]

    def count_channel_documents(self, channel_ids: Sequence[str] | None, *, since: datetime | None = None) -> int:
        sql = f"select count(*) from documents d indexed by documents_glance where {_AT} >= :since and {_FROM_CHANNELS}"
        return int(self.rows(sql, {"channels": _many(channel_ids), "since": _micros(since)})[0][0])

    def vocabulary(self) -> "SqliteVocabulary":
        with self.atomic():
            self._index_pending()
            self._in_step()
        return SqliteVocabulary(self)


class SqliteVocabulary:
    """See `bot.core.archive.sieve.ArchiveVocabulary`; nothing is kept in memory."""

    def __init__(self, store: SqliteBase) -> None:
        self._store = store

    @property
    def size(self) -> int:
        return int(self._store.rows("select count(*) from documents indexed by documents_glance")[0][0])

    def count(self, word: str) -> int:
        row = self._store.row("select doc from archive_terms where term = ?", (sieve.token(word),))
        return int(row[0]) if row else 0

    def words(self) -> Iterator[str]:
        return (row[0] for row in self._store.rows("select distinct word from archive_words order by word"))

    def spellings(self, *, start: str = "", inside: str = "") -> Iterator[tuple[str, str]]:
        rows = self._store.rows(
            f"""
            select word, spelling from archive_words
            where word >= :start and word < :start || '{_LAST}'
                and (:inside = '' or instr(word, :inside) > 0 or length(spelling) > {sieve.LONGEST})
            order by word, spelling
            """,
            {"start": start, "inside": inside},
        )
        return ((word, spelling) for word, spelling in rows)


FOLDED_AS = FOLDING * 1_000_000 + int("".join(f"{int(part):02}" for part in unicodedata.unidata_version.split(".")))
_AT = "min(d.seen_at, coalesce(d.published_at, d.seen_at))"
_FROM_CHANNELS = """
(:channels is null or exists (
    select 1 from feed_documents f
    where f.document_id = d.id and f.feed_id in (
        select feed_id from channel_feeds where channel_id in (select value from json_each(:channels))
    )
))
"""


def _many(channel_ids: Sequence[str] | None) -> str | None:
    return None if channel_ids is None else many(channel_ids)


def _micros(since: datetime | None) -> int:
    return -(2**62) if since is None else _wire.micros(since)


def _either(parts: Sequence[Part]) -> str:
    return " OR ".join(_quoted(part) for part in parts)


def _quoted(part: Part) -> str:
    """In FTS5's language. Every token stands in quotes: of 515 naughty strings 375 are syntax errors without."""
    if isinstance(part, Phrase):
        return f"{_column(part)}{_phrase(part)}"
    assert isinstance(part, Near)
    return f"{_column(part.left)}NEAR({_phrase(part.left)} {_phrase(part.right)}, {part.most})"


def _phrase(phrase: Phrase) -> str:
    return '"' + " ".join(phrase.tokens) + '"'


def _column(phrase: Phrase) -> str:
    return f"{phrase.field} : " if phrase.field else ""
