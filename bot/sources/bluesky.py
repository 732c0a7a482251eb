"""Bluesky profiles, by the feed that bsky.app publishes of them.

Not read: replies, reposts, pictures, and profiles that are shown to members only.
"""

from bot.ports import Kit, Source
from bot.reading.profiles import bluesky_feed
from bot.sources._published import PublishedSource


def connect(kit: Kit) -> Source:
    """The adapter."""
    return PublishedSource(kit, "bluesky", bluesky_feed, "Only public Bluesky profiles can be read.")
