"""`ports.ConditionStore` in SQLite."""

from datetime import datetime

from bot.core.condition import GIVES_UP_HOPE, Lanes, Sources
from bot.stores import _wire
from bot.stores._sqlite_base import SqliteBase
from bot.stores._sqlite_outbox import LANES, WAITING

_SOURCES = """
    select kind, count(*) as number, sum(next_poll_at is not null and failures > 0) as failing,
        sum(next_poll_at is null and failures > 0) as paused
    from feeds where exists (select 1 from channel_feeds where feed_id = feeds.id) group by kind
"""
# Each lane with its head.
_CONDITION = f"""
    {LANES},
    heads as (
        select d.platform, h.error, h.attempts - (h.state = 'sending') >= :hope and h.error <> '' as failing,
            max(h.created_at, coalesce(h.not_before, 0), d.lane_opens) as since,
            exists (
                select 1 from deliveries s where s.destination = d.key and s.state = 'sending' and s.leased_until > :now
            ) as busy
        from lanes join destinations d on d.key = lanes.key join deliveries h on h.seq = (
            select seq from deliveries where destination = d.key and state in {WAITING} order by rank, seq limit 1
        )
        where d.paused is null
    )
    select platform, count(*) as chats, sum(since <= :now and not busy) as ready,
        min(case when since <= :now and not busy then since end) as ready_since,
        sum(failing) as failing, max(case when failing then error else '' end) as error
    from heads group by platform
"""


class SqliteCondition(SqliteBase):
    """How it all stands."""

    def source_counts(self) -> dict[str, Sources]:
        return {row["kind"]: Sources(row["number"], row["failing"], row["paused"]) for row in self.rows(_SOURCES)}

    def lanes(self, now: datetime) -> dict[str, Lanes]:
        return {
            row["platform"]: Lanes(
                row["chats"], row["ready"], _wire.instant_or_none(row["ready_since"]), row["failing"], row["error"]
            )
            for row in self.rows(_CONDITION, {"now": _wire.micros(now), "hope": GIVES_UP_HOPE})
        }
