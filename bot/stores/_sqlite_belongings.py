"""`ports.BelongingStore` in SQLite."""

from datetime import datetime

from bot.core.quotas import Kind
from bot.model import User
from bot.stores import _wire
from bot.stores._sqlite_base import SqliteBase

# Each reads an index: a count costs no more than what is counted.
COUNTS: dict[Kind, str] = {
    "rules": "select count(*) from rules where owner = :user",
    "sources": "select count(*) from channels c join channel_feeds f on f.channel_id = c.id where c.owner = :user",
    "lists": "select count(*) from channels c join lists l on l.channel_id = c.id where c.owner = :user",
    "mutes": "select count(*) from mutes where user = :user and (until is null or until > :now)",
    "follows": "select count(*) from follows where user = :user",
    "subscriptions": "select count(*) from channels c join subscriptions s on s.destination = c.home"
    " where c.owner = :user and s.channel_id <> c.id",
}


class SqliteBelongings(SqliteBase):
    """What belongs to a person."""

    def count_of(self, user: User, kind: Kind, now: datetime) -> int:
        return int(self.rows(COUNTS[kind], {"user": user.key, "now": _wire.micros(now)})[0][0])
