"""`ports.PaceStore` in SQLite."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.model import Asked, Health, StoredDocument
from bot.stores import _wire
from bot.stores._sqlite_feeds import SqliteFeeds

_MICROSECOND = timedelta(microseconds=1)
_NEWEST = "select max(d.seq) as seq from feed_documents f join documents d on d.id = f.document_id where f.feed_id = ?"


class SqlitePaces(SqliteFeeds):
    """How often chats want their sources to be visited, and who asked for a visit now."""

    def set_pace(self, channel_id: str, feed_id: str, every: timedelta | None) -> None:
        value = None if every is None else every // _MICROSECOND
        with self.atomic():
            where = "update channel_feeds set every = ? where channel_id = ? and feed_id = ?"
            self.run(where, (value, channel_id, feed_id))

    def pace(self, channel_id: str, feed_id: str) -> timedelta | None:
        chosen = "select every from channel_feeds where channel_id = ? and feed_id = ?"
        row = self.row(chosen, (channel_id, feed_id))
        return None if row is None or row["every"] is None else row["every"] * _MICROSECOND

    def ask_for_visit(self, feed_id: str, asked: Asked, now: datetime) -> None:
        with self.atomic():
            feed = self.feed(feed_id)
            if feed is None:
                return
            health = _wire.dumps(Health, replace(feed.health, asked=(*feed.health.asked, asked)))
            self.run("update feeds set next_poll_at = ?, health = ? where id = ?", (_wire.micros(now), health, feed_id))

    def newest_document(self, feed_id: str) -> StoredDocument | None:
        row = self.row(_NEWEST, (feed_id,))
        return next(iter(self.archived([row["seq"]])), None) if row and row["seq"] is not None else None
