"""Feeds, and which channels hold them."""

from datetime import datetime, timedelta
from typing import Protocol

from bot.model import Feed


class FeedStore(Protocol):
    """Feeds, and which channels hold them."""

    def add_feed(self, feed: Feed, channel_id: str) -> Feed:
        """Put the feed into the channel. A feed that is already known is kept as it is (and returned)."""
        ...

    def remove_feed(self, feed_id: str, channel_id: str) -> bool:
        """Take it out of the channel; a feed in no channel is no longer claimed."""
        ...

    def feed(self, feed_id: str) -> Feed | None:
        """The feed, if known."""
        ...

    def feeds(self, channel_id: str) -> list[Feed]:
        """The channel's feeds, in the order in which they were added."""
        ...

    def feed_channels(self, feed_id: str) -> set[str]:
        """Ids of the channels that hold this feed."""
        ...

    def holds(self, channel_id: str, feed_id: str) -> bool:
        """Whether the channel holds this feed."""
        ...

    def claim_feeds(self, now: datetime, *, limit: int, lease: timedelta) -> list[Feed]:
        """Due feeds, most overdue first, leased to the caller: nobody else gets them before `now + lease`."""
        ...

    def save_feed(self, feed: Feed) -> None:
        """Write back everything of a claimed feed and end its lease."""
        ...
