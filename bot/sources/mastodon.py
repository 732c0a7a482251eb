"""Mastodon profiles, by the feed that each server publishes of them.

Not read: replies, boosts, posts for followers only, and servers that are closed to visitors.
"""

from bot.ports import Kit, Reach, Source
from bot.reading.profiles import mastodon_feed
from bot.sources._published import PublishedSource


def connect(kit: Kit) -> Source:
    """The adapter."""
    limits = "Only a Mastodon profile's public posts can be read."
    return PublishedSource(kit, "mastodon", mastodon_feed, limits, reach=Reach.FORM)
