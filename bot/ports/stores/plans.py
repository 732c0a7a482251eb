"""Times at which something is to happen, and the time that the clock has shown."""

from datetime import datetime
from typing import Protocol

from bot.core.clock import Replanned, Waits


class PlanStore(Protocol):
    """Plans of feeds, deliveries and correction checks, with their leases: all that waits for a time of day."""

    def note_time(self, now: datetime) -> None:
        """Remember that the clock has shown this; the latest is kept."""
        ...

    def replan(self, now: datetime, waits: Waits) -> Replanned:
        """Bring every plan within reach (`clock.planned_anew`) when the clock was ahead, in this run or an earlier one.

        `now` is what the clock is known to have shown from then on, so that a second call finds nothing to do.
        """
        ...
