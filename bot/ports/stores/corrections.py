"""What is kept of articles that are read again after they alerted."""

from datetime import datetime, timedelta
from typing import Protocol

from bot.model import CorrectionCheck


class CorrectionStore(Protocol):
    """A part of the store."""

    def save_correction_check(self, check: CorrectionCheck) -> None:
        """Insert or replace by document, and end its lease."""
        ...

    def correction_check(self, document_id: str) -> CorrectionCheck | None:
        """None when it never alerted, or the archive has let go of it."""
        ...

    def claim_correction_checks(self, now: datetime, *, limit: int, lease: timedelta) -> list[CorrectionCheck]:
        """Due ones, most overdue first, leased to the caller: nobody else gets them before `now + lease`."""
        ...
