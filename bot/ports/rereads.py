"""What is kept of articles that are read again after they alerted."""

from datetime import datetime, timedelta
from typing import Protocol

from bot.model import Reread


class Rereads(Protocol):
    """A part of the store."""

    def save_reread(self, reread: Reread) -> None:
        """Insert or replace by document, and end its lease."""
        ...

    def reread(self, document_id: str) -> Reread | None:
        """None when it never alerted, or the archive has let go of it."""
        ...

    def claim_rereads(self, now: datetime, *, limit: int, lease: timedelta) -> list[Reread]:
        """Due ones, most overdue first, leased to the caller: nobody else gets them before `now + lease`."""
        ...
