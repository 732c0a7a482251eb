"""The front page of Hacker News, by its feed.

Not read: comments, points, and its other lists, of which it publishes no feeds.
"""

from bot.ports import Kit, Source
from bot.reading.profiles import hackernews_feed
from bot.sources._published import PublishedSource


def connect(kit: Kit) -> Source:
    """The adapter."""
    limits = "Only the front page of Hacker News has a feed."
    return PublishedSource(kit, "hackernews", hackernews_feed, limits, links_articles=True)
