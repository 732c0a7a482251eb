"""`ports.PaceStore` in memory."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.model import Asked, Feed, StoredDocument
from bot.stores._memory_kept import Kept


class MemoryPaces:
    """How often chats want their sources to be visited, and who asked for a visit now."""

    _s: Kept

    def set_pace(self, channel_id: str, feed_id: str, every: timedelta | None) -> None:
        self._s.paces.pop((channel_id, feed_id), None)
        if every is not None and (channel_id, feed_id) in self._s.channel_feeds:
            self._s.paces[channel_id, feed_id] = every

    def pace(self, channel_id: str, feed_id: str) -> timedelta | None:
        held = (channel_id, feed_id) in self._s.channel_feeds
        return self._s.paces.get((channel_id, feed_id)) if held else None

    def ask_for_visit(self, feed_id: str, asked: Asked, now: datetime) -> None:
        if feed := self._s.feeds.get(feed_id):
            health = replace(feed.health, asked=(*feed.health.asked, asked))
            self._s.feeds[feed_id] = replace(feed, next_poll_at=now, health=health)

    def newest_document(self, feed_id: str) -> StoredDocument | None:
        documents = (self._s.documents.get(name) for name in self._s.given.get(feed_id, ()))
        there = [stored for stored in documents if stored is not None]
        return max(there, key=lambda stored: stored.seq, default=None)

    def _paced(self, feed: Feed) -> Feed:
        """The feed with what the chats that hold it chose."""
        chosen = [self._s.paces.get(pair) for pair in self._s.channel_feeds if pair[1] == feed.id]
        wanted = [every for every in chosen if every is not None]
        return replace(feed, every=min(wanted, default=None), learns=not wanted or len(wanted) < len(chosen))
