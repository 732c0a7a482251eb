"""Pausing, resuming and moving destinations in SQLite."""

from bot.model import Destination, content_id
from bot.stores._sqlite_base import SqliteBase

_NAMED_IN = {  # table: column that names a destination
    "channels": "home",
    "subscriptions": "destination",
    "mutes": "destination",
    "follows": "destination",
    "alerts": "destination",
    "deliveries": "destination",
    "ledger": "destination",
    "commands": "destination",
}


class SqlitePlaces(SqliteBase):
    """What happens to a chat as a whole."""

    def pause_destination(self, destination: Destination, why: str) -> None:
        with self.atomic():
            self.run("update destinations set paused = ? where key = ?", (why, self.place(destination)))

    def resume_destination(self, destination: Destination) -> bool:
        with self.atomic():
            return (
                self.run(
                    "update destinations set paused = null where key = ? and paused is not null", (destination.key,)
                )
                > 0
            )

    def move_destination(self, old: Destination, new: Destination) -> None:
        """Rows that both had become one, the new destination's. Alerts get the keys that the new place gives them."""
        with self.atomic():
            self.place(old)
            self.place(new)
            if old.key == new.key:
                return
            self._move_alerts(old, new)
            for table, column in _NAMED_IN.items():
                self.run(f"update or ignore {table} set {column} = ? where {column} = ?", (new.key, old.key))
                self.run(f"delete from {table} where {column} = ?", (old.key,))
            self.run(
                "update destinations set lane_opens = max(lane_opens,"
                " (select lane_opens from destinations where key = ?)) where key = ?",
                (old.key, new.key),
            )
            self.run("delete from destinations where key = ?", (old.key,))

    def _move_alerts(self, old: Destination, new: Destination) -> None:
        for row in self.rows("select key, story_id from alerts where destination = ?", (old.key,)):
            if row["key"] != content_id("alert", old.key, row["story_id"]):
                continue
            key = content_id("alert", new.key, row["story_id"])
            self.run("update or ignore alerts set key = ? where key = ?", (key, row["key"]))
            self.run("delete from alerts where key = ?", (row["key"],))
            self.run("update deliveries set alert_key = ? where alert_key = ?", (key, row["key"]))
