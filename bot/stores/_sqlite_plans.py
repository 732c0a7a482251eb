"""`ports.PlanStore` in SQLite."""

from collections.abc import Callable
from datetime import datetime, timedelta
from sqlite3 import Row

from bot.core.clock import Replanned, Waits, planned_anew, was_ahead
from bot.core.visits.schedule import longest_wait
from bot.stores import _wire
from bot.stores._sqlite_base import SqliteBase

_CLOCK = "clock"  # the counter: the latest time that the clock has shown
# What is certainly within reach is left out: a start with 100,000 feeds must not read them all. `:each` is 0 when the
# clock was ahead, because then all of them move.
_FEEDS = """
    select id, next_poll_at, leased_until, interval, failures from feeds
    where next_poll_at > :now + :each * interval or leased_until > :now
"""
_LANES = """
    select key, lane_opens, exists (
        select 1 from deliveries
        where destination = d.key and state in ('pending', 'unknown') and not_before >= d.lane_opens
    ) as retries from destinations d where lane_opens > :now
"""
_DELIVERIES = """
    select seq, not_before, leased_until from deliveries
    where state in ('pending', 'sending', 'unknown') and (not_before > :now or leased_until > :now)
"""
_CHECKS = "select document_id, next_at, leased_until from correction_checks where next_at > :now or leased_until > :now"


class SqlitePlans(SqliteBase):
    """What waits for a time of day."""

    def note_time(self, now: datetime) -> None:
        with self.atomic():
            self.insert(
                "counters",
                {"name": _CLOCK, "value": _wire.micros(now)},
                "on conflict (name) do update set value = max(value, excluded.value)",
            )

    def replan(self, now: datetime, waits: Waits) -> Replanned:
        with self.atomic():
            last = self.row("select value from counters where name = ?", (_CLOCK,))
            ahead = was_ahead(_wire.instant(last["value"]), now) if last else timedelta()
            at = {"now": _wire.micros(now)}
            feeds = self.rows(_FEEDS, at | {"each": 0 if ahead else 1})
            lanes, deliveries, checks = self.rows(_LANES, at), self.rows(_DELIVERIES, at), self.rows(_CHECKS, at)
            move = _Mover(self, now, ahead)
            move("feeds", "id", "next_poll_at", feeds, _wait_of_feed)
            move("destinations", "key", "lane_opens", lanes, lambda row: waits.retry if row["retries"] else waits.lane)
            move("deliveries", "seq", "not_before", deliveries, lambda _: waits.retry)
            move("correction_checks", "document_id", "next_at", checks, lambda _: waits.check)
            move("feeds", "id", "leased_until", feeds, lambda _: waits.lease)
            move("deliveries", "seq", "leased_until", deliveries, lambda _: waits.lease)
            move("correction_checks", "document_id", "leased_until", checks, lambda _: waits.lease)
            self.run("delete from counters where name = ?", (_CLOCK,))
            self.note_time(now)
            return Replanned(ahead, move.plans)


class _Mover:
    """Moves plans, a column of a table at a time, and counts those that moved."""

    def __init__(self, store: SqliteBase, now: datetime, ahead: timedelta) -> None:
        self._store, self._now, self._ahead = store, now, ahead
        self.plans = 0

    def __call__(self, table: str, key: str, column: str, rows: list[Row], longest: Callable[[Row], timedelta]) -> None:
        for row in rows:
            planned = _wire.instant_or_none(row[column])
            if planned is None:
                continue
            anew = planned_anew(planned, self._now, longest=longest(row), ahead=self._ahead)
            if anew != planned:
                self._store.run(f"update {table} set {column} = ? where {key} = ?", (_wire.micros(anew), row[key]))
                self.plans += 1


def _wait_of_feed(row: Row) -> timedelta:
    return longest_wait(timedelta(microseconds=row["interval"]), row["failures"])
