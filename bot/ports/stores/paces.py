"""How often chats want their sources to be visited, and who asked for a visit now."""

from datetime import datetime, timedelta
from typing import Protocol

from bot.model import Asked, StoredDocument


class PaceStore(Protocol):
    """How often chats want their sources to be visited, and who asked for a visit now.

    Chats share a feed: `Feed.every` is the shortest that any of them chose, `Feed.learns` that another chose nothing.
    """

    def set_pace(self, channel_id: str, feed_id: str, every: timedelta | None) -> None:
        """For a feed that the channel holds; None: as it learns."""
        ...

    def pace(self, channel_id: str, feed_id: str) -> timedelta | None:
        """What this channel chose."""
        ...

    def ask_for_visit(self, feed_id: str, asked: Asked, now: datetime) -> None:
        """Make the feed due now, and remember who waits for it (`Health.asked`); a lease in force stays."""
        ...

    def newest_document(self, feed_id: str) -> StoredDocument | None:
        """The one of this feed's that came last."""
        ...
