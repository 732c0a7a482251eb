"""`ports.PlanStore` in memory."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.clock import Replanned, Waits, planned_anew, was_ahead
from bot.core.visits.schedule import longest_wait
from bot.model import Delivery, State
from bot.stores._memory_kept import Kept


class MemoryPlans:
    """What waits for a time of day."""

    _s: Kept

    def note_time(self, now: datetime) -> None:
        self._s.clock = max(self._s.clock or now, now)

    def replan(self, now: datetime, waits: Waits) -> Replanned:
        ahead = was_ahead(self._s.clock or now, now)
        move = _Mover(now, ahead)
        retries = {
            key
            for row in self._s.outbox.values()
            if (key := row.delivery.destination.key) in self._s.lanes and _holds(row.delivery, self._s.lanes[key])
        }
        for key, opens in self._s.lanes.items():
            self._s.lanes[key] = move(opens, waits.retry if key in retries else waits.lane) or opens
        for feed in self._s.feeds.values():
            due = move(feed.next_poll_at, longest_wait(feed.interval, feed.failures))
            self._s.feeds[feed.id] = replace(feed, next_poll_at=due)
        for row in self._s.outbox.values():
            if row.delivery.state not in (State.SENT, State.DEAD):
                row.delivery = replace(row.delivery, not_before=move(row.delivery.not_before, waits.retry))
                row.leased_until = move(row.leased_until, waits.lease)
        for check in self._s.correction_checks.values():
            self._s.correction_checks[check.document_id] = replace(check, next_at=move(check.next_at, waits.check))
        for leases in (self._s.leases, self._s.correction_leases):
            leases |= {key: move(until, waits.lease) or until for key, until in leases.items()}
        self._s.clock = now
        return Replanned(ahead, move.plans)


def _holds(delivery: Delivery, lane_opens: datetime) -> bool:
    """Whether the lane is closed because this waits for another attempt."""
    waits = delivery.state in (State.PENDING, State.UNKNOWN)
    return waits and delivery.not_before is not None and delivery.not_before >= lane_opens


class _Mover:
    """Moves plans and counts those that moved."""

    def __init__(self, now: datetime, ahead: timedelta) -> None:
        self._now, self._ahead = now, ahead
        self.plans = 0

    def __call__(self, planned: datetime | None, longest: timedelta) -> datetime | None:
        if planned is None:
            return None
        anew = planned_anew(planned, self._now, longest=longest, ahead=self._ahead)
        self.plans += anew != planned
        return anew
