"""`ports.ConditionStore` in memory."""

from collections import Counter, defaultdict
from datetime import datetime

from bot.core.condition import GIVES_UP_HOPE, Lanes, Sources
from bot.model import State
from bot.stores._memory_kept import Row
from bot.stores._memory_outbox import MemoryOutbox


class MemoryCondition(MemoryOutbox):
    """How it all stands."""

    def source_counts(self) -> dict[str, Sources]:
        held = {feed_id for _, feed_id in self._s.channel_feeds}
        number, failing, paused = Counter[str](), Counter[str](), Counter[str]()
        for feed in self._s.feeds.values():
            if feed.id in held:
                number[feed.kind] += 1
                failing[feed.kind] += feed.failures > 0 and feed.next_poll_at is not None
                paused[feed.kind] += feed.failures > 0 and feed.next_poll_at is None
        return {kind: Sources(number[kind], failing[kind], paused[kind]) for kind in number}

    def lanes(self, now: datetime) -> dict[str, Lanes]:
        platforms = {row.delivery.destination.platform for row in self._s.outbox.values()}
        heads = defaultdict[str, list[Row]](list)
        for row in self._heads(sorted(platforms)):
            if row.delivery.destination.key not in self._s.paused:
                heads[row.delivery.destination.platform].append(row)
        return {platform: self._lanes(rows, now) for platform, rows in heads.items()}

    def _lanes(self, heads: list[Row], now: datetime) -> Lanes:
        ready = [self._since(row) for row in heads if self._is_open(row, now)]
        failed = [row.delivery for row in heads if row.delivery.attempts - _is_under_way(row) >= GIVES_UP_HOPE]
        errors = [delivery.error for delivery in failed if delivery.error]
        return Lanes(len(heads), len(ready), min(ready, default=None), len(errors), max(errors, default=""))

    def _since(self, row: Row) -> datetime:
        """Since when nothing held it back."""
        delivery = row.delivery
        opened = self._s.lanes.get(delivery.destination.key, delivery.created_at)
        return max(delivery.created_at, opened, delivery.not_before or delivery.created_at)


def _is_under_way(row: Row) -> bool:
    return row.delivery.state is State.SENDING
