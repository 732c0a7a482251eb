"""Subreddits and users of Reddit, by their feeds.

Not read: private or quarantined subreddits, comments below posts, and votes.
"""

from bot.ports import Kit, Source
from bot.reading.profiles import reddit_feed
from bot.sources._published import PublishedSource


def connect(kit: Kit) -> Source:
    """The adapter."""
    return PublishedSource(kit, "reddit", reddit_feed, "Private and quarantined parts of Reddit cannot be read.")
