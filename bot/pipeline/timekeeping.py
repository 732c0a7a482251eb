"""Notices that the clock was set, and has what was planned by it planned anew."""

from collections.abc import Callable
from datetime import timedelta

import structlog

from bot.core.alerts import corrections, retry
from bot.core.clock import Reading, Waits, in_words, jump
from bot.pipeline.writer import Write
from bot.ports import Clock, PlanStore, Steady

log = structlog.get_logger(__name__)

NOTED_EVERY = 15.0  # seconds: as much too long may something wait after a clock that was ahead
REMEMBERED = 24 * 3600.0  # seconds, for which health says it
WAITS = Waits(
    lane=timedelta(minutes=1), retry=retry.LONGEST_ASKED, lease=timedelta(minutes=3), check=corrections.LONGEST_WAIT
)


class Timekeeper:
    """Looks at both clocks at every tick. At the first one too: the clock may have been ahead in an earlier run."""

    def __init__(
        self, store: PlanStore, write: Write, clock: Clock, steady: Steady, changed: Callable[[], None]
    ) -> None:
        self._store = store
        self._write = write
        self._clock = clock
        self._steady = steady
        self._changed = changed  # called when the clock was set: what is in memory only is planned anew there
        self._last: Reading | None = None
        self._noted = 0.0
        self._remark, self._since = "", 0.0

    async def tick(self) -> None:
        """Before anything is claimed by the time."""
        now = Reading(self._clock(), self._steady())
        moved = jump(self._last, now) if self._last is not None else timedelta()
        if self._last is None or moved:
            await self._replan(now, moved)
        elif now.steady - self._noted >= NOTED_EVERY:
            await self._write(self._store.note_time, now.wall)
            self._noted = now.steady
        self._last = now

    async def _replan(self, now: Reading, moved: timedelta) -> None:
        done = await self._write(self._store.replan, now.wall, WAITS)
        self._changed()
        self._noted = now.steady
        if words := in_words(moved, done, now.wall):
            self._remark, self._since = words, now.steady
            log.warning("the clock was set", what=words)

    def remarks(self) -> list[str]:
        """What health says of the clock."""
        return [self._remark] if self._remark and self._steady() - self._since < REMEMBERED else []
