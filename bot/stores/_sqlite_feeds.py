"""`ports.FeedStore` and `Archive` in SQLite: feeds, the archive, stories."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.model import Arrival, Feed, Health, StoredDocument
from bot.ports.stores.archive import STORY_FIRST, STORY_NEWEST
from bot.stores import _sqlite_file as file
from bot.stores import _wire
from bot.stores._sqlite_archive import SqliteArchive
from bot.stores._sqlite_base import many
from rules.document import Document

_FEED = (
    "select f.*, (select min(every) from channel_feeds where feed_id = f.id) as every,"
    " (select count(*) from channel_feeds where feed_id = f.id and every is null) as learning"
)
_MICROSECOND = timedelta(microseconds=1)
_ID_IN = "id in (select value from json_each(?))"
_DOCUMENT_COLUMNS = (
    "id, title, body, url, author, lang, tags, site, source, country, published_at, received_at,"
    " feed_id, story_id, seen_at, text_hash, relation"
)
_ADD_DOCUMENT = f"insert into documents ({_DOCUMENT_COLUMNS}) values ({', '.join('?' * 17)})"
_ADD_GIVEN = "insert into feed_documents (feed_id, document_id) values (?, ?) on conflict do nothing"

_OF_STORY = (
    "(seq in (select seq from documents where story_id = ? order by seq limit ?)"
    " or seq in (select seq from documents where story_id = ? order by seq desc limit ?))"
)

_DAY = 86_400_000_000  # microseconds
_DAYS = """
    with recursive days (day) as (
        select min(seen_at) / :length * :length from documents
        union all
        select (select min(seen_at) from documents where seen_at >= day + :length) / :length * :length
        from days where day is not null
    )
    select day from days where day is not null
"""


class SqliteFeeds(SqliteArchive):
    """Feeds, the archive, stories."""

    def add_feed(self, feed: Feed, channel_id: str) -> Feed:
        with self.atomic():
            self.insert("feeds", {"id": feed.id, **_feed_values(feed)}, "on conflict do nothing")
            self.insert("channel_feeds", {"channel_id": channel_id, "feed_id": feed.id}, "on conflict do nothing")
            kept = self.feed(feed.id)
            assert kept is not None, "just inserted"
            return kept

    def remove_feed(self, feed_id: str, channel_id: str) -> bool:
        with self.atomic():
            return self.run("delete from channel_feeds where channel_id = ? and feed_id = ?", (channel_id, feed_id)) > 0

    def feed(self, feed_id: str) -> Feed | None:
        row = self.row(f"{_FEED} from feeds f where f.id = ?", (feed_id,))
        return _feed(row) if row else None

    def feeds(self, channel_id: str) -> list[Feed]:
        rows = self.rows(
            f"{_FEED} from channel_feeds c join feeds f on f.id = c.feed_id where c.channel_id = ? order by c.seq",
            (channel_id,),
        )
        return [_feed(row) for row in rows]

    def feed_channels(self, feed_id: str) -> set[str]:
        return {row[0] for row in self.rows("select channel_id from channel_feeds where feed_id = ?", (feed_id,))}

    def holds(self, channel_id: str, feed_id: str) -> bool:
        held = "select 1 from channel_feeds where channel_id = ? and feed_id = ?"
        return self.row(held, (channel_id, feed_id)) is not None

    def claim_feeds(self, now: datetime, *, limit: int, lease: timedelta) -> list[Feed]:
        with self.atomic():
            rows = self.rows(
                f"""
                {_FEED} from feeds f
                where next_poll_at <= :now and leased_until <= :now
                    and exists (select 1 from channel_feeds where feed_id = f.id)
                order by next_poll_at, id limit :limit
                """,
                {"now": _wire.micros(now), "limit": limit},
            )
            for row in rows:
                self.run("update feeds set leased_until = ? where id = ?", (_wire.micros(now + lease), row["id"]))
            return [_feed(row) for row in rows]

    def save_feed(self, feed: Feed) -> None:
        values = _feed_values(feed)
        assignments = ", ".join(f"{name} = ?" for name in values)
        with self.atomic():
            self.run(f"update feeds set {assignments}, leased_until = 0 where id = ?", [*values.values(), feed.id])

    # ------------------------------------------------------------------------------------------------- the archive

    def known_documents(self, feed_id: str, ids: Iterable[str]) -> set[str]:
        rows = self.rows(
            "select document_id from feed_documents"
            " where feed_id = ? and document_id in (select value from json_each(?))",
            (feed_id, many(ids)),
        )
        return {row[0] for row in rows}

    def add_document(self, document: Document, *, feed_id: str, story_id: str, seen_at: datetime) -> bool:
        arrival = Arrival(document=document, feed_id=feed_id, story_id=story_id, seen_at=seen_at)
        return document.id in self.add_documents([arrival])

    def add_documents(self, arrivals: Sequence[Arrival]) -> set[str]:
        with self.atomic():
            held = self._held(arrival.document.id for arrival in arrivals)
            new: dict[str, Arrival] = {}
            for arrival in arrivals:
                if arrival.document.id not in held:
                    new.setdefault(arrival.document.id, arrival)
            self.run_many(_ADD_DOCUMENT, map(_document_values, new.values()))
            self.run_many(_ADD_GIVEN, [(arrival.feed_id, arrival.document.id) for arrival in arrivals])
            self.index_documents(new)
            return {*new}

    def _held(self, ids: Iterable[str]) -> set[str]:
        return {row[0] for row in self.rows(f"select id from documents where {_ID_IN}", (many(ids),))}

    def document(self, document_id: str) -> StoredDocument | None:
        row = self.row("select * from documents where id = ?", (document_id,))
        return _stored(row) if row else None

    def documents_by_id(self, ids: Iterable[str]) -> dict[str, StoredDocument]:
        return {row["id"]: _stored(row) for row in self.rows(f"select * from documents where {_ID_IN}", (many(ids),))}

    def document_by_url(self, url: str) -> StoredDocument | None:
        places = "(url = ? or (url > ? || '#' and url < ? || '$'))"  # $ comes after #
        query = f"select * from documents where {places} order by seq desc limit 1"
        row = self.row(query, (url, url, url)) if url else None
        return _stored(row) if row else None

    def documents(self, *, after_seq: int = 0, since: datetime | None = None) -> list[StoredDocument]:
        if since is None:
            return self._archive("seq > ?", after_seq)
        if after_seq:  # the unary plus leaves the short way, by seq, to the planner
            return self._archive("seq > ? and +seen_at >= ?", after_seq, _wire.micros(since))
        return self._archive("seen_at >= ?", _wire.micros(since))

    def channel_documents(self, channel_ids: Sequence[str], *, limit: int) -> list[StoredDocument]:
        rows = self.rows(
            """
            select * from documents where seq in (
                select d.seq from channel_feeds c
                join feed_documents f on f.feed_id = c.feed_id join documents d on d.id = f.document_id
                where c.channel_id in (select value from json_each(?))
                group by d.seq order by d.seq desc limit ?
            ) order by seq desc
            """,
            (many(channel_ids), limit),
        )
        return [_stored(row) for row in rows]

    def story_documents(self, story_id: str) -> list[StoredDocument]:
        return self._archive(_OF_STORY, story_id, STORY_FIRST, story_id, STORY_NEWEST)

    def stories(self, ids: Iterable[str]) -> dict[str, list[StoredDocument]]:
        return {story_id: there for story_id in ids if (there := self.story_documents(story_id))}

    def count_documents(self) -> int:
        return int(self.rows("select count(*) from documents")[0][0])

    def days_seen(self) -> list[datetime]:
        """From each day to the next that has something, so that a large archive costs no more than its days."""
        return [_wire.instant(row["day"]) for row in self.rows(_DAYS, {"length": _DAY})]

    def drop_before(self, before: datetime) -> int:
        """What a feed gave stays known while a channel holds the feed: an old entry in it must not become news."""
        limit = (_wire.micros(before),)
        with self.atomic():
            self.run("delete from ledger where document_id in (select id from documents where seen_at < ?)", limit)
            self.drop_from_index(before)
            dropped = self.run("delete from documents where seen_at < ?", limit)
            self.run("delete from alerts where raised_at < ?", limit)
            self.run("delete from story_links where at < ?", limit)
            self.run("delete from correction_checks where since < ?", limit)
            self.run("delete from marks where marked_at < ?", limit)
            self.run("delete from audit where at < ?", limit)
            self.run("delete from deliveries where state in ('sent', 'dead') and created_at < ?", limit)
            self.run("delete from merged_edits where delivery_seq not in (select seq from deliveries)")
            self.run("delete from commands where done = 1 and received_at < ?", limit)
            self.run(
                "delete from feed_documents where feed_id not in (select feed_id from channel_feeds)"
                " and document_id not in (select id from documents)"
            )
            self.run(
                "delete from items where feed_id not in (select feed_id from channel_feeds)"
                " and document_id not in (select id from documents)"
            )
            return dropped

    def archived(self, seqs: Sequence[int]) -> list[StoredDocument]:
        sql = "select * from documents where seq in (select value from json_each(?)) order by seq desc"
        return [_stored(row) for row in self.rows(sql, (json.dumps([*seqs]),))]

    def _archive(self, where: str, *values: object) -> list[StoredDocument]:
        return [_stored(row) for row in self.rows(f"select * from documents where {where} order by seq", values)]


def _feed_values(feed: Feed) -> dict[str, Any]:
    return {
        "kind": feed.kind,
        "url": feed.url,
        "title": feed.title,
        "interval": feed.interval // _MICROSECOND,
        "cursor": feed.cursor,
        "next_poll_at": _wire.micros_or_none(feed.next_poll_at),
        "polled_at": _wire.micros_or_none(feed.polled_at),
        "failures": feed.failures,
        "last_error": feed.last_error,
        "note": feed.note,
        "health": _wire.dumps(Health, feed.health),
        "alert_first_poll": feed.alert_first_poll,
    }


def _feed(row: sqlite3.Row) -> Feed:
    return Feed(
        id=row["id"],
        kind=row["kind"],
        url=row["url"],
        title=row["title"],
        interval=row["interval"] * _MICROSECOND,
        cursor=row["cursor"],
        next_poll_at=_wire.instant_or_none(row["next_poll_at"]),
        polled_at=_wire.instant_or_none(row["polled_at"]),
        failures=row["failures"],
        last_error=row["last_error"],
        note=row["note"],
        health=_wire.loads(Health, row["health"]) if row["health"] != "{}" else Health(),
        every=None if row["every"] is None else row["every"] * _MICROSECOND,
        learns=row["every"] is None or row["learning"] > 0,
        alert_first_poll=bool(row["alert_first_poll"]),
    )


def _document_values(arrival: Arrival) -> tuple[object, ...]:
    """In the order of _DOCUMENT_COLUMNS."""
    document = arrival.document
    return (
        document.id,
        document.title,
        document.body,
        document.url,
        document.author,
        document.lang,
        many(document.tags),
        document.site,
        document.source,
        document.country,
        _wire.micros_or_none(document.published_at),
        _wire.micros_or_none(document.received_at),
        arrival.feed_id,
        arrival.story_id,
        _wire.micros(arrival.seen_at),
        file.text_hash(document.title, document.body),
        arrival.relation,
    )


def _stored(row: sqlite3.Row) -> StoredDocument:
    document = Document(
        id=row["id"],
        title=row["title"],
        body=row["body"],
        url=row["url"],
        author=row["author"],
        lang=row["lang"],
        tags=tuple(json.loads(row["tags"])),
        site=row["site"],
        source=row["source"],
        country=row["country"],
        published_at=_wire.instant_or_none(row["published_at"]),
        received_at=_wire.instant_or_none(row["received_at"]),
    )
    return StoredDocument(
        seq=row["seq"],
        document=document,
        feed_id=row["feed_id"],
        story_id=row["story_id"],
        seen_at=_wire.instant(row["seen_at"]),
        relation=row["relation"],
    )
